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

from auditor.data import SegmentedDocument
from auditor.language import primary
from auditor.lexicon import rows
from auditor.normalize import fold
from auditor.rules._mentions import people
from auditor.rules._names_atlas import is_name
from auditor.rules._names_closed import CHINESE, REGULAR, SHORTEST, OddPlace, city, region, towns
from auditor.rules._names_fold import consonants, distance, is_latin, plain_key
from auditor.rules._names_near import LANGUAGES, borne, lands
from auditor.rules._names_story import NameWord, Place, name_words
from auditor.rules._names_tables import given_families, is_surname
from auditor.rules._names_variants import same_word
from auditor.rules._names_votes import is_common
from auditor.rules._romanisation import is_pinyin, pinyin_cuts

_CONTEXT = 400
_WORD = re.compile(r"[^\W\d_]+")
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
            word = _kind_word(page, place, language)
            beside = _beside_word(page, one, place, word) if word else None
            beside = beside or (city(page, one, place, keys) if word == "city" else None)
            if found := beside or _town(page, one, place, keys):
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


def _kind_word(page: SegmentedDocument, place: Place, language: str) -> str:
    """The word beside a name that tells its kind of place: Ushant Island, island of Ushant; empty when none does."""
    table = place_words(language)
    of = _OF.search(page.text, max(0, place.span.start - 40), place.span.start)
    found = (place.right, place.left, fold(of["word"]) if of else "")
    return next((word for word in found if word in table), "")


def _beside_word(page: SegmentedDocument, one: NameWord, place: Place, word: str) -> OddPlace | None:
    """A name beside a word for a kind of place, held against the known places of that kind."""
    kind = place_words(primary(page.language.tag))[word]
    if kind == "region":
        return region(page, one, place, word)
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


def _town(page: SegmentedDocument, one: NameWord, place: Place, keys: set[str]) -> OddPlace | None:
    if one.language not in LANGUAGES or len(one.key) < SHORTEST - 1 or is_surname(one.word) or is_name(one.word):
        return None
    if not is_pinyin(one.key) and "cn" in lands(page) and len(_closest(one.key)) > 1 and one.key.endswith(CHINESE):
        return OddPlace(place.span, one.word, None, certain=False, why="town")
    found = next(iter(_closest(one.key)), None) if len(_closest(one.key)) == 1 else None
    if found is None or found[0] in keys or found[2] not in lands(page) or found[2] in REGULAR:
        return None
    return OddPlace(place.span, one.word, found[1], certain=False, why="town")


@lru_cache(maxsize=16384)
def _closest(key: str) -> tuple[tuple[str, str, str], ...]:
    """The large towns that a word is one letter, or one syllable of three, off."""
    near = [one for one in towns().get(key[:2], ()) if _off(key, one[0], one[2])]
    return tuple({one[0]: one for one in near}.values())


def _off(mine: str, theirs: str, country: str) -> bool:
    if abs(len(mine) - len(theirs)) > 2:
        return False
    if country == "cn":
        return _syllable_off(mine, theirs)
    if len(mine) < SHORTEST or len(theirs) < SHORTEST:
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
