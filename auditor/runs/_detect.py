"""Detection: the document rules over a shard, and what corpus rules remember of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.config import Settings
from auditor.data import Document, Skipped
from auditor.pipeline import Detected, Detector
from auditor.runs._folder import RunFolder
from auditor.runs._read import names_in
from auditor.store.rows import OBSERVATION, PAGE, document_of, observation_row, page_row
from auditor.store.shards import counters, stream_rows, write_rows


@dataclass(frozen=True, slots=True)
class DetectItem:
    """A shard to detect in. Rows of ``without`` are left out: they killed their process. ``rows`` is a probe."""

    shard: str
    without: tuple[int, ...] = ()
    rows: tuple[int, int] | None = None


class DetectShard:
    """A worker: runs all rules over a shard and writes its pages and observations."""

    def __init__(self, folder: RunFolder, settings: Settings) -> None:
        self._folder = folder
        self._detector = Detector(settings)

    def __call__(self, item: DetectItem) -> dict[str, int]:
        """Detect in one shard; a probe writes nothing. Returns counters."""
        rows: list[dict[str, Any]] = []
        seen: list[dict[str, Any]] = []
        chars = skipped = failures = 0
        for row, document in documents(self._folder, item.shard):
            if item.rows is not None:
                if item.rows[0] <= row < item.rows[1]:
                    self._detector([document])
                continue
            if row in item.without:
                rows.append(_skipped(row, "the process that audited it died twice"))
                skipped += 1
                continue
            (result,) = self._detector([document])
            chars += len(document.text)
            if isinstance(result, Skipped):
                rows.append(_skipped(row, result.reason))
                skipped += 1
            else:
                rows.append(page_row(result.page, row, result.findings, result.failures))
                seen += _observed(result, item.shard, row)
                failures += len(result.failures)
        if item.rows is not None:
            return {}
        counts = {"documents": len(rows) - skipped, "skipped": skipped, "chars": chars, "failures": failures}
        seen.sort(key=lambda one: one["hash"])
        write_rows(self._folder.shard("observations", item.shard), OBSERVATION, seen, {"observations": len(seen)})
        write_rows(self._folder.shard("detect", item.shard), PAGE, rows, counts)
        return counts


def documents(folder: RunFolder, shard: str) -> Iterator[tuple[int, Document]]:
    """The documents of a shard with their rows."""
    names = names_in(folder, shard)
    for row in stream_rows(folder.shard("read", shard)):
        yield row["row"], document_of(row, names.get(row["row"], row["id"]))


def probes(folder: RunFolder, shard: str, between: tuple[int, int] | None = None) -> list[DetectItem]:
    """The halves of a range of rows of a shard, to find the document that kills its process."""
    start, end = between or (0, counters(folder.shard("read", shard))["documents"])
    middle = (start + end) // 2
    return [DetectItem(shard, rows=span) for span in ((start, middle), (middle, end)) if span[0] < span[1]]


def _skipped(row: int, reason: str) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(PAGE)
    return {**empty, "row": row, "skipped": reason}


def _observed(result: Detected, shard: str, row: int) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(result.observations):
        yield observation_row(one, (shard, row, number), spread(one.rule, one.key))


def spread(rule: str, key: str) -> int:
    """A number below 2**32 by which keys are spread evenly over buckets."""
    digest = hashlib.blake2b(f"{rule}\x1f{key}".encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "big")


def observed(folder: RunFolder, shards: Sequence[str]) -> int:
    """How many observations there are in all."""
    return sum(int(counters(folder.shard("observations", name))["observations"]) for name in shards)
