"""Speed of the rules and of scoring on this machine, beside datatrove's filters, trafilatura and a plain loop.

    python -m benchmarks.throughput [--megabytes 200] [--peer-python PYTHON] [--write docs/throughput.md]

The archive is recombined with a seed from real sentences (see ``benchmarks.corpus``). Times are processor seconds of
this process, so that other work on the machine disturbs little; the comparison between documents is timed apart,
because recombination feeds it repeats. ``--peer-python`` names a Python with datatrove, spaCy and trafilatura.
Scoring is timed by the clock, with the threads that torch takes (see ``benchmarks.encoder_speed``).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from auditor import Document, Settings
from auditor.data import Observation, Origin
from auditor.pipeline import Detected, Detector
from auditor.registry import CorpusRule, Rule
from auditor.resolve import resolve_all
from auditor.segment import segment
from benchmarks.corpus import documents
from benchmarks.encoder_speed import table

_WARM = 300
_SAMPLE = 5_000
_HEAD = ["| | MB/s a core | items/s a core | seconds a MB |", "|---|---|---|---|"]


def archive(shared: Path, megabytes: int) -> list[Document]:
    """The documents of the benchmark."""
    rows = documents(shared, megabytes * 1_000_000)
    return [Document(row["id"], row["text"], Origin("archive", "jsonl")) for row in rows]


def row(name: str, megabytes: float, count: int, seconds: float) -> str:
    """One line of the tables."""
    spent = max(seconds, 1e-6)
    return f"| {name} | {megabytes / spent:.2f} | {count / spent:.0f} | {seconds / megabytes:.3f} |"


def rules(texts: list[Document]) -> list[str]:
    """Run segmentation and all rules over the documents and return the table."""
    detector = Detector(Settings(score="none"))
    detector(texts[:_WARM])
    size = sum(len(one.text.encode()) for one in texts) / 1e6
    start = time.process_time()
    observations: list[Observation] = []
    findings = 0
    for result in detector(texts):
        if isinstance(result, Detected):
            observations += result.observations
            findings += len(result.findings)
    spent = time.process_time() - start
    start = time.process_time()
    corpus = sum(1 for _ in resolve_all(detector.rules, observations, []))
    resolved = time.process_time() - start
    return [
        *_HEAD,
        row(f"segmentation, languages and all {len(detector.rules)} rules", size, len(texts), spent),
        row(f"comparison between documents ({len(observations):,} observations)", size, len(texts), resolved),
        "",
        f"{len(texts):,} documents, {size:.1f} MB of UTF-8; {findings:,} findings in them, {corpus:,} between them.",
    ]


def families(texts: list[Document]) -> list[str]:
    """Where the time goes: seconds a MB by family, each rule timed as it runs after the ones before it."""
    detector = Detector(Settings(score="none"))
    detector(texts[:_WARM])
    spent: dict[str, float] = defaultdict(float)
    clock = time.perf_counter
    for document in texts:
        start = clock()
        page = segment(document)
        spent["segmentation"] += clock() - start
        for rule in detector.rules:
            start = clock()
            if isinstance(rule, Rule):
                for _ in islice(rule.check(page), 500):
                    pass
            elif isinstance(rule, CorpusRule):
                for _ in rule.observe(page):
                    pass
            spent[rule.meta.family] += clock() - start
    size = sum(len(one.text.encode()) for one in texts) / 1e6
    total = sum(spent.values())
    lines = ["| part | seconds a MB | share |", "|---|---|---|"]
    ranked = sorted(spent.items(), key=lambda part: -part[1])
    return lines + [f"| {name} | {value / size:.3f} | {value / total:.0%} |" for name, value in ranked]


def html_pages(shared: Path) -> list[str]:
    """Real pages, where the corpus has them."""
    import gzip

    path = shared / "data" / "boilerplate" / "article_extraction_html_gold.jsonl.gz"
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        return [str(row.get("html") or row.get("source") or "") for row in map(json.loads, rows)]


def own_pages(pages: list[str]) -> str:
    """Our reader on the same pages."""
    from auditor.readers.web import page_document

    start = time.process_time()
    for one in pages:
        page_document(one, "page", Origin("page", "html"))
    spent = time.process_time() - start
    return row("auditor's reader of pages", sum(len(one.encode()) for one in pages) / 1e6, len(pages), spent)


def peers(python: str, texts: list[Document], pages: list[str]) -> list[str]:
    """The same documents through datatrove's filters, the same pages through trafilatura; then our own reader."""
    script = Path(__file__).parent / "peers.py"
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("rows.jsonl", "pages.jsonl")]
        for file, some in zip(files, ([one.text for one in texts], pages), strict=True):
            file.write_text("".join(json.dumps({"text": one}) + "\n" for one in some), "utf-8")
        done = subprocess.run([python, script, *files], capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    lines = [row(one["name"], one["megabytes"], one["items"], one["seconds"]) for one in found]
    filters = [one for one in found if one["name"].startswith("datatrove")]
    if filters:
        whole = sum(one["seconds"] for one in filters)
        lines.insert(len(filters), row("datatrove, all of these", filters[0]["megabytes"], filters[0]["items"], whole))
    if done.returncode:
        lines.append(f"| (stopped: {done.stderr.strip().splitlines()[-1][:120]}) | | | |")
    return [*_HEAD, rules(texts)[2].replace("| seg", "| auditor: seg"), *lines, own_pages(pages)]


def english(texts: list[Document], megabytes: float) -> list[Document]:
    """English documents, for filters whose word splitter is English."""
    found: list[Document] = []
    size = 0
    for one in texts:
        if one.id.startswith("en-") and size < megabytes * 1e6:
            found.append(one)
            size += len(one.text.encode())
    return found


def machine() -> str:
    """What the figures were measured on, and how busy it was."""
    name = platform.processor() or platform.machine()
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores when it began"
    return f"Machine: {name}, Python {platform.python_version()}; processor time of one core; {load}."


def main() -> None:
    """Print the tables; with ``--write`` also put them into a file."""
    parser = argparse.ArgumentParser(description="Speed of the rules")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--peer-megabytes", type=float, default=4.0, help="English text for the other programs")
    parser.add_argument("--peer-python", default="", help="a Python with datatrove, spaCy and trafilatura")
    parser.add_argument("--sentences", type=int, default=4000, help="sentences to score; 0 leaves scoring out")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    texts = archive(options.shared, options.megabytes)
    parts: dict[str, Callable[[], list[str]]] = {
        "Rules": lambda: rules(texts),
        "Where the time goes": lambda: families(texts[:_SAMPLE]),
    }
    if options.peer_python:
        some = english(texts, options.peer_megabytes)
        parts["Beside other programs, on English documents"] = lambda: peers(
            options.peer_python, some, html_pages(options.shared)
        )
    if options.sentences:
        parts["Scoring"] = lambda: table(options.shared, options.sentences, 0)
    lines = [machine(), ""]
    for title, work in parts.items():
        lines += [f"## {title}", "", *work(), ""]
    print("\n".join(lines))
    if options.write:
        head = ["# Throughput", "", "Printed by `python -m benchmarks.throughput --write docs/throughput.md`.", ""]
        options.write.write_text("\n".join([*head, *lines]), "utf-8")


if __name__ == "__main__":
    main()
