"""What the page of one document shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.data import SURPRISAL, DocumentAudit, Finding, Severity, Span
from auditor.formatters._html_facts import Claim, claims, facts, ties, word_diff
from auditor.formatters._html_origin import OriginView, origin_view
from auditor.formatters._html_site import Site
from auditor.formatters._html_text import Marked, Overlay, TextView, lay_out
from auditor.formatters._labels import words
from auditor.formatters._wire import sentence_scores
from auditor.formatters._words import _

_MOST_FINDINGS = 1_000
_QUOTE_CHARS = 400
_HEAT_LEVELS = 10
_SHOWN_APART = ("diff",)


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A place that supports a finding; ``href`` is empty where it cannot be shown."""

    title: str
    href: str
    quote: str
    note: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding in the list. ``place`` is the anchor of its mark in the text, None where it is not shown."""

    number: int
    finding: Finding
    name: str
    summary: str
    place: int | None
    quote: str
    facts: tuple[tuple[str, str], ...]
    diff: tuple[tuple[str, str], ...]
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """Scores of sentences drawn as an overlay: what they are, what they mean, the ends of the scale."""

    name: str
    meaning: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PageView:
    """Everything that the template of a document page needs."""

    audit: DocumentAudit
    title: str
    text: TextView
    findings: tuple[FindingView, ...]
    left_out: int
    severities: Mapping[str, int]
    families: Mapping[str, int]
    heat: Heat | None
    claims: tuple[tuple[str, tuple[Claim, ...]], ...]
    rules: tuple[str, ...]
    cited: bool
    origin: OriginView
    ties: tuple[Claim, ...]


def page_view(audit: DocumentAudit, site: Site) -> PageView:
    """Collect what the page shows; of very many findings the most severe."""
    chosen = sorted(audit.findings, key=lambda one: (-one.severity, one.span, one.rule))[:_MOST_FINDINGS]
    marks = [Marked(at, one) for at, one in enumerate(sorted(chosen, key=lambda one: (one.span, one.rule)), 1)]
    heat, levels = _heat(audit)
    targets = site.targets.get(audit.document.id, ())
    text = lay_out(audit.page, Overlay(marks, targets, levels))
    return PageView(
        audit=audit,
        title=site.titles[audit.document.id],
        text=text,
        findings=tuple(_finding(mark, text, site) for mark in marks),
        left_out=len(audit.findings) - len(marks),
        severities={one.label: n for one in reversed(Severity) if (n := sum(f.severity == one for f in chosen))},
        families=dict(sorted(Counter(one.rule[:2] for one in chosen).items())),
        heat=heat,
        claims=tuple(claims(audit, text, site)),
        rules=tuple(sorted({one.rule for one in chosen})),
        cited=any(span.start in text.anchors for span in targets),
        origin=origin_view(audit, text),
        ties=ties(audit, text, site),
    )


def _finding(mark: Marked, text: TextView, site: Site) -> FindingView:
    finding = mark.finding
    return FindingView(
        number=mark.number,
        finding=finding,
        name=words(site.rule_name(finding.rule)),
        summary=site.summary(finding.rule),
        place=_place(finding.span, text),
        quote=finding.quote[: _QUOTE_CHARS + 1],
        facts=tuple(facts(finding.data, _SHOWN_APART)),
        diff=_diff(finding),
        evidence=tuple(_evidence(finding, text, site)),
    )


def _diff(finding: Finding) -> tuple[tuple[str, str], ...]:
    """How the quote differs from its evidence, for rules that compare wordings (their data hold a ``diff``)."""
    if "diff" not in finding.data or not finding.evidence:
        return ()
    return word_diff(finding.quote, finding.evidence[0].quote)


def _place(span: Span, text: TextView) -> int | None:
    return span.start if span.start in text.anchors else None


def _evidence(finding: Finding, text: TextView, site: Site) -> Iterator[EvidenceView]:
    for one in finding.evidence:
        here = one.document_id == finding.document_id
        href = (f"#s{one.span.start}" if one.span.start in text.anchors else "") if here else site.href(one)
        title = "this document" if here else site.titles.get(one.document_id, one.document_id)
        yield EvidenceView(title, href, one.quote[: _QUOTE_CHARS + 1], one.note)


def _heat(audit: DocumentAudit) -> tuple[Heat | None, list[tuple[Span, int]]]:
    """Levels of 0..9: probabilities on their own scale, other scores between the document's lowest and highest."""
    scores = sentence_scores(audit)
    if not scores:
        return None, []
    values = [score.value for score in scores]
    low, high = min(values), max(values)
    if low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    width = (high - low) or 1.0
    levels = [(score.span, min(_HEAT_LEVELS - 1, int((score.value - low) / width * _HEAT_LEVELS))) for score in scores]
    return Heat(*_meaning(scores[0].scorer), low, high), levels


def _meaning(scorer: str) -> tuple[str, str]:
    """What a scorer measures, and what its values do and do not say."""
    if scorer == SURPRISAL:
        return _("Surprise a token"), _(
            "A high value marks a sentence that a language model did not expect, as unusual facts and faults are;"
            " by itself it proves nothing about where the sentence comes from."
        )
    if scorer == "machine_translation":
        return _("Likeness to machine translation"), _(
            "The model's probability that a sentence like this was translated by a machine. Single sentences are often"
            " misjudged: look at stretches of dark ones, and never call one sentence machine-made for its colour."
        )
    return words(scorer).capitalize(), _(
        "A high value marks a sentence that is unlike the others to the model; by itself it proves nothing."
    )
