"""What a finding of each family says about a document's origin: log likelihood ratios, measured.

    python -m benchmarks.evidence [--shared ../shared] [--documents 2000] [--write]

Documents are twelve neighbouring lines by one hand of mt_detect's train and dev years (machine translations against
human translations and originals), and the texts of ai_text train (generated against written). The ratio is the share
of documents with a finding of the family among the first kind over that among the second, half a document added to
each count, in nats; where a 95 % interval of the ratio holds no difference the weight is 0, and none passes 3.
``--write`` puts the table where the verdict reads it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import auditor
from auditor import Document, Settings, Severity, audit_documents
from auditor.data import Origin

_LINES = 12
_CAP = 3.0
_TABLE = Path(auditor.__file__).parent / "knowledge" / "evidence.tsv"
# What a family can speak of. Generated texts of the collections also have more leftovers and calques than written ones,
# but so have translated web pages, which those collections lack: that must not make a translation a generated text.
_ABOUT = {"machine_translation": {"MT", "NM", "NC", "QD", "LI", "BP", "EN"}, "ai_generated": {"LM"}}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        yield from map(json.loads, handle)


def translated(shared: Path, limit: int) -> Iterator[tuple[bool, str]]:
    """Documents of mt_detect: (machine-translated?, text), as many of one kind as of the other."""
    hands: dict[tuple[Any, ...], list[tuple[int, str]]] = defaultdict(list)
    for part in ("train", "dev"):
        for row in _rows(shared / "data" / "mt_detect" / f"{part}.jsonl.gz"):
            year, pair, line = row["seg_id"].rsplit(":", 2)
            machine = row["label"] == "machine_translation"
            hands[machine, row["dataset"], year, pair, row["system"], row["lang"]].append((int(line), row["text"]))
    made: dict[bool, list[str]] = {True: [], False: []}
    for key in sorted(hands, key=str):
        texts = [text for _, text in sorted(hands[key])]
        made[key[0]] += ["\n".join(texts[at : at + _LINES]) for at in range(0, len(texts) - _LINES, _LINES)]
    yield from _both(made, limit)


def generated(shared: Path, limit: int) -> Iterator[tuple[bool, str]]:
    """Documents of ai_text: (generated?, text)."""
    made: dict[bool, list[str]] = {True: [], False: []}
    for row in _rows(shared / "data" / "ai_text" / "train.jsonl.gz"):
        made[row["label"] == "ai"].append(row["text"][:4000])
    yield from _both(made, limit)


def _both(made: dict[bool, list[str]], limit: int) -> Iterator[tuple[bool, str]]:
    for kind, texts in sorted(made.items()):
        random.Random(1).shuffle(texts)  # noqa: S311 - a sample, no secret
        yield from ((kind, text) for text in texts[: limit // 2])


def counts(material: Iterator[tuple[bool, str]]) -> tuple[Counter[bool], dict[str, Counter[bool]]]:
    """Number of documents of each kind, and of those with a finding of each family."""
    kinds = dict(enumerate(material))
    documents = [
        Document(f"{number:06}", text, Origin("-", "txt"), group=str(number)) for number, (_, text) in kinds.items()
    ]
    total = Counter(kind for kind, _ in kinds.values())
    hits: dict[str, Counter[bool]] = defaultdict(Counter)
    for one in audit_documents(documents, Settings(score="none")).documents:
        for family in {f.rule[:2] for f in one.findings if f.severity > Severity.NEUTRAL and f.confidence >= 0.5}:
            hits[family][kinds[int(one.document.id)][0]] += 1
    return total, hits


def weight(yes: int, no: int, total: Counter[bool]) -> float:
    """Log likelihood ratio in nats; 0 where it could be chance."""
    ratio = math.log((yes + 0.5) / (total[True] + 1)) - math.log((no + 0.5) / (total[False] + 1))
    error = math.sqrt(1 / (yes + 0.5) + 1 / (no + 0.5))
    return 0.0 if abs(ratio) < 1.96 * error else round(max(-_CAP, min(_CAP, ratio)), 2)


def main() -> None:
    """Print the table; with ``--write`` also put it into the package."""
    parser = argparse.ArgumentParser(description="Log likelihood ratios of rule families")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    lines = ["family\tquestion\tnats\tyes\tyes_of\tno\tno_of\tsource\tlicence"]
    questions = {
        "machine_translation": (translated, "mt_detect train+dev"),
        "ai_generated": (generated, "ai_text train"),
    }
    for question, (material, source) in questions.items():
        total, hits = counts(material(asked.shared, asked.documents))
        for family, found in sorted(hits.items()):
            if family in _ABOUT[question]:
                nats = weight(found[True], found[False], total)
                cells = [family, question, f"{nats:g}", found[True], total[True], found[False], total[False]]
                lines.append("\t".join(map(str, [*cells, f"counted on {source}", "own"])))
    print("\n".join(lines))
    if asked.write:
        note = (
            "# Made by benchmarks/evidence.py: how much more often a family fires on documents of the kind, in nats.\n"
        )
        _TABLE.write_text(note + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
