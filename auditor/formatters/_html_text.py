"""Lays out a document's text for the page: lines, cut at the borders of findings, evidence and scored sentences."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

from auditor.data import Finding, Line, SegmentedDocument, Severity, Span

# Of a long text the beginning is shown, and beyond it what stands around findings and evidence.
SHOWN_CHARS = 200_000
_AROUND = 200
_LONGEST_BEYOND = 2_000
_MARKS_BEYOND = 300
# A mark names at most this many of the findings that overlap there; the list below the text names all.
_MARK_FINDINGS = 12
_FOLD_CHARS = 200
_FOLD_LINES = 2


@dataclass(frozen=True, slots=True)
class Marked:
    """A finding with its number on the page."""

    number: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line in which nothing begins or ends. ``heat`` is a level of 0 to 9, or None."""

    text: str
    findings: tuple[int, ...]
    severity: str
    heat: int | None
    anchors: tuple[int, ...]
    target: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``language`` only where it is not the document's own; ``hidden``: characters left out before it."""

    pieces: tuple[Piece, ...]
    language: str
    role: str
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Fold:
    """Consecutive rows; ``finding`` is the number of the long boilerplate finding that covers them, else None."""

    finding: int | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class TextView:
    """The text as rows, which anchors (``s<start>``) it holds, and how many characters were left out."""

    folds: tuple[Fold, ...]
    anchors: frozenset[int]
    hidden: int


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is drawn over the text: findings, places that findings of other documents point at, heat of sentences."""

    marks: Sequence[Marked]
    targets: Sequence[Span]
    heat: Sequence[tuple[Span, int]]


def lay_out(page: SegmentedDocument, overlay: Overlay) -> TextView:
    """Cut the text into rows and pieces; linear in the text and the marks."""
    shown = _shown(page.text, overlay)
    pen = _Pen(page.text, overlay)
    rows: list[tuple[int | None, Row]] = []
    end, hidden_total = 0, 0
    folds = _folds(overlay.marks)
    for stretch, line in _stretches(page):
        for span in _intersections(stretch, shown):
            hidden = len(page.text[end : span.start].strip())
            hidden_total += hidden
            rows.append((_fold_of(stretch, folds), pen.row(span, line, page.language.tag, hidden)))
            end = span.end
    hidden_total += len(page.text[end:].strip())
    return TextView(tuple(_grouped(rows)), frozenset(pen.drawn), hidden_total)


def _stretches(page: SegmentedDocument) -> Iterator[tuple[Span, Line | None]]:
    """The lines in order, and any text that lies in none of them."""
    at = 0
    for line in sorted(page.lines, key=lambda line: line.span):
        if page.text[at : line.span.start].strip():
            yield Span(at, line.span.start), None
        if line.span.end > at:
            yield Span(max(at, line.span.start), line.span.end), line
            at = line.span.end
    if page.text[at:].strip():
        yield Span(at, len(page.text)), None


def _shown(text: str, overlay: Overlay) -> list[Span]:
    """Ranges of the text that are shown: all of it, or the beginning and the surroundings of marks beyond."""
    if len(text) <= SHOWN_CHARS:
        return [Span(0, len(text))]
    shown = [Span(0, SHOWN_CHARS)]
    places = sorted({mark.finding.span for mark in overlay.marks} | set(overlay.targets))
    beyond = [span for span in places if span.end > SHOWN_CHARS and span.start < len(text)]
    for span in beyond[:_MARKS_BEYOND]:
        near = Span(max(0, span.start - _AROUND), min(span.end, span.start + _LONGEST_BEYOND, len(text)) + _AROUND)
        if near.start <= shown[-1].end:
            shown[-1] = Span(shown[-1].start, max(near.end, shown[-1].end))
        else:
            shown.append(near)
    return shown


def _intersections(stretch: Span, shown: list[Span]) -> Iterator[Span]:
    at = bisect_right(shown, stretch.start, key=lambda span: span.end)
    while at < len(shown) and shown[at].start < stretch.end:
        yield Span(max(stretch.start, shown[at].start), min(stretch.end, shown[at].end))
        at += 1


def _folds(marks: Sequence[Marked]) -> list[Marked]:
    """Boilerplate that is long, or stands on several lines."""
    long = [mark for mark in marks if mark.finding.rule.startswith("BP") and _is_block(mark.finding)]
    return sorted(long, key=lambda mark: mark.finding.span)


def _is_block(finding: Finding) -> bool:
    return len(finding.span) > _FOLD_CHARS or finding.quote.count("\n") >= _FOLD_LINES


def _fold_of(stretch: Span, folds: list[Marked]) -> int | None:
    at = bisect_right(folds, stretch.start, key=lambda mark: mark.finding.span.start) - 1
    return folds[at].number if at >= 0 and folds[at].finding.span.contains(stretch) else None


def _grouped(rows: list[tuple[int | None, Row]]) -> Iterator[Fold]:
    group: list[Row] = []
    current: int | None = None
    for finding, row in rows:
        if group and finding != current:
            yield Fold(current, tuple(group))
            group = []
        current = finding
        group.append(row)
    if group:
        yield Fold(current, tuple(group))


class _Event(NamedTuple):
    """A border; at one place ends sort before beginnings."""

    place: int
    begins: bool
    kind: str
    value: int
    severity: Severity


class _Pen:
    """Walks the borders once from left to right and knows what is open at each place."""

    def __init__(self, text: str, overlay: Overlay) -> None:
        self.drawn: set[int] = set()
        self._text = text
        self._open: dict[int, Severity] = {}
        self._heat: int | None = None
        self._targets = 0
        self._waiting: list[int] = []
        self._at = 0
        self._events = sorted(_events(overlay))
        self._borders = sorted({event.place for event in self._events})

    def row(self, span: Span, line: Line | None, main: str, hidden: int) -> Row:
        """Draw one range of the text, before which ``hidden`` characters were left out."""
        low, high = bisect_right(self._borders, span.start), bisect_left(self._borders, span.end)
        pieces = []
        for start, end in pairwise([span.start, *self._borders[low:high], span.end]):
            self._move(start)
            if hidden and start == span.start:
                # What began in the part left out has no place to point at here.
                self._waiting = [place for place in self._waiting if place == start]
            pieces.append(self._piece(start, end))
        tag = line.language.tag if line else main
        return Row(tuple(pieces), "" if tag == main else tag, line.role if line else "", hidden)

    def _move(self, to: int) -> None:
        """Apply all that begins or ends up to a place."""
        while self._at < len(self._events) and self._events[self._at].place <= to:
            event = self._events[self._at]
            self._at += 1
            if event.kind == "heat":
                self._heat = event.value if event.begins else None
                continue
            if event.begins:
                self._waiting.append(event.place)
            if event.kind == "target":
                self._targets += 1 if event.begins else -1
            elif event.begins:
                self._open[event.value] = event.severity
            else:
                self._open.pop(event.value, None)

    def _piece(self, start: int, end: int) -> Piece:
        anchors = tuple(sorted({*self._waiting} - self.drawn))
        self.drawn.update(anchors)
        self._waiting = []
        numbers = tuple(islice(self._open, _MARK_FINDINGS))
        severity = max(self._open.values()).label if self._open else ""
        return Piece(self._text[start:end], numbers, severity, self._heat, anchors, self._targets > 0)


def _events(overlay: Overlay) -> Iterator[_Event]:
    for mark in overlay.marks:
        span, severity = mark.finding.span, mark.finding.severity
        yield _Event(span.start, True, "mark", mark.number, severity)
        yield _Event(max(span.end, span.start + 1), False, "mark", mark.number, severity)
    for span in overlay.targets:
        yield _Event(span.start, True, "target", 0, Severity.NEUTRAL)
        yield _Event(max(span.end, span.start + 1), False, "target", 0, Severity.NEUTRAL)
    for span, level in overlay.heat:
        yield _Event(span.start, True, "heat", level, Severity.NEUTRAL)
        yield _Event(span.end, False, "heat", level, Severity.NEUTRAL)
