"""SARIF 2.1.0 (OASIS Standard, errata 01) for viewers of code scanning results.

Viewers take at most 25,000 results of a run and show 5,000 (GitHub's documented limits, and 1,000 locations a result,
10 tags a rule, 10 MB compressed). So a run with more findings than are shown is told with one result a document and
rule, and if that is still too many, the most severe; what is left out is said as a notification. One pass over the
documents, in bounded memory.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar, TextIO

from auditor.data import DocumentAudit, Finding, Report, Severity
from auditor.formatters._files import write_text
from auditor.formatters._sarif_places import location, related
from auditor.formatters._sarif_rules import driver, taxonomies
from auditor.formatters._terms import Lines
from auditor.formatters._wire import dumps
from auditor.registry import Formatter

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.CRITICAL: "error", Severity.MAJOR: "error", Severity.MINOR: "warning"}
_MOST_RESULTS = 5_000
_MOST_LOCATIONS = 100
_MOST_NOTICES = 1_000
_MESSAGE_CHARS = 1_000

Result = dict[str, Any]


@dataclass(frozen=True)
class SarifFormatter(Formatter):
    """``report.sarif``: results with code point regions, fingerprints, suppressions, MQM and ITS as taxonomies."""

    name: ClassVar[str] = "sarif"
    most_results: int = _MOST_RESULTS

    def write(self, report: Report, target: Path) -> Path:
        """Write ``report.sarif``."""
        return write_text(target / "report.sarif", self._pieces(report))

    def stream(self, report: Report, out: TextIO) -> None:
        """Write the log to a stream."""
        out.writelines(self._pieces(report))

    def _pieces(self, report: Report) -> Iterator[str]:
        kept = _collect(report, self.most_results)
        run: Result = {
            "tool": {"driver": driver(report)},
            "invocations": [_invocation(report, kept)],
            "columnKind": "unicodeCodePoints",
            "results": kept.results(),
            "taxonomies": taxonomies(report),
            "properties": {"signature": report.signature, "findings": kept.total},
        }
        yield dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


@dataclass(slots=True)
class _Shelf:
    """The most severe results, at most ``size`` of them. Entries are (rank, minus position, position, result)."""

    size: int
    seen: int = 0
    heap: list[tuple[tuple[float, float], int, int, Result]] = field(default_factory=list)

    def put(self, rank: tuple[float, float], result: Result) -> None:
        self.seen += 1
        entry = (rank, -self.seen, self.seen, result)
        if len(self.heap) < self.size:
            heapq.heappush(self.heap, entry)
        elif entry[:2] > self.heap[0][:2]:
            heapq.heapreplace(self.heap, entry)

    def in_order(self) -> list[Result]:
        return [result for _, _, _, result in sorted(self.heap, key=lambda entry: entry[2])]


@dataclass(slots=True)
class _Kept:
    single: _Shelf
    joined: _Shelf

    @property
    def total(self) -> int:
        return self.single.seen

    @property
    def whole(self) -> bool:
        """Whether every finding has a result of its own."""
        return self.single.seen <= self.single.size

    def results(self) -> list[Result]:
        return (self.single if self.whole else self.joined).in_order()


def _collect(report: Report, most: int) -> _Kept:
    kept = _Kept(_Shelf(most), _Shelf(most))
    numbers = {meta.code: at for at, meta in enumerate(report.rules)}
    for audit in report.documents:
        lines = Lines(audit.document.text) if audit.findings or audit.suppressed else None
        if lines is None:
            continue
        maker = _Maker(audit, lines, numbers)
        for finding in audit.findings:
            kept.single.put(_rank(finding), maker.result([finding]))
        for one in audit.suppressed:
            kept.single.put((-1.0, 0.0), maker.suppressed(one.finding, one.reason))
        by_rule = sorted(audit.findings, key=lambda one: (one.rule, *_order(one)))
        for _, group in groupby(by_rule, key=lambda one: one.rule):
            own = list(group)
            kept.joined.put(_rank(own[0]), maker.result(own))
    return kept


def _rank(finding: Finding) -> tuple[float, float]:
    return float(finding.severity), finding.confidence


def _order(finding: Finding) -> tuple[float, float, int]:
    return -finding.severity, -finding.confidence, finding.span.start


@dataclass(frozen=True, slots=True)
class _Maker:
    audit: DocumentAudit
    lines: Lines
    numbers: dict[str, int]

    def result(self, findings: Sequence[Finding]) -> Result:
        """One result for findings of one rule in one document, the first of which speaks for all."""
        first = findings[0]
        neutral = first.severity is Severity.NEUTRAL
        more = f" ({len(findings) - 1} more of this rule in the document.)" if len(findings) > 1 else ""
        made: Result = {"ruleId": first.rule}
        if first.rule in self.numbers:
            made["ruleIndex"] = self.numbers[first.rule]
        made |= {
            # SARIF: a kind other than "fail" goes with the level "none".
            "kind": "informational" if neutral else "fail",
            "level": "none" if neutral else _LEVELS[first.severity],
            "message": {"text": first.message[:_MESSAGE_CHARS] + more},
            "locations": [location(self.audit, one, self.lines) for one in findings[:_MOST_LOCATIONS]],
            "partialFingerprints": {"auditorFinding/v1": first.fingerprint},
            "rank": round(100 * first.confidence, 2),
            "occurrenceCount": len(findings),
            "properties": {
                "severity": first.severity.label,
                "confidence": first.confidence,
                "document": self.audit.document.id,
                **({"suggestion": first.suggestion} if first.suggestion else {}),
            },
        }
        places = related(first)
        return made | ({"relatedLocations": places} if places else {})

    def suppressed(self, finding: Finding, reason: str) -> Result:
        """The result of a finding that a person has accepted."""
        told: Result = {"kind": "external", "status": "accepted"} | ({"justification": reason} if reason else {})
        return self.result([finding]) | {"suppressions": [told]}


def _invocation(report: Report, kept: _Kept) -> Result:
    """What was skipped and said, as notifications; a run that read its inputs was successful."""
    told: list[Result] = [
        {
            "level": "warning",
            "descriptor": {"id": "skipped-input"},
            "message": {"text": f"{one.origin.path}: not audited: {one.reason}"[:_MESSAGE_CHARS]},
        }
        for one in report.skipped[:_MOST_NOTICES]
    ]
    told += [{"level": "note", "message": {"text": one[:_MESSAGE_CHARS]}} for one in report.notices[:_MOST_NOTICES]]
    if not kept.whole:
        text = (
            f"{kept.total:,} findings are told as {len(kept.joined.heap):,} results, one a document and rule"
            f" ({kept.joined.seen - len(kept.joined.heap):,} of lesser severity are left out);"
            " the jsonl, csv and parquet reports hold all."
        )
        told.append({"level": "note", "descriptor": {"id": "aggregated"}, "message": {"text": text}})
    return {"executionSuccessful": True, "toolExecutionNotifications": told}


FORMATTERS = (SarifFormatter(),)
