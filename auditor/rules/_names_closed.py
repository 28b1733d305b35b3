"""Names beside a word for a kind of place of which there are few: provinces and states, and cities.

A village may be called anything, a province may not: China has some thirty of them, and a "Beijiang Province" is none.
Cities are more, but the tables have the large ones of every country.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from auditor.data import SegmentedDocument, Span
from auditor.lexicon import rows
from auditor.rules._names_atlas import is_name, places
from auditor.rules._names_fold import distance, plain_key
from auditor.rules._names_near import lands
from auditor.rules._names_story import NameWord, Place
from auditor.rules._names_variants import same_word
from auditor.rules._romanisation import is_pinyin

SHORTEST = 7
# Syllables that end the names of Chinese towns and provinces.
CHINESE = ("zhou", "shan", "jiang", "cheng", "yang", "xing", "nan", "bei", "dong", "xi", "kou", "he", "hai")
# Where a word that differs in a letter is as often another name of the same pattern.
REGULAR = frozenset({"jp", "us", "gb", "ca", "au", "nz", "ie", "de", "at", "ch"})
# Where names are made from syllables; all cities are in the tables, so that beside "city" one letter counts.
_SYLLABLES = frozenset({"cn", "jp"})
_EXCEPT = REGULAR - _SYLLABLES
_VOWELS = str.maketrans({"y": "i", "j": "i", "h": None})


@dataclass(frozen=True, slots=True)
class OddPlace:
    """A word that looks like a place nobody knows; ``known`` is the name it may stand for, None where nothing tells."""

    span: Span
    word: str
    known: str | None
    certain: bool
    why: str


@cache
def towns() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Large towns (key, name, country) by their first two letters."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows("large_towns"):
        if len(row["key"]) >= SHORTEST - 1:
            found.setdefault(row["key"][:2], []).append((row["key"], row["name"], row["country"]))
    return {first: tuple(many) for first, many in found.items()}


@cache
def _regions() -> tuple[tuple[str, str, str], ...]:
    """Regions as key, name and country."""
    return tuple(
        (plain_key(name), name, row["country"])
        for row in rows("regions")
        for names in row["names"].split(";")
        for name in names.split("=")
    )


def region(page: SegmentedDocument, one: NameWord, place: Place, word: str) -> OddPlace | None:
    """A state or province of a country that the text speaks of, one letter off, or one that the country has not.

    ``word`` is the word for the kind of place beside the name.
    """
    spoken = lands(page)
    if any(known.country in spoken for known in places(one.key)):
        return None
    chinese = "cn" in spoken and word == "province" and _chinese(one.key)
    found = {
        name
        for key, name, country in _regions()
        if country in spoken and not same_word(one.key, key) and _is_near(one.key, key, free=chinese)
    }
    known = found.pop() if len(found) == 1 else None
    none_such = chinese and not is_name(one.word) and one.key not in {key for key, _, _ in _regions()}
    return OddPlace(place.span, one.word, known, certain=False, why="region") if known or none_such else None


def _chinese(key: str) -> bool:
    return is_pinyin(key) and key.endswith(CHINESE)


def _is_near(mine: str, theirs: str, *, free: bool) -> bool:
    """One letter off, the first one only where ``free``; or of one sound where h is silent: Baya, Bahia."""
    if len(theirs) < 5 or not (free or mine[0] == theirs[0]):
        return False
    return distance(mine, theirs, 1) == 1 or mine.translate(_VOWELS) == theirs.translate(_VOWELS)


def city(page: SegmentedDocument, one: NameWord, place: Place, keys: set[str]) -> OddPlace | None:
    """A city that no table knows, a letter or two off a large one of a country that the text speaks of.

    ``keys`` are the words of the page: the right name beside the wrong one says that there are two.
    """
    near = [town for town in _cities(one.key) if town[2] in lands(page) and town[0] not in keys]
    if is_name(one.word) or not near:
        return None
    known = near[0][1] if len({name for _, name, _ in near}) == 1 else None
    return OddPlace(place.span, one.word, known, certain=False, why="town")


@lru_cache(maxsize=4096)
def _cities(key: str) -> tuple[tuple[str, str, str], ...]:
    """The large towns, whatever they begin with, that a word is a letter off; two letters off a long one.

    Two letters only where names are not made from a few syllables.
    """
    found = []
    for town in (town for many in towns().values() for town in many):
        short = min(len(key), len(town[0]))
        most = 2 if short >= SHORTEST and town[2] not in _SYLLABLES else 1
        if town[2] not in _EXCEPT and short >= SHORTEST - 1 and distance(key, town[0], most) <= most:
            found.append(town)
    return tuple(one for one in found if not same_word(key, one[0]))
