"""Whether two sentences tell one figure twice, or set two figures against each other ("in 2010 …, in 2020 …")."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from auditor.data import SegmentedDocument
from auditor.rules._numbers_facts import Statement
from auditor.rules._numbers_measure import Quantity
from auditor.rules._numbers_tables import calendar, particles

_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d.,]\d)")
_UNSPACED = frozenset({"zh", "ja"})
_LONGEST = 300
# Two sentences with so large a share of common words are built alike: the words that differ set them apart.
_PARALLEL = 0.5
# A relative clause is this near in front of its number.
_CLAUSE = 40


@dataclass(frozen=True, slots=True)
class Setting:
    """What places a sentence in time and tells its subject from others of its kind."""

    words: frozenset[str]
    years: frozenset[str]
    moments: frozenset[str]
    contrasts: frozenset[str]
    names: frozenset[str]
    tense: str


def setting(page: SegmentedDocument, one: Statement, quantity: Quantity) -> Setting:
    """Read the setting of a figure from the part of its sentence between semicolons, at most so many characters."""
    low, high = max(one.span.start, quantity.span.start - _LONGEST), min(one.span.end, quantity.span.end + _LONGEST)
    start = max(low, page.folded.rfind(";", low, quantity.span.start) + 1)
    stop = page.folded.find(";", quantity.span.end, high)
    end = high if stop < 0 else stop
    folded, text, language = page.folded[start:end], page.text[start:end], one.language
    words = _WORD.findall(folded)
    if language in _UNSPACED:
        found = frozenset(folded[at : at + 2] for at in range(len(folded) - 1) if not re.search(r"\d", folded[at]))
    else:
        found = frozenset(words)
    dated = frozenset(str(number) for word, number in _dates(language) if word in found)
    past, present = (any(word in particles(kind, language) for word in words) for kind in ("past", "present"))
    return Setting(
        found,
        frozenset(_YEAR.findall(folded)),
        _matching("moment", language, words, folded) | dated,
        _matching("contrast", language, words, folded),
        frozenset(match.group()[:5].lower() for match in list(_WORD.finditer(text))[1:] if match.group()[0].isupper()),
        "" if past == present else "past" if past else "present",
    )


@cache
def _dates(language: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (word, f"{kind} {number}") for kind in ("month", "weekday") for word, number in calendar(kind, language).items()
    )


@cache
def _forms(kind: str, language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole words of a table, and beginnings of words."""
    every = particles(kind, language)
    return frozenset(word for word in every if word[-1] != "~"), tuple(sorted(w[:-1] for w in every if w[-1] == "~"))


def _matching(kind: str, language: str, words: Iterable[str], folded: str) -> frozenset[str]:
    whole, heads = _forms(kind, language)
    if language in _UNSPACED:
        return frozenset(word for word in whole if word in folded)
    # A word with an ending is known by its head: "alte" and "alten" are one contrast.
    begun = {head for word in words for head in heads if word.startswith(head)}
    return frozenset(begun | {word for word in words if word in whole})


def points_back(page: SegmentedDocument, one: Statement, quantity: Quantity) -> bool:
    """Whether a figure is told as known: "the 142 firefighters", "the insurance, which at 1.2 million euros …"."""
    start = max(one.span.start, quantity.span.start - _CLAUSE)
    lead = page.folded[start : quantity.span.start]
    words = _WORD.findall(lead)
    if words and words[-1] in particles("definite", one.language) and not lead.rstrip().endswith((",", ":", ";")):
        return True
    clause = lead.rpartition(",")
    relatives = particles("relative", one.language)
    opening = _WORD.findall(clause[2])[:2]
    beside = opening[:1] == words[-1:] and bool(set(opening) & particles("at", one.language))
    return bool(clause[1]) and (beside or any(word in relatives for word in opening))


def apart(first: Setting, second: Setting, *, known: bool, whole: bool) -> bool:
    """Whether the second sentence speaks of another time or another thing than the first.

    ``known``: its figure points back; ``whole``: it is said to be all of something, so only a year makes it another.
    """
    if whole:
        years = first.years - second.years and second.years - first.years
        return bool(years or second.contrasts - first.contrasts or _parallel(first, second))
    times = (first.moments | first.years, second.moments | second.years)
    if times[0] - times[1] and times[1] - times[0]:
        return True
    if second.contrasts - first.contrasts or _parallel(first, second):
        return True
    if known:
        # What points back may leave a word out ("the new line … the 27 stops") but adds none.
        return False
    tenses = first.tense and second.tense and first.tense != second.tense
    others = first.names - second.names and second.names - first.names
    return bool(times[0] != times[1] or first.contrasts != second.contrasts or tenses or others)


def sure(first: Setting, second: Setting) -> bool:
    """Whether nothing at all hints at another time or place, so that a figure that points back is the same one."""
    return not (second.years - first.years) and not (first.names - second.names and second.names - first.names)


def _parallel(first: Setting, second: Setting) -> bool:
    common, every = first.words & second.words, first.words | second.words
    return first.words != second.words and len(common) >= _PARALLEL * len(every)
