"""Counts over a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from auditor.data import Report, Severity

DECISIONS = ("accept", "review", "reject")


def worst(report: Report) -> str:
    """The gravest decision of a report: accept, review or reject."""
    return max((one.verdict.decision for one in report.documents), key=DECISIONS.index, default="accept")


def totals(report: Report) -> dict[str, Any]:
    """Count documents, findings and decisions of a run; the keys of each table are sorted."""
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
