"""Pairs from files: tab-separated columns, JSON lines, and what the readers of TMX and XLIFF give.

What cannot be read comes out as ``Skipped`` with its reason, in place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor import registry
from auditor.config import Settings
from auditor.data import Document, Origin, Skipped
from auditor.pairs._data import Pair
from auditor.readers import list_inputs, read_one
from auditor.readers._json import DECODER, as_utf8, lines
from auditor.readers._streams import UnreadableError, as_file, reason_of, stream

# Names of fields and columns, the first that is there counts.
NAMES = {
    "id": ("id",),
    "source": ("source", "src"),
    "target": ("translation", "target", "mt", "hyp", "hypothesis"),
    "reference": ("reference", "ref"),
    "source_language": ("source_language", "source_lang", "src_lang"),
    "target_language": ("target_language", "target_lang", "tgt_lang", "lang", "language"),
}
_TABLES = ("tsv", "tab")
_ROWS = ("jsonl", "ndjson", "json")
_BITEXT = ("tmx", "xlf", "xliff", "sdlxliff", "mxliff")
FORMATS = ("tsv", "jsonl", "tmx", "xliff")
_ROOM = 1 << 20


def read_pairs(
    paths: Sequence[str], settings: Settings, columns: Sequence[str] = (), form: str = ""
) -> Iterator[Pair | Skipped]:
    """Read files, folders, globs and ``-`` in the order given.

    ``columns`` names the columns of tab-separated files without a header (default: source, translation, reference).
    ``form`` is one of FORMATS where the name of a file does not say. Raises UsageError for a path that is not there.
    """
    for one in list_inputs(list(paths), settings.include, settings.exclude):
        kind = form or one.format
        origin = Origin(one.name, kind or "tsv")
        if one.problem:
            yield Skipped(origin, one.problem)
            continue
        if kind in _BITEXT:
            yield from _bitext(one, settings, kind)
            continue
        try:
            with as_file(one.path, settings.max_expansion) as path:
                yield from _Lines(one.name, settings, columns, rows=kind in _ROWS).read(path)
        except UnreadableError as problem:
            yield Skipped(origin, str(problem))
        except OSError as problem:
            yield Skipped(origin, reason_of(problem))


class _Lines:
    """Makes pairs of the lines of one file."""

    def __init__(self, name: str, settings: Settings, columns: Sequence[str], *, rows: bool) -> None:
        self._name = name
        self._settings = settings
        self._columns = [_meaning(one) for one in columns]
        self._rows = rows

    def read(self, path: Path) -> Iterator[Pair | Skipped]:
        """One pair or reason a line; blank lines are nothing."""
        most = 12 * self._settings.max_document_chars + _ROOM
        number = 0
        try:
            for number, line in lines(as_utf8(stream(path, self._settings.max_expansion)), most):
                if line is None:
                    yield self._skipped(number, "the line is too long")
                elif line.strip() and not (number == 1 and self._is_header(line)):
                    yield self._row(line, number) if self._rows else self._cells(line, number)
        except UnreadableError as problem:
            yield self._skipped(number, f"the rest is unreadable: {problem}" if number else str(problem))

    def _is_header(self, line: bytes) -> bool:
        if self._rows:
            return False
        names = [_meaning(cell) for cell in line.decode("utf-8", "replace").strip("\r\n\ufeff").split("\t")]
        if {"source", "target"} <= set(names):
            self._columns = self._columns or names
            return True
        return False

    def _cells(self, line: bytes, number: int) -> Pair | Skipped:
        try:
            cells = line.decode("utf-8").strip("\r\n").split("\t")
        except UnicodeDecodeError:
            return self._skipped(number, "not valid UTF-8")
        names = self._columns or ["source", "target", "reference"]
        if len(cells) < 2 or (self._columns and len(cells) != len(names)) or len(cells) > len(names):
            return self._skipped(number, f"{len(cells)} columns where {len(names)} should be")
        return self._pair(dict(zip(names, cells, strict=False)), number)

    def _row(self, line: bytes, number: int) -> Pair | Skipped:
        try:
            row = DECODER.decode(line.decode("utf-8"))
        except UnicodeDecodeError:
            return self._skipped(number, "not valid UTF-8")
        except json.JSONDecodeError as problem:
            return self._skipped(number, f"malformed JSON: {problem.msg} at column {problem.colno}")
        except (RecursionError, ValueError):
            return self._skipped(number, "malformed JSON: nested too deeply or a number too long")
        if not isinstance(row, dict):
            return self._skipped(number, "not a JSON object")
        named: dict[str, Any] = {}
        for meaning, names in NAMES.items():
            found = next((row[name] for name in names if isinstance(row.get(name), str | int)), None)
            if found is not None:
                named[meaning] = str(found)
        return self._pair(named, number)

    def _pair(self, named: Mapping[str, str], number: int) -> Pair | Skipped:
        missing = [key for key in ("source", "target") if key not in named]
        if missing:
            return self._skipped(number, f"no {missing[0]} (fields {', '.join(NAMES[missing[0]])})")
        longest = max(len(named[key]) for key in named)
        if longest > self._settings.max_document_chars:
            return self._skipped(number, f"longer than {self._settings.max_document_chars} characters")
        if any("\0" in value for value in named.values()):
            return self._skipped(number, "binary data (NUL characters) in the text")
        return Pair(
            id=named.get("id") or f"{self._name}#L{number}",
            source=named["source"],
            target=named["target"],
            reference=named.get("reference") or None,
            source_language=named.get("source_language") or None,
            target_language=named.get("target_language") or None,
            origin=Origin(self._name, "jsonl" if self._rows else "tsv", str(number)),
        )

    def _skipped(self, number: int, reason: str) -> Skipped:
        return Skipped(Origin(self._name, "jsonl" if self._rows else "tsv", str(number)), reason)


def _meaning(name: str) -> str:
    """What a column of this name holds; the name itself where that is not known."""
    plain = name.strip().lower()
    return next((meaning for meaning, names in NAMES.items() if plain in names), plain)


def _bitext(one: Any, settings: Settings, kind: str) -> Iterator[Pair | Skipped]:
    """Pairs of a TMX or XLIFF file: its documents are translations with the source in their metadata."""
    known = {suffix.removeprefix(".") for reader in registry.readers() for suffix in reader.suffixes}
    if kind not in known:
        yield Skipped(Origin(one.name, kind), f"{kind} cannot be read by this version")
        return
    for found in read_one(one, settings):
        yield found if isinstance(found, Skipped) else _pair_of(found)


def _pair_of(document: Document) -> Pair | Skipped:
    told = document.metadata
    source = told.get("source")
    if not isinstance(source, str):
        return Skipped(document.origin, "no source")
    languages = (told.get("source_language"), told.get("target_language") or document.declared_language)
    known = [one if isinstance(one, str) and one else None for one in languages]
    return Pair(document.id, source, document.text, None, known[0], known[1], document.origin)
