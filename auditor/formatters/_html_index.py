"""What the overview of an HTML report shows: the table of documents, stories, findings by rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from auditor.data import DocumentAudit, Finding, Report, Severity, Story
from auditor.formatters._html_graph import relation
from auditor.formatters._html_signs import clipped, plain
from auditor.formatters._html_site import Site, urgency
from auditor.formatters._labels import language_name, words
from auditor.formatters._sentences import account

_MOST_EXAMPLES = 12
_REASONS = 2
_REASON_CHARS = 180
_EXAMPLE_CHARS = 90
_MOST_STORIES = 60


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in the table. ``rules`` holds ``CODE:multiplier`` of the worst severity of each rule."""

    number: int
    audit: DocumentAudit
    title: str
    href: str
    counts: Mapping[str, int]
    rules: str
    reasons: tuple[str, ...]
    account: str

    @property
    def weight(self) -> int:
        """For sorting by findings: the number of them, the more severe first."""
        ranks = {severity.label: rank for rank, severity in enumerate(Severity)}
        return sum(min(number, 999) * 1000 ** ranks[name] for name, number in self.counts.items())


@dataclass(frozen=True, slots=True)
class Example:
    """A place of a finding, for the list by rule."""

    href: str
    title: str
    quote: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule with what it found."""

    code: str
    name: str
    summary: str
    counts: Mapping[str, int]
    total: int
    documents: int
    examples: tuple[Example, ...]


def document_rows(report: Report, site: Site) -> list[DocumentRow]:
    """The table, the most urgent documents first."""
    order = sorted(range(len(report.documents)), key=lambda at: urgency(report.documents[at], at))
    return [_document_row(report.documents[at], at + 1, site) for at in order]


def _document_row(audit: DocumentAudit, number: int, site: Site) -> DocumentRow:
    worst: dict[str, int] = {}
    for one in audit.findings:
        worst[one.rule] = max(worst.get(one.rule, 0), one.severity)
    name = audit.document.id
    page = site.pages.get(name)
    return DocumentRow(
        number=number,
        audit=audit,
        title=site.titles[name],
        href=f"pages/{page}" if page else "",
        counts=_severities(audit.findings),
        rules=" ".join(f"{code}:{value}" for code, value in sorted(worst.items())),
        # Of a document that is accepted the first reason is enough: most rows of a large table are such.
        reasons=tuple(
            clipped(plain(one), _REASON_CHARS)
            for one in audit.verdict.reasons[: 1 if audit.verdict.decision == "accept" else _REASONS]
        ),
        account=account(audit) if page and audit.provenance.creation.get("method") not in {None, "unknown"} else "",
    )


def _severities(findings: Iterable[Finding]) -> dict[str, int]:
    counts = Counter(one.severity for one in findings)
    return {severity.label: counts[severity] for severity in reversed(Severity)}


def rule_rows(report: Report, site: Site) -> list[RuleRow]:
    """What each rule found, by code."""
    found: dict[str, list[tuple[Finding, int]]] = defaultdict(list)
    for at, audit in enumerate(report.documents):
        for one in audit.findings:
            found[one.rule].append((one, at))
    return [_rule_row(code, found[code], site) for code in sorted(found)]


def _rule_row(code: str, found: list[tuple[Finding, int]], site: Site) -> RuleRow:
    best = sorted(found, key=lambda pair: (-pair[0].severity, -pair[0].confidence, pair[1], pair[0].span))
    shown = (one for one, _ in best if one.document_id in site.pages)
    return RuleRow(
        code=code,
        name=words(site.rule_name(code)),
        summary=site.summary(code),
        counts=_severities(one for one, _ in found),
        total=len(found),
        documents=len({one.document_id for one, _ in found}),
        examples=tuple(_example(one, site) for one in islice(shown, _MOST_EXAMPLES)),
    )


def _example(finding: Finding, site: Site) -> Example:
    quote = clipped(plain(finding.quote[:_REASON_CHARS]), _EXAMPLE_CHARS)
    href = f"pages/{site.pages[finding.document_id]}#s{finding.span.start}"
    return Example(href, site.titles[finding.document_id], quote)


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story in the overview; ``ties`` are relations with their number, those that say most."""

    href: str
    title: str
    documents: int
    languages: tuple[str, ...]
    ties: tuple[tuple[str, int], ...]


def story_rows(report: Report, site: Site) -> list[StoryRow]:
    """The largest stories, those first that hold more than likeness."""
    tongues = {audit.document.id: audit.page.language.tag for audit in report.documents} if report.stories else {}
    shown = [one for one in report.stories if one.id in site.stories]
    shown.sort(key=lambda one: -len(one.documents))
    return [_story_row(one, site, tongues) for one in shown[:_MOST_STORIES]]


def _story_row(story: Story, site: Site, tongues: Mapping[str, str]) -> StoryRow:
    counts = Counter(str(one["relation"]) for one in story.edges if one["relation"] != "same story")
    return StoryRow(
        href=f"pages/{site.stories[story.id]}",
        title=clipped(plain(story.title), 120),
        documents=len(story.documents),
        languages=tuple(dict.fromkeys(language_name(tongues[one]) for one in story.documents if one in tongues))[:6],
        ties=tuple((relation(name), counts[name]) for name in sorted(counts)),
    )
