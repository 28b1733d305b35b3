"""Quality estimates beside people, beside published systems, and beside plain ways of doing it (part 4 of ``qe``).

Published figures are Pearson correlations on the first test part of mlqe-pe (``test20``), one model a direction, from
the TransQuest repository (examples/sentence_level/wmt_2020/README.md): MonoTransQuest and SiameseTransQuest build on
XLM-RoBERTa large (560 million parameters; ours has 41), OpenKiwi is the shared task's baseline.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from auditor import Settings
from auditor.pairs import Pair, quality_model
from auditor.transformer import Encoder
from models.training.encoder.words import matthews, wrong

MAIN = "mlqe-pe"
# Direction: MonoTransQuest, SiameseTransQuest, OpenKiwi.
PUBLISHED = {
    "en-de": (0.4669, 0.3992, 0.1455),
    "en-zh": (0.4779, 0.4067, 0.1676),
    "et-en": (0.7748, 0.6804, 0.4770),
    "ne-en": (0.7914, 0.6081, 0.3860),
    "ro-en": (0.8982, 0.8501, 0.6845),
    "ru-en": (0.7734, 0.7126, 0.5479),
    "si-en": (0.6525, 0.5957, 0.3737),
}
_PLAIN = 300
# Pairs a direction whose words are judged.
_WORDS = 300
Rated = tuple[Pair, dict[str, Any]]


def estimates(pairs: Sequence[Rated], settings: Settings) -> Iterator[str]:
    """All tables, or one line where no quality model is installed."""
    scorer = quality_model(settings)
    if scorer is None or not isinstance(scorer, Encoder):
        yield "No quality model is installed: no estimates to compare with ratings."
        return
    sources, targets = [pair.source for pair, _ in pairs], [pair.target for pair, _ in pairs]
    start = time.perf_counter()
    values = scorer.score_pairs(sources, targets)
    seconds = time.perf_counter() - start
    wanted = [at for at, (_, row) in enumerate(pairs) if row["dataset"] == MAIN]
    near = dict(zip(wanted, cosines(scorer, [pairs[at][0] for at in wanted]), strict=True))
    yield from correlations(pairs, values, near)
    yield from beside_published(pairs, values)
    yield from words(scorer, pairs)
    plain = plainly(scorer, [pair for pair, _ in pairs[:: max(1, len(pairs) // _PLAIN)]])
    yield f"{len(pairs) / seconds:.0f} pairs a second; one pair at a time through transformers: {plain:.0f}."


def correlations(pairs: Sequence[Rated], values: Sequence[float], near: dict[int, float]) -> Iterator[str]:
    """Spearman and Pearson by data set and direction, with the plain cosine of both sides' vectors beside them."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, (_, row) in enumerate(pairs):
        groups[row["dataset"], direction(row)].append(at)
    yield "| data | direction | pairs | Spearman | Pearson | Spearman of the cosine |"
    yield "|---|---|---|---|---|---|"
    main, plain = [], []
    for (data, way), own in sorted(groups.items()):
        ours, theirs = [values[at] for at in own], [pairs[at][1]["score"] for at in own]
        found, cosine = spearman(ours, theirs), ""
        if data == MAIN:
            main.append(found)
            plain.append(spearman([near[at] for at in own], theirs))
            cosine = f"{plain[-1]:.3f}"
        pearson = float(np.corrcoef(ours, theirs)[0, 1])
        yield f"| {data} | {way} | {len(own)} | {found:.3f} | {pearson:.3f} | {cosine} |"
    if main:
        yield ""
        yield (
            f"Mean Spearman over the {len(main)} directions of mlqe-pe: {np.mean(main):.3f}"
            f" (cosine: {np.mean(plain):.3f})."
        )
        yield ""


