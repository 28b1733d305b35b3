"""What the HTML report keeps of every document while it is written: on disk, so that memory does not grow with a run.

The private temporary database of SQLite lies in the system's folder for temporary files and goes with the connection.
Ids and titles are kept as JSON, which is plain ASCII: SQLite takes no half surrogate pairs, and audited texts may.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.data import Span

_TABLES = """
PRAGMA journal_mode = OFF;
CREATE TABLE documents (
    at INTEGER PRIMARY KEY, id TEXT, rank INTEGER, risk REAL, size INTEGER, title TEXT, language TEXT, told TEXT);
CREATE TABLE targets (id TEXT, start INTEGER, stop INTEGER);
"""
_ORDER = """
CREATE INDEX names ON documents (id);
CREATE INDEX pointed ON targets (id);
CREATE TABLE places AS SELECT at FROM documents ORDER BY rank, risk, at;
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a document: urgency (see ``_html_site``), id, size of its page, its row, what it points at."""

    urgency: tuple[int, float, int]
    id: str
    size: int
    title: str
    language: str
    told: dict[str, Any]
    targets: Iterable[tuple[str, Span]]


class Spool:
    """Documents by place, by id and by urgency. All are added before any is asked for."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("")
        self._base.executescript(_TABLES)

    def close(self) -> None:
        """Forget all."""
        self._base.close()

    def fill(self, documents: Iterable[Kept]) -> None:
        """Add all documents, which come in input order."""
        for one in documents:
            rank, risk, at = one.urgency
            row = (at, _key(one.id), rank, risk, one.size, _key(one.title), one.language, json.dumps(one.told))
            self._base.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            pointed = [(_key(name), span.start, span.end) for name, span in one.targets]
            self._base.executemany("INSERT INTO targets VALUES (?, ?, ?)", pointed)
        self._base.executescript(_ORDER)

    def urgent(self, most: int) -> list[tuple[int, str, int]]:
        """Place, id and size of page of the most urgent documents."""
        query = (
            "SELECT at, id, size FROM places JOIN documents USING (at) WHERE places.rowid <= ? ORDER BY places.rowid"
        )
        return [(at, json.loads(name), size) for at, name, size in self._base.execute(query, (most,))]

    def rows(self, first: int, number: int) -> list[dict[str, Any]]:
        """The rows of documents by urgency, from the one numbered ``first`` (from 0)."""
        query = (
            "SELECT told FROM places JOIN documents USING (at) WHERE places.rowid > ? AND places.rowid <= ? "
            "ORDER BY places.rowid"
        )
        return [json.loads(told) for (told,) in self._base.execute(query, (first, first + number))]

    def targets(self, name: str) -> list[Span]:
        """The places of a document that findings of any point at, sorted."""
        query = "SELECT DISTINCT start, stop FROM targets WHERE id = ? ORDER BY start, stop"
        return [Span(start, stop) for start, stop in self._base.execute(query, (_key(name),))]

    def places(self, names: Iterable[str]) -> list[int]:
        """Where documents of these ids stand in the input, ascending."""
        query = "SELECT at FROM documents WHERE id = ?"
        return sorted({at for name in names for (at,) in self._base.execute(query, (_key(name),))})

    def languages(self, names: Sequence[str]) -> list[str]:
        """The languages of documents of these ids; of an id that nobody has, none."""
        return [told for name in names if (told := self._of(name, "language")) is not None]

    def title(self, name: str) -> str | None:
        """The title of the document of an id."""
        found = self._of(name, "title")
        return None if found is None else json.loads(found)

    def _of(self, name: str, column: str) -> Any:
        query = f"SELECT {column} FROM documents WHERE id = ? ORDER BY at DESC LIMIT 1"  # noqa: S608 - own names
        found = self._base.execute(query, (_key(name),)).fetchone()
        return found and found[0]

    def ids(self) -> Iterator[str]:
        """All ids in input order."""
        return (json.loads(name) for (name,) in self._base.execute("SELECT id FROM documents ORDER BY at"))

    def __len__(self) -> int:
        return int(self._base.execute("SELECT count(*) FROM documents").fetchone()[0])


class Titles(Mapping[str, str]):
    """The titles of all documents by id, looked up as they are asked for."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def __getitem__(self, name: str) -> str:
        found = self._spool.title(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return self._spool.ids()

    def __len__(self) -> int:
        return len(self._spool)


def _key(text: str) -> str:
    return json.dumps(text)
