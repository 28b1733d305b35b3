"""Which documents belong to one story: recall and false ties, and time and memory by number of documents.

    python -m benchmarks.stories [--shared ../shared] [--sizes 1000,10000] [--write]

Labelled stories are the groups of dev_docs (invented development documents, seen while the features were made), with
the groups hidden from the clustering. Unrelated texts are news originals of mt_detect's test year, of which some truly
tell of the same events; pairs that are tied are counted and printed, so that a person can judge them. Sizes are
measured on sketches of random features with the sharing of real ones: each names a few common and many rare ones.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import time
from array import array
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from auditor.data import Document, DocumentAudit, Origin, ProvenanceRecord, Verdict
from auditor.provenance import Sketch, sketch, weave
from auditor.segment import segment

ROOT = Path(__file__).parent.parent
_LEAST_SEGMENTS = 5
_SHOWN = 20


def bare(name: str, text: str) -> Sketch:
    """The sketch of a text by itself: no findings, no group."""
    page = segment(Document(name, text, Origin(name, "txt")))
    return sketch(DocumentAudit(page, (), (), Verdict("unknown", None, "accept", 0.0, ()), ProvenanceRecord()))


def labelled(shared: Path) -> tuple[int, int, int, int]:
    """Pairs of one group: tied, all; pairs tied across groups; missed pairs of one script."""
    files = [shared / "data/dev_docs" / f"{part}.jsonl" for part in "ab"]
    rows = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]
    groups = {row["id"]: row["group"] for row in rows}
    tongues = {row["id"]: row["lang"] in {"zh", "ja", "ar"} for row in rows}
    stories = weave(bare(row["id"], row["text"]) for row in rows)
    tied = {frozenset(pair) for one in stories for pair in combinations(one.documents, 2)}
    wanted = {frozenset((a, b)) for a, b in combinations(groups, 2) if groups[a] is not None and groups[a] == groups[b]}
    missed = [pair for pair in wanted - tied if len({tongues[name] for name in pair}) == 1]
    return len(tied & wanted), len(wanted), len(tied - wanted), len(missed)


def news(shared: Path, part: str) -> Iterator[tuple[str, str]]:
    """News originals as documents: name and text."""
    found: dict[str, list[str]] = {}
    with gzip.open(shared / "data/mt_detect" / f"{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["label"] == "original" and row["doc_id"] and row["domain"] == "news":
                found.setdefault(f"{row['lang']}/{row['doc_id']}", []).append(row["text"])
    yield from ((name, "\n".join(texts)) for name, texts in found.items() if len(texts) >= _LEAST_SEGMENTS)


def synthetic(number: int, seed: int = 1) -> Iterator[Sketch]:
    """Sketches of made-up documents, ten a story."""
    dice = random.Random(seed)  # noqa: S311 - a benchmark, no secret
    for at in range(number):
        own = random.Random(at // 10)  # noqa: S311
        names = {own.randrange(1 << 32) for _ in range(40)} | {dice.randrange(5_000) for _ in range(20)}
        names |= {dice.randrange(1 << 32) for _ in range(20)}
        weights = array("f", (dice.uniform(0.3, 2.5) for _ in names))
        prints = array("I", (dice.randrange(1 << 31) for _ in range(32)))
        yield Sketch(f"d{at}", "", None, "en", "", (), (), "und", array("I", sorted(names)), weights, prints)


def costs(sizes: Sequence[int]) -> Iterator[tuple[int, int, float, int]]:
    """Documents, stories, seconds, peak resident megabytes so far (sizes must grow)."""
    for size in sizes:
        start = time.perf_counter()
        stories = len(weave(synthetic(size)))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        yield size, stories, time.perf_counter() - start, peak


def lines(options: argparse.Namespace) -> Iterator[str]:
    """The figures as Markdown."""
    yield "| documents | stories | seconds | peak memory, MB |\n|--|--|--|--|"
    for size, stories, seconds, peak in costs([int(one) for one in options.sizes.split(",")]):
        yield f"| {size:,} | {stories:,} | {seconds:.1f} | {peak:,} |"
    hits, wanted, strays, missed = labelled(options.shared)
    yield (
        f"\nDevelopment documents: {hits} of {wanted} pairs of one story tied ({missed} of the missed ones share a"
        f" script), {strays} pairs tied across stories."
    )
    texts = dict(news(options.shared, "test"))
    stories = weave(bare(name, text) for name, text in texts.items())
    pairs = [pair for one in stories for pair in combinations(one.documents, 2)]
    every = len(texts) * (len(texts) - 1) // 2
    yield f"News originals of the test year: {len(pairs)} of {every:,} pairs tied; the first {_SHOWN}:\n"
    yield from (f"- {texts[a][:80]} | {texts[b][:80]}".replace("\n", " ") for a, b in pairs[:_SHOWN])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--write", action="store_true", help="write docs/stories.md")
    options = parser.parse_args()
    text = "\n".join(lines(options)) + "\n"
    print(text)
    if options.write:
        # The texts themselves are not ours to print.
        kept = text.partition("; the first")[0] + ".\n"
        head = "# Stories: what is tied, and what it costs\n\nPrinted by `python -m benchmarks.stories --write`.\n\n"
        (ROOT / "docs" / "stories.md").write_text(head + kept, "utf-8")


if __name__ == "__main__":
    main()
