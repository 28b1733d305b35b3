"""What stands around a number: its currency, magnitude word and unit, its hedge, and the words that it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.data import Span
from auditor.rules._numbers_dates import Moment
from auditor.rules._numbers_digits import Raw
from auditor.rules._numbers_tables import (
    Measure,
    codes,
    currencies,
    languages_that_write,
    longest,
    particles,
    stem,
    units,
    words,
)

_SPACE = re.compile(r"[ \-]?")
_OF = re.compile(r" ?(?:de |d'|di |of |del |degli |da )")
_MAGNITUDE = re.compile(r"([^\W\d_]+)(\.?)")
_ORDINAL = re.compile(
    r"(?:st|nd|rd|th|er|re|ère|e|è|ème|º|ª|°|ος|η|ο|ης|ου|-?(?:го|му|й|я|е|ый|ая|ой|та|ти|ш))(?![^\W_])"
)
_NOUN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_CLAUSE_END = re.compile(r"[.,;:()!?\"。、，；：！？（）「」«»—–/]| - ")
_SIGNS = re.compile(r"(?:[^\W\d_]{0,3}[$]|[€£¥₹₽₴₺₪₩₱₫฿₸₾֏₼₦৳]|(?<![^\W_])[^\W\d_]{2,3}\.?) ?$")
_ADJECTIVE = re.compile(r"[ \-]([^\W\d_]{3,14})[ ]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its measure.

    ``kind`` is count, currency, unit, counter, percent, point, year, ordinal, date or time; ``unit`` the unit id,
    counter or ISO 4217 code; ``step`` the value of the last meaningful place; ``bound`` what hedges it (``~`` about,
    ``>`` more than, ``<`` less than, ``-`` part of a range); ``nouns`` the stems of the words after it; ``times`` the
    magnitude word's factor. For dates and times ``value`` is the day of the year (31 days a month) or the minute.
    """

    span: Span
    value: float
    step: float
    kind: str
    unit: str
    sentence: int
    times: float = 1.0
    bound: str = ""
    weak: bool = False
    nouns: tuple[str, ...] = ()
    moment: Moment | None = None

    @property
    def measure(self) -> tuple[str, str]:
        """What two quantities must share to be added or compared."""
        return ("count", "") if self.kind in {"count", "year"} else (self.kind, self.unit)


