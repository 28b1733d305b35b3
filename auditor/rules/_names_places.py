"""Places that no table knows and that are a letter or a syllable off a known one: Zhangzakou, Gulugram.

A Chinese name of two valid syllables may always be a village of its own, so it is only held against the islands,
straits and towns of ``places_known.tsv``, and only beside a word for such a place. Elsewhere a long word must be one
letter, or one syllable of three, off a large town of a country that the text speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from auditor.data import SegmentedDocument, Span
from auditor.language import primary
from auditor.lexicon import rows
from auditor.normalize import fold
from auditor.rules._mentions import people
from auditor.rules._names_atlas import is_name, places
from auditor.rules._names_fold import consonants, distance, is_latin, plain_key
from auditor.rules._names_near import LANGUAGES, borne, lands
from auditor.rules._names_story import NameWord, Place, name_words
from auditor.rules._names_tables import given_families, is_surname
from auditor.rules._names_variants import same_word
from auditor.rules._names_votes import is_common
from auditor.rules._romanisation import is_pinyin, pinyin_cuts

_SHORTEST = 7
_CONTEXT = 400
# Syllables that end the names of Chinese towns.
_CHINESE = ("zhou", "shan", "jiang", "cheng", "yang", "xing", "nan", "bei", "dong", "xi", "kou", "he", "hai")
_WORD = re.compile(r"[^\W\d_]+")
# Where a word that differs in a letter is as often another name of the same pattern.
_REGULAR = frozenset({"jp", "us", "gb", "ca", "au", "nz", "ie", "de", "at", "ch"})
_OF = re.compile(r"(?P<word>\w+) of (?:the )?$")
_DERIVED = re.compile(r"(?:s|n|an|ian|ean|ese|ish|i|er|ers|ic|e|en|y|ar|ans|ians|ism|ist|ists|land|a|o|as|os|ia|ka)?")


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place of ``places_known.tsv``: its kind of place, countries, other names and the words it is known with."""

    name: str
    kind: str
    countries: frozenset[str]
    forms: tuple[str, ...]
    near: frozenset[str]


@dataclass(frozen=True, slots=True)
class OddPlace:
    """A word that looks like a place nobody knows; ``known`` is the name it may stand for, None where nothing tells."""

    span: Span
    word: str
    known: str | None
    certain: bool
    why: str


@cache
def disputed() -> tuple[KnownPlace, ...]:
    """The places that treaties, wars and disputes made known."""
    return tuple(
        KnownPlace(
            row["name"], row["kind"], frozenset(row["countries"].split()),
            tuple(dict.fromkeys(filter(None, (row["name"], *row["aliases"].split(";"))))),
            frozenset(fold(word) for word in row["near"].split(";") if word),
        )
        for row in rows("places_known")
    )  # fmt: skip


@cache
def place_words(language: str) -> dict[str, str]:
    """Kind of place (island, strait, …) by the folded word that stands before or behind its name."""
    return {
        fold(word): row["kind"]
        for row in rows("place_words")
        if row["language"] == language
        for word in row["words"].split()
    }


@cache
def _by_sound() -> dict[str, tuple[tuple[str, str, KnownPlace], ...]]:
    found: dict[str, list[tuple[str, str, KnownPlace]]] = {}
    for place in disputed():
        for form in place.forms:
            if " " not in form and len(form) > 3:
                found.setdefault(plain_key(form)[:1], []).append((plain_key(form), form, place))
    return {first: tuple(sorted(many, key=lambda one: one[:2])) for first, many in found.items()}


@cache
def _towns() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Large towns (key, name, country) by their first two letters."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows("large_towns"):
        if len(row["key"]) >= _SHORTEST - 1:
            found.setdefault(row["key"][:2], []).append((row["key"], row["name"], row["country"]))
    return {first: tuple(many) for first, many in found.items()}


def odd_places(page: SegmentedDocument) -> Iterator[OddPlace]:
    """Words of a page that seem to be a known place misspelt, each place once."""
    language = primary(page.language.tag)
    words = list(name_words(page))
    keys = {one.key for one in words}
    taken = [mention.span for mention in people(page).full]
    for one in words:
        if not _unknown(one.word, one.key, one.language):
            continue
        for place in one.places:
            if any(span.overlaps(place.span) for span in taken):
                continue
            if found := _beside_word(page, one, place, language) or _town(page, one, place, keys):
                yield found


@lru_cache(maxsize=65536)
def _unknown(word: str, key: str, language: str) -> bool:
    """Whether a word may be a name that no table knows."""
    if len(key) < 4 or not is_latin(word) or any(char.isupper() for char in word[1:]):
        return False
    if is_common(word, language) or key in given_families() or borne(word):
        return False
    stems = (key[: len(key) - cut] for cut in range(1, 4) if _DERIVED.fullmatch(key[len(key) - cut :]))
    return not any(len(stem) > 4 and is_name(stem) for stem in stems)


