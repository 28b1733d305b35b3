"""Reading: the inputs in pieces, each turned into shards of documents, and ids made unique over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.config import Settings
from auditor.data import Document, Origin, Skipped
from auditor.readers import STDIN, Input, read_one, split_input
from auditor.readers._helpers import free_id
from auditor.runs._folder import RunFolder
from auditor.store.query import connect
from auditor.store.rows import DOCUMENT, document_row, storable
from auditor.store.shards import counters, read_rows, write_rows

# Pieces are so small that resuming loses little, and so large that the files of a run stay countable.
_SMALLEST = 4 << 20
_LARGEST = 64 << 20
_PIECES = 2000
_MOST_INPUTS = 500
_MOST_ROWS = 10_000
# What a byte of a compressed file is worth.
_PACKED = 4
SKIPPED = {"path": "text", "format": "text", "locator": "text", "reason": "text"}
_NAMES = {"shard": "text", "row": "whole", "id": "text"}


def plan(sources: Sequence[Input], settings: Settings) -> list[list[Input]]:
    """Put inputs into pieces: large files in parts, small ones together."""
    sizes = [_size(one) for one in sources]
    size = max(_SMALLEST, min(_LARGEST, sum(sizes) // _PIECES))
    pieces: list[list[Input]] = []
    held = size
    for one, weight in zip(sources, sizes, strict=True):
        parts = split_input(one, settings, size // (_PACKED if _packed(one) else 1))
        for part in parts:
            own = weight // len(parts)
            if held + own > size or len(pieces[-1]) >= _MOST_INPUTS:
                pieces.append([])
                held = 0
            pieces[-1].append(part)
            held += own
    return pieces


def _size(one: Input) -> int:
    try:
        size = Path(one.path).stat().st_size if one.path != STDIN and not one.problem else 0
    except (OSError, ValueError):
        return 0
    return size * (_PACKED if _packed(one) else 1)


def _packed(one: Input) -> bool:
    return one.path.endswith((".gz", ".zst", ".parquet", ".zip", ".tgz"))


@dataclass
class ReadPiece:
    """A worker: reads a piece into shards. The file ``skipped/<piece>`` is written last, with the counters."""

    folder: RunFolder
    settings: Settings
    shard_chars: int

    def __call__(self, item: tuple[int, list[Input]]) -> dict[str, int]:
        """Read one piece; returns its counters."""
        number, inputs = item
        skipped: list[Skipped] = []
        shards = documents = chars = 0
        found = (one for source in inputs for one in read_one(source, self.settings))
        for batch in _batches(found, skipped, self.shard_chars):
            counts = {"documents": len(batch), "chars": sum(len(one.text) for one in batch)}
            rows = [document_row(one, row) for row, one in enumerate(batch)]
            write_rows(self.folder.shard("read", f"{number:06}-{shards:04}"), DOCUMENT, rows, counts)
            shards, documents, chars = shards + 1, documents + counts["documents"], chars + counts["chars"]
        return close_piece(self.folder, number, skipped, {"shards": shards, "documents": documents, "chars": chars})


def close_piece(folder: RunFolder, number: int, skipped: Sequence[Skipped], counts: dict[str, int]) -> dict[str, int]:
    """Write what a piece left out and its counters: from now on the piece is read."""
    rows = [
        {
            "path": storable(one.origin.path),
            "format": one.origin.format,
            "locator": storable(one.origin.locator),
            "reason": storable(one.reason),
        }
        for one in skipped
    ]
    every = {**counts, "skipped": len(rows)}
    write_rows(folder.shard("skipped", f"{number:06}"), SKIPPED, rows, every)
    return every


def lost_piece(folder: RunFolder, item: tuple[int, list[Input]], reason: str) -> dict[str, int]:
    """Give up a piece whose reader died again and again; each of its inputs is left out with the reason."""
    number, inputs = item
    skipped = [Skipped(Origin(one.name, one.format or "txt", one.part), reason) for one in inputs]
    return close_piece(folder, number, skipped, {"shards": 0, "documents": 0, "chars": 0})


def _batches(found: Iterable[Document | Skipped], skipped: list[Skipped], most: int) -> Iterator[list[Document]]:
    batch: list[Document] = []
    chars = 0
    for one in found:
        if isinstance(one, Skipped):
            skipped.append(one)
            continue
        batch.append(one)
        chars += len(one.text)
        if chars >= most or len(batch) >= _MOST_ROWS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def shards_of(folder: RunFolder) -> list[str]:
    """The shards of documents, in input order. Shards of a piece that was not read to its end do not count."""
    names = []
    for piece in folder.names("skipped"):
        count = counters(folder.shard("skipped", piece))["shards"]
        names += [f"{piece}-{number:04}" for number in range(count)]
    return names


class _Asked(set[str]):
    """A set that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)


def unify(folder: RunFolder, shards: Sequence[str]) -> None:
    """Store new ids for documents whose id an earlier one has, as ``readers.unique_ids`` gives them."""
    target = folder.root / "names.parquet"
    if target.exists():
        return
    changed: list[dict[str, Any]] = []
    if shards:
        with connect(folder.spill) as connection:
            files = [str(folder.shard("read", name)) for name in shards]
            connection.execute(
                "CREATE VIEW docs AS SELECT parse_filename(filename, true) AS shard, row, id, path, locator, format "
                "FROM read_parquet($files, filename = true)".replace("$files", listed(files))
            )
            connection.execute("CREATE TABLE wanted AS SELECT id FROM docs GROUP BY id HAVING count(*) > 1")
            changed = _renamed(connection)
    write_rows(target, _NAMES, changed, {"changed": len(changed)})


def _renamed(connection: Any) -> list[dict[str, Any]]:
    """Rename as if all documents were seen in order, looking only at those whose ids meet."""
    while True:
        rows = connection.execute(
            "SELECT shard, row, id, path, locator, format FROM docs WHERE id IN (SELECT id FROM wanted) "
            "ORDER BY shard, row"
        ).fetchall()
        seen = _Asked()
        changed = []
        for shard, row, identity, path, locator, form in rows:
            free = free_id(identity, Origin(path, form, locator), seen)
            seen.add(free)
            if free != identity:
                changed.append({"shard": shard, "row": row, "id": free})
        # A new name may be the own id of a document that was not looked at yet.
        known = {row[2] for row in rows}
        asked = sorted(seen.asked - known)
        met = connection.execute(
            "SELECT DISTINCT id FROM docs WHERE id IN (SELECT unnest($1)) ORDER BY id", [asked]
        ).fetchall()
        if not met:
            return changed
        connection.executemany("INSERT INTO wanted VALUES (?)", met)


def listed(files: Sequence[str]) -> str:
    """A list of paths as SQL."""
    quoted = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
    return f"[{quoted}]"


def names_in(folder: RunFolder, shard: str) -> dict[int, str]:
    """New ids of a shard's documents by row."""
    rows = read_rows(folder.root / "names.parquet", where=[("shard", "=", shard)])
    return {row["row"]: row["id"] for row in rows}
