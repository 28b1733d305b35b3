"""The charts of the overview: bars for Charts.css, whose lengths are whole percent of the longest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from auditor.data import DocumentAudit
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


@dataclass(slots=True)
class Tally:
    """What the overview counts, in one pass over the documents: a run may be too large to be gone through often.

    ``rules`` has the findings of each rule by severity, ``holders`` the documents that have any of it.
    """

    decisions: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)
    undated: int = 0
    rules: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    holders: Counter[str] = field(default_factory=Counter)

    def add(self, audit: DocumentAudit) -> None:
        """Count a document."""
        self.decisions[audit.verdict.decision] += 1
        self.labels[audit.verdict.label] += 1
        self.languages[audit.page.language.tag] += 1
        self.sources.update(_sources(audit))
        day = _published(audit)[:10]
        self.undated += not day
        if day:
            self.days[day] += 1
        for one in audit.findings:
            self.rules[one.rule][one.severity.label] += 1
        self.holders.update({one.rule for one in audit.findings})


def charts(tally: Tally) -> dict[str, list[Bar]]:
    """The bars: findings by family in severities, decisions, origin labels, languages."""
    decisions, labels = tally.decisions, tally.labels
    named = [(_(DECISIONS.get(n, (n,))[0]), decisions[n], n, f"decision={n}") for n in _ordered(decisions, DECISIONS)]
    origins = [(_(LABELS.get(n, (n,))[0]), labels[n], "label", "") for n in _ordered(labels, LABELS)]
    return {
        "families": list(_family_bars(tally)),
        "decisions": list(_bars(named)),
        "labels": list(_bars(origins)),
        "languages": list(_bars(_language_counts(tally.languages))),
        "sources": list(_bars(_source_counts(tally.sources))),
        "dates": list(_bars(_date_counts(tally.days))),
    }


def _sources(audit: DocumentAudit) -> set[str]:
    """The outlets and agencies that a document names; bodies that speak and picture desks are left out."""
    told = [one for one in audit.provenance.sources if one.get("relation") not in {"photo", "official statement"}]
    return {clipped(plain(str(one["name"])), 40) for one in told}


def _source_counts(counts: Counter[str]) -> list[tuple[str, int, str, str]]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(name, number, "label", "") for name, number in ranked[:_MOST_SOURCES]]


def _published(audit: DocumentAudit) -> str:
    found = [iso_date(one.get("date")) for one in audit.provenance.dates if one.get("role") == "published"]
    return min((one for one in found if one), default="")


def _date_counts(days: Counter[str]) -> list[tuple[str, int, str, str]]:
    """Documents by day, month or year of publication, the finest that gives few enough columns."""
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


def _family_bars(tally: Tally) -> Iterator[Bar]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for code, found in tally.rules.items():
        counts[code[:2]].update(found)
    longest = max((one.total() for one in counts.values()), default=1)
    for code in sorted(counts, key=lambda name: (-counts[name].total(), name)):
        own = counts[code]
        cells = tuple(Cell(_share(own[name], longest), name, own[name]) for name in SEVERITIES if own[name])
        yield Bar(_(family(code)) if code in FAMILIES else code, cells, own.total(), f"rule={code}")


def _share(number: int, longest: int) -> int:
    """Whole percent of the longest bar; what is there is always seen."""
    return max(1, round(100 * number / longest)) if number else 0
