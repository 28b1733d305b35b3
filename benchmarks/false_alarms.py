"""How often each rule fires on clean human text: findings per 50,000 words, by rule and severity.

    python -m benchmarks.false_alarms [--shared ../shared] [--documents 10000] [--write docs/false_alarms.md]

The text is the source side of WMT sets up to 2022 (``original``: written in that language, news where the source says
so), neighbouring sentences joined to documents of at most twelve lines. The test year is left out, so that looking at
what fires here is not tuning on it. The text is clean in the sense
that nobody translated it; real pages it came from had their own typing errors, and rules that look for those may be
right to fire. Chinese and Japanese words are counted as half the letters.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter, defaultdict
from pathlib import Path

from auditor import Document, Settings, Severity, audit_documents
from auditor.data import Origin
from auditor.language import letters, main_script

_LINES = 12
_DOMAINS = {"news", "general_unlabelled", "other"}


def documents(shared: Path, limit: int) -> list[Document]:
    """Join neighbouring original sentences into documents; a seeded sample of them."""
    groups: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for part in ("train", "dev"):
        with gzip.open(shared / "data" / "mt_detect" / f"{part}.jsonl.gz", "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                if row["label"] == "original" and row["domain"] in _DOMAINS:
                    pair, _, line = row["seg_id"].rpartition(":")
                    groups[row["lang"], row.get("doc_id") or pair].append((int(line), row["text"]))
    made = []
    for (language, name), numbered in sorted(groups.items()):
        texts = list(dict.fromkeys(text for _, text in sorted(numbered)))
        for at in range(0, len(texts), _LINES):
            text = "\n".join(texts[at : at + _LINES])
            made.append(Document(f"{language}/{name}/{at}", text, Origin(name, "txt")))
    random.Random(1).shuffle(made)  # noqa: S311 - a sample, no secret
    return made[:limit]


def words(text: str) -> float:
    """Number of words; letters of scripts without blanks count half a word each."""
    return letters(text) / 2 if main_script(text) in {"Hani", "Kana"} else len(text.split())


def main() -> None:
    """Print the table; with ``--write`` also put it into a file."""
    parser = argparse.ArgumentParser(description="Findings on clean human text")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--show", action="store_true", help="print every finding of severity major or above")
    options = parser.parse_args()
    sources = documents(options.shared, options.documents)
    start = time.perf_counter()
    report = audit_documents(sources, Settings(score="none"))
    seconds = time.perf_counter() - start
    total = sum(words(one.text) for one in sources)
    chars = sum(len(one.text) for one in sources)
    counts = Counter((finding.rule, finding.severity) for one in report.documents for finding in one.findings)
    lines = [
        (
            f"{len(sources)} documents in {len({one.id.partition('/')[0] for one in sources})} languages, "
            f"{total:,.0f} words, {chars:,} characters."
        ),
        "",
        "| rule | severity | findings | per 50,000 words |",
        "|---|---|---|---|",
    ]
    for (rule, severity), number in sorted(counts.items(), key=lambda one: (-one[0][1], one[0][0])):
        if severity > Severity.NEUTRAL:
            lines.append(f"| {rule} | {severity.label} | {number} | {number / total * 50_000:.2f} |")
    strong = sum(number for (_, severity), number in counts.items() if severity >= Severity.MAJOR)
    lines += ["", f"Severity major or above: {strong} findings, {strong / total * 50_000:.2f} per 50,000 words."]
    print("\n".join(lines))
    print(f"{seconds:.1f} s, {chars / seconds / 1e6:.2f} million characters a second, one process, rules only")
    if options.show:
        for one in report.documents:
            for finding in one.findings:
                if finding.severity >= Severity.MAJOR:
                    print(f"{finding.rule} {one.document.id} {finding.quote[:100]!r}: {finding.message}")
    if options.write:
        head = (
            "# Findings on clean human text\n\nPrinted by `python -m benchmarks.false_alarms --write "
            "docs/false_alarms.md`: original (untranslated) sentences of\nWMT sets up to 2022, joined to documents of "
            "twelve lines. Rules that look for typing errors may be right to fire here.\n\n"
        )
        options.write.write_text(head + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
