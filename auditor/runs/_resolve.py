"""Resolution: observations of one key meet in one bucket, whose memory is bounded by the largest group compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from auditor.config import Settings
from auditor.data import Finding, Observation, Span
from auditor.embedding import embedder
from auditor.registry import CorpusRule
from auditor.resolve import MOST_COMPARED, batched, resolve_group
from auditor.runs._folder import RunFolder
from auditor.runs._read import listed
from auditor.selection import chosen_rules
from auditor.store.query import connect
from auditor.store.rows import finding_json, findings_of, plain_json
from auditor.store.shards import read_rows, whole, write_rows

# So many observations in a bucket on average: some hundred megabytes while they are sorted.
_BUCKET = 200_000
# A very common key makes one bucket far larger than the others: sorting it gets more memory than other questions do.
_BUCKET_MEMORY = "512MB"
_HASHES = 1 << 32
_FETCHED = 5_000
_FOUND = {"shard": "text", "row": "whole", "rule": "text", "key": "text", "number": "whole", "finding": "text"}
_ORDERED = (
    'SELECT rule, key, document, start, "end", quote, data, number, shard, row FROM read_parquet({files}) '
    'WHERE hash >= {low} AND hash < {high} ORDER BY rule, key, document, start, "end", quote, number'
)


def buckets(observations: int) -> list[int]:
    """Numbers of the buckets that so many observations need."""
    return list(range(-(-observations // _BUCKET)))


@dataclass
class ResolveBucket:
    """A worker: resolves the groups of one bucket."""

    folder: RunFolder
    settings: Settings
    shards: tuple[str, ...]
    count: int

    def __call__(self, bucket: int) -> dict[str, Any]:
        """Resolve one bucket; returns counters."""
        embed = embedder(self.settings)
        rules = {one.meta.code: one for one in chosen_rules(self.settings) if isinstance(one, CorpusRule)}
        rows: list[dict[str, Any]] = []
        notices: list[str] = []
        for (code, key), group in groupby(self._rows(bucket), key=lambda row: (row[0], row[1])):
            number = 0
            for chunk in batched(group, MOST_COMPARED):
                places = {row[2]: (row[8], row[9]) for row in chunk}
                found, fault = resolve_group(rules[code], [_observation(row) for row in chunk], embed)
                notices += [fault] if fault else []
                rows += [_row(one, places, key, number + at) for at, one in enumerate(found)]
                number += len(found)
        counts = {"findings": len(rows), "notices": notices}
        write_rows(self.folder.shard("resolve", f"{bucket:06}"), _FOUND, rows, counts)
        return counts

    def _rows(self, bucket: int) -> Iterator[tuple[Any, ...]]:
        stage, names = "observations", list(self.shards)
        if self.count > 1:
            stage, names = "gathered", self.folder.names("gathered")
        files = listed([str(self.folder.shard(stage, name)) for name in names])
        low, high = bucket * _HASHES // self.count, (bucket + 1) * _HASHES // self.count
        with connect(self.folder.spill, _BUCKET_MEMORY) as connection:
            result = connection.execute(_ORDERED.format(files=files, low=low, high=high))
            while some := result.fetchmany(_FETCHED):
                yield from some


def _observation(row: tuple[Any, ...]) -> Observation:
    return Observation(row[0], row[1], row[2], Span(row[3], row[4]), row[5], json.loads(row[6]))


def _row(one: Finding, places: dict[str, tuple[str, int]], key: str, number: int) -> dict[str, Any]:
    shard, row = places[one.document_id]
    packed = plain_json(finding_json(one))
    return {"shard": shard, "row": row, "rule": one.rule, "key": key, "number": number, "finding": packed}


def collect(folder: RunFolder, count: int) -> None:
    """Bring the findings of all buckets into the order of the shards, in one file."""
    target = folder.root / "resolved.parquet"
    if target.exists():
        return
    if not count:
        write_rows(target, _FOUND, [], {})
        return
    files = listed([str(folder.shard("resolve", f"{bucket:06}")) for bucket in range(count)])
    with connect(folder.spill) as connection, whole(target) as draft:
        connection.execute(
            f"COPY (SELECT * FROM read_parquet({files}) ORDER BY shard, row, rule, key, number) "  # noqa: S608
            f"TO {listed([str(draft)])[1:-1]} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 5000)"
        )


def corpus_findings(folder: RunFolder, shard: str) -> dict[int, list[Finding]]:
    """What corpus rules found in a shard, by row, in the order in which all groups were resolved."""
    rows = read_rows(folder.root / "resolved.parquet", where=[("shard", "=", shard)])
    rows.sort(key=lambda row: (row["row"], row["rule"], row["key"], row["number"]))
    return {
        row: findings_of(json.loads(one["finding"]) for one in own)
        for row, own in groupby(rows, key=lambda one: one["row"])
    }
