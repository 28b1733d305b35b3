"""Dates and clock times: a small parser of our own, which also keeps their digits from being read as counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.rules._numbers_tables import calendar, particles

_NUMERIC = re.compile(
    r"(?<![\d.,/-])(?:(?P<y1>[12]\d{3})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})|"
    r"(?P<a>\d{1,2})(?P<s>[-/.]) ?(?P<b>\d{1,2})(?P=s) ?(?P<y2>[12]\d{3}|\d{2})(?!\d))(?![\d/-])"
)
_EAST = re.compile(
    r"(?:(\d{4})[年년] ?)?(\d{1,2})[月월] ?(?:(\d{1,2})[日号号일])?|(\d{4})[年년](?!間)|(\d{1,2})日(?!間)"
)
_CLOCK = re.compile(r"(?<![\d.,:])(?P<h>[01]?\d|2[0-4])(?P<s>[:.h]| h )(?P<m>[0-5]\d)(?![\d%]|[.,:]\d)")
_EAST_CLOCK = re.compile(r"(\d{1,2})[時时点點시](?!間|间)(?:(\d{1,2})[分분]|半)?")
_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)?")
_DAY = re.compile(r"(?<![\d.,:/])(\d{1,2})(?:\.|st|nd|rd|th|er|º|ª|°|-го|-го|-е)? (?:of |de |d'|ta' )?$")
_AFTER_DAY = re.compile(r"\.? (\d{1,2})(?:st|nd|rd|th)?(?![\d.:%])")
_YEAR = re.compile(r",? ?(?:de |del |р\. ?|г\. ?)?([12]\d{3})(?![\d.,]\d)")
_ANY_DIGIT = re.compile(r"\d")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date (``day``, ``month``, ``year``, 0 where not said) or a clock time (``minute`` of the day, else -1)."""

    start: int
    end: int
    day: int = 0
    month: int = 0
    year: int = 0
    minute: int = -1
    numeric: bool = False

    @property
    def impossible(self) -> bool:
        """Whether the month does not have that day."""
        return 0 < self.month <= 12 and self.day > _DAYS[self.month - 1]


def moments(folded: str, language: str) -> list[Moment]:
    """All dates and clock times of a sentence, without overlaps, in order."""
    if not _ANY_DIGIT.search(folded):
        return []
    ways = (_numeric(folded), _named(folded, language), _east(folded, language), _clock(folded, language))
    every = [(one.start, order, one) for order, way in enumerate(ways) for one in way]
    kept: list[Moment] = []
    for _, _, one in sorted(every, key=lambda item: item[:2]):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _numeric(folded: str) -> Iterator[Moment]:
    for match in _NUMERIC.finditer(folded):
        if match["y1"]:
            day, month, year = int(match["d1"]), int(match["m1"]), int(match["y1"])
        else:
            day, month, year = int(match["a"]), int(match["b"]), int(match["y2"])
        if day <= 31 and month <= 31:
            yield Moment(match.start(), match.end(), day, month, year, numeric=True)


def _named(folded: str, language: str) -> Iterator[Moment]:
    names = calendar("month", language)
    if not names:
        return
    for match in _NAME.finditer(folded):
        first, _, second = match.group().partition(" ")
        for text, start in ((match.group(), 0), (first, 0), (second, len(first) + 1)):
            if text in names:
                yield from _around(folded, match.start() + start, match.start() + start + len(text), names[text])
                break


def _around(folded: str, start: int, end: int, month: int) -> Iterator[Moment]:
    day = 0
    if before := _DAY.search(folded, max(0, start - 12), start):
        day, start = int(before[1]), before.start()
    elif after := _AFTER_DAY.match(folded, end):
        day, end = int(after[1]), after.end()
    year = _YEAR.match(folded, end)
    if year:
        end = year.end()
    if day or year:
        yield Moment(start, end, day, month, int(year[1]) if year else 0)


def _east(folded: str, language: str) -> Iterator[Moment]:
    if language not in {"zh", "ja", "ko"}:
        return
    for match in _EAST.finditer(folded):
        year, month, day, alone, only_day = (int(group) if group else 0 for group in match.groups())
        yield Moment(match.start(), match.end(), day or only_day, month, year or alone)
    for match in _EAST_CLOCK.finditer(folded):
        minute = 30 if match.group().endswith("半") else int(match[2] or 0)
        if int(match[1]) <= 24:
            yield Moment(match.start(), match.end(), minute=int(match[1]) * 60 + minute)


def _clock(folded: str, language: str) -> Iterator[Moment]:
    for match in _CLOCK.finditer(folded):
        # With a full stop a time looks like a decimal: the word before or after it must say which it is.
        if match["s"] != "." or _says_clock(folded, match, language):
            yield Moment(match.start(), match.end(), minute=int(match["h"]) * 60 + int(match["m"]))


def _says_clock(folded: str, match: re.Match[str], language: str) -> bool:
    known = particles("clock", language)
    before = re.search(r"[^\W\d_]+(?=[\s.']{1,2}$)", folded[max(0, match.start() - 16) : match.start()])
    after = re.match(r" ?([^\W\d_]+(?:\.m)?)", folded[match.end() : match.end() + 12])
    return bool((before and before.group() in known) or (after and after.group(1) in known))
