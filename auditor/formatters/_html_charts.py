"""The charts of the overview: bars for Charts.css, whose lengths are whole percent of the longest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditor.data import DocumentAudit, Report
from auditor.formatters._html_signs import clipped, plain
from auditor.formatters._labels import DECISIONS, LABELS, SEVERITIES, family, language
from auditor.formatters._terms import iso_date
from auditor.formatters._words import _
from auditor.registry import FAMILIES

_MOST_LANGUAGES = 11
_MOST_SOURCES = 10
_MOST_COLUMNS = 24


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


def charts(report: Report) -> dict[str, list[Bar]]:
    """The bars: findings by family in severities, decisions, origin labels, languages."""
    audits = report.documents
    decisions = Counter(audit.verdict.decision for audit in audits)
    labels = Counter(audit.verdict.label for audit in audits)
    languages = Counter(audit.page.language.tag for audit in audits)
    named = [(_(DECISIONS.get(n, (n,))[0]), decisions[n], n, f"decision={n}") for n in _ordered(decisions, DECISIONS)]
    origins = [(_(LABELS.get(n, (n,))[0]), labels[n], "label", "") for n in _ordered(labels, LABELS)]
    return {
        "families": list(_family_bars(report)),
        "decisions": list(_bars(named)),
        "labels": list(_bars(origins)),
        "languages": list(_bars(_language_counts(languages))),
        "sources": list(_bars(_source_counts(audits))),
        "dates": list(_bars(_date_counts(audits))),
    }


def _source_counts(audits: Iterable[DocumentAudit]) -> list[tuple[str, int, str, str]]:
    """How many documents name each outlet or agency; bodies that speak and picture desks are left out."""
    counts: Counter[str] = Counter()
    for audit in audits:
        told = [one for one in audit.provenance.sources if one.get("relation") not in {"photo", "official statement"}]
        counts.update({clipped(plain(str(one["name"])), 40) for one in told})
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(name, number, "label", "") for name, number in ranked[:_MOST_SOURCES]]


def undated(report: Report) -> int:
    """How many documents carry no date of publication."""
    return sum(not _published(audit) for audit in report.documents)


def _published(audit: DocumentAudit) -> str:
    found = [iso_date(one.get("date")) for one in audit.provenance.dates if one.get("role") == "published"]
    return min((one for one in found if one), default="")


def _date_counts(audits: Iterable[DocumentAudit]) -> list[tuple[str, int, str, str]]:
    """Documents by day, month or year of publication, the finest that gives few enough columns."""
    days = Counter(one[:10] for audit in audits if (one := _published(audit)))
    for width in (10, 7, 4):
        counts: Counter[str] = Counter()
        for day, number in days.items():
            counts[day[:width]] += number
        if len(counts) <= _MOST_COLUMNS:
            break
    latest = sorted(counts)[-_MOST_COLUMNS:]
    return [(name, counts[name], "date", "") for name in latest]


def _ordered(counts: Counter[str], known: Mapping[str, object]) -> list[str]:
    """The known names that occur, in their own order, then any other."""
    return [name for name in known if counts[name]] + sorted(counts.keys() - known.keys())


def _language_counts(counts: Counter[str]) -> list[tuple[str, int, str, str]]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [(language(tag), number, "language", "") for tag, number in ranked[:_MOST_LANGUAGES]]
    rest = ranked[_MOST_LANGUAGES:]
    if rest:
        shown.append((_("{} others").format(len(rest)), sum(number for _, number in rest), "language", ""))
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
        yield Bar(_(family(code)) if code in FAMILIES else code, cells, own.total(), f"rule={code}")


def _share(number: int, longest: int) -> int:
    """Whole percent of the longest bar; what is there is always seen."""
    return max(1, round(100 * number / longest)) if number else 0
