"""How far a run is: a callback for the terminal, and ``status.json`` for everybody else."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from auditor.pipeline import Progress
from auditor.store.shards import write_json

# The status file is written at most so often, in seconds.
_PAUSE = 1.0


class Tracker:
    """Counts what the shards of a stage bring in, and tells it."""

    def __init__(self, path: Path, on_progress: Callable[[Progress], None]) -> None:
        self._path = path
        self._tell = on_progress
        self._begun = time.time()
        self._written = 0.0
        self._stage = ""
        self._stage_begun = 0.0
        self._counts: dict[str, int] = {}
        self._before: dict[str, int] = {}
        self._total: dict[str, int] = {}
        self.skipped = 0
        self.failures = 0

    def stage(self, name: str, total: Mapping[str, int], before: Mapping[str, int]) -> None:
        """Begin a stage. ``total`` counts all it has to do, ``before`` what an earlier run has done of it."""
        self._stage, self._stage_begun = name, time.time()
        self._total, self._before = dict(total), dict(before)
        self._counts = dict(before)
        self._write(force=True)

    def done(self, counts: Mapping[str, Any]) -> None:
        """A shard of the stage is done."""
        for name in ("documents", "chars", "shards_done", "scores", "tokens", "lines_asked"):
            value = counts.get(name, 1 if name == "shards_done" else 0)
            self._counts[name] = self._counts.get(name, 0) + int(value)
        self.skipped += int(counts.get("skipped", 0))
        self.failures += int(counts.get("failures", 0))
        self._tell(self.progress())
        self._write()

    def progress(self) -> Progress:
        """The state as the terminal shows it."""
        documents, chars = self._counts.get("documents", 0), self._counts.get("chars", 0)
        rates = self._rates()
        left, tokens = rates["eta_seconds"], self._counts.get("tokens", 0)
        return Progress(self._stage, documents, self.skipped, chars, self.failures, self._share(), left, tokens)

    def _share(self) -> float | None:
        for name in ("chars", "shards_done"):
            if self._total.get(name):
                return min(1.0, self._counts.get(name, 0) / self._total[name])
        return None

    def _rates(self) -> dict[str, float | None]:
        seconds = max(1e-3, time.time() - self._stage_begun)
        new = {name: value - self._before.get(name, 0) for name, value in self._counts.items()}
        share, begun = self._share(), 0.0
        for name in ("chars", "shards_done"):
            if self._total.get(name):
                begun = self._before.get(name, 0) / self._total[name]
                break
        left = None if share is None or share <= begun else seconds * (1 - share) / (share - begun)
        return {
            "documents_per_second": round(new.get("documents", 0) / seconds, 2),
            "megachars_per_second": round(new.get("chars", 0) / seconds / 1e6, 4),
            "tokens_per_second": round(new.get("tokens", 0) / seconds, 1),
            "eta_seconds": None if left is None else round(left, 1),
        }

    def finish(self, totals: Mapping[str, Any]) -> None:
        """The run is finished."""
        self._stage = "finished"
        self._total, self._counts = {}, {"documents": int(totals["documents"])}
        self._write(force=True, more={"totals": dict(totals)})

    def _write(self, *, force: bool = False, more: Mapping[str, Any] | None = None) -> None:
        now = time.time()
        if not force and now - self._written < _PAUSE:
            return
        self._written = now
        state = {"stage": self._stage, "begun": _utc(self._begun), "updated": _utc(now), "done": self._counts}
        counted = {"total": self._total, "skipped": self.skipped, "failures": self.failures}
        write_json(self._path, {**state, **counted, **self._rates(), **(more or {})})


def _utc(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