class Reader:
    """Reads what stands around one number."""

    def __init__(self, raw: str, folded: str, language: str, number: Raw, floor: int) -> None:
        self.floor = floor
        self.raw, self.folded, self.language, self.number = raw, folded, language, number
        self.start, self.end = number.start, number.end
        self.value, self.step, self.times = number.value, number.step, 1.0

    def quantity(self, base: int, sentence: int) -> Quantity | None:
        """The quantity, or None where the number is part of a code or a score."""
        if self._coded():
            return None
        money = self._money_before()
        self._magnitude(money is not None)
        ordinal = self._ordinal()
        measure = Measure("", "ordinal", 1) if ordinal else money or self._measure()
        if measure is None and (self._letters_follow() or self._hour()):
            return None
        kind, unit = self._kind(measure)
        if self.number.written and kind == "count" and self.language in {"zh", "ja"} and self.end - self.start == 1:
            return None
        span = Span(base + self.start, base + self.end)
        weak = self.number.weak and kind not in {"currency", "percent"}
        nouns = tuple(self._nouns())
        return Quantity(span, self.value, self.step, kind, unit, sentence, self.times, self._bound(), weak, nouns)

    def _coded(self) -> bool:
        """Whether letters or signs make it a name, a code, a score or a phone number ("A320", "3:1", "+44")."""
        if self.number.written:
            return False
        before = self.folded[max(0, self.start - 2) : self.start]
        after = self.folded[self.end : self.end + 2]
        if before[-1:] in {"#", "+", "№", "/", "@", "&", "第", "_", "\\", "="} or after[:1] in {"_", "@", "=", "\\"}:
            return True
        east = self.language in {"zh", "ja", "ko"}
        if before[-1:].isalpha() and not (east and not before[-1:].isascii()) and not _SIGNS.search(before):
            return self.language != "ar"
        if len(before) == 2 and before[1] == "-" and before[0].isalpha() and not east:
            return True
        return (after[:1] in {":", "/", "."} and after[1:2].isdigit()) or (
            before[-1:] in {":", "."} and before[:1].isdigit()
        )

    def _money_before(self) -> Measure | None:
        match = _SIGNS.search(self.folded, max(self.floor, self.start - 5), self.start)
        found = currencies("mul").get(match.group().strip(" .")) if match else None
        if match is None or found is None:
            return None
        text = self.raw[match.start() : match.end()].strip()
        if match.group().strip(" .").isalpha() and not (text.isupper() or text.lower() in {"kr", "rs"}):
            return None
        self.start = match.start()
        return found

    def _magnitude(self, money: bool) -> None:
        """Take the magnitude words after the number ("тыс.", "mil millones", "bn")."""
        if self.language in {"zh", "ja", "ko"}:
            return
        known = words(self.language)
        for _ in range(2):
            space = _SPACE.match(self.folded, self.end)
            at = space.end() if space else self.end
            match = _MAGNITUDE.match(self.folded, at)
            if not match:
                return
            text, word = match.group(1), known.get(match.group(1))
            if money and at == self.end and text in {"m", "b"}:
                factor, end = {"m": 1e6, "b": 1e9}[text], match.end(1)
            elif word and word.kind == "abbreviation" and not self.number.written:
                factor, end = word.value, match.end()
            elif word and word.kind == "magnitude" and not self.number.weak:
                factor, end = word.value, match.end(1)
            else:
                return
            self.value, self.step, self.times, self.end = (
                self.value * factor,
                self.step * factor,
                self.times * factor,
                end,
            )

    def _ordinal(self) -> bool:
        if self.number.written:
            return False
        if match := _ORDINAL.match(self.folded, self.end):
            self.end = match.end()
            return True
        dotted = self.language in languages_that_write("dotted-ordinal") and re.match(
            r"\. ?[^\W\d_]", self.folded[self.end : self.end + 3]
        )
        return bool(dotted) and self.number.value < 100

    def _measure(self) -> Measure | None:
        if self.language in {"tr", "zh"} and (found := self._percent_before()):
            return found
        at = _SPACE.match(self.folded, self.end)
        for start in dict.fromkeys((at.end() if at else self.end, self._after_of())):
            unit = longest(units(self.language), self.folded, start)
            money = longest(currencies(self.language), self.folded, start)
            best = money if money and (unit is None or self.value >= 1000) else unit
            if best and self._allowed(best[0], start, best[1]):
                self.end = best[1]
                return best[0]
        return self._skipping()

    def _allowed(self, measure: Measure, start: int, end: int) -> bool:
        """A code must be in capitals, and a symbol of one letter must touch its number or stand apart from words."""
        text = self.folded[start:end]
        if measure.dimension == "currency" and text in codes():
            return self.raw[start:end].isupper()
        if len(text) == 1 and text.isascii() and text.isalpha():
            return (
                self.raw[start:end] == text
                and not self.folded[end : end + 1].isalpha()
                and self.folded[end : end + 1] != "'"
            )
        return measure.dimension != "percent-before"

    def _after_of(self) -> int:
        match = _OF.match(self.folded, self.end)
        return match.end() if (match and self.times > 1) or (match and self.number.value >= 1000) else self.end

    def _skipping(self) -> Measure | None:
        """A currency word behind one adjective ("96 miljoner danska kronor")."""
        match = _ADJECTIVE.match(self.folded, self.end)
        if not match or match.group(1) in particles("at", self.language) or self.number.weak:
            return None
        found = longest(currencies(self.language), self.folded, match.end())
        if (
            not found
            or found[1] - match.end() < 3
            or (found[1] - match.end() == 3 and found[0].id.lower() == self.folded[match.end() : found[1]])
        ):
            return None
        self.end = found[1]
        return found[0]

    def _percent_before(self) -> Measure | None:
        for text in ("yüzde ", "%", "百分之"):
            if self.folded.endswith(text, self.floor, self.start) and (text != "%" or self.language == "tr"):
                self.start -= len(text)
                return units("mul")["%"]
        return None

    def _letters_follow(self) -> bool:
        after = self.folded[self.end : self.end + 1]
        return not self.number.written and after.isalpha() and self.language not in {"zh", "ja", "ko", "ar", "he", "fa"}

    def _hour(self) -> bool:
        """Whether "o'clock" in the language follows ("21 Uhr")."""
        match = _MAGNITUDE.match(self.folded, self.end + 1)
        return match is not None and match.group(1) in particles("clock", self.language)

    def _kind(self, measure: Measure | None) -> tuple[str, str]:
        if measure is None:
            plain = self.times == 1 and not self.number.written and self.end - self.start == 4
            return ("year" if plain and 1500 <= self.value <= 2100 else "count"), ""
        if measure.dimension in {"currency", "percent", "point", "counter", "ordinal"}:
            return measure.dimension, measure.id
        return "unit", measure.id

    def _bound(self) -> str:
        before, after = self.folded[max(0, self.start - 2) : self.start], self.folded[self.end : self.end + 2]
        if (before[-1:] == "-" and before[:1].isdigit()) or (after[:1] in {"-", "~", "～"} and after[1:2].isdigit()):
            return "-"
        if before[-1:] in {"~", "～", "≈", "±", "<", ">"}:
            return "~"
        near = particles("hedge", self.language)
        return (
            "~"
            if near and (before[-1:] in near or after[:1] in near or self.folded[self.end - 2 : self.end - 1] in near)
            else ""
        )

    def _nouns(self) -> Iterator[str]:
        """Stems of the words that follow in the same clause: what is counted."""
        stop = _CLAUSE_END.search(self.folded, self.end)
        end = min(stop.start() if stop else len(self.folded), self.end + 60)
        if self.language in {"zh", "ja"}:
            yield from [self.folded[self.end : self.end + 2]] if end - self.end >= 2 else []
            return
        ignored = particles("stop", self.language)
        found = [match.group() for match in _NOUN.finditer(self.folded, self.end, end)]
        yield from [stem(word) for word in found if len(word) > 2 and word not in ignored][:3]
