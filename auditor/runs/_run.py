"""The stages of a run, one after the other: read, detect, resolve, score, judge. What is done is not done again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from auditor.config import Settings
from auditor.data import Report
from auditor.errors import AuditorError
from auditor.executors import Lost, run_local, run_ray
from auditor.pipeline import Progress, readable
from auditor.readers import STDIN, list_inputs
from auditor.registry import CorpusRule
from auditor.runs._detect import DetectItem, DetectShard, observed, probes
from auditor.runs._folder import RunFolder, begin, locked
from auditor.runs._gather import Gather, TellStories, ungathered
from auditor.runs._judge import JudgeShard, ScoreShard, model_names
from auditor.runs._notices import collected
from auditor.runs._progress import Tracker
from auditor.runs._read import ReadPiece, lost_piece, plan, shards_of, unify
from auditor.runs._resolve import ResolveBucket, buckets, collect
from auditor.runs._stored import open_run
from auditor.runs._stories import has_stories
from auditor.runs._totals import stored_totals
from auditor.selection import chosen_rules
from auditor.signature import sign
from auditor.store.rows import DOCUMENT
from auditor.store.shards import counters, read_rows, write_json, write_rows
from auditor.stories import too_many

# Text of one shard, in code points, per byte of a piece.
_SHARD_CHARS = 2_000_000
_MOST_KILLERS = 8
Make = Callable[[], Callable[[Any], Any]]


@dataclass(frozen=True, slots=True)
class Engine:
    """Where tasks run: ``local`` processes, or ``ray`` at ``address`` ("" starts Ray on this machine)."""

    name: str = "local"
    workers: int = 1
    address: str = ""

    def run(
        self,
        make: Callable[[], Callable[[Any], Any]],
        items: Sequence[Any],
        *,
        models: bool = False,
        apart: bool = False,
    ) -> Iterator[tuple[Any, Any]]:
        """Yield each item with its result, ``Lost`` for one that killed its worker twice.

        ``models``: workers hold models, and take a GPU where there is one. ``apart``: never in this process.
        """
        if self.name == "ray":
            yield from run_ray(make, items, self.workers, address=self.address, models=models)
            return
        # One process with models uses all cores by itself.
        workers = 1 if models else self.workers
        results = run_local(make, items, workers, apart=apart or (models and self.workers > 1))
        yield from zip(items, results, strict=True)


def audit_archive(
    paths: Sequence[str],
    settings: Settings,
    root: Path,
    engine: Engine,
    *,
    text: bool = True,
    on_progress: Callable[[Progress], None],
) -> Report:
    """Audit into a run directory, going on where an earlier call with the same settings and inputs stopped.

    ``text`` False keeps no text once the run is finished. Raises what ``auditor.audit`` raises, and UsageError for a
    run directory that is of another run or in use.
    """
    sources = list_inputs(paths, settings.include, settings.exclude)
    with locked(root):
        folder = begin(root, settings, sources, text=text)
        if not folder.head.get("finished"):
            if not (root / "plan.json").exists():
                pieces = [[_fields(one) for one in piece] for piece in plan(sources, settings)]
                write_json(root / "plan.json", {"pieces": pieces})
            _Stages(folder, settings, engine, Tracker(root / "status.json", on_progress)).run()
        return readable(open_run(RunFolder(root)), paths, settings)


def _fields(one: Any) -> list[str]:
    return [one.path, one.name, one.format, one.problem, one.part]


@dataclass
class _Stages:
    folder: RunFolder
    settings: Settings
    engine: Engine
    tracker: Tracker

    def run(self) -> None:
        self._read()
        shards = shards_of(self.folder)
        unify(self.folder, shards)
        self._detect(shards)
        lost = self._resolve(shards)
        if self.settings.score != "none":
            lost += self._score(shards)
        self._judge(shards)
        self._check(shards)
        count = len(buckets(observed(self.folder, shards)))
        notices = collected(self.folder, shards, count, lost)
        rules = chosen_rules(self.settings)
        signature = sign(self.settings, rules, model_names(self.folder, shards))
        documents = sum(int(counters(self.folder.shard("documents", one))["documents"]) for one in shards)
        if not too_many(documents) and not has_stories(self.folder):
            self._apart(TellStories(self.folder), [shards], "the stories could not be told")
        notices += too_many(documents)
        self._strip(shards)
        self.folder.note(finished=True, signature=signature, notices=notices)
        self._tidy()
        self.tracker.finish(stored_totals(self.folder, shards))

    def _read(self) -> None:
        pieces = list(enumerate(self.folder.pieces()))
        done = set(self.folder.names("skipped"))
        known = [counters(self.folder.shard("skipped", name)) for name in sorted(done)]
        self.tracker.stage("read", {"shards_done": len(pieces)}, _sums(known))
        self.tracker.skipped = sum(one["skipped"] for one in known)
        left = [one for one in pieces if f"{one[0]:06}" not in done]
        make = partial(ReadPiece, self.folder, self.settings, _SHARD_CHARS)
        # Only this process has standard input.
        for item in left:
            if any(one.path == STDIN for one in item[1]):
                self.tracker.done(make()(item))
        others = [item for item in left if not any(one.path == STDIN for one in item[1])]
        for item, result in self.engine.run(make, others):
            lost = isinstance(result, Lost)
            reason = "the process that read it died twice"
            self.tracker.done(lost_piece(self.folder, item, reason) if lost else result)

    def _detect(self, shards: Sequence[str]) -> None:
        left = self._begin("detect", shards)
        make = partial(DetectShard, self.folder, self.settings)
        for item, result in self.engine.run(make, [DetectItem(one) for one in left]):
            lost = isinstance(result, Lost)
            self.tracker.done(self._without_killers(make, item.shard) if lost else result)

    def _without_killers(self, make: Callable[[], DetectShard], shard: str) -> dict[str, int]:
        """Find the documents whose audit kills its process, and detect in the rest of the shard."""
        killers: list[int] = []
        waiting = probes(self.folder, shard)
        while waiting and len(killers) < _MOST_KILLERS:
            item = waiting.pop()
            start, end = item.rows or (0, 0)
            if isinstance(self._one(make, item), Lost):
                if end - start == 1:
                    killers.append(start)
                else:
                    waiting += probes(self.folder, shard, (start, end))
        # Too many: what was not cleared is left out as a whole.
        rest = [row for item in waiting for row in range(*(item.rows or (0, 0)))]
        result = self._one(make, DetectItem(shard, tuple(sorted([*killers, *rest]))))
        if isinstance(result, Lost):
            message = f"shard {shard} could not be audited: its process died again and again"
            raise AuditorError(message)
        counts: dict[str, int] = result
        return counts

    def _one(self, make: Callable[[], DetectShard], item: DetectItem) -> Any:
        return next(self.engine.run(make, [item], apart=True))[1]

    def _resolve(self, shards: Sequence[str]) -> list[str]:
        if not any(isinstance(one, CorpusRule) for one in chosen_rules(self.settings)):
            collect(self.folder, 0)
            return []
        numbers = buckets(observed(self.folder, shards))
        done = [one for one in numbers if self.folder.has("resolve", f"{one:06}")]
        self.tracker.stage("resolve", {"shards_done": len(numbers)}, {"shards_done": len(done)})
        if (self.folder.root / "resolved.parquet").exists():
            return []
        if len(numbers) > 1:
            self._apart(Gather(self.folder), ungathered(self.folder, shards), "the observations could not be sorted")
        make = partial(ResolveBucket, self.folder, self.settings, tuple(shards), len(numbers))
        for item, result in self.engine.run(make, [one for one in numbers if one not in done]):
            if isinstance(result, Lost):
                message = f"bucket {item} of the comparison between documents could not be resolved: its process died"
                raise AuditorError(message)
            self.tracker.done({})
        collect(self.folder, len(numbers))
        return []

    def _apart(self, worker: Callable[[Any], Any], items: Sequence[Any], problem: str) -> None:
        """Do what takes memory in other processes, where there are any."""
        for _, result in self.engine.run(partial(_same, worker), items):
            if isinstance(result, Lost):
                message = f"{problem}: the process died twice"
                raise AuditorError(message)

    def _score(self, shards: Sequence[str]) -> list[str]:
        lost = []
        make = partial(ScoreShard, self.folder, self.settings)
        for item, result in self.engine.run(make, self._begin("score", shards), models=True):
            if isinstance(result, Lost):
                lost.append(f"shard {item} was not scored: its process died twice")
                self.tracker.done({})
            else:
                self.tracker.done(result)
        names = model_names(self.folder, shards)
        if len({name.partition("@")[0] for name in names}) != len(names):
            message = f"the models have changed since the run began ({', '.join(names)}): name another --run-dir"
            raise AuditorError(message)
        return lost

    def _judge(self, shards: Sequence[str]) -> None:
        make = partial(JudgeShard, self.folder, self.settings)
        for item, result in self.engine.run(make, self._begin("documents", shards, "judge")):
            if isinstance(result, Lost):
                message = f"shard {item} could not be judged: its process died twice"
                raise AuditorError(message)
            self.tracker.done(result)

    def _begin(self, stage: str, shards: Sequence[str], name: str = "") -> list[str]:
        """Tell the stage, and give the shards that it has still to do."""
        total = {**_sums(counters(self.folder.shard("read", one)) for one in shards), "shards_done": len(shards)}
        done = [one for one in shards if self.folder.has(stage, one)]
        self.tracker.stage(name or stage, total, _sums(counters(self.folder.shard(stage, one)) for one in done))
        known = set(done)
        return [one for one in shards if one not in known]

    def _check(self, shards: Sequence[str]) -> None:
        """No record is lost or doubled: the counters of the stages must agree."""
        for shard in shards:
            read = counters(self.folder.shard("read", shard))["documents"]
            detected = counters(self.folder.shard("detect", shard))
            judged = counters(self.folder.shard("documents", shard))["documents"]
            if not read == detected["documents"] + detected["skipped"] == judged + detected["skipped"]:
                message = f"records of shard {shard} do not add up: {read} read, {detected} detected, {judged} judged"
                raise AuditorError(message)

    def _tidy(self) -> None:
        """Remove what only an unfinished run needs."""
        for name in ("observations", "gathered", "resolve", "spill"):
            shutil.rmtree(self.folder.root / name, ignore_errors=True)
        (self.folder.root / "resolved.parquet").unlink(missing_ok=True)

    def _strip(self, shards: Sequence[str]) -> None:
        """Remove the text from shards that nobody reads any more, where it is not to be kept."""
        if not self.folder.head.get("text", True):
            for shard in shards:
                path = self.folder.shard("read", shard)
                rows = [{**row, "text": "", "blocks": "[]"} for row in read_rows(path)]
                write_rows(path, DOCUMENT, rows, counters(path))


def _same(worker: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """For workers that hold nothing: what makes one is the worker itself."""
    return worker


def _sums(counts: Iterable[dict[str, Any]]) -> dict[str, int]:
    found = {"documents": 0, "chars": 0, "shards_done": 0}
    for one in counts:
        found["shards_done"] += 1
        for name in ("documents", "chars"):
            found[name] += int(one.get(name, 0))
    return found
