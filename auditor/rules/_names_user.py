"""Names of the user's own (``[names] files`` in the settings): people, places and organisations to be held against.

A file is a table with tab-separated columns: ``name`` and ``kind`` (person, place, organisation), and where known
``country`` (two letters), ``offices`` (kinds of ``auditor rules``' page on names, with commas) and ``aliases`` (with
semicolons). Lines that begin with ``#`` are comments.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from auditor.errors import UsageError

_KINDS = frozenset({"person", "place", "organisation"})
_COLUMNS = frozenset({"name", "kind", "country", "offices", "aliases"})
_Row = dict[str, str]
_state: dict[str, tuple[object, ...]] = {"files": (), "rows": ()}


def use_files(names: Sequence[str]) -> None:
    """Use the names of some files from now on, in this process. Raises UsageError for a file that is no such table."""
    if tuple(names) == _state["files"]:
        return
    _state["rows"] = tuple(row for name in names for row in _read(Path(name)))
    _state["files"] = tuple(names)
    _forget()


def user_rows() -> tuple[_Row, ...]:
    """The rows in use."""
    return tuple(row for row in _state["rows"] if isinstance(row, dict))


def _read(path: Path) -> list[_Row]:
    try:
        lines = [line for line in path.read_text("utf-8-sig").splitlines() if line.strip() and line[0] != "#"]
    except (OSError, UnicodeDecodeError) as problem:
        message = f"[names] files: cannot read {path}: {problem}"
        raise UsageError(message) from problem
    found = []
    for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
        bare = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
        if not bare.get("name") or bare.get("kind") not in _KINDS or bare.keys() - _COLUMNS:
            message = (
                f"[names] files: {path}, line {number}: a name and a kind ({', '.join(sorted(_KINDS))}) are needed; "
                f"known columns: {', '.join(sorted(_COLUMNS))}"
            )
            raise UsageError(message)
        found.append(dict.fromkeys(_COLUMNS, "") | bare)
    return found


def _forget() -> None:
    """Let go of everything that was worked out from the names in use before."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith(("auditor.rules._names_", "auditor.rules._mentions")):
            for value in vars(module).values():
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()
