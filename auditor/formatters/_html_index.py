"""What the overview of an HTML report shows: the table of documents, stories, findings by rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from auditor.data import DocumentAudit, Finding, Report, Severity, Story, Verdict
from auditor.formatters._html_charts import Tally
from auditor.formatters._html_graph import relation
from auditor.formatters._html_signs import clipped, plain
from auditor.formatters._html_site import Site, title, urgency
from auditor.formatters._html_spool import Kept, Spool
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
    id: str
    group: str | None
    language: str
    verdict: Verdict
    title: str
    counts: Mapping[str, int]
    rules: str
    reasons: tuple[str, ...]
    href: str = ""
    account: str = ""

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


def kept(audit: DocumentAudit, at: int, size: int) -> Kept:
    """What is kept of a document for its row in the table and for others that point at it."""
    worst: dict[str, int] = {}
    for one in audit.findings:
        worst[one.rule] = max(worst.get(one.rule, 0), one.severity)
    document, verdict, said = audit.document, audit.verdict, title(audit)
    language = audit.page.language.tag
    told = {
        "number": at + 1,
        "id": document.id,
        "group": document.group,
        "language": language,
        "verdict": [verdict.label, verdict.probability, verdict.decision, verdict.risk],
        "title": said,
        "counts": _severities(Counter(one.severity.label for one in audit.findings)),
        "rules": " ".join(f"{code}:{value}" for code, value in sorted(worst.items())),
        # Of a document that is accepted the first reason is enough: most rows of a large table are such.
        "reasons": [
            clipped(plain(one), _REASON_CHARS)
            for one in verdict.reasons[: 1 if verdict.decision == "accept" else _REASONS]
        ],
    }
    targets = ((proof.document_id, proof.span) for one in audit.findings for proof in one.evidence)
    return Kept(urgency(audit, at), document.id, size, said, language, told, targets)


def document_row(told: Mapping[str, Any], site: Site, shown: Shown) -> DocumentRow:
    """The row of what ``kept`` kept."""
    page = site.pages.get(told["id"])
    label, probability, decision, risk = told["verdict"]
    more = {
        "verdict": Verdict(label, probability, decision, risk, ()),
        "reasons": tuple(told["reasons"]),
        "href": f"pages/{page}" if page else "",
        "account": shown.accounts.get(told["id"], ""),
    }
    return DocumentRow(**{**told, **more})


def _severities(counts: Mapping[str, int]) -> dict[str, int]:
    return {severity.label: counts.get(severity.label, 0) for severity in reversed(Severity)}


@dataclass(slots=True)
class Shown:
    """What the overview takes from the documents that have a page: accounts by id, the gravest findings by rule."""

    accounts: dict[str, str] = field(default_factory=dict)
    findings: dict[str, list[tuple[Finding, int]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, audit: DocumentAudit, at: int) -> None:
        """Take from a document; these come in input order."""
        if audit.provenance.creation.get("method") not in {None, "unknown"}:
            self.accounts[audit.document.id] = account(audit)
        for code, own in groupby(sorted(audit.findings, key=lambda one: one.rule), key=lambda one: one.rule):
            found = [*self.findings[code], *((one, at) for one in own)]
            found.sort(key=lambda pair: (-pair[0].severity, -pair[0].confidence, pair[1], pair[0].span))
            self.findings[code] = found[:_MOST_EXAMPLES]


def rule_rows(tally: Tally, shown: Shown, site: Site) -> list[RuleRow]:
    """What each rule found, by code."""
    return [_rule_row(code, tally, shown, site) for code in sorted(tally.rules)]


def _rule_row(code: str, tally: Tally, shown: Shown, site: Site) -> RuleRow:
    return RuleRow(
        code=code,
        name=words(site.rule_name(code)),
        summary=site.summary(code),
        counts=_severities(tally.rules[code]),
        total=tally.rules[code].total(),
        documents=tally.holders[code],
        examples=tuple(_example(one, site) for one, _ in shown.findings.get(code, ())),
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


def story_rows(report: Report, site: Site, spool: Spool) -> list[StoryRow]:
    """The largest stories, those first that hold more than likeness."""
    shown = [one for one in report.stories if one.id in site.stories]
    shown.sort(key=lambda one: -len(one.documents))
    return [_story_row(one, site, spool.languages(one.documents)) for one in shown[:_MOST_STORIES]]


def _story_row(story: Story, site: Site, tongues: Sequence[str]) -> StoryRow:
    counts = Counter(str(one["relation"]) for one in story.edges if one["relation"] != "same story")
    return StoryRow(
        href=f"pages/{site.stories[story.id]}",
        title=clipped(plain(story.title), 120),
        documents=len(story.documents),
        languages=tuple(dict.fromkeys(map(language_name, tongues)))[:6],
        ties=tuple((relation(name), counts[name]) for name in sorted(counts)),
    )
