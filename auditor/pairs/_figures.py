"""Numbers and dates of the translation against those of the source."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import ClassVar

from auditor.data import Finding, RuleMeta, Severity, Span
from auditor.pairs._view import PairCheck, Side, View
from auditor.rules._numbers_tables import words as number_words
from auditor.rules._quantities import Quantity

_DIGITS = re.compile(r"\d+(?:[.,٫٬'’\u00a0\u202f ]\d{3}(?!\d))*(?:[.,٫]\d+)?")
_CENTURIES = ("19", "20")
_DEGREES = re.compile(r"[ -]?(?:°|º|degree|grad|stup|deg|градус|度|celsi|fahrenheit)")


def _plain_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else "" for char in text)


def _significant(text: str) -> str:
    """Digits that tell one number from another whatever its magnitude word: 3.40, 34 and 3,400,000 are all "34"."""
    return _plain_digits(text).strip("0")


def _value_key(value: float) -> str:
    return f"{value:.10g}".replace(".", "").partition("e")[0].strip("0").lstrip("-")


def _told(side: Side) -> set[str]:
    """Significant digits of all that a side says in figures or words, dates and times and their parts too."""
    found = {_significant(match[0]) for match in _DIGITS.finditer(side.text)}
    found |= {_significant(part) for match in _DIGITS.finditer(side.text) for part in re.findall(r"\d+", match[0])}
    for one in side.quantities:
        found |= {_value_key(one.value), _value_key(one.value / one.times)}
        if one.moment:
            found |= {str(part).strip("0") for part in (one.moment.day, one.moment.month, one.moment.year)}
            hour, minute = divmod(max(one.moment.minute, 0), 60)
            found |= {str(part).strip("0") for part in (hour, hour % 12, hour + 12, minute)}
    return found


class Numbers(PairCheck):
    """Finds numbers in figures that the other side does not have.

    Why: a wrong figure is the costliest slip of a translation that otherwise reads well.
    How: numbers are compared by value and by their significant digits, so that 3.4 million, 3,400,000 and 340万 are
    one; numbers in words, dates and times of the other side count as well. A number that stands in the source only,
    beside one that stands in the target only, is a changed number.
    Limits: translators convert units and currencies, so numbers whose unit the other side does not have are not
    compared, nor are single digits, which languages write as words; a number that is only added or left out is minor.
    Data: side, kind (changed, added, omitted).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TP002", "pair-number", Severity.MAJOR, "101000", "numbers")

    def check(self, pair: View) -> Iterator[Finding]:
        """Yield numbers of one side that the other lacks."""
        source, target = pair.source, pair.target
        added, lost = list(_alone(target, source)), list(_alone(source, target))
        if len(added) == len(lost):
            for span, meant in zip(added, lost, strict=True):
                right = meant.cut(source.text)
                message = f"The source has {right}."
                yield self.at(pair, target, span, message, proof=meant, kind="changed", confidence=0.85)
            return
        for span in added:
            message = "This number is not in the source."
            yield self.at(pair, target, span, message, severity=Severity.MINOR, kind="added", confidence=0.6)
        for span in lost:
            message = "The translation lacks this number."
            yield self.at(pair, source, span, message, severity=Severity.MINOR, kind="omitted", confidence=0.6)


def _alone(side: Side, other: Side) -> Iterator[Span]:
    """Numbers in figures of one side whose digits the other does not have in any form."""
    told = _told(other)
    small = bool(number_words(side.language)) and bool(number_words(other.language))
    joined = _plain_digits(other.text)
    for match in _DIGITS.finditer(side.text):
        key, digits = _significant(match[0]), _plain_digits(match[0])
        if len(digits) < 2 or not key or key in told or _part_of_a_word(side.text, match):
            continue
        if (not small and len(key) < 2) or (len(key) > 2 and key in joined) or _short_year(digits, other):
            continue
        if not _converted(side, other, match):
            yield Span(*match.span())


def _short_year(digits: str, other: Side) -> bool:
    """Whether a number is a year (or decade) of which the other side has the last two digits, or the other way."""
    found = {_plain_digits(match[0]) for match in _DIGITS.finditer(other.text)}
    if len(digits) == 4 and digits[:2] in _CENTURIES:
        return digits[2:] in found
    return len(digits) == 2 and any(century + digits in found for century in _CENTURIES)


def _converted(side: Side, other: Side, match: re.Match[str]) -> bool:
    """Whether a unit follows that the other side does not have: degrees, miles, dollars and clock times convert."""
    if _DEGREES.match(side.folded[match.end() : match.end() + 16]):
        return True
    theirs = {one.measure for one in other.quantities}
    return any(
        (one.kind in {"unit", "currency"} and one.measure not in theirs) or one.kind == "time"
        for one in side.quantities
        if one.span.overlaps(Span(*match.span()))
    )


def _part_of_a_word(text: str, match: re.Match[str]) -> bool:
    """Whether a number belongs to a name or code: A4, 4G, COVID-19, 3-D."""
    before, after = text[: match.start()][-2:], text[match.end() : match.end() + 1]
    if before[-1:].isalpha() and before[-1:].isascii():
        return True
    if before[-1:] == "-" and before[:1].isalpha():
        return True
    return after.isascii() and after.isalpha()


class Dates(PairCheck):
    """Finds dates whose day or month is not that of the source.

    Why: 4 March that was 3 April is a slip of format that no reader of the translation can see.
    How: where each side has one date with day and month, both must agree; a day that the other side names elsewhere
    belongs to a range. Dates in figures whose order of day and month is open (3/4) agree with either reading.
    Limits: several dates on one side are not compared.
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TP004", "pair-date", Severity.MAJOR, "405000", "locale-violation")

    def check(self, pair: View) -> Iterator[Finding]:
        """Yield the date of the target that is not the source's."""
        ours, theirs = _dates(pair.target), _dates(pair.source)
        if len(ours) != 1 or len(theirs) != 1:
            return
        (mine, span), (meant, place) = ours[0], theirs[0]
        if mine & meant or (_days(mine) != _days(meant) and _day_of_a_range(pair, mine, meant)):
            return
        right = place.cut(pair.source.text)
        yield self.at(pair, pair.target, span, f"The source has {right}.", proof=place, confidence=0.9)


def _days(readings: set[tuple[int, int]]) -> set[int]:
    return {day for day, _ in readings}


def _day_of_a_range(pair: View, mine: set[tuple[int, int]], meant: set[tuple[int, int]]) -> bool:
    """Whether the day of one side stands somewhere on the other: "11. and 14. September", "September 11 and 14"."""
    here, there = _told(pair.target), _told(pair.source)
    return any(str(day).strip("0") in there for day in _days(mine)) or any(
        str(day).strip("0") in here for day in _days(meant)
    )


def _dates(side: Side) -> list[tuple[set[tuple[int, int]], Span]]:
    """Dates with day and month, each with its possible readings."""
    return [
        (_readings(one), one.span)
        for one in side.quantities
        if one.kind == "date" and one.moment and one.moment.day and one.moment.month
    ]


def _readings(one: Quantity) -> set[tuple[int, int]]:
    moment = one.moment
    if moment is None:
        return set()
    read = {(moment.day, moment.month)}
    return read | {(moment.month, moment.day)} if moment.numeric and moment.day <= 12 else read
