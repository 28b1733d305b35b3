"""A finished run as a ``Report`` whose documents are read from the shards as they are asked for."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, groupby, islice
from typing import Any, TypeVar, overload

from auditor.data import (
    Document,
    DocumentAudit,
    Evidence,
    Finding,
    Origin,
    ProvenanceRecord,
    Report,
    Score,
    SegmentedDocument,
    Severity,
    Skipped,
    Span,
    Story,
    Suppressed,
    Verdict,
)
from auditor.errors import AuditorError, UsageError
from auditor.provenance import ties_of
from auditor.runs._detect import documents
from auditor.runs._folder import RunFolder
from auditor.runs._judge import scores_of
from auditor.runs._read import shards_of
from auditor.runs._stories import read_stories
from auditor.runs._totals import Aggregates, stored_totals
from auditor.selection import chosen_rules
from auditor.store.rows import page_of
from auditor.store.shards import counters, read_rows, stream_rows
from auditor.stories import tied

Thing = TypeVar("Thing")
# So many shards are held for what is asked by number, or again and again.
_HELD = 2


class _Shards(Sequence[Thing]):
    """A sequence over shards. A few shards are held at a time, and none where more of them are gone through."""

    def __init__(self, names: Sequence[str], sizes: Sequence[int]) -> None:
        self._names = names
        self._ends = list(accumulate(sizes))
        self._held = lru_cache(maxsize=_HELD)(lambda name: list(self._read(name)))

    def _read(self, name: str) -> Iterator[Thing]:
        raise NotImplementedError

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Thing]:
        read = self._held if len(self._names) <= _HELD else self._read
        for name in self._names:
            yield from read(name)

    def picked(self, places: Sequence[int]) -> Iterator[Thing]:
        """What stands at these places, which ascend; of shards without any nothing is read."""
        for number, own in groupby(places, key=lambda place: bisect_right(self._ends, place)):
            begin = self._ends[number - 1] if number else 0
            wanted = {place - begin for place in own}
            shard = islice(self._read(self._names[number]), max(wanted) + 1)
            yield from (one for at, one in enumerate(shard) if at in wanted)

    @overload
    def __getitem__(self, at: int) -> Thing: ...
    @overload
    def __getitem__(self, at: slice) -> list[Thing]: ...
    def __getitem__(self, at: int | slice) -> Thing | list[Thing]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            message = "no document of this number"
            raise IndexError(message)
        shard = bisect_right(self._ends, place)
        return self._held(self._names[shard])[place - (self._ends[shard - 1] if shard else 0)]


class StoredDocuments(_Shards[DocumentAudit]):
    """The audited documents of a run in input order."""

    def __init__(self, folder: RunFolder, stories: Sequence[Story] = ()) -> None:
        self.folder = folder
        self._ties = ties_of(stories)
        names = shards_of(folder)
        super().__init__(names, [int(counters(folder.shard("documents", one))["documents"]) for one in names])

    def _read(self, name: str) -> Iterator[DocumentAudit]:
        return (tied(one, self._ties) for one in stream_audits(self.folder, name))

    def totals(self) -> dict[str, Any]:
        """The counts of ``auditor.totals``, without reading the documents."""
        return stored_totals(self.folder, self._names)

    def riskiest(self, most: int) -> list[DocumentAudit]:
        """The documents of highest risk, then by id; only their shards are read."""
        query = "SELECT shard, row, id FROM {documents} ORDER BY risk DESC, id LIMIT ?"
        places = self.tables().ask(query, most)
        wanted = {identity for _, _, identity in places}
        read = (one for name in sorted({place[0] for place in places}) for one in self._read(name))
        found = {one.document.id: one for one in read if one.document.id in wanted}
        return [found[identity] for _, _, identity in places]

    def tables(self) -> Aggregates:
        """Questions to the tables of the run."""
        return Aggregates(self.folder, self._names)


class StoredSkipped(_Shards[Skipped]):
    """What was left out, in input order; then what could not be segmented."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        names = [("skipped", one) for one in folder.names("skipped")] + [("detect", one) for one in shards_of(folder)]
        kept = [(stage, one, int(counters(folder.shard(stage, one))["skipped"])) for stage, one in names]
        kept = [one for one in kept if one[2]]
        super().__init__([f"{stage}/{name}" for stage, name, _ in kept], [size for *_, size in kept])

    def _read(self, name: str) -> Iterator[Skipped]:
        stage, _, shard = name.partition("/")
        if stage == "skipped":
            for row in stream_rows(self._folder.shard(stage, shard)):
                yield Skipped(Origin(row["path"], row["format"], row["locator"]), row["reason"])
            return
        pages = read_rows(self._folder.shard(stage, shard), ["row", "skipped"])
        reasons = {row["row"]: row["skipped"] for row in pages}
        for row in read_rows(self._folder.shard("read", shard), ["row", "path", "format", "locator"]):
            if reasons[row["row"]] is not None:
                yield Skipped(Origin(row["path"], row["format"], row["locator"]), reasons[row["row"]])


