"""Large archives on this machine: linear cost and flat memory, kill -9 and resume, damage that is counted.

    python -m benchmarks.archives linear [--sizes 20,200,2000] [--workers 2]
    python -m benchmarks.archives kill [--megabytes 5] [--times 10]
    python -m benchmarks.archives damage
    python -m benchmarks.archives all [--write docs/archives_figures.md]

``linear`` audits one JSONL of each size into a run directory and prints wall and processor time (of all processes),
and the peak memory of the parent; then what a Common Crawl snapshot would take at that rate. ``kill`` ends a run with
SIGKILL at seeded random moments, resumes it, and compares the final report byte for byte with that of an undisturbed
run in memory. ``damage`` breaks a gzip member, a WARC record and a Parquet page and prints what was kept and what was
said.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.corpus import documents, write

# A snapshot of the web, and what one page of it takes in the WET files of CC-MAIN-2016-40.
_SNAPSHOT_PAGES = 2.7e9
_PACKED_BYTES = 4.54 * 2**40 / 1.72e9
# Text to gzip.
_UNPACKED = 2.6
_CORES = 1000
# Dollars, of a core for an hour where nodes may be taken away.
_PRICE = 0.015

_CODE = """
import json, resource, sys
from auditor import cli
sys.argv[1:] = json.loads(sys.argv[1])
try:
    cli.main()
finally:
    own, others = (resource.getrusage(one) for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({
        "peak": own.ru_maxrss / 1024,
        "worker_peak": others.ru_maxrss / 1024,
        "processor": own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime,
    }), file=sys.stderr)
"""


def measured(arguments: Sequence[str]) -> dict[str, float]:
    """Run ``auditor`` and return wall and processor seconds and the parent's peak memory in MiB."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _CODE, json.dumps(["audit", *arguments])], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stderr.splitlines()[-1])
    return {**found, "wall": time.perf_counter() - start}


def linear(shared: Path, sizes: Sequence[int], workers: int, folder: Path) -> Iterator[str]:
    """Yield the table of sizes, then what follows from it."""
    yield "| MB of text | documents | wall s | processor s | s a MB | to the first | parent MiB | worker MiB |"
    yield "|---|---|---|---|---|---|---|---|"
    first = rate = 0.0
    pages = 1
    for size in sizes:
        path = folder / f"{size}.jsonl"
        pages = write(path, shared, size * 1_000_000)
        target = ["--run-dir", str(folder / f"run-{size}"), "--workers", str(workers), "--score", "none", "-q"]
        found = measured([str(path), *target])
        rate = found["processor"] / size
        first = first or rate
        memory = f"{found['peak']:.0f} | {found['worker_peak']:.0f}"
        spent = f"{found['wall']:.0f} | {found['processor']:.0f} | {rate:.3f} | {rate / first:.2f}"
        yield f"| {size} | {pages:,} | {spent} | {memory} |"
        path.unlink()
    yield ""
    yield from extrapolated(rate)


def extrapolated(rate: float) -> Iterator[str]:
    """What a snapshot of the web takes, from processor seconds a MB; each step of the arithmetic is shown."""
    packed = _SNAPSHOT_PAGES * _PACKED_BYTES / 1e12
    plain = packed * _UNPACKED
    hours = plain * 1e6 * rate / 3600
    yield (
        f"A Common Crawl WET snapshot: {_SNAPSHOT_PAGES / 1e9:.1f} billion pages x {_PACKED_BYTES / 1e3:.1f} kB (what "
        f"a page of CC-MAIN-2016-40 takes in its WET files: 4.54 TiB for 1.72 billion) = {packed:.1f} TB compressed, "
        f"x {_UNPACKED} (gzip on text) = {plain:.1f} TB of text; x {rate:.2f} processor seconds a MB = "
        f"{hours:,.0f} core hours, {hours / _CORES:,.0f} hours on {_CORES:,} cores, "
        f"{hours * _PRICE:,.0f} dollars at {_PRICE} dollars a core hour."
    )


