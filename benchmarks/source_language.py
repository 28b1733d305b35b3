"""How well the likely source language of an undisclosed translation is told.

    python -m benchmarks.source_language [--shared ../shared] [--documents 300] [--part dev] [--write]

Documents are twelve neighbouring lines of one system's translation, or of an original (source language: none), of
mt_detect. These are bare texts: no interface lines, addresses, names of translators or outlets, so only quotation
marks, names, figures and idioms can speak, and "unknown" is the right answer for most. What is printed is how often an
answer is given and how often it is right, by confidence. The weights are set by hand and not fitted to these texts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from auditor import Document, Settings, audit_documents
from auditor.data import Origin

ROOT = Path(__file__).parent.parent
_LINES = 12
_BINS = (0.5, 0.7, 0.9, 1.01)


def documents(shared: Path, part: str, limit: int) -> Iterator[tuple[str, str, str]]:
    """Yield (language, true source language or ``und``, text), as many originals as translations."""
    hands: dict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    with gzip.open(shared / "data/mt_detect" / f"{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            year, pair, number = row["seg_id"].rsplit(":", 2)
            source = "und" if row["label"] == "original" else row["src_lang"]
            hands[row["lang"], source, year, pair, str(row["system"])].append((int(number), row["text"]))
    made: dict[bool, list[tuple[str, str, str]]] = {True: [], False: []}
    for key in sorted(hands):
        texts = [text for _, text in sorted(hands[key])]
        for at in range(0, len(texts) - _LINES, _LINES):
            made[key[1] == "und"].append((key[0], key[1], "\n".join(texts[at : at + _LINES])))
    for kind in (True, False):
        random.Random(1).shuffle(made[kind])  # noqa: S311 - a benchmark, no secret
        yield from made[kind][: limit // 2]


def measure(shared: Path, part: str, limit: int) -> Iterator[str]:
    """The figures as Markdown."""
    told = list(documents(shared, part, limit))
    pages = (Document(str(at), text, Origin(str(at), "txt")) for at, (_, _, text) in enumerate(told))
    report = audit_documents(pages, Settings(score="none", ignore=("BP", "EN", "NC", "QD", "LM")))
    seen: dict[float, Counter[str]] = defaultdict(Counter)
    answers: Counter[str] = Counter()
    for audit, (_, truth, _) in zip(report.documents, told, strict=True):
        claim = audit.provenance.source_language
        tag = str(claim["tag"])
        kind = "translation" if truth != "und" else "original"
        answers[f"{kind} {'answered' if tag != 'und' else 'unknown'}"] += 1
        if tag != "und":
            confidence = float(str(claim["confidence"]))
            edge = next(one for one in _BINS if confidence < one)
            seen[edge]["right" if tag == truth else "wrong"] += 1
    yield "| confidence below | answers | right |\n|--|--|--|"
    for edge in _BINS:
        if total := seen[edge].total():
            yield f"| {min(edge, 1.0):.1f} | {total} | {seen[edge]['right'] / total:.0%} |"
    yield "\n" + "; ".join(f"{name}: {number}" for name, number in sorted(answers.items())) + "."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--part", default="dev", choices=["train", "dev", "test"])
    parser.add_argument("--write", action="store_true", help="write docs/source_language.md")
    options = parser.parse_args()
    text = "\n".join(measure(options.shared, options.part, options.documents)) + "\n"
    print(text)
    if options.write:
        head = (
            "# The likely source language\n\n"
            "Printed by `python -m benchmarks.source_language --write`. The documents are bare texts without a\n"
            "site around them; where no row stands, no answer was given.\n\n"
        )
        (ROOT / "docs" / "source_language.md").write_text(head + text, "utf-8")


if __name__ == "__main__":
    main()