def open_run(folder: RunFolder) -> Report:
    """The report of a finished run. Raises UsageError for a run that is not finished."""
    if not folder.head.get("finished"):
        message = f"the run in {folder.root} is not finished: start it again with the same command and --run-dir"
        raise UsageError(message)
    rules = tuple(rule.meta for rule in chosen_rules(folder.settings()))
    notices = tuple(folder.head["notices"])
    stories = read_stories(folder)
    documents = StoredDocuments(folder, stories)
    return Report(folder.head["signature"], rules, documents, StoredSkipped(folder), notices, stories)


def stream_audits(folder: RunFolder, shard: str) -> Iterator[DocumentAudit]:
    """The audited documents of one shard, few of them held: all its tables are in the order of rows."""
    findings = groupby(stream_rows(folder.shard("findings", shard)), key=lambda one: one["row"])
    found = ((row, tuple(map(_finding, own))) for row, own in findings)
    ahead = next(found, None)
    pages = ((one["row"], one) for one in stream_rows(folder.shard("detect", shard)))
    texts = documents(folder, shard)
    scores = scores_of(folder, shard)
    for one in stream_rows(folder.shard("documents", shard)):
        row = one["row"]
        own: tuple[Finding, ...] = ()
        if ahead is not None and ahead[0] == row:
            own, ahead = ahead[1], next(found, None)
        document = _texted(_at(texts, row, shard), one["characters"])
        given = tuple(replace(score, document_id=document.id) for score in scores.get(row, ()))
        yield _audit(one, page_of(_at(pages, row, shard), document), own, given)


def _at(rows: Iterator[tuple[int, Thing]], row: int, shard: str) -> Thing:
    """What stands at a row of a table that is read up to there."""
    for number, one in rows:
        if number == row:
            return one
    message = f"damaged in the run directory: shard {shard} lacks row {row}"
    raise AuditorError(message)


def _texted(document: Document, length: int) -> Document:
    """Where the run keeps no text, blanks stand for it, so that places and lengths hold."""
    return document if document.text else replace(document, text=" " * length)


def _audit(
    row: dict[str, Any], page: SegmentedDocument, findings: tuple[Finding, ...], scores: tuple[Score, ...]
) -> DocumentAudit:
    reasons = tuple(json.loads(row["reasons"]))
    verdict = Verdict(row["label"], row["probability"], row["decision"], row["risk"], reasons)
    told = json.loads(row["provenance"])
    parts: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in told.items()}
    record = ProvenanceRecord(**parts)
    accepted = tuple(Suppressed(_finding(one["finding"]), one["reason"]) for one in json.loads(row["suppressed"]))
    return DocumentAudit(page, findings, scores, verdict, record, json.loads(row["scores"]), accepted)


def _finding(row: dict[str, Any]) -> Finding:
    return Finding(
        rule=row["rule"],
        document_id=row["document"],
        span=Span(row["start"], row["end"]),
        quote=row["quote"],
        message=row["message"],
        severity=Severity[row["severity"].upper()],
        confidence=row["confidence"],
        suggestion=row["suggestion"],
        evidence=tuple(
            Evidence(one["document"], Span(one["start"], one["end"]), one["quote"], one["note"])
            for one in json.loads(row["evidence"])
        ),
        data=json.loads(row["data"]),
    )
