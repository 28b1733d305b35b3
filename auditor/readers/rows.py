"""Rows: JSON Lines, and JSON files that hold a list, one object or several in sequence. Nothing is read whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from auditor.data import Document, Origin, Skipped
from auditor.readers._encoding import UTF8
from auditor.readers._helpers import too_long
from auditor.readers._json import DECODER, as_utf8, lines, texts, values, without_surrogates
from auditor.readers._streams import UnreadableError, stream
from auditor.registry import Reader, ReadOptions

# Besides the text a row holds other fields, and JSON may write a character with six bytes (\uXXXX).
_ROOM = 1 << 20
_ESCAPE = 6
_HEAD = 1 << 22
_LANGUAGE_FIELDS = ("lang", "language")


class JsonLinesReader(Reader):
    """One document a line; a bad line is left out with its reason, and the rest is kept."""

    suffixes = (".jsonl", ".ndjson")

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield one document or reason a line; blank lines are nothing."""
        first = _first_lines(path, options)
        listed = first and first[0].lstrip().startswith(b"[") and not (len(first) > 1 and _is_whole(first[0]))
        yield from _values(path, name, options) if listed else _lines(path, name, options)


class JsonReader(Reader):
    """A list of objects, or objects in sequence. What follows a malformed one cannot be told and is left out."""

    suffixes = (".json",)

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield one document or reason an object; a row without id is called ``name#<position>``, from 1."""
        first = _first_lines(path, options)
        by_line = len(first) > 1 and all(map(is_row, first))
        yield from _lines(path, name, options) if by_line else _values(path, name, options)


READERS = (JsonLinesReader(), JsonReader())


def is_row(line: bytes) -> bool:
    """Whether a line by itself is a JSON object."""
    return line.lstrip().startswith(b"{") and _is_whole(line)


def _is_whole(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _first_lines(path: Path, options: ReadOptions) -> list[bytes]:
    """The first two lines that are not blank, as far as the first 4 MiB hold them."""
    head = b""
    with suppress(UnreadableError):
        for piece in as_utf8(stream(path, options.max_expansion)):
            head += piece
            if len(head) >= _HEAD:
                break
    return [line for line in head.split(b"\n", 100) if line.strip()][:2]


def _most(options: ReadOptions) -> int:
    return _ESCAPE * options.max_document_chars + _ROOM


def _lines(path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
    rows = Rows(name, "jsonl", options)
    number = 0
    try:
        for number, line in lines(as_utf8(stream(path, options.max_expansion)), _most(options)):
            if line is None:
                yield rows.skipped(str(number), too_long(options))
            elif line.strip():
                yield rows.parse(line, number)
    except UnreadableError as problem:
        yield rows.rest(number, problem)


def _values(path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
    rows = Rows(name, "json", options)
    number = 0
    try:
        pieces = texts(as_utf8(stream(path, options.max_expansion)))
        for number, row in enumerate(values(pieces, _most(options)), start=1):
            yield rows.document(row, str(number), f"{name}#{number}")
    except UnreadableError as problem:
        yield rows.rest(number, problem)


class Rows:
    """Makes documents of the rows of one file."""

    def __init__(self, name: str, form: str, options: ReadOptions) -> None:
        self.name = name
        self.form = form
        self.options = options

    def skipped(self, locator: str, reason: str) -> Skipped:
        """A row that is left out."""
        return Skipped(Origin(self.name, self.form, locator), reason)

    def rest(self, number: int, problem: UnreadableError) -> Skipped:
        """What follows row ``number`` is left out; the file itself where there is no such row."""
        if not number:
            return self.skipped("", str(problem))
        return self.skipped(str(number + 1), f"the rest is unreadable: {problem}")

    def parse(self, line: bytes, number: int) -> Document | Skipped:
        """One line of JSON."""
        locator = str(number)
        try:
            row = DECODER.decode(line.decode(UTF8))
        except UnicodeDecodeError:
            return self.skipped(locator, "not valid UTF-8")
        except json.JSONDecodeError as problem:
            return self.skipped(locator, f"malformed JSON: {problem.msg} at column {problem.colno}")
        except (RecursionError, ValueError):
            return self.skipped(locator, "malformed JSON: nested too deeply or a number too long")
        return self.document(row, locator, f"{self.name}#L{number}")

    def document(self, row: object, locator: str, identity: str) -> Document | Skipped:
        """The document of a parsed row; ``identity`` is its id where the row names none."""
        if not isinstance(row, dict):
            return self.skipped(locator, "not a JSON object")
        wanted = self.options
        text = row.get(wanted.text_field)
        if not isinstance(text, str):
            missing = wanted.text_field not in row
            problem = f"no field {wanted.text_field!r}" if missing else f"field {wanted.text_field!r} is not a string"
            return self.skipped(locator, problem)
        if len(text) > wanted.max_document_chars:
            return self.skipped(locator, too_long(wanted))
        if "\0" in text:
            return self.skipped(locator, "binary data (NUL characters) in the text")
        try:
            return self._made(_clean(row), locator, identity)
        except RecursionError:
            return self.skipped(locator, "malformed JSON: nested too deeply")

    def _made(self, fields: dict[str, object], locator: str, identity: str) -> Document:
        text = str(fields.pop(self.options.text_field))
        declared = [value for key in _LANGUAGE_FIELDS if isinstance(value := fields.get(key), str) and value]
        return Document(
            id=_taken(fields, self.options.id_field) or identity,
            text=text,
            origin=Origin(self.name, self.form, locator),
            declared_language=declared[0] if declared else None,
            group=_taken(fields, self.options.group_field),
            metadata=fields,
        )


def _clean(row: dict[str, object]) -> dict[str, object]:
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return without_surrogates(row)
    return row


def _taken(fields: dict[str, object], key: str) -> str | None:
    """Take an identifying field out of the row; what is neither text nor a whole number stays in the metadata."""
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return None
    del fields[key]
    return str(value)
