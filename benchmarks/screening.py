"""Latency, throughput and memory of screening: in process, through the command, over HTTP with 1 and 64 clients.

    python -m benchmarks.screening [--shared ../shared] [--documents 2000] [--write docs/screening_speed.md]
    python -m benchmarks.screening --memory 1000000 [--write docs/screening_memory.md]

Documents are original WMT text of ``benchmarks.false_alarms`` (twelve lines each), audited with the rules alone unless
``--score`` says otherwise. Latency is from handing a text over to having its answer. The command is given one row at a
time and waits for the answer (latency), then all rows at once (throughput). ``--memory`` streams that many short
documents, single lines of 41 to 100 characters from a seeded cycle, and prints the process's memory on the way.
``CPU ms`` is the time that the
auditing process computed, a document: it hardly depends on what else the machine does, the other figures do.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from auditor import Auditor, Settings
from benchmarks.false_alarms import documents

_WARM = 20


def percentiles(seconds: Sequence[float]) -> str:
    """p50 and p99 in milliseconds."""
    known = sorted(seconds)
    return f"{known[len(known) // 2] * 1000:.1f} | {known[min(len(known) - 1, len(known) * 99 // 100)] * 1000:.1f}"


def row(name: str, clients: int, total: int, took: tuple[float, float], latencies: Sequence[float] = ()) -> str:
    """One row of the table; ``took``: seconds on the clock, and seconds computed."""
    shown = percentiles(latencies) if latencies else "|"
    return f"| {name} | {clients} | {total / took[0]:.0f} | {took[1] / total * 1000:.1f} | {shown} |"


class Clock:
    """Seconds since it was made, on the clock and computed by a process (with all its threads)."""

    def __init__(self, pid: int | None = None) -> None:
        self._pid = pid or os.getpid()
        self._start = time.perf_counter()
        self._used = self._cpu()

    def took(self) -> tuple[float, float]:
        """Seconds on the clock, seconds computed."""
        return time.perf_counter() - self._start, self._cpu() - self._used

    def _cpu(self) -> float:
        fields = Path(f"/proc/{self._pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def in_process(texts: Sequence[str], settings: Settings) -> Iterator[str]:
    """``screen`` one by one, and ``screen_many``."""
    auditor = Auditor(settings)
    for text in texts[:_WARM]:
        auditor.screen(text)
    latencies = []
    clock = Clock()
    for text in texts:
        start = time.perf_counter()
        auditor.screen(text)
        latencies.append(time.perf_counter() - start)
    yield row("API, screen", 1, len(texts), clock.took(), latencies)
    clock = Clock()
    done = sum(1 for _ in auditor.screen_many(texts))
    yield row("API, screen_many", 1, done, clock.took())


def command(texts: Sequence[str], score: str) -> Iterator[str]:
    """The command, asked row by row and then fed at once."""
    lines = [json.dumps({"id": str(at), "text": text}).encode() + b"\n" for at, text in enumerate(texts)]
    pipe = subprocess.PIPE
    arguments = [sys.executable, "-m", "auditor", "screen", "-q", "--score", score]
    with subprocess.Popen(arguments, stdin=pipe, stdout=pipe, bufsize=0) as running:
        source, sink = running.stdout, running.stdin
        assert source is not None  # noqa: S101 - both were asked for
        assert sink is not None  # noqa: S101
        latencies = []
        reader = os.fdopen(os.dup(source.fileno()), "rb")
        for line in lines[:_WARM]:
            sink.write(line)
            reader.readline()
        clock = Clock(running.pid)
        for line in lines:
            start = time.perf_counter()
            sink.write(line)
            reader.readline()
            latencies.append(time.perf_counter() - start)
        yield row("command, row by row", 1, len(lines), clock.took(), latencies)
        feeder = threading.Thread(target=lambda: [sink.write(line) for line in lines])
        clock = Clock(running.pid)
        feeder.start()
        for _ in lines:
            reader.readline()
        yield row("command, all at once", 1, len(lines), clock.took())
        feeder.join()
        sink.close()
        reader.close()


def over_http(texts: Sequence[str], score: str) -> Iterator[str]:
    """The server on loopback, with 1 and 64 clients, each asking for one text at a time."""
    arguments = [sys.executable, "-m", "auditor", "serve", "--port", "0", "--score", score]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as running:
        port = 0
        assert running.stderr is not None  # noqa: S101 - it was asked for
        for line in running.stderr:
            event = json.loads(line)
            port = event.get("port", port)
            if event["event"] == "ready":
                break
        drain = threading.Thread(target=running.stderr.read, daemon=True)
        drain.start()
        for clients in (1, 64):
            latencies, took = asyncio.run(_load(port, texts, clients, running.pid))
            yield row("server", clients, len(latencies), took, latencies)
        running.terminate()


async def _load(port: int, texts: Sequence[str], clients: int, pid: int) -> tuple[list[float], tuple[float, float]]:
    import httpx

    waiting = list(texts)
    latencies: list[float] = []
    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120, limits=limits) as http:

        async def client() -> None:
            while waiting:
                body = {"documents": [{"text": waiting.pop()}]}
                start = time.perf_counter()
                done = await http.post("/v1/screen", json=body)
                done.raise_for_status()
                latencies.append(time.perf_counter() - start)

        for text in texts[:_WARM]:
            await http.post("/v1/screen", json={"documents": [{"text": text}]})
        clock = Clock(pid)
        await asyncio.gather(*(client() for _ in range(clients)))
        return latencies, clock.took()


def memory(texts: Sequence[str], total: int, settings: Settings) -> Iterator[str]:
    """Resident memory while so many short documents stream through ``screen_many``."""
    lines = [line for text in texts for line in text.splitlines() if 40 < len(line) <= 100]
    stream = (f"{lines[at % len(lines)]} {at}" for at in range(total))
    begin = time.perf_counter()
    yield "| documents | seconds | resident MiB | peak MiB |"
    yield "|---|---|---|---|"
    step = max(1, total // 20)
    for at, _ in enumerate(Auditor(settings).screen_many(stream), start=1):
        if at % step == 0 or at == min(step, 10_000):
            pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            resident = pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
            yield f"| {at:,} | {time.perf_counter() - begin:.0f} | {resident:.0f} | {peak:.0f} |"


def main() -> None:
    """Print the tables; with ``--write`` also put them into a file."""
    parser = argparse.ArgumentParser(description="Speed and memory of screening")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--score", default="none", choices=("none", "suspects", "all"))
    parser.add_argument("--memory", type=int, default=0, help="stream so many documents and print memory only")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    texts = [one.text for one in documents(options.shared, options.documents)]
    settings = Settings(score=options.score)
    if options.memory:
        told = []
        for line in memory(texts, options.memory, settings):
            print(line, flush=True)
            told.append(line)
        _write(options.write, "Memory of screening", f" --memory {options.memory}", told)
        return
    chars = sum(map(len, texts)) / len(texts)
    lines = [
        f"{len(texts)} documents of {chars:.0f} characters on average, score {options.score}, {os.cpu_count()} cores.",
        "",
        "| way | clients | documents/s | CPU ms | p50 ms | p99 ms |",
        "|---|---|---|---|---|---|",
        *in_process(texts, settings),
        *command(texts, options.score),
        *over_http(texts, options.score),
    ]
    print("\n".join(lines))
    _write(options.write, "Speed of screening", "", lines)


def _write(target: Path | None, title: str, more: str, lines: Sequence[str]) -> None:
    if target:
        command_line = f"python -m benchmarks.screening{more} --write {target.as_posix()}"
        target.write_text(f"# {title}\n\nPrinted by `{command_line}`.\n\n" + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
