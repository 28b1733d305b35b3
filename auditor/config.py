"""Settings: ``auditor.toml`` or ``[tool.auditor]`` in ``pyproject.toml``, turned into one frozen record.

An unknown key or a value of the wrong type is an error that names the key and what is known.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from auditor.data import Decision
from auditor.errors import UsageError
from auditor.policy import Policy, parse_policy
from auditor.triage import Triage, parse_triage

SCORE_MODES = ("suspects", "all", "none")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that decides what a run finds. Paths, engines and worker counts are not in here on purpose.

    ``select`` and ``ignore`` hold code prefixes (``NM``, ``BP001``). ``max_document_chars`` is the longest text
    that is audited, in code points; ``max_expansion`` the most bytes that one compressed file may unpack to.
    ``sample`` is how many sentences of each document are scored besides the suspect ones; ``probes`` has the causal
    language model read those in English where it is installed (surer; some four times the encoder's time);
    ``surprisal`` also gives their cost under that model (slower still); ``compile`` compiles the models before
    they score, which takes a while and pays in long runs. ``policy`` decides in the place of
    ``decision`` where there is one. ``name_files`` are tables of the user's own names (``[names] files``), relative to
    the file that names them. ``triage`` is what people have accepted already.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    text_field: str = "text"
    id_field: str = "id"
    group_field: str = "group"
    max_document_chars: int = 5_000_000
    max_expansion: int = 4 << 30
    score: str = "suspects"
    model: str = ""
    device: str = "auto"
    sample: int = 16
    probes: bool = True
    surprisal: bool = False
    compile: bool = False
    decision: Decision = field(default_factory=Decision)
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    policy: Policy | None = None
    name_files: tuple[str, ...] = ()
    triage: Triage = field(default_factory=Triage)


def load(path: Path | None = None, folder: Path | None = None) -> Settings:
    """Read settings from ``path``, else from ``auditor.toml`` or ``pyproject.toml`` in ``folder``, else defaults."""
    if path is not None:
        return _beside(parse(_read(path), str(path), nested=path.name == "pyproject.toml"), path.parent)
    here = folder or Path.cwd()
    for name in ("auditor.toml", "pyproject.toml"):
        candidate = here / name
        if candidate.is_file():
            table = _read(candidate)
            if name == "auditor.toml" or "auditor" in _table(table, "tool", name):
                return _beside(parse(table, str(candidate), nested=name == "pyproject.toml"), here)
    return Settings()


def _beside(settings: Settings, folder: Path) -> Settings:
    """The settings with the paths in them made relative to the folder of their file."""
    return replace(settings, name_files=tuple(str(folder / name) for name in settings.name_files))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        message = f"cannot read {path}: {problem}"
        raise UsageError(message) from problem


def parse(table: Mapping[str, Any], name: str, *, nested: bool = False) -> Settings:
    """Turn a parsed TOML table into settings; ``name`` stands in error messages."""
    own = _table(_table(table, "tool", name), "auditor", name) if nested else table
    values = dict(own)
    if "decision" in values and "policy" in values:
        message = f"{name}: [policy] stands in the place of [decision]; give one of them"
        raise UsageError(message)
    decision = _typed(Decision(), _table(values, "decision", name), f"{name} [decision]")
    values.pop("decision", None)
    names = _table(values, "names", name)
    values.pop("names", None)
    if unknown := sorted(names.keys() - {"files"}):
        message = f"{name} [names]: unknown key {unknown[0]!r}; known: files"
        raise UsageError(message)
    files = coerce((), names.get("files", []), f"{name} [names]: files")
    rules = values.pop("rules", {})
    if not isinstance(rules, dict) or not all(isinstance(options, dict) for options in rules.values()):
        message = f"{name}: [rules] holds one table a rule code, for instance [rules.BP001]"
        raise UsageError(message)
    policy = _policy(values, name)
    triage = parse_triage(values, name)
    settings: Settings = _typed(Settings(), values, name)
    changes = {"decision": decision, "rules": rules, "policy": policy, "triage": triage, "name_files": files}
    return check(replace(settings, **changes))


def _policy(values: dict[str, Any], name: str) -> Policy | None:
    """Take the policy out of the table; it stands in the place of [decision]."""
    if "policy" not in values:
        return None
    table = _table(values, "policy", name)
    del values["policy"]
    return parse_policy(table, f"{name} [policy]")


def _table(table: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, dict):
        message = f"{name}: {key} must be a table, not {found!r}"
        raise UsageError(message)
    return found


def _typed(default: Any, values: Mapping[str, Any], where: str) -> Any:
    known = {one.name: getattr(default, one.name) for one in fields(default)}
    changes = {}
    for key, value in values.items():
        if key not in known or key in {"decision", "policy", "rules", "name_files", "triage"}:
            message = f"{where}: unknown key {key!r}; known: {', '.join(sorted(known))}"
            raise UsageError(message)
        changes[key] = coerce(known[key], value, f"{where}: {key}")
    return replace(default, **changes)


def coerce(default: Any, value: Any, where: str) -> Any:
    """Turn a value of TOML into the type of a default; UsageError names ``where`` when it cannot be."""
    if isinstance(default, tuple) and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    number = isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool)
    if number:
        return float(value)
    if type(value) is not type(default):
        kind = "list of strings" if isinstance(default, tuple) else type(default).__name__
        message = f"{where} must be a {kind}, not {value!r}"
        raise UsageError(message)
    return value


def check(settings: Settings) -> Settings:
    """Refuse values out of range; returns the settings unchanged."""
    if settings.score not in SCORE_MODES:
        message = f"score must be one of {', '.join(SCORE_MODES)}, not {settings.score!r}"
        raise UsageError(message)
    if not re.fullmatch(r"auto|cpu|cuda(:\d+)?", settings.device):
        message = f"unknown device {settings.device!r}: auto, cpu, cuda or cuda:<number>"
        raise UsageError(message)
    for name in ("max_document_chars", "max_expansion"):
        if getattr(settings, name) < 1:
            message = f"{name} must be at least 1"
            raise UsageError(message)
    for one in fields(Decision):
        value = getattr(settings.decision, one.name)
        if not 0 <= value <= 1:
            message = f"[decision] {one.name} must lie between 0 and 1, not {value}"
            raise UsageError(message)
    if settings.sample < 0:
        message = "sample must not be negative"
        raise UsageError(message)
    return settings
