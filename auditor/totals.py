"""Counts over a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import nsmallest
from typing import Any, Protocol, runtime_checkable

from auditor.data import DocumentAudit, Report, Severity

DECISIONS = ("accept", "review", "reject")


@runtime_checkable
class Counted(Protocol):
    """Documents of a report that can be counted and ranked without being read, and found without all being held."""

    def totals(self) -> dict[str, Any]:
        """What ``totals`` returns."""

    def riskiest(self, most: int) -> list[DocumentAudit]:
        """What ``riskiest`` returns."""

    def picked(self, places: Sequence[int]) -> Iterator[DocumentAudit]:
        """What ``picked`` yields."""


def picked(report: Report, places: Sequence[int]) -> Iterator[DocumentAudit]:
    """The documents at these places of the report, which ascend."""
    if isinstance(report.documents, Counted):
        return report.documents.picked(places)
    return (report.documents[at] for at in places)


def worst(report: Report) -> str:
    """The gravest decision of a report: accept, review or reject."""
    found = [name for name, number in totals(report)["decisions"].items() if number]
    return max(found, key=DECISIONS.index, default="accept")


def riskiest(report: Report, most: int) -> list[DocumentAudit]:
    """The documents of highest risk, then by id."""
    if isinstance(report.documents, Counted):
        return report.documents.riskiest(most)
    return nsmallest(most, report.documents, key=lambda one: (-one.verdict.risk, one.document.id))


def totals(report: Report) -> dict[str, Any]:
    """Count documents, findings and decisions of a run; the keys of each table are sorted."""
    if isinstance(report.documents, Counted):
        return report.documents.totals()
    findings = [finding for audit in report.documents for finding in audit.findings]
    return {
        "documents": len(report.documents),
        "skipped": len(report.skipped),
        "findings": len(findings),
        "severities": _count((finding.severity.label for finding in findings), [one.label for one in Severity]),
        "decisions": _count((audit.verdict.decision for audit in report.documents), DECISIONS),
        "labels": _count(audit.verdict.label for audit in report.documents),
        "languages": _count(audit.page.language.tag for audit in report.documents),
        "rules": _count(finding.rule for finding in findings),
    }


def _count(values: Iterator[str], always: Sequence[str] = ()) -> dict[str, int]:
    counts = Counter(values)
    names = [*always, *sorted(counts.keys() - set(always))]
    return {name: counts[name] for name in names}
