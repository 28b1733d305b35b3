"""Counts and rankings over a whole run, made by DuckDB without reading a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from auditor.data import Severity
from auditor.runs._folder import RunFolder
from auditor.runs._read import listed
from auditor.store.query import connect
from auditor.store.shards import counters

_DECISIONS = ("accept", "review", "reject")


class Aggregates:
    """Questions to the tables of a run; every answer is ordered. Used by reports of very many documents."""

    def __init__(self, folder: RunFolder, shards: Sequence[str]) -> None:
        self._folder = folder
        self._tables = {
            stage: f"read_parquet({listed([str(folder.shard(stage, one)) for one in shards])})"
            for stage in ("documents", "findings")
        }
        self._empty = not shards

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query in which ``{documents}`` and ``{findings}`` stand for the tables."""
        if self._empty:
            return []
        with connect(self._folder.spill) as connection:
            rows: list[tuple[Any, ...]] = connection.execute(query.format(**self._tables), list(values)).fetchall()
        return rows

    def counts(self, table: str, column: str) -> dict[str, int]:
        """How many rows have each value of a column, by value."""
        rows = self.ask(f'SELECT "{column}", count(*) FROM {{{table}}} GROUP BY 1 ORDER BY 1')  # noqa: S608
        return {str(value): int(count) for value, count in rows}

    def language_by_rule(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Findings and documents with any, by language and rule."""
        rows = self.ask(
            "SELECT language, rule, count(*), count(DISTINCT document) FROM {findings} GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return {(language, rule): (int(count), int(documents)) for language, rule, count, documents in rows}

    def histogram(self, column: str, bins: int = 20) -> list[int]:
        """Documents by ``risk`` or ``probability`` in equal bins over 0..1; what has no value is not counted."""
        rows = self.ask(
            f'SELECT least(?, floor("{column}" * ?)), count(*) FROM {{documents}} '  # noqa: S608
            f'WHERE "{column}" IS NOT NULL GROUP BY 1 ORDER BY 1',
            bins - 1,
            bins,
        )
        found = {int(at): int(count) for at, count in rows}
        return [found.get(at, 0) for at in range(bins)]

    def worst(self, most: int, rule: str = "") -> list[tuple[str, int, str, str, float]]:
        """Shard, row, id, decision and risk of the documents that need a look most, of one rule or of all."""
        among = "WHERE id IN (SELECT document FROM {findings} WHERE rule = ?)" if rule else ""
        order = "CASE decision WHEN 'reject' THEN 0 WHEN 'review' THEN 1 ELSE 3 END, risk DESC, shard, row"
        query = f"SELECT shard, row, id, decision, risk FROM {{documents}} {among} ORDER BY {order} LIMIT ?"  # noqa: S608
        return [(one[0], one[1], one[2], one[3], one[4]) for one in self.ask(query, *([rule] if rule else []), most)]


def stored_totals(folder: RunFolder, shards: Sequence[str]) -> dict[str, Any]:
    """The same counts as ``auditor.totals.totals``."""
    tables = Aggregates(folder, shards)
    skipped = sum(int(counters(folder.shard("skipped", one))["skipped"]) for one in folder.names("skipped"))
    skipped += sum(int(counters(folder.shard("detect", one))["skipped"]) for one in shards)
    severities = tables.counts("findings", "severity")
    decisions = tables.counts("documents", "decision")
    return {
        "documents": sum(decisions.values()),
        "skipped": skipped,
        "findings": sum(severities.values()),
        "severities": {one.label: severities.get(one.label, 0) for one in Severity},
        "decisions": {name: decisions.get(name, 0) for name in dict.fromkeys((*_DECISIONS, *sorted(decisions)))},
        "labels": tables.counts("documents", "label"),
        "languages": tables.counts("documents", "language"),
        "rules": tables.counts("findings", "rule"),
    }
