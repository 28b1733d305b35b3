"""A finished run as a ``Report`` whose documents are read from the shards as they are asked for."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, groupby
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
from auditor.errors import UsageError
from auditor.provenance import ties_of
from auditor.runs._detect import documents
from auditor.runs._folder import RunFolder
from auditor.runs._judge import scores_of
from auditor.runs._read import shards_of
from auditor.runs._stories import read_stories
from auditor.runs._totals import Aggregates, stored_totals
from auditor.selection import chosen_rules
from auditor.store.rows import page_of
from auditor.store.shards import counters, read_rows
from auditor.stories import tied

Thing = TypeVar("Thing")


class _Shards(Sequence[Thing]):
    """A sequence over shards; a few shards are held at a time."""

    def __init__(self, names: Sequence[str], sizes: Sequence[int]) -> None:
        self._names = names
        self._ends = list(accumulate(sizes))
        self._held = lru_cache(maxsize=2)(self._load)

    def _load(self, name: str) -> list[Thing]:
        raise NotImplementedError

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Thing]:
        for name in self._names:
            yield from self._held(name)

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

    def _load(self, name: str) -> list[DocumentAudit]:
        return [tied(one, self._ties) for one in load_audits(self.folder, name)]

    def totals(self) -> dict[str, Any]:
        """The counts of ``auditor.totals``, without reading the documents."""
        return stored_totals(self.folder, self._names)

    def riskiest(self, most: int) -> list[DocumentAudit]:
        """The documents of highest risk, then by id; only their shards are read."""
        query = "SELECT shard, row, id FROM {documents} ORDER BY risk DESC, id LIMIT ?"
        places = self.tables().ask(query, most)
        found = {}
        for name in sorted({place[0] for place in places}):
            found.update({one.document.id: one for one in self._held(name)})
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

    def _load(self, name: str) -> list[Skipped]:
        stage, _, shard = name.partition("/")
        if stage == "skipped":
            rows = read_rows(self._folder.shard(stage, shard))
            return [Skipped(Origin(row["path"], row["format"], row["locator"]), row["reason"]) for row in rows]
        reasons = {
            row["row"]: row["skipped"] for row in read_rows(self._folder.shard(stage, shard), ["row", "skipped"])
        }
        places = read_rows(self._folder.shard("read", shard), ["row", "path", "format", "locator"])
        return [
            Skipped(Origin(row["path"], row["format"], row["locator"]), reasons[row["row"]])
            for row in places
            if reasons[row["row"]] is not None
        ]


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


def load_audits(folder: RunFolder, shard: str) -> list[DocumentAudit]:
    """The audited documents of one shard."""
    judged = read_rows(folder.shard("documents", shard))
    rows = read_rows(folder.shard("findings", shard))
    found = {row: [_finding(one) for one in own] for row, own in groupby(rows, key=lambda one: one["row"])}
    pages = {row["row"]: row for row in read_rows(folder.shard("detect", shard))}
    scores = scores_of(folder, shard)
    texts = dict(_texts(folder, shard, judged))
    out = []
    for one in judged:
        row = one["row"]
        document = texts[row]
        own = tuple(replace(score, document_id=document.id) for score in scores.get(row, ()))
        out.append(_audit(one, page_of(pages[row], document), tuple(found.get(row, ())), own))
    return out


def _texts(folder: RunFolder, shard: str, judged: Sequence[dict[str, Any]]) -> Iterator[tuple[int, Document]]:
    """The documents of a shard; where the run keeps no text, blanks stand for it, so that places and lengths hold."""
    lengths = {one["row"]: one["characters"] for one in judged}
    for row, document in documents(folder, shard):
        yield row, document if document.text or row not in lengths else replace(document, text=" " * lengths[row])


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
