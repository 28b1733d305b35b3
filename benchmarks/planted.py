"""Faults that are planted into good translations: each gives the damaged translation and the place of the fault.

A fault is a function of a pair, another pair and a random generator; None where the pair has no place for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from auditor.data import Span
from auditor.pairs import Pair

Planted = tuple[str, Span] | None
Plant = Callable[[Pair, Pair, Random], Planted]

_NUMBER = re.compile(r"(?<![\w.,])\d{2,7}(?![\w.,%°])")
_NAME = re.compile(r"\b[A-Z][a-z]{2,} ([A-Z][a-z]{5,})\b")
_MONTH = re.compile(r"\b(January|February|March|April|June|July|August|September|October|November|December)\b")
_MONTHS = _MONTH.pattern[3:-3].split("|")


def number(pair: Pair, _: Pair, chance: Random) -> Planted:
    """One digit of a number is another one."""
    found = [match for match in _NUMBER.finditer(pair.target) if match[0] in pair.source]
    if not found:
        return None
    match = chance.choice(found)
    at = chance.randrange(len(match[0]))
    digit = chance.choice([one for one in "123456789" if one != match[0][at]])
    wrong = match[0][:at] + digit + match[0][at + 1 :]
    return _put(pair.target, match.start(), match.end(), wrong)


def name(pair: Pair, _: Pair, chance: Random) -> Planted:
    """Two neighbouring letters of a family name change places."""
    found = [match for match in _NAME.finditer(pair.target) if match[0] in pair.source]
    if not found:
        return None
    match = chance.choice(found)
    word = match[1]
    places = [at for at in range(1, len(word) - 4) if word[at] != word[at + 1]]
    if not places:
        return None
    at = chance.choice(places)
    wrong = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return _put(pair.target, match.start(1), match.end(1), wrong)


def month(pair: Pair, _: Pair, chance: Random) -> Planted:
    """Another month; English translations with a day only."""
    match = re.search(r"\b\d{1,2} " + _MONTH.pattern + "|" + _MONTH.pattern + r" \d{1,2}\b", pair.target)
    if pair.target_language != "en" or not match or len(_MONTH.findall(pair.target)) != 1:
        return None
    place = _MONTH.search(pair.target)
    if place is None:
        return None
    wrong = chance.choice([one for one in _MONTHS if one != place[0]])
    return _put(pair.target, place.start(), place.end(), wrong)


def untranslated(pair: Pair, _: Pair, chance: Random) -> Planted:
    """Eight words of the source in the middle of the translation."""
    words = pair.source.split()
    if len(words) < 12 or not pair.source.isascii():
        return None
    at = chance.randrange(1, len(words) - 9)
    place = pair.target.find(" ", len(pair.target) // 2)
    return _put(pair.target, place, place, " " + " ".join(words[at : at + 8])) if place > 0 else None


def whole_source(pair: Pair, _: Pair, __: Random) -> Planted:
    """The source instead of a translation."""
    return (pair.source, Span(0, len(pair.source))) if len(pair.source.split()) > 5 else None


def language(pair: Pair, other: Pair, _: Random) -> Planted:
    """Another pair's translation, which is in another language."""
    if other.target_language == pair.target_language or len(other.target) < 80:
        return None
    return other.target, Span(0, len(other.target))


def cut(pair: Pair, _: Pair, __: Random) -> Planted:
    """The first fifth of a long translation; the fault stands in the source."""
    if len(pair.target) < 250:
        return None
    return pair.target[: len(pair.target) // 5], Span(0, len(pair.source))


def loop(pair: Pair, _: Pair, __: Random) -> Planted:
    """Three words said six times at the end."""
    words = pair.target.split()
    if len(words) < 10:
        return None
    again = " ".join(words[-4:-1])
    return _put(pair.target, len(pair.target), len(pair.target), " " + " ".join([again] * 6))


def _put(text: str, start: int, end: int, by: str) -> tuple[str, Span]:
    return text[:start] + by + text[end:], Span(start, start + len(by))


PLANTS: dict[str, tuple[str, Plant]] = {
    "another digit": ("TP002", number),
    "letters of a name change places": ("TP003", name),
    "another month": ("TP004", month),
    "eight words left in the source's language": ("TP001", untranslated),
    "the source instead of a translation": ("TP001", whole_source),
    "a translation into another language": ("TP008", language),
    "a fifth of the translation": ("TP007", cut),
    "a loop": ("TP011", loop),
}
