"""A run directory: where each stage keeps its shards, what the run is of, and who works on it.

Layout: ``run.json`` (what is run, by which signature), ``plan.json`` (inputs in pieces), ``status.json``,
``read/``, ``skipped/``, ``detect/``, ``observations/``, ``resolve/``, ``score/``, ``documents/`` and ``findings/`` with
a file a shard; ``gathered/`` with observations of many shards, while they are compared.
A shard is named ``<piece>-<number>``; a stage's shard is done when its file is there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from auditor.config import Settings
from auditor.data import Decision
from auditor.errors import AuditorError, UsageError
from auditor.policy import stored_policy
from auditor.readers import Input
from auditor.selection import chosen_rules
from auditor.signature import sign
from auditor.store.shards import write_json
from auditor.triage import stored_triage

STAGES = ("read", "skipped", "detect", "observations", "resolve", "score", "documents", "findings")
_SCHEMA = "auditor-run/1"


@dataclass(frozen=True)
class RunFolder:
    """Paths of a run; picklable, so that workers get it whole."""

    root: Path

    def shard(self, stage: str, name: str) -> Path:
        """The file of a stage's shard."""
        return self.root / stage / f"{name}.parquet"

    def has(self, stage: str, name: str) -> bool:
        """Whether a stage's shard is done."""
        return self.shard(stage, name).exists()

    @property
    def spill(self) -> Path:
        """Where DuckDB puts what does not fit into memory."""
        return self.root / "spill"

    def names(self, stage: str) -> list[str]:
        """The shards of a stage that are done, in input order."""
        return sorted(one.stem for one in (self.root / stage).glob("[!.]*.parquet"))

    @cached_property
    def head(self) -> dict[str, Any]:
        """What ``run.json`` says."""
        return _json(self.root / "run.json", self.root)

    def settings(self) -> Settings:
        """The settings that the run was begun with."""
        stored = dict(self.head["settings"])
        decision = Decision(**stored.pop("decision"))
        triage = stored_triage(stored.pop("triage", {}))
        policy = stored_policy(stored.pop("policy", None))
        values: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in stored.items()}
        return replace(Settings(**values), decision=decision, triage=triage, policy=policy)

    def pieces(self) -> list[list[Input]]:
        """The inputs in pieces, as they were planned."""
        plan = _json(self.root / "plan.json", self.root)
        return [[Input(*one) for one in piece] for piece in plan["pieces"]]

    def note(self, **values: object) -> None:
        """Add to ``run.json``."""
        write_json(self.root / "run.json", {**_json(self.root / "run.json", self.root), **values})


def _json(path: Path, root: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as problem:
        message = f"{root} is no run directory: it has no {path.name}"
        raise UsageError(message) from problem
    except (OSError, ValueError) as problem:
        message = f"damaged in the run directory: {path.name} ({problem})"
        raise AuditorError(message) from problem
    return found


def begin(root: Path, settings: Settings, sources: Sequence[Input], *, text: bool) -> RunFolder:
    """Make a run directory, or go on in one that was begun with the same settings and inputs.

    Raises UsageError for a folder that holds something else, another signature or other inputs.
    """
    folder = RunFolder(root)
    wanted = {
        "schema": _SCHEMA,
        "begun": _asked(settings),
        "inputs": _digest(sources),
        "settings": asdict(settings),
        "text": text,
    }
    for draft in root.glob("**/.*.draft") if root.is_dir() else ():
        # What a killed process left; nobody else is here, the directory is locked.
        draft.unlink(missing_ok=True)
    if (root / "run.json").exists():
        _compare(folder, wanted)
        return folder
    try:
        root.mkdir(parents=True, exist_ok=True)
        for stage in STAGES:
            (root / stage).mkdir(exist_ok=True)
        write_json(root / "run.json", wanted)
    except OSError as problem:
        message = f"cannot write the run directory {root}: {problem.strerror or problem}"
        raise UsageError(message) from problem
    return folder


def _compare(folder: RunFolder, wanted: dict[str, Any]) -> None:
    known = folder.head
    for key, what in (("schema", "format"), ("begun", "signature"), ("inputs", "inputs"), ("text", "--no-text")):
        if known.get(key) != wanted[key]:
            was = f" (was {known.get(key)}, now {wanted[key]})" if key == "begun" else ""
            message = f"{folder.root} was begun with another {what}{was}: name another --run-dir"
            raise UsageError(message)


def _asked(settings: Settings) -> str:
    """The signature as far as it is known before a model is loaded."""
    model = "none" if settings.score == "none" else f"{settings.model or 'default'}/{settings.device}"
    return sign(settings, chosen_rules(settings), [model])


def _digest(sources: Sequence[Input]) -> str:
    """What the inputs are: names, sizes and times of change, in their order."""
    total = hashlib.sha256()
    for one in sources:
        try:
            status = Path(one.path).stat()
            state = f"{status.st_size}/{status.st_mtime_ns}"
        except (OSError, ValueError):
            state = "-"
        line = json.dumps([one.name, one.format, one.problem, state])
        total.update(line.encode() + b"\n")
    return f"{len(sources)}@{total.hexdigest()[:16]}"


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the run directory. Raises UsageError when another process works on it, or it holds something else."""
    from filelock import FileLock, Timeout

    try:
        root.mkdir(parents=True, exist_ok=True)
        strange = [
            one.name for one in root.iterdir() if one.name not in {"run.lock", *STAGES} and one.suffix != ".draft"
        ]
    except OSError as problem:
        message = f"cannot write the run directory {root}: {problem.strerror or problem}"
        raise UsageError(message) from problem
    if strange and not (root / "run.json").exists():
        message = f"{root} is not empty and no run directory (it holds {min(strange)!r}): name another --run-dir"
        raise UsageError(message)
    lock = FileLock(root / "run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as problem:
        message = f"another process is working on {root}"
        raise UsageError(message) from problem
    try:
        yield
    finally:
        lock.release()
