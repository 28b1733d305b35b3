"""Fit the head that judges single words of a translation: ``python -m models.training.encoder.words MODEL WORK``.

Trunk and updates stand still. Of mlqe-pe's training pairs the same number a direction is read; a word is wrong where
its tag says that a person corrected it. The states are kept in ``WORK``, so that a second start need not read again;
the head is written among the heads of ``MODEL``. Its probabilities on the dev part are printed with how often they are
right.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from auditor.transformer import Encoder, Placement
from auditor.transformer._words import Unit, features, probabilities
from auditor.weights import write_manifest
from models.training.corpora import rows
from models.training.encoder.export import WHAT

_HIDDEN = 128
# Direction, what the head sees of each word of a translation, and whether it is wrong.
Seen = tuple[str, torch.Tensor, list[bool]]
_PASSES, _BATCH, _RATE, _DECAY = 2, 512, 5e-4, 0.1


def tagged(data: Path, part: str, each: int, seed: int) -> list[dict[str, Any]]:
    """A seeded sample of the rows with word tags, ``each`` a direction."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(data / "qe" / f"{part}.jsonl.gz"):
        if row.get("word_tags"):
            found[f"{row['src_lang']}-{row['tgt_lang']}"].append(row)
    chance = random.Random(seed)
    return [row for _, own in sorted(found.items()) for row in chance.sample(own, min(each, len(own)))]


def wrong(row: dict[str, Any]) -> list[tuple[int, int, bool]] | None:
    """Start, end and whether wrong of each tagged word in the translation; None where the words are not found there."""
    words, tags = row["mt_tokenised"].split(), row["word_tags"].split()
    tags = tags[1::2] if len(tags) == 2 * len(words) + 1 else tags
    text, at, found = row["translation"], 0, []
    for word, tag in zip(words, tags, strict=True):
        while at < len(text) and text[at].isspace():
            at += 1
        if not text.startswith(word, at):
            return None
        found.append((at, at + len(word), tag == "BAD"))
        at += len(word)
    return found


def labels(found: Sequence[Unit], tags: Sequence[tuple[int, int, bool]]) -> list[bool]:
    """A unit is wrong where a wrong word overlaps it."""
    return [any(bad and low < one.end and one.start < high for low, high, bad in tags) for one in found]


def read(encoder: Encoder, told: Sequence[dict[str, Any]]) -> Iterator[Seen]:
    """Direction, what the head sees of each unit, and its labels."""
    known = [(row, tags) for row in told if (tags := wrong(row)) is not None]
    print(f"{len(known)} of {len(told)} pairs have all tagged words in their text", flush=True)
    sides = [row["source"] for row, _ in known], [row["translation"] for row, _ in known]
    for numbers, last, middle, edges in encoder.pair_states(*sides):
        for at, number in enumerate(numbers):
            row, tags = known[number]
            found = encoder.units(row["translation"])
            if found:
                seen = features(last[at], middle[at], edges[at] + 1, found)
                yield f"{row['src_lang']}-{row['tgt_lang']}", seen.half(), labels(found, tags)


def kept(path: Path, make: Iterator[Seen]) -> list[Seen]:
    """What is stored at the path, made before where it is not there."""
    if not path.is_file():
        torch.save(list(make), path)
    found: list[Seen] = torch.load(path)
    return found


def fit(told: Sequence[Seen], seed: int) -> dict[str, torch.Tensor]:
    """The head: layer norm, one hidden layer, one logit."""
    torch.manual_seed(seed)
    seen = torch.cat([one for _, one, _ in told]).float()
    goal = torch.tensor([float(bad) for _, _, own in told for bad in own])
    size = seen.shape[1]
    norm, hidden, out = torch.nn.LayerNorm(size), torch.nn.Linear(size, _HIDDEN), torch.nn.Linear(_HIDDEN, 1)
    own = [*norm.parameters(), *hidden.parameters(), *out.parameters()]
    optimiser = torch.optim.AdamW(own, lr=_RATE, weight_decay=_DECAY)
    steps = _PASSES * len(goal) // _BATCH
    for step in range(steps):
        chosen = torch.randint(len(goal), (_BATCH,))
        wide = functional.dropout(functional.gelu(hidden(norm(seen[chosen]))), 0.2)
        loss = functional.binary_cross_entropy_with_logits(out(wide)[:, 0], goal[chosen])
        for group in optimiser.param_groups:
            group["lr"] = _RATE * (1 - step / steps)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    print(f"{len(goal)} words, {steps} steps, last loss {float(loss.detach()):.4f}", flush=True)
    parts = {"words.norm": norm, "words": hidden, "words.out": out}
    return {
        f"{name}.{kind}": getattr(part, kind).detach() for name, part in parts.items() for kind in ("weight", "bias")
    }


def report(told: Sequence[Seen], head: dict[str, torch.Tensor]) -> Iterator[str]:
    """By direction the share of wrong words, the mean probability and Matthews' coefficient; then by probability."""
    wide = {name: tensor.double() for name, tensor in head.items()}
    groups: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for way, seen, bad in told:
        pairs = list(zip(probabilities(wide, seen.double()), bad, strict=True))
        groups[way] += pairs
        groups["all"] += pairs
    for way, own in sorted(groups.items()):
        share = sum(bad for _, bad in own) / len(own)
        mean = sum(value for value, _ in own) / len(own)
        yield f"{way}: wrong {share:.3f}, said {mean:.3f}, MCC at 0.5 {matthews(own, 0.5):.3f}"
    for low in range(0, 10, 2):
        own = [(value, bad) for value, bad in groups["all"] if low <= 10 * value < low + 2]
        right = sum(bad for _, bad in own) / max(1, len(own))
        yield f"probability {low / 10:.1f} to {low / 10 + 0.2:.1f}: {len(own)} words, wrong {right:.2f}"


def matthews(judged: Sequence[tuple[float, bool]], cut: float) -> float:
    """Matthews' correlation of "at least ``cut``" with being wrong."""
    hit = sum(value >= cut and bad for value, bad in judged)
    false = sum(value >= cut and not bad for value, bad in judged)
    missed = sum(value < cut and bad for value, bad in judged)
    rest = len(judged) - hit - false - missed
    below = ((hit + false) * (hit + missed) * (rest + false) * (rest + missed)) ** 0.5
    return (hit * rest - false * missed) / below if below else 0.0


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--each", type=int, default=700, help="training pairs a direction")
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    asked.work.mkdir(parents=True, exist_ok=True)
    encoder = Encoder(asked.folder, Placement("cpu", "float32"))
    told = kept(asked.work / "train.pt", read(encoder, tagged(asked.data, "train", asked.each, 1)))
    head = fit(told, 1)
    dev = kept(asked.work / "dev.pt", read(encoder, tagged(asked.data, "dev", asked.each // 6, 1)))
    print("\n".join(report(dev, head)))
    heads = load_file(asked.folder / "heads.safetensors")
    save_file(heads | {name: tensor.contiguous() for name, tensor in head.items()}, asked.folder / "heads.safetensors")
    (asked.folder / "heads.safetensors").chmod(0o644)
    write_manifest(asked.folder, {"name": asked.folder.name, "licence": "MIT", "what": WHAT})


if __name__ == "__main__":
    main()
