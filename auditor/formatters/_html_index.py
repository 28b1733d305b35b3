"""What the index of an HTML report shows: figures, charts, the table of documents, findings by rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from auditor.data import DocumentAudit, Finding, Report, Severity
from auditor.formatters._html_signs import clipped, plain
from auditor.formatters._html_site import Site, urgency
from auditor.formatters._labels import DECISIONS, LABELS, SEVERITIES, family, language, words
from auditor.registry import FAMILIES

_MOST_EXAMPLES = 12
_MOST_LANGUAGES = 11
_REASONS = 2
_REASON_CHARS = 180
_EXAMPLE_CHARS = 90


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a bar: its share of the longest bar in whole percent, its class, its value."""

    size: int
    kind: str
    value: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart; ``query`` is the state of the table that the bar stands for."""

    label: str
    cells: tuple[Cell, ...]
    total: int
    query: str


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
        reasons=tuple(clipped(plain(one), _REASON_CHARS) for one in audit.verdict.reasons[:_REASONS]),
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


def charts(report: Report) -> dict[str, list[Bar]]:
    """The bars: findings by family in severities, decisions, origin labels, languages."""
    audits = report.documents
    decisions = Counter(audit.verdict.decision for audit in audits)
    labels = Counter(audit.verdict.label for audit in audits)
    languages = Counter(audit.page.language.tag for audit in audits)
    return {
        "families": list(_family_bars(report)),
        "decisions": list(
            _bars(
                [(DECISIONS.get(n, (n,))[0], decisions[n], n, f"decision={n}") for n in _ordered(decisions, DECISIONS)]
            )
        ),
        "labels": list(_bars([(LABELS.get(n, (n,))[0], labels[n], "label", "") for n in _ordered(labels, LABELS)])),
        "languages": list(_bars(_language_counts(languages))),
    }


def _ordered(counts: Counter[str], known: Mapping[str, object]) -> list[str]:
    """The known names that occur, in their own order, then any other."""
    return [name for name in known if counts[name]] + sorted(counts.keys() - known.keys())


def _language_counts(counts: Counter[str]) -> list[tuple[str, int, str, str]]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [(language(tag), number, "language", "") for tag, number in ranked[:_MOST_LANGUAGES]]
    rest = ranked[_MOST_LANGUAGES:]
    if rest:
        shown.append((f"{len(rest)} others", sum(number for _, number in rest), "language", ""))
    return shown


def _bars(counts: list[tuple[str, int, str, str]]) -> Iterator[Bar]:
    longest = max((number for _, number, _, _ in counts), default=1)
    for label, number, kind, query in counts:
        yield Bar(label, (Cell(_share(number, longest), kind, number),), number, query)


def _family_bars(report: Report) -> Iterator[Bar]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for audit in report.documents:
        for one in audit.findings:
            counts[one.rule[:2]][one.severity.label] += 1
    longest = max((one.total() for one in counts.values()), default=1)
    for code in sorted(counts, key=lambda name: (-counts[name].total(), name)):
        own = counts[code]
        cells = tuple(Cell(_share(own[name], longest), name, own[name]) for name in SEVERITIES if own[name])
        yield Bar(f"{family(code)}" if code in FAMILIES else code, cells, own.total(), f"rule={code}")


def _share(number: int, longest: int) -> int:
    """Whole percent of the longest bar; what is there is always seen."""
    return max(1, round(100 * number / longest)) if number else 0
