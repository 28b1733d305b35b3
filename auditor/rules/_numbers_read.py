"""Numbers as written: in digits of any script and grouping, in words, in East Asian numerals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from auditor.rules._numbers_digits import Raw, in_digits
from auditor.rules._numbers_east import east
from auditor.rules._numbers_tables import Word, fused, words

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_PREFIXES = {"ar": "وفبلك", "he": "ובלה"}
_JOINING = {"ar": "و", "he": "ו"}
# A unit may stand before its ten: "fünfundzwanzig", "خمسة وعشرون".
_REVERSED = frozenset({"de", "nl", "da", "no", "ar", "sl"})
# Longer words are not read: no numeral is so long.
_LONGEST_WORD = 48


def numbers(raw: str, folded: str, language: str) -> Iterator[Raw]:
    """Yield the numbers of a sentence in order, without overlaps."""
    if language in {"zh", "ja", "ko"}:
        yield from east(folded)
        return
    found = [*in_digits(raw, folded, language), *_in_words(folded, language)]
    yield from sorted(found, key=lambda one: one.start)


class Numeral:
    """A numeral in words, taken token by token."""

    def __init__(self, language: str) -> None:
        self.total = 0.0
        self.group = 0.0
        self.step = 1.0
        self.last = 0.0
        self._reverse = language in _REVERSED
        self._scores = language == "fr"

    def take(self, word: Word) -> bool:
        """Add a token; False where it cannot continue the numeral."""
        if word.kind == "magnitude" or (word.kind == "piece" and word.value >= 1000):
            return self._magnitude(word.value)
        if word.kind == "hundred":
            return self._hundred()
        return self._small(word.value)

    def _magnitude(self, value: float) -> bool:
        if self.group and self.last and value > self.last:
            self.total = (self.total + self.group) * value
        elif self.group:
            self.total += self.group * value
        elif self.last and value > self.last:
            self.total *= value
        elif not self.total and value == 1000:
            self.total = value
        else:
            return False
        self.group, self.last, self.step = 0.0, value, value
        return True

    def _hundred(self) -> bool:
        if self.group and not 1 <= self.group < 100:
            return False
        self.group = (self.group or 1) * 100
        self.step = 1.0
        return True

    def _small(self, value: float) -> bool:
        rest = self.group % 100
        if self._scores and rest == 4 and value == 20:
            self.group += 76
            return True
        fits = (rest == 0 and (value < 100 or not self.group)) or (rest >= 20 and rest % 10 == 0 and 0 < value < 10)
        french = rest in {60, 80} and 10 <= value < 20
        reverse = self._reverse and 0 < rest < 10 and value >= 20 and value % 10 == 0 and value < 100
        if not (fits or french or reverse) or (self.last and not self.group and value >= self.last):
            return False
        self.group += value
        self.step = 1.0
        return True

    @property
    def value(self) -> float:
        """The number so far."""
        return self.total + self.group


def _fused_value(word: str, language: str) -> float | None:
    """Value of a numeral written as one word ("centocinquanta"), or None."""
    pattern = fused(language)
    if pattern is None or not 5 < len(word) <= _LONGEST_WORD:
        return None
    known, numeral, at = words(language), Numeral(language), 0
    while at < len(word):
        match = pattern.match(word, at)
        if not match:
            return None
        part = known[match.group()]
        joint = part.value == 0 or part.kind == "and"
        if not joint and not numeral.take(part):
            return None
        at = match.end()
    return numeral.value


@lru_cache(maxsize=131072)
def _lookup(word: str, language: str) -> tuple[Word, bool] | None:
    """The number word that ``word`` is, and whether a joining prefix ("and") stands before it."""
    known = words(language)
    found = known.get(word)
    if found:
        return (found, False) if found.kind not in {"piece", "abbreviation"} else None
    if word[0] in _PREFIXES.get(language, "") and word[1:] in known:
        return known[word[1:]], word[0] == _JOINING[language]
    value = _fused_value(word, language)
    return (Word("number", value), False) if value else None


def _in_words(folded: str, language: str) -> Iterator[Raw]:
    if not words(language):
        return
    found = [word for word in _WORD.findall(folded) if len(word) <= _LONGEST_WORD]
    places = [at for at, word in enumerate(found) if _lookup(word, language) is not None]
    if not places:
        return
    tokens = [match for match in _WORD.finditer(folded) if match.end() - match.start() <= _LONGEST_WORD]
    end = 0
    for at in places:
        if at >= end:
            used, one = _numeral(tokens, at, folded, language)
            if one:
                yield one
            end = at + used


def _numeral(tokens: list[re.Match[str]], at: int, folded: str, language: str) -> tuple[int, Raw | None]:
    """Read the longest numeral that begins at token ``at``; return how many tokens it took."""
    numeral = Numeral(language)
    end, weak, joined = at, True, False
    for place in range(at, min(len(tokens), at + 14)):
        gap = folded[tokens[place - 1].end() : tokens[place].start()] if place > at else ""
        seen = _lookup(tokens[place].group(), language) if gap in {"", " ", "-"} else None
        if seen is None or (seen[0].kind == "and" and (place == at or joined)):
            break
        word, prefixed = seen
        if word.kind == "and":
            joined = True
            continue
        if (joined or prefixed) and place > at and not _may_join(numeral, word, language):
            break
        if (word.value >= 1000 and word.kind == "number" and place > at) or not numeral.take(word):
            break
        weak = weak and word.kind == "weak"
        end, joined = place + 1, False
    if end == at:
        return 1, None
    return end - at, Raw(
        tokens[at].start(), tokens[end - 1].end(), numeral.value, numeral.step, written=True, weak=weak
    )


def _may_join(numeral: Numeral, word: Word, language: str) -> bool:
    """Whether "and" joins two parts of one numeral here, and does not list two numbers."""
    if language in {"en", "da", "no"}:
        return numeral.group % 100 == 0 and word.value < 100
    if language in _REVERSED and 0 < numeral.group % 100 < 10:
        return word.value >= 20
    return numeral.group == 0 or word.value < numeral.group
