"""Wall-clock times of the command line on this machine: help, the sample documents, one huge line.

    python -m benchmarks.speed [PATH ...] [--line 4900000]

Each time is the best of three runs (one for the huge line) in a process of its own; PATH defaults to ``seeds/``.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_SENTENCE = "Mr. Hall said “we use the old pier” and 12 of 30 members, led by Ann Lee, agreed on 3.5 million euros; "


def seconds(arguments: list[str], runs: int = 3) -> float:
    """Best wall-clock time of ``auditor`` with these arguments."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "auditor", *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print one line a measurement."""
    parser = argparse.ArgumentParser(description="Times of the command line")
    parser.add_argument("paths", nargs="*", default=["seeds"])
    parser.add_argument("--line", type=int, default=4_900_000, help="characters of the huge line")
    options = parser.parse_args()
    print(f"auditor --help: {seconds(['--help']):.2f} s")
    print(
        f"audit {' '.join(options.paths)} --score none: {seconds(['audit', *options.paths, '--score', 'none']):.1f} s"
    )
    print(f"audit {' '.join(options.paths)} with the language model, where installed: ", end="", flush=True)
    print(f"{seconds(['audit', *options.paths]):.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "line.txt"
        path.write_text((_SENTENCE * (options.line // len(_SENTENCE) + 1))[: options.line], "utf-8")
        taken = seconds(["audit", str(path), "--score", "none"], runs=1)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"one line of {options.line:,} characters: {taken:.0f} s; largest process of all these {peak:.0f} MiB")


if __name__ == "__main__":
    main()
