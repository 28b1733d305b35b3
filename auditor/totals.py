"""Counts over a report."""

from __future__ import annotations

from collections import defaultdict

from auditor.data import Report, Severity


def worst(report: Report) -> str:
    """The gravest decision of a report: accept, review or reject."""
    order = ("accept", "review", "reject")
    return max((one.verdict.decision for one in report.documents), key=order.index, default="accept")


def tally(report: Report) -> dict[str, dict[str, int]]:
    """Count the report: decisions, labels, languages, severities and rules."""
    counts: dict[str, dict[str, int]] = {
        name: defaultdict(int) for name in ("decision", "label", "language", "severity", "rule")
    }
    for one in report.documents:
        counts["decision"][one.verdict.decision] += 1
        counts["label"][one.verdict.label] += 1
        counts["language"][one.page.language.tag] += 1
        for finding in one.findings:
            counts["severity"][Severity(finding.severity).label] += 1
            counts["rule"][finding.rule] += 1
    return {name: dict(sorted(values.items())) for name, values in counts.items()}