def kill(shared: Path, megabytes: float, times: int, folder: Path) -> Iterator[str]:
    """Kill a run again and again, and compare what it gives in the end."""
    path = folder / "archive.jsonl"
    count = write(path, shared, int(megabytes * 1_000_000))
    base = [sys.executable, "-m", "auditor", "audit", str(path), "--score", "none", "-q", "--report", "jsonl"]
    start = time.perf_counter()
    subprocess.run([*base, "-o", str(folder / "plain")], check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    resumed = [*base, "-o", str(folder / "out"), "--run-dir", str(folder / "run"), "--workers", "2"]
    rng = random.Random(1)  # noqa: S311 - moments, no secret
    killed: list[str] = []
    while len(killed) < times:
        running = subprocess.Popen(resumed, start_new_session=True, stdout=subprocess.DEVNULL)
        try:
            running.wait(timeout=rng.uniform(0.3, max(3.0, 1.5 * seconds / times)))
            break
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            killed.append(_state(folder / "run"))
    subprocess.run(resumed, check=True, stdout=subprocess.DEVNULL)
    plain, found = ((folder / name / "report.jsonl").read_bytes() for name in ("plain", "out"))
    ids = [json.loads(line)["id"] for line in found.splitlines()]
    yield f"- killed {len(killed)} times, at (stage, shards done): {', '.join(killed)}"
    yield f"- documents: {count} written, {len(ids)} reported, {len(set(ids))} different ids"
    yield f"- report equals that of an undisturbed run in memory, byte for byte: {plain == found}"


def _state(run: Path) -> str:
    """The stage in which a run was killed, with the shards that it had done."""
    try:
        stage = json.loads((run / "status.json").read_text("utf-8"))["stage"]
    except (OSError, ValueError, KeyError):
        return "start"
    folder = {"judge": "documents"}.get(stage, stage)
    return f"{stage} {len(list((run / folder).glob('[!.]*.parquet')))}"


def damage(shared: Path, folder: Path) -> Iterator[str]:
    """Break files and say what is kept and what was said."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = list(documents(shared, 400_000))
    lines = [json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows]
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(b"".join(lines))[:-2000])
    members = [gzip.compress(_record(row["id"], row["text"].encode())) for row in rows]
    broken = bytearray(b"".join(members))
    at = len(b"".join(members[:7])) + 40
    broken[at : at + 20] = b"\0" * 20
    (folder / "broken.wet.gz").write_bytes(broken)
    path = folder / "page.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=30, write_page_checksum=True)
    place = pq.ParquetFile(path).metadata.row_group(2).column(1).dictionary_page_offset + 60
    data = bytearray(path.read_bytes())
    data[place : place + 30] = b"\xff" * 30
    path.write_bytes(data)
    from auditor import Settings
    from auditor.data import Skipped
    from auditor.readers import read_inputs

    for name in ("cut.jsonl.gz", "broken.wet.gz", "page.parquet"):
        found = list(read_inputs([str(folder / name)], Settings()))
        bad = [one for one in found if isinstance(one, Skipped)]
        yield f"- {name}: {len(rows)} documents, {len(found) - len(bad)} kept"
        for one in bad:
            yield f"  - left out: {Path(one.origin.path).name}#{one.origin.locator}: {one.reason}"


def _record(name: str, body: bytes) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <{name}>\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body + b"\r\n\r\n"


def main() -> None:
    """Run one of the three, or all."""
    parser = argparse.ArgumentParser(description="Large archives: cost, resume, damage")
    parser.add_argument("what", choices=["linear", "kill", "damage", "all"])
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--sizes", default="20,200,2000")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--megabytes", type=float, default=5)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    lines = ["# Large archives, measured", "", f"Printed by `python -m benchmarks.archives {options.what}`.", ""]
    with tempfile.TemporaryDirectory() as name:
        folder, sizes = Path(name), [int(one) for one in options.sizes.split(",")]
        parts = {
            "damage": ("Damaged inputs", damage(options.shared, folder)),
            "kill": ("Killed and resumed", kill(options.shared, options.megabytes, options.times, folder)),
            "linear": ("Cost and memory", linear(options.shared, sizes, options.workers, folder)),
        }
        for title, found in (part for key, part in parts.items() if options.what in {key, "all"}):
            for line in (f"## {title}", "", *found, ""):
                print(line, flush=True)
                lines.append(line)
            if options.write:
                options.write.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
