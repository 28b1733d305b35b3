"""Memory and time of the rules that compare documents, from 10,000 to 100,000 documents.

    python -m benchmarks.scale [--shared ../shared] [--documents 10000 100000] [--write docs/scale_names.md]

Documents are runs of five neighbouring lines of WMT rows (originals, human and machine translations of all languages,
training and development part). Translations of the same lines form one story of up to six documents; one document in
ten is given the sentence of a minister whose name and words are in all of them, without a story, so that one key
grows with the archive. As in a run, observations go to buckets on disk by the hash of their key, and one bucket after
the other is resolved: names (NM001), quotations (QD001) and figures (NC003). Of one key at most 5,000 observations
are read back (a sample fixed by hash). Times are CPU seconds of one process; each size runs in a process of its own.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from heapq import heapify, heappushpop
from pathlib import Path

from auditor import Document
from auditor.data import Observation, Origin, Span
from auditor.registry import CorpusRule, rules
from auditor.segment import segment

_CODES = ("NM001", "QD001", "NC003")
_LINES = 5
_MOST = 5_000
_POPULAR = (
    "US Secretary of State Anthony Blinken said on day {day}: “We will keep {count} doors open for talks, and we will "
    "not leave the table.” His spokesperson added nothing."
)


def documents(shared: Path, wanted: int) -> Iterator[Document]:
    """Documents of neighbouring lines; when the corpora end they begin again with other stories' numbers."""
    blocks: dict[tuple[str, int, str, str], list[tuple[int, str]]] = defaultdict(list)
    for part in ("train", "dev"):
        with gzip.open(shared / "data" / "mt_detect" / f"{part}.jsonl.gz", "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                name, _, line = row["seg_id"].rpartition(":")
                blocks[name, int(line) // _LINES, row["lang"], row["system"]].append((int(line), row["text"]))
    names, made, turn = sorted(blocks), 0, 0
    while made < wanted:
        for name in names:
            if made == wanted:
                return
            text = "\n".join(text for _, text in sorted(blocks[name]))
            group: str | None = f"{turn}|{name[0]}|{name[1]}|{name[2]}"
            if made % 10 == 0:
                text += "\n" + _POPULAR.format(day=made % 97, count=3 + made % 5)
                group = None
            yield Document(f"{made:07d}", text, Origin("", "txt"), group=group)
            made += 1
        turn += 1


def spool(shared: Path, wanted: int, folder: Path) -> int:
    """Observe all documents and write the observations to bucket files; returns how many there were."""
    chosen = [rule for rule in rules() if isinstance(rule, CorpusRule) and rule.meta.code in _CODES]
    buckets = max(16, wanted // 250)
    waiting: dict[int, list[str]] = defaultdict(list)
    total = held = 0
    for document in documents(shared, wanted):
        page = segment(document)
        for rule in chosen:
            for seen in rule.observe(page):
                place = [seen.document_id, seen.span.start, seen.span.end, seen.quote, dict(seen.data)]
                number = int(sha256(f"{seen.rule}{seen.key}".encode("utf-8", "surrogatepass")).hexdigest()[:8], 16)
                waiting[number % buckets].append(json.dumps([seen.rule, seen.key, *place]))
                total, held = total + 1, held + 1
        if held > 20_000:
            _flush(waiting, folder)
            held = 0
    _flush(waiting, folder)
    return total


def _flush(waiting: dict[int, list[str]], folder: Path) -> None:
    for number, lines in waiting.items():
        with (folder / f"{number}.jsonl").open("a", encoding="utf-8") as target:
            target.write("\n".join(lines) + "\n")
    waiting.clear()


def resolve(folder: Path) -> dict[str, int]:
    """Resolve one bucket after the other; returns the number of findings of each rule, and of keys cut to a sample."""
    by_code = {rule.meta.code: rule for rule in rules() if isinstance(rule, CorpusRule)}
    counts: dict[str, int] = defaultdict(int)
    for path in sorted(folder.glob("*.jsonl")):
        groups: dict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                code, key, document = json.loads(line)[:3]
                # The largest hashes are thrown away first.
                mark = "".join(
                    chr(0x10FFFF - ord(char)) for char in sha256(f"{document}{number}".encode()).hexdigest()[:16]
                )
                own = groups[code, key]
                if len(own) < _MOST:
                    own.append((mark, number, line))
                    if len(own) == _MOST:
                        heapify(own)
                        counts["keys cut to a sample"] += 1
                else:
                    heappushpop(own, (mark, number, line))
        for (code, key), own in sorted(groups.items()):
            seen = sorted(
                (_read(key, line) for _, _, line in own), key=lambda one: (one.document_id, one.span, one.quote)
            )
            counts[code] += sum(1 for _ in by_code[code].resolve(seen))
    return counts


def _read(key: str, line: str) -> Observation:
    code, _, document, start, end, quote, data = json.loads(line)
    return Observation(code, key, document, Span(start, end), quote, data)


def measure(shared: Path, wanted: int) -> dict[str, object]:
    """Time and peak memory (of this process, in MiB) of one archive."""
    with tempfile.TemporaryDirectory() as name:
        start = time.process_time()
        total = spool(shared, wanted, Path(name))
        middle, observed = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        counts = resolve(Path(name))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {
            "documents": wanted, "observations": total, "observe": middle - start,
            "resolve": time.process_time() - middle, "observed": observed, "peak": peak, "counts": counts,
        }  # fmt: skip


def main() -> None:
    """Print the table; with ``--write`` also put it into a file."""
    parser = argparse.ArgumentParser(description="Memory of the rules that compare documents")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.shared, options.one)))
        return
    lines = [
        "| documents | observations | observe, s | resolve, s | peak MiB, observing | peak MiB, all | findings |",
        "|---|---|---|---|---|---|---|",
    ]
    for wanted in options.documents:
        command = [sys.executable, "-m", "benchmarks.scale", "--shared", str(options.shared), "--one", str(wanted)]
        one = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        found = ", ".join(f"{name} {number}" for name, number in sorted(one["counts"].items()))
        lines.append(
            f"| {wanted:,} | {one['observations']:,} | {one['observe']:.0f} | {one['resolve']:.0f} "
            f"| {one['observed']:.0f} | {one['peak']:.0f} | {found} |"
        )
        print(lines[-1], flush=True)
    if options.write:
        head = f"# Memory of the rules that compare documents\n\n{__doc__ or ''}\n"
        options.write.write_text(head + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
