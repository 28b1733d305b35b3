"""Rows: JSON Lines, and JSON files that hold a list, one object or several in sequence. Nothing is read whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from auditor.data import Document, Skipped
from auditor.readers._encoding import UTF8
from auditor.readers._helpers import too_long
from auditor.readers._json import as_utf8, encoding_of, lines, texts, values
from auditor.readers._parts import spans
from auditor.readers._rows import Rows
from auditor.readers._streams import UnreadableError, compression, stream, stretch
from auditor.registry import Reader, ReadOptions

# Besides the text a row holds other fields, and JSON may write a character with six bytes (\uXXXX).
_ROOM = 1 << 20
_ESCAPE = 6
_HEAD = 1 << 22
_COUNTED = 1 << 20


class JsonLinesReader(Reader):
    """One document a line; a bad line is left out with its reason, and the rest is kept."""

    suffixes = (".jsonl", ".ndjson")

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield one document or reason a line; blank lines are nothing."""
        yield from _values(path, name, options) if _is_list(path, options) else _lines(path, name, options)

    def split(self, path: Path, options: ReadOptions, size: int) -> tuple[str, ...]:
        """Ranges of bytes that begin with a line, each with the number of its first line; plain UTF-8 files only."""
        if path.stat().st_size <= 2 * size or compression(path) or _is_list(path, options):
            return ("",)
        with path.open("rb") as file:
            if encoding_of(file.read(_HEAD)) not in {UTF8, "utf-8-sig"}:
                return ("",)
        return spans_of_lines(path, size)

    def read_part(self, path: Path, name: str, options: ReadOptions, part: str) -> Iterator[Document | Skipped]:
        """Yield the rows of a part that ``split`` named."""
        if not part:
            yield from self.read(path, name, options)
            return
        span, _, number = part.partition("@")
        start, _, end = span.partition("-")
        pieces = stretch(path, int(start), int(end) if end else None)
        yield from _lines(path, name, options, pieces, int(number))


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


def _is_list(path: Path, options: ReadOptions) -> bool:
    """Whether a file of lines holds one JSON list after all."""
    first = _first_lines(path, options)
    return bool(first and first[0].lstrip().startswith(b"[") and not (len(first) > 1 and _is_whole(first[0])))


def spans_of_lines(path: Path, size: int) -> tuple[str, ...]:
    """``start-end@number`` of ranges of about ``size`` bytes that begin with a line; ``number`` is that line's."""
    starts, numbers = [0], [1]
    feeds, at = 0, 0
    with path.open("rb") as file:
        while piece := file.read(_COUNTED):
            if at - starts[-1] + len(piece) >= size and (
                found := piece.find(b"\n", max(0, size - at + starts[-1])) + 1
            ):
                starts.append(at + found)
                numbers.append(1 + feeds + piece.count(b"\n", 0, found))
            feeds += piece.count(b"\n")
            at += len(piece)
    named = [(start, number) for start, number in zip(starts, numbers, strict=True) if start < at]
    parts = spans([start for start, _ in named])
    return parts if parts == ("",) else tuple(f"{one}@{number}" for one, (_, number) in zip(parts, named, strict=True))


def _lines(
    path: Path, name: str, options: ReadOptions, pieces: Iterator[bytes] | None = None, first: int = 1
) -> Iterator[Document | Skipped]:
    """The rows of a file, or of ``pieces`` of it that begin with line ``first``."""
    rows = Rows(name, "jsonl", options)
    number = 0
    try:
        source = as_utf8(stream(path, options.max_expansion)) if pieces is None else pieces
        for at, line in lines(source, _most(options)):
            number = at + first - 1
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
