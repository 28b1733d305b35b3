"""Columnar files: Parquet, and Arrow files as Hugging Face datasets keep them on disk. Nothing is read whole."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.data import Document, Skipped
from auditor.readers._parts import runs, span_of, spans
from auditor.readers._rows import Rows
from auditor.readers._streams import UnreadableError, compression, reason_of
from auditor.registry import Reader, ReadOptions

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 256
_MOST_BYTES = 2000


class ParquetReader(Reader):
    """One document a row; a row without id is called ``name#<number>``, from 1. Columns of bytes are not read."""

    suffixes = (".parquet", ".pq")

    def split(self, path: Path, options: ReadOptions, size: int) -> tuple[str, ...]:
        """Ranges of row groups."""
        del options
        if path.stat().st_size <= 2 * size:
            return ("",)
        with _opened(path) as file:
            meta = file.metadata
            sizes = [meta.row_group(at).total_byte_size for at in range(meta.num_row_groups)]
        # Sizes are of the unpacked data; parts are counted in bytes of the file.
        share = path.stat().st_size / max(1, sum(sizes))
        return spans(runs([int(one * share) for one in sizes], size))

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield one document or reason a row; what a damaged row group still gives is kept."""
        return self.read_part(path, name, options, "")

    def read_part(self, path: Path, name: str, options: ReadOptions, part: str) -> Iterator[Document | Skipped]:
        """Yield the rows of a range of row groups."""
        start, end = span_of(part)
        rows = Rows(name, "parquet", options)
        with _opened(path) as file:
            sizes = [file.metadata.row_group(at).num_rows for at in range(file.metadata.num_row_groups)]
            names = _columns(file.schema_arrow, options)
            for group in range(start, len(sizes) if end is None else end):
                yield from _group(file, group, (sum(sizes[:group]), sizes[group]), names, rows)


class ArrowReader(Reader):
    """Arrow streams and files, and so Hugging Face datasets that were saved to disk; one document a row."""

    suffixes = (".arrow", ".feather", ".ipc")

    def split(self, path: Path, options: ReadOptions, size: int) -> tuple[str, ...]:
        """Ranges of record batches."""
        del options
        if path.stat().st_size <= 2 * size or compression(path):
            return ("",)
        try:
            sizes = [batch.nbytes for batch in _batches(path)]
        except UnreadableError:
            return ("",)
        return spans(runs(sizes, size))

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield one document or reason a row."""
        return self.read_part(path, name, options, "")

    def read_part(self, path: Path, name: str, options: ReadOptions, part: str) -> Iterator[Document | Skipped]:
        """Yield the rows of a range of record batches."""
        start, end = span_of(part)
        rows = Rows(name, "arrow", options)
        row = 0
        try:
            for number, batch in enumerate(_batches(path)):
                if end is not None and number >= end:
                    return
                if number >= start:
                    names = _columns(batch.schema, options)
                    yield from _documents(batch.select(names), row, rows)
                row += batch.num_rows
        except UnreadableError as problem:
            yield rows.rest(row, problem)


READERS = (ParquetReader(), ArrowReader())


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise UnreadableError(_said("not a whole Parquet file", problem)) from problem
    with file:
        yield file


def _group(file: Any, group: int, place: tuple[int, int], names: list[str], rows: Rows) -> Iterator[Document | Skipped]:
    """The rows of one group; ``place`` has the number of rows before it and in it."""
    import pyarrow as pa

    before, size = place
    done = 0
    try:
        for batch in file.iter_batches(batch_size=_ROWS, row_groups=[group], columns=names, use_threads=False):
            yield from _documents(batch, before + done, rows)
            done += batch.num_rows
    except (pa.ArrowException, OSError, ValueError) as problem:
        lost = f"{size - done} rows of row group {group} are unreadable"
        yield rows.skipped(str(before + done + 1), _said(lost, problem))


def _documents(batch: Any, before: int, rows: Rows) -> Iterator[Document | Skipped]:
    for number, row in enumerate(batch.to_pylist(), start=before + 1):
        yield rows.document(_plain(row), str(number), f"{rows.name}#{number}")


def _columns(schema: pa.Schema, options: ReadOptions) -> list[str]:
    """Columns to read: pictures and other bytes are no metadata, and twins of one name cannot be told apart."""
    import pyarrow as pa

    binary = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_binary_view)
    names = [one.name for one in schema if not any(test(one.type) for test in binary)]
    if options.text_field not in names and options.text_field in schema.names:
        names.append(options.text_field)
    return [name for name in dict.fromkeys(names) if schema.names.count(name) == 1]


def _batches(path: Path) -> Iterator[Any]:
    """Record batches of a stream or a file. Raises UnreadableError where one is damaged."""
    import pyarrow as pa

    try:
        with pa.memory_map(str(path)) as source:
            if source.read(6) == b"ARROW1":
                file = pa.ipc.open_file(source)
                yield from (file.get_batch(at) for at in range(file.num_record_batches))
            else:
                source.seek(0)
                yield from pa.ipc.open_stream(source)
    except OSError as problem:
        raise UnreadableError(_said("damaged Arrow data", problem)) from problem
    except (pa.ArrowException, ValueError) as problem:
        raise UnreadableError(_said("not a whole Arrow file", problem)) from problem


def _said(what: str, problem: Exception) -> str:
    detail = reason_of(problem) if isinstance(problem, OSError) and problem.strerror else str(problem)
    return f"{what}: {' '.join(detail.split())[:200]}"


def _plain(value: Any) -> Any:
    """A value as JSON could have held it."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return base64.b64encode(value[:_MOST_BYTES]).decode()
    return str(value)
