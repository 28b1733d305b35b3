"""Tables of text: CSV and TSV with a line of column names. One document a row."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.data import Document, Skipped
from auditor.readers._encoding import UTF8
from auditor.readers._helpers import too_long
from auditor.readers._json import as_utf8
from auditor.readers._rows import Rows
from auditor.readers._streams import UnreadableError, stream
from auditor.registry import Reader, ReadOptions

_ROOM = 1 << 16
_DELIMITERS = ",;\t|"


class TableReader(Reader):
    """Cells may be quoted and hold line ends (RFC 4180); the delimiter is told by the line of names."""

    suffixes = (".csv", ".tsv", ".tab")

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield one document or reason a row; a row without id is called ``name#L<line>``."""
        table = Table(path, options)
        rows = Rows(name, "csv", options)
        try:
            for number, row in table.rows():
                yield _document(rows, table.names, number, row)
        except UnreadableError as problem:
            yield rows.rest(table.number, problem)


READERS = (TableReader(),)


def _document(rows: Rows, names: list[str], number: int, row: list[str] | str) -> Document | Skipped:
    locator = str(number)
    if isinstance(row, str):
        return rows.skipped(locator, row)
    if rows.options.text_field not in names:
        shown = ", ".join(repr(one[:40]) for one in names[:8])
        return rows.skipped(locator, f"no column {rows.options.text_field!r}; the columns are {shown}")
    if len(row) != len(names):
        return rows.skipped(locator, f"{len(row)} cells where the table has {len(names)} columns")
    return rows.document(dict(zip(names, row, strict=True)), locator, f"{rows.name}#L{number}")


class Table:
    """The rows of a file with the lines they begin in; ``names`` are known once the first row has been asked for."""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self.names: list[str] = []
        self.number = 0
        self._path = path
        self._options = options

    def rows(self) -> Iterator[tuple[int, list[str] | str]]:
        """Yield line number and cells, or the reason why a row is left out. Raises UnreadableError for damage."""
        lines = _lines(_texts(stream(self._path, self._options.max_expansion)), self._limit())
        head = next(lines, "")
        reader = _reader(lines, head, self._limit())
        self.names = next(iter(_reader(iter([head]), head, self._limit())), [])
        while True:
            at = reader.line_num + 2
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as problem:
                yield at, too_long(self._options) if "field limit" in str(problem) else f"malformed row: {problem}"
                continue
            self.number = at
            if row:
                yield at, row

    def _limit(self) -> int:
        return self._options.max_document_chars + _ROOM


def _reader(lines: Iterator[str], head: str, limit: int) -> Any:
    # The limit is one for the whole process; every reader sets it before it reads.
    csv.field_size_limit(limit)
    delimiter = max(_DELIMITERS, key=lambda sign: (head.count(sign), -_DELIMITERS.index(sign)))
    if delimiter == "\t" and '"' not in head:
        # A quotation mark at the begin of a cell is text in a TSV; tools that quote such cells quote the names too.
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=delimiter)


def _texts(pieces: Iterator[bytes]) -> Iterator[str]:
    """Decode what is mostly UTF-8: a damaged byte becomes a replacement character, and the rule for these says so."""
    decoder = codecs.getincrementaldecoder(UTF8)("replace")
    for piece in as_utf8(pieces):
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _lines(pieces: Iterator[str], most: int) -> Iterator[str]:
    """Lines with their ends; one of more than ``most`` characters comes in pieces, which the reader refuses."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        *whole, last = piece.split("\n")
        for one in whole:
            held.append(one)
            yield "".join(held) + "\n"
            held, size = [], 0
        if last:
            held.append(last)
            size += len(last)
            if size > most:
                yield "".join(held)
                held, size = [], 0
    if held:
        yield "".join(held)
