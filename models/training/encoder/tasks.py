"""One training step of each task: what is drawn, and what it costs."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional

from auditor.ngrams import normalise
from models.training.corpora import rows
from models.training.encoder.data import KINDS, OriginSampler, Window, blocks
from models.training.encoder.network import LANGUAGES, Network

START, PAD, END = 0, 1, 2
_SMOOTH = 0.05


@dataclass(slots=True)
class Material:
    """Everything that is trained on, as token ids."""

    origin: OriginSampler
    generated: dict[tuple[str, str], list[list[int]]]
    lines: dict[str, list[list[int]]]
    pairs: dict[tuple[str, str], list[tuple[list[int], list[int], float, int]]]
    prefix: list[int]


def material(data: Path, config: dict[str, Any], tokenise: Any) -> Material:
    """Read the labelled corpora; ``parts`` are the splits of mt_detect to train on, ``other_parts`` of the rest."""
    others = tuple(config["other_parts"])
    return Material(
        OriginSampler(blocks(data, config["parts"], tokenise), config["tokens"], config["english"]),
        _generated(data, others, tokenise),
        _lines(data, ("train", "dev"), tokenise),
        _pairs(data, others, tokenise),
        tokenise(["query: "])[0],
    )


def _generated(data: Path, parts: tuple[str, ...], tokenise: Any) -> dict[tuple[str, str], list[list[int]]]:
    out: dict[tuple[str, str], list[list[int]]] = defaultdict(list)
    for part in parts:
        found = list(rows(data / "ai_text" / f"{part}.jsonl.gz"))
        ids = tokenise([normalise(row["text"])[:4000] for row in found])
        for row, one in zip(found, ids, strict=True):
            out[row["label"], f"{row['dataset']}:{row['domain']}"].append(one)
    return dict(out)


def _lines(data: Path, parts: tuple[str, ...], tokenise: Any) -> dict[str, list[list[int]]]:
    out: dict[str, list[str]] = defaultdict(list)
    for name in ("article_extraction_blocks", "trafilatura_eval_blocks"):
        for row in rows(data / "boilerplate" / f"{name}.jsonl.gz"):
            if row["split"] in parts:
                out["content" if row["label"] == "content" else "chrome"].append(row["text"][:600])
    for row in rows(data / "boilerplate" / "ui_strings.jsonl.gz"):
        out[row["category"]].append(row["text"][:600])
    return {kind: tokenise([normalise(text) for text in texts]) for kind, texts in sorted(out.items())}


def _pairs(data: Path, parts: tuple[str, ...], tokenise: Any) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    """Pairs by score type and languages; scores in standard deviations of their language pair."""
    return _scaled(data, parts, tokenise, lambda row: "mqm" if _by_mqm(row) else "da")


def rated_pairs(data: Path, parts: tuple[str, ...], tokenise: Any) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    """Pairs by campaign (``mqm`` for all that were rated so) and languages, scaled as above."""
    return _scaled(data, parts, tokenise, lambda row: "mqm" if _by_mqm(row) else str(row["dataset"]))


def _by_mqm(row: dict[str, Any]) -> bool:
    return not row["score_type"].startswith("DA")


def _scaled(
    data: Path, parts: tuple[str, ...], tokenise: Any, kind: Callable[[dict[str, Any]], str]
) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for part in parts:
        for row in rows(data / "qe" / f"{part}.jsonl.gz"):
            found[kind(row), f"{row['src_lang']}-{row['tgt_lang']}"].append(row)
    out: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for key, members in sorted(found.items()):
        scores = torch.tensor([float(row["score"]) for row in members])
        scaled = ((scores - scores.mean()) / scores.std().clamp(min=1e-3)).clamp(-3, 3).tolist()
        left = tokenise([normalise(row["source"]) for row in members])
        right = tokenise([normalise(row["translation"]) for row in members])
        out[key] = [(a, b, s, int(key[0] == "mqm")) for a, b, s in zip(left, right, scaled, strict=True)]
    return out


def masked(ids: list[int], chance: random.Random, share: float, unknown: int) -> list[int]:
    """Hide a share of the tokens, so that the model cannot lean on single content words."""
    return [unknown if chance.random() < share else one for one in ids]


def framed(ids: list[int]) -> list[int]:
    """Token ids with the special tokens of the base model."""
    return [START, *ids, END]


def origin_loss(network: Network, windows: list[Window], chance: random.Random, mask: float) -> torch.Tensor:
    """Binary losses for the three questions, and a comparison inside every group of the same lines."""
    share = mask if chance.random() < 0.7 else 0.0
    pooled = network.pool([framed(masked(one.ids, chance, share, 3)) for one in windows])
    logits = network.origin(pooled.both())
    label = [one.label for one in windows]
    machine = torch.tensor([float(one == "m") for one in label])
    translated = torch.tensor([float(one != "o") for one in label])
    loss = _balanced(logits[:, 0], machine) + 0.5 * _balanced(logits[:, 1], translated)
    gaps = _gaps(logits[:, 0], windows)
    if len(gaps):
        loss = loss + 0.5 * functional.softplus(-gaps).mean()
    known = [row for row, one in enumerate(windows) if one.label != "o" and one.source in LANGUAGES]
    if known:
        goal = torch.tensor([LANGUAGES.index(windows[row].source) for row in known])
        loss = loss + 0.15 * functional.cross_entropy(network.source(pooled.both()[known]), goal)
    return loss


def _balanced(logits: torch.Tensor, goal: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy in which both answers weigh the same in every batch."""
    cost = functional.binary_cross_entropy_with_logits(logits, goal * (1 - 2 * _SMOOTH) + _SMOOTH, reduction="none")
    sides = [cost[goal == side].mean() for side in (0, 1) if bool((goal == side).any())]
    return torch.stack(sides).mean()