def _kind(page: SegmentedDocument, place: Place, language: str) -> str:
    """Kind of place that a word beside the name tells: Ushant Island, island of Ushant; empty when none does."""
    table = place_words(language)
    of = _OF.search(page.text, max(0, place.span.start - 40), place.span.start)
    return table.get(place.right) or table.get(place.left) or (table.get(fold(of["word"]), "") if of else "")


def _beside_word(page: SegmentedDocument, one: NameWord, place: Place, language: str) -> OddPlace | None:
    """A word beside a word for a kind of place, held against the known places of that kind."""
    kind = _kind(page, place, language)
    if not kind:
        return None
    if kind == "region":
        return _region(page, one, place)
    if is_name(one.word):
        return None
    near = [
        (form, known)
        for key, form, known in _by_sound().get(one.key[:1], ())
        if known.kind == kind and _near(one.key, key)
    ]
    letters = [(form, known) for form, known in near if distance(one.key, plain_key(form), 1) == 1]
    chosen = letters or [(form, known) for form, known in near if known.countries & lands(page)]
    if len({known.name for _, known in chosen}) != 1:
        return None
    form, known = chosen[0]
    around = fold(page.text[max(0, place.span.start - _CONTEXT) : place.span.end + _CONTEXT])
    spoken = bool(known.countries & lands(page)) or any(word in around for word in known.near)
    return OddPlace(place.span, one.word, form if spoken else None, bool(spoken and letters), kind)


def _near(mine: str, theirs: str) -> bool:
    """One letter off, or of the same consonants where r and l are one, as in Japanese."""
    if not is_pinyin(mine) and same_word(mine, theirs):
        return False
    if is_pinyin(mine):
        return distance(mine, theirs, 1) == 1
    sounds = [re.sub(r"(.)\1+", r"\1", consonants(key).replace("r", "l")) for key in (mine, theirs)]
    return distance(mine, theirs, 1) == 1 or (
        sounds[0] == sounds[1] and len(sounds[0]) > 1 and abs(len(mine) - len(theirs)) < 3
    )


@cache
def _regions() -> tuple[tuple[str, str, str], ...]:
    """Regions as key, name and country."""
    return tuple(
        (plain_key(name), name, row["country"])
        for row in rows("regions")
        for names in row["names"].split(";")
        for name in names.split("=")
    )


def _region(page: SegmentedDocument, one: NameWord, place: Place) -> OddPlace | None:
    """A state or province of a country that the text speaks of, one letter off."""
    here = any(known.country in lands(page) for known in places(one.key))
    found = [
        name
        for key, name, country in _regions()
        if country in lands(page) and key[0] == one.key[0] and len(key) > 4 and distance(one.key, key, 1) == 1
        and not same_word(one.key, key)
    ]  # fmt: skip
    return (
        OddPlace(place.span, one.word, found[0], certain=False, why="region") if len(found) == 1 and not here else None
    )


def _town(page: SegmentedDocument, one: NameWord, place: Place, keys: set[str]) -> OddPlace | None:
    if one.language not in LANGUAGES or len(one.key) < _SHORTEST - 1 or is_surname(one.word) or is_name(one.word):
        return None
    if not is_pinyin(one.key) and "cn" in lands(page) and len(_closest(one.key)) > 1 and one.key.endswith(_CHINESE):
        return OddPlace(place.span, one.word, None, certain=False, why="town")
    found = next(iter(_closest(one.key)), None) if len(_closest(one.key)) == 1 else None
    if found is None or found[0] in keys or found[2] not in lands(page) or found[2] in _REGULAR:
        return None
    return OddPlace(place.span, one.word, found[1], certain=False, why="town")


@lru_cache(maxsize=16384)
def _closest(key: str) -> tuple[tuple[str, str, str], ...]:
    """The large towns that a word is one letter, or one syllable of three, off."""
    near = [one for one in _towns().get(key[:2], ()) if _off(key, one[0], one[2])]
    return tuple({one[0]: one for one in near}.values())


def _off(mine: str, theirs: str, country: str) -> bool:
    if abs(len(mine) - len(theirs)) > 2:
        return False
    if country == "cn":
        return _syllable_off(mine, theirs)
    if len(mine) < _SHORTEST or len(theirs) < _SHORTEST:
        return False
    near = distance(mine, theirs, 1) == 1 or (mine[-1] == theirs[-1] and _one_sound(mine, theirs))
    return near and not same_word(mine, theirs)


def _one_sound(mine: str, theirs: str) -> bool:
    """Whether all consonants are the same, five at least."""
    return len(consonants(mine)) > 4 and consonants(mine) == consonants(theirs)


def _syllable_off(mine: str, theirs: str) -> bool:
    """One of three syllables differs, or a word that is no pinyin differs in a letter."""
    if not is_pinyin(mine):
        return distance(mine, theirs, 1) == 1
    return any(
        len(a) == len(b) == 3 and sum(x != y for x, y in zip(a, b, strict=True)) == 1
        for a in pinyin_cuts(mine)
        for b in pinyin_cuts(theirs)
    )
