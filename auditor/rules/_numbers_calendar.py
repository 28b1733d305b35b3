"""Dates and times: weekday against date, days that no month has, intervals that do not add up, deadlines that move."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from auditor.data import SegmentedDocument, Span
from auditor.rules._numbers_facts import Slip, Statement, statements
from auditor.rules._numbers_measure import Quantity
from auditor.rules._numbers_tables import calendar, particles, topics

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WORD = re.compile(r"[^\W\d_]+")
_EAST_WEEKDAY = re.compile(r"[(（]?(?:星期|週|周)?([月火水木金土日一二三四五六])(?:曜日?)?[)）]")
# From here on all of these languages count by the Gregorian calendar.
_FIRST_YEAR = 1925
_MOST_DATES = 30
_LONGEST = 1000
_LENGTHS = {2: "at most 29"}
_MINUTES = {"min": 1, "h": 60}


def slips(page: SegmentedDocument) -> Iterator[Slip]:
    """Dates and times of a page that contradict each other or the calendar."""
    found = statements(page)
    told: set[tuple[float, ...]] = set()
    for one in found:
        for quantity in one.quantities:
            if quantity.kind == "date" and quantity.moment:
                yield from _weekday(page, one, quantity)
                for slip in _impossible(page, one, quantity):
                    # A date that is named again is the same slip.
                    if slip.values not in told:
                        told.add(slip.values)
                        yield slip
        yield from _interval(page, one)
    yield from _deadlines(page, found)


def _weekday(page: SegmentedDocument, one: Statement, seen: Quantity) -> Iterator[Slip]:
    moment = seen.moment
    if (
        moment is None
        or moment.numeric
        or moment.impossible
        or not moment.day
        or not moment.month
        or moment.year < _FIRST_YEAR
    ):
        return
    found = _named_weekday(page, one, seen)
    true = (
        date(moment.year, moment.month, moment.day).isoweekday() if _valid(moment.year, moment.month, moment.day) else 0
    )
    if found and true and found[1] != true:
        stated, right = _DAYS[found[1] - 1], _DAYS[true - 1]
        words = f"{moment.year}-{moment.month:02}-{moment.day:02} was a {right}, but the text says {stated}."
        span = Span(min(found[0].start, seen.span.start), max(found[0].end, seen.span.end))
        yield Slip(span, words, "weekday", (found[1], true), "", None, None, ())


def _valid(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _named_weekday(page: SegmentedDocument, one: Statement, seen: Quantity) -> tuple[Span, int] | None:
    """The weekday that touches a date: at most a comma, a blank and one short word lie between."""
    names = calendar("weekday", one.language)
    low = max(one.span.start, seen.span.start - 24)
    before = list(_WORD.finditer(page.folded, low, seen.span.start))
    for word in before[-2:][::-1]:
        gap = page.folded[word.end() : seen.span.start]
        if word.group() in names and re.fullmatch(r",?\.? ?(?:the |den |dem |le |el |il |o |dne )?", gap):
            return Span(word.start(), word.end()), names[word.group()]
    if one.language in {"ja", "zh"}:
        match = _EAST_WEEKDAY.match(page.folded, seen.span.end)
        number = {
            "一": 1,
            "二": 2,
            "三": 3,
            "四": 4,
            "五": 5,
            "六": 6,
            "日": 7,
            "月": 1,
            "火": 2,
            "水": 3,
            "木": 4,
            "金": 5,
            "土": 6,
        }
        return (Span(match.start(), match.end()), number[match[1]]) if match else None
    after = re.compile(r" ?[(]([^\W\d_]+)[)]").match(page.folded, seen.span.end)
    return (Span(after.start(1), after.end(1)), names[after[1]]) if after and after[1] in names else None


def _impossible(page: SegmentedDocument, one: Statement, seen: Quantity) -> Iterator[Slip]:
    moment = seen.moment
    if moment is None or not moment.impossible or moment.numeric or _unreal(page, one, moment.year):
        return
    # "June 31 people" is a count: month first needs a year or the end of the clause behind the day.
    text = seen.span.cut(page.folded)
    after = page.folded[seen.span.end : seen.span.end + 1]
    if text[0].isdigit() or moment.year or after in {"", ",", ".", ";", ")", "\n"}:
        certain = moment.day <= 31 and (bool(moment.year) or text[0].isdigit())
        name = month_name[moment.month]
        words = f"There is no such day: {name} has {_LENGTHS.get(moment.month, 30)} days."
        if moment.day <= 31:
            yield Slip(seen.span, words, "impossible-date", (moment.day, moment.month), "", None, None, (), certain)


def _unreal(page: SegmentedDocument, one: Statement, year: int) -> bool:
    """Whether the sentence itself says that there is no such day, or tells of another calendar ("in 1712")."""
    end = min(one.span.end, one.span.start + _LONGEST)
    text = page.folded[one.span.start : end]
    old = year or min((q.value for q in one.quantities if q.kind == "year"), default=0)
    if 0 < old < _FIRST_YEAR and year != old:
        return True
    words = set(_WORD.findall(text))
    return any(
        phrase in words if phrase.isalpha() and one.language not in {"zh", "ja"} else phrase in text
        for phrase in (word.replace("_", " ") for word in particles("unreal", one.language))
    )


def _interval(page: SegmentedDocument, one: Statement) -> Iterator[Slip]:
    """Tell of "Suspended at 14.10, back at 15.40 after the forty-five minutes of pause": the interval is another."""
    times = [q for q in one.quantities if q.kind == "time"]
    spans = [q for q in one.quantities if q.kind == "unit" and q.unit in _MINUTES and not q.bound]
    if len(times) != 2 or len(spans) != 1 or times[0].value >= times[1].value:
        return
    lasted = spans[0]
    near = page.folded[lasted.span.end : lasted.span.end + 20]
    pause = any(-1 <= o.span.start - lasted.span.end <= 14 for o in one.linked("pause"))
    touching = 0 <= lasted.span.start - times[1].span.end <= 20
    away = times[1].value - times[0].value
    stated = lasted.value * _MINUTES[lasted.unit]
    if pause and touching and not re.search(r"[.;]", near[:2]) and stated != away:
        first, last = _clock(times[0].value), _clock(times[1].value)
        words = f"From {first} to {last} is {away:g} minutes, but {stated:g} minutes are stated."
        span = Span(times[1].span.start, lasted.span.end)
        yield Slip(
            span, words, "interval", (times[0].value, times[1].value, stated), "min", None, None, (times[0].span,)
        )


def _clock(minutes: float) -> str:
    return f"{int(minutes) // 60}:{int(minutes) % 60:02}"


def _deadlines(page: SegmentedDocument, found: Sequence[Statement]) -> Iterator[Slip]:
    """Until the same day of two months, in two sentences about one thing."""
    dates = [
        (one, q)
        for one in found
        for q in one.quantities
        if q.kind == "date" and q.moment and q.moment.day and q.moment.month
    ]
    for (first, one), (second, other) in combinations(dates[:_MOST_DATES], 2):
        if first is second or one.moment is None or other.moment is None or one.moment.numeric:
            continue
        same = (
            one.moment.day == other.moment.day
            and one.moment.year == other.moment.year
            and one.moment.month != other.moment.month
        )
        lead = _lead(page, first, one)
        if same and lead in particles("until", first.language) and lead == _lead(page, second, other):
            shared = set(_topics(page, first, one)) & set(_topics(page, second, other))
            if shared:
                words = (
                    f"The same event is dated {one.span.cut(page.text)} before and {other.span.cut(page.text)} here."
                )
                yield Slip(
                    other.span, words, "date", (one.value, other.value), "", None, None, (one.span,), len(shared) > 1
                )


def _lead(page: SegmentedDocument, one: Statement, seen: Quantity) -> str:
    words = _WORD.findall(page.folded[max(one.span.start, seen.span.start - 20) : seen.span.start])
    return words[-1] if words else ""


def _topics(page: SegmentedDocument, one: Statement, seen: Quantity) -> list[str]:
    text = page.folded[one.span.start : seen.span.start] + " " + page.folded[seen.span.end : one.span.end]
    return [topic for topic in topics(text, one.language) if topic not in calendar("month", one.language)]