def _gaps(logits: torch.Tensor, windows: list[Window]) -> torch.Tensor:
    groups: dict[int, list[int]] = defaultdict(list)
    for row, one in enumerate(windows):
        groups[one.group].append(row)
    pairs = [
        (high, low)
        for members in groups.values()
        for high in members
        for low in members
        if windows[high].label == "m" and windows[low].label != "m"
    ]
    if not pairs:
        return logits[:0]
    highs, lows = zip(*pairs, strict=True)
    return logits[list(highs)] - logits[list(lows)]


def generated_loss(network: Network, stuff: Material, chance: random.Random, tokens: int, batch: int) -> torch.Tensor:
    """Generated against written: windows of documents, both labels and all domains equally."""
    texts, goal, size = [], [], 0
    domains = sorted({domain for _, domain in stuff.generated})
    while size < batch:
        label = chance.choice(("ai", "human"))
        among = stuff.generated.get((label, chance.choice(domains)))
        if not among:
            continue
        ids = chance.choice(among)
        start = chance.randrange(max(1, len(ids) - tokens + 1))
        texts.append(framed(ids[start : start + chance.choice((tokens, tokens, tokens // 2))]))
        goal.append(float(label == "ai"))
        size += len(texts[-1])
    logits = network.origin(network.pool(texts).both())[:, 2]
    return functional.binary_cross_entropy_with_logits(logits, torch.tensor(goal) * (1 - 2 * _SMOOTH) + _SMOOTH)


def lines_loss(
    network: Network, stuff: Material, chance: random.Random, windows: list[Window], batch: int
) -> torch.Tensor:
    """Kind of a line. News sentences of all languages stand in for content besides the labelled blocks."""
    kinds = sorted(stuff.lines)
    texts = [framed(one.ids[:64]) for one in windows]
    goal = [KINDS.index("content")] * len(texts)
    size = sum(map(len, texts))
    while size < batch:
        kind = chance.choice(("content", "chrome", "chrome", *kinds))
        texts.append(framed(chance.choice(stuff.lines[kind])[:64]))
        goal.append(KINDS.index(kind))
        size += len(texts[-1])
    return functional.cross_entropy(
        network.lines(network.pool(texts).both()), torch.tensor(goal), label_smoothing=_SMOOTH
    )


def quality_loss(network: Network, stuff: Material, chance: random.Random, batch: int) -> torch.Tensor:
    """Squared error on standardised scores of source-translation pairs."""
    keys = sorted(stuff.pairs)
    texts, splits, goal, column, size = [], [], [], [], 0
    while size < batch:
        left, right, score, kind = chance.choice(stuff.pairs[chance.choice(keys)])
        one = framed(left[:90])
        texts.append([*one, END, *right[:90], END])
        splits.append(len(one))
        goal.append(score)
        column.append(kind)
        size += len(texts[-1])
    found = network.judge_pair(network.pool(texts, splits))[torch.arange(len(texts)), torch.tensor(column)]
    return functional.smooth_l1_loss(found, torch.tensor(goal))


def embedding_loss(network: Network, base: Any, prefix: list[int], windows: list[Window]) -> torch.Tensor:
    """One minus cosine to the base model's own vector of the same text, in the base model's own input form."""
    with torch.no_grad():
        wanted = base.pool([[START, *prefix, *one.ids, END] for one in windows]).last
    given = network.embedding(network.pool([framed(one.ids) for one in windows]).last)
    return (1 - functional.cosine_similarity(given, wanted)).mean()
