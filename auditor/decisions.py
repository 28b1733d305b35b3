"""Apply a policy: to an audit as it is made, or to a stored result of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from auditor.data import Decision, DocumentAudit, Finding, SegmentedDocument, Severity, Span, Verdict
from auditor.policy import Policy, Terms
from auditor.verdict import judge

# Fields of an input row that say where a text comes from, besides its id and path.
_SOURCE_FIELDS = ("source", "url", "site", "domain", "publisher")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a policy asks of one document."""

    language: str
    sources: tuple[str, ...]
    label: str
    probability: float | None
    risk: float
    scores: Mapping[str, float]
    findings: Sequence[Finding]


def decide(policy: Policy, facts: Facts) -> tuple[str, str, float]:
    """The decision, its reason in words ("" for accept), and the risk after what the policy ignores."""
    terms = policy.for_document(facts.language, facts.sources)
    kept = [one for one in facts.findings if not (terms.ignore_rules and one.rule.startswith(terms.ignore_rules))]
    risk = facts.risk if len(kept) == len(facts.findings) else judge(kept, {}, Decision()).risk
    weighed = replace(facts, risk=risk, findings=kept)
    for decision in ("reject", "review"):
        if reason := next(_reasons(terms, decision, weighed), ""):
            return decision, f"policy {policy.name}: {reason}", risk
    return "accept", "", risk


def _reasons(terms: Terms, decision: str, facts: Facts) -> Iterator[str]:
    """Each condition of a decision that holds, in words."""
    least_risk: float = getattr(terms, f"{decision}_risk")
    least_share: float = getattr(terms, f"{decision}_boilerplate")
    labels: tuple[str, ...] = getattr(terms, f"{decision}_labels")
    rules: tuple[str, ...] = getattr(terms, f"{decision}_rules")
    scores: Mapping[str, float] = getattr(terms, f"{decision}_scores")
    if facts.risk >= least_risk:
        yield f"risk {facts.risk:.2f}, {least_risk:g} is enough to {decision}"
    if (share := facts.scores.get("boilerplate_ratio", 0.0)) >= least_share:
        yield f"{share:.0%} of the text is boilerplate, {least_share:.0%} is enough to {decision}"
    if facts.label in labels and (facts.probability is None or facts.probability >= terms.min_probability):
        yield f"label {facts.label}"
    for one in facts.findings:
        if rules and one.rule.startswith(rules) and one.confidence >= terms.min_confidence:
            yield f"finding of {one.rule}"
    for name, least in sorted(scores.items()):
        if (value := facts.scores.get(name)) is not None and value >= least:
            yield f"{name} {value:.2f}, {least:g} is enough to {decision}"


def with_policy(
    policy: Policy, page: SegmentedDocument, findings: Sequence[Finding], scores: Mapping[str, float], verdict: Verdict
) -> Verdict:
    """The verdict with the policy's decision and risk; the reason stands behind the others."""
    document = page.document
    sources = _sources(document.id, document.origin.path, document.metadata)
    facts = Facts(page.language.tag, sources, verdict.label, verdict.probability, verdict.risk, scores, findings)
    decision, reason, risk = decide(policy, facts)
    return replace(verdict, decision=decision, risk=risk, reasons=(*verdict.reasons, *filter(None, [reason])))


def facts_of_audit(audit: DocumentAudit) -> Facts:
    """Facts of an audit."""
    document, verdict = audit.document, audit.verdict
    return Facts(
        language=audit.page.language.tag,
        sources=_sources(document.id, document.origin.path, document.metadata),
        label=verdict.label,
        probability=verdict.probability,
        risk=verdict.risk,
        scores=audit.measures,
        findings=audit.findings,
    )


def facts_of_row(row: Mapping[str, Any]) -> Facts:
    """Facts of a stored object of the wire format. Raises KeyError, TypeError or ValueError for another object."""
    return Facts(
        language=str(row["language"]),
        sources=_sources(str(row["id"]), str(row["path"]), row.get("metadata", {})),
        label=str(row["label"]),
        probability=None if row["probability"] is None else float(row["probability"]),
        risk=float(row["risk"]),
        scores={name: float(value) for name, value in row["scores"].items() if value is not None},
        findings=[_stored(one, str(row["id"])) for one in row["findings"]],
    )


def _stored(one: Mapping[str, Any], document: str) -> Finding:
    return Finding(
        rule=str(one["rule"]),
        document_id=document,
        span=Span(int(one["start"]), int(one["end"])),
        quote=str(one["quote"]),
        message=str(one["message"]),
        severity=Severity[str(one["severity"]).upper()],
        confidence=float(one["confidence"]),
        data=one["data"],
    )


def _sources(name: str, path: str, metadata: Mapping[str, object]) -> tuple[str, ...]:
    told = [metadata.get(key) for key in _SOURCE_FIELDS]
    return (name, path, *(one for one in told if isinstance(one, str)))
