"""Shards: Parquet files written under a temporary name, synced and renamed, with counters in their metadata."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import AuditorError

if TYPE_CHECKING:
    import pyarrow as pa

_KEY = b"auditor"
# Text packs well at the lowest level; higher ones only cost time.
_LEVEL = 1
_GROUP = 20_000
# So many rows are Python objects at a time where a shard is gone through.
_STREAMED = 200


def write_rows(
    path: Path, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]], counts: Mapping[str, Any]
) -> None:
    """Write a shard. ``columns`` names each column's Arrow type; ``counts`` are read back by ``counters``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, _type(kind)) for name, kind in columns.items()])
    arrays = [pa.array([row[name] for row in rows], schema.field(name).type) for name in columns]
    noted = schema.with_metadata({_KEY: json.dumps(dict(counts)).encode()})
    table = pa.Table.from_arrays(arrays, schema=noted)
    with whole(path) as draft:
        pq.write_table(table, draft, compression="zstd", compression_level=_LEVEL, row_group_size=_GROUP)


def read_rows(path: Path, columns: Sequence[str] | None = None, where: Any = None) -> list[dict[str, Any]]:
    """All rows of a shard, or those that a pyarrow filter leaves. Raises AuditorError when the shard is damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table: pa.Table = pq.read_table(path, columns=columns, filters=where, use_threads=False, partitioning=None)
    except (OSError, pa.ArrowException) as problem:
        message = f"damaged or missing in the run directory: {path.name} ({problem})"
        raise AuditorError(message) from problem
    return list(table.to_pylist())


def stream_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a shard one after the other, of which few are held. Raises AuditorError as ``read_rows`` does."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_STREAMED, use_threads=False):
                yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as problem:
        message = f"damaged or missing in the run directory: {path.name} ({problem})"
        raise AuditorError(message) from problem


def counters(path: Path) -> dict[str, Any]:
    """The counters that were written with a shard."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.read_schema(path).metadata[_KEY]
    except (OSError, pa.ArrowException, KeyError, TypeError) as problem:
        message = f"damaged in the run directory: {path}"
        raise AuditorError(message) from problem
    values: dict[str, Any] = json.loads(found)
    return values


def write_json(path: Path, value: object) -> None:
    """Write a JSON file that exists only when whole."""
    with whole(path) as draft:
        draft.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a temporary name beside ``path``; what was written there gets its name once it is on the disk."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _type(kind: str) -> pa.DataType:
    import pyarrow as pa

    return {"text": pa.string(), "whole": pa.int64(), "real": pa.float64()}[kind]