def beside_published(pairs: Sequence[Rated], values: Sequence[float]) -> Iterator[str]:
    """Pearson on mlqe-pe's first test part beside published systems; nothing for other parts."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, (_, row) in enumerate(pairs):
        if row["dataset"] == MAIN and row.get("split") == "test20":
            groups[direction(row)].append(at)
    if not groups:
        return
    yield "| Pearson, test20 | ours | MonoTransQuest | SiameseTransQuest | OpenKiwi |"
    yield "|---|---|---|---|---|"
    found = []
    for way, own in sorted(groups.items()):
        ours = float(np.corrcoef([values[at] for at in own], [pairs[at][1]["score"] for at in own])[0, 1])
        found.append((ours, *PUBLISHED[way]))
        yield "| " + " | ".join([way, *(f"{one:.3f}" for one in found[-1])]) + " |"
    yield "| " + " | ".join(["mean", *(f"{one:.3f}" for one in np.mean(found, axis=0))]) + " |"
    yield ""


def words(scorer: Encoder, pairs: Sequence[Rated]) -> Iterator[str]:
    """Single words against those that people corrected: by direction, and how often each probability is right."""
    groups: dict[str, list[Rated]] = defaultdict(list)
    for one in pairs:
        if one[1].get("word_tags"):
            groups[direction(one[1])].append(one)
    judged: dict[str, list[tuple[float, bool]]] = {}
    for way, own in sorted(groups.items()):
        chosen = own[:: max(1, len(own) // _WORDS)]
        found = scorer.judge_pairs([pair.source for pair, _ in chosen], [pair.target for pair, _ in chosen])
        judged[way] = [one for (_, row), told in zip(chosen, found, strict=True) for one in _labelled(row, told.words)]
    if not any(judged.values()):
        return
    judged["all"] = [one for own in judged.values() for one in own]
    yield "| words of | words | wrong | mean probability | Matthews' coefficient at 0.5 |"
    yield "|---|---|---|---|---|"
    for way, told in judged.items():
        share, mean = np.mean([bad for _, bad in told]), np.mean([value for value, _ in told])
        yield f"| {way} | {len(told)} | {share:.3f} | {mean:.3f} | {matthews(told, 0.5):.3f} |"
    yield from ("", "| probability | words | wrong |", "|---|---|---|")
    for low in range(0, 10, 2):
        part = [bad for value, bad in judged["all"] if low <= 10 * value < low + 2]
        yield f"| {low / 10:.1f} to {low / 10 + 0.2:.1f} | {len(part)} | {np.mean(part) if part else 0:.2f} |"
    yield ""


def _labelled(row: dict[str, Any], told: Sequence[tuple[int, int, float]]) -> Iterator[tuple[float, bool]]:
    """Probability and truth of each judged word; nothing where the tagged words are not those of the text."""
    tags = wrong(row) or ()
    for start, end, value in told if tags else ():
        yield value, any(bad and low < end and start < high for low, high, bad in tags)


def cosines(scorer: Encoder, pairs: Sequence[Pair]) -> list[float]:
    """Cosine of the two sides' vectors."""
    one, two = scorer.embed([pair.source for pair in pairs]), scorer.embed([pair.target for pair in pairs])
    return [float(value) for value in (one * two).sum(axis=1)]


def plainly(scorer: Encoder, pairs: Sequence[Pair]) -> float:
    """Pairs a second where each goes through tokenizer and network by itself, as a first script would do it."""
    import torch

    start = time.perf_counter()
    for pair in pairs:
        batch = scorer.tokenizer(pair.source, pair.target, truncation=True, max_length=256, return_tensors="pt")
        with torch.inference_mode():
            scorer.network(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
    return len(pairs) / (time.perf_counter() - start)


def direction(row: dict[str, Any]) -> str:
    """Source and target language of a row."""
    return f"{row['src_lang']}-{row['tgt_lang']}"


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Correlation of ranks."""
    return float(np.corrcoef(ranks(one), ranks(other))[0, 1])


def ranks(values: Sequence[float]) -> np.ndarray:
    """Ranks from 0, the mean rank for equal values."""
    known = np.asarray(values, dtype=np.float64)
    order = np.argsort(known, kind="stable")
    _, first, inverse, counts = np.unique(known[order], return_index=True, return_inverse=True, return_counts=True)
    made = np.empty(len(known))
    made[order] = (first + (counts - 1) / 2)[inverse]
    return made
