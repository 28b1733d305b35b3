"""Names of people that are a letter or two off a public figure's: Sergey Sobanin, Fumio Caseda, Bosonaro.

Closeness alone never counts. The written word must be no surname that anybody is known to bear and no ordinary word,
and the office beside it or the country that the text speaks of must be the known person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from rapidfuzz.distance import JaroWinkler

from auditor.data import SegmentedDocument
from auditor.lexicon import rows
from auditor.normalize import fold
from auditor.rules._memo import once_a_page
from auditor.rules._mentions import Mention
from auditor.rules._names_atlas import SUGGESTED, known, places
from auditor.rules._names_fold import consonants, distance, is_latin, plain_key, skeleton
from auditor.rules._names_known import Suspicion, spelled
from auditor.rules._names_ordinary import is_word
from auditor.rules._names_people import (
    FAMILY_FIRST,
    POLITICAL,
    Person,
    figures,
    holds,
    is_known,
    matches_given,
    sharing,
)
from auditor.rules._names_roles import SINGLE
from auditor.rules._names_story import NameWord
from auditor.rules._names_tables import country, given_families, is_given, meanings, name_parts
from auditor.rules._names_variants import feminine_pair, possessive, same_word
from auditor.rules._names_votes import is_common

# Where unknown words can be told from ordinary ones.
LANGUAGES = frozenset({"en"})
_SHORTEST = 4
_LONG = 7
_VERY_LONG = 8

_HEADS = frozenset({"president", "prime-minister"})
_ALIKE = 0.8
_VERY_ALIKE = 0.87
_GLIDES = re.compile("[yij]")
_CAPITALISED = re.compile(r"[^\W\d_]{3,}")


@once_a_page
def lands(page: SegmentedDocument) -> frozenset[str]:
    """Countries that a page speaks of, by their names and by their large towns."""
    found: set[str] = set()
    for word in dict.fromkeys(_CAPITALISED.findall(page.text)):
        if word[0].isupper():
            if land := country(fold(word)):
                found.add(land)
            elif not is_word(plain_key(word), page.language.tag):
                found |= {one.country for one in places(plain_key(word)) if one.weight >= SUGGESTED}
    return frozenset(found - {""})


@lru_cache(maxsize=65536)
def borne(word: str) -> bool:
    """Whether anybody is known to bear the word as a surname, or it is an ordinary word or a name's translation."""
    key = plain_key(word)
    return (
        name_parts().get(key, (0, 0))[1] > 0
        or any(one.kind == "W" for one in known(key))
        or is_word(key, "en")
        or bool(meanings().get(key))
    )


def near_person(mention: Mention, page: SegmentedDocument) -> Suspicion | None:
    """The public figure that a full name is close to, when office or country speak for it."""
    words = mention.words
    if mention.language not in LANGUAGES or mention.quoted or mention.suffix not in {"", "s"} or len(words) != 2:
        return None
    if not all(map(is_latin, words)) or is_known(words, mention.language):
        return None
    return _surname_off(mention, page) or _given_off(mention)


def _surname_off(mention: Mention, page: SegmentedDocument) -> Suspicion | None:
    first, last = mention.words
    if len(last) < _SHORTEST or borne(last):
        return None
    best: tuple[float, Person] | None = None
    for person in sharing((first,)):
        if prominent(person) and person.country not in FAMILY_FIRST and matches_given(person, first, mention.language):
            score = _score(mention, person, page)
            best = max(best or (0.0, person), (score, person), key=lambda pair: pair[0])
    if best is None or best[0] <= 0 or possessive(last, best[1].surname, mention.language):
        return None
    return Suspicion(
        "blend", best[1], spelled(best[1], last), certain=best[0] >= _VERY_ALIKE and holds(best[1], mention.role)
    )


def prominent(person: Person) -> bool:
    """Whether a person is known to everybody, or a politician whose country the tables tell."""
    return person.famous or bool(person.country and person.offices & POLITICAL)


def _score(mention: Mention, person: Person, page: SegmentedDocument) -> float:
    """How sure it is that a name stands for a person with the same first name; 0 when it does not."""
    last, role = mention.words[-1], mention.role
    alike = resemblance(last, person.surname)
    if same_word(last, person.surname):
        return 0.0
    if holds(person, role) and role is not None:
        # One country has one such office holder of that first name: any damage to the family name is seen.
        only = role.kind in SINGLE and role.country == person.country and alike > 0
        return max(alike, _VERY_ALIKE) if only else alike * (alike >= _ALIKE)
    near = distance(plain_key(last), plain_key(person.surname), 2) <= (1 if len(last) < _LONG else 2)
    close = near or (len(consonants(last)) >= 3 and consonants(last) == consonants(person.surname))
    return alike * (close and alike >= _ALIKE and person.country in lands(page))


def _given_off(mention: Mention) -> Suspicion | None:
    """The holder of an office where nobody is known to bear the first name: Prime Minister Jassend Ardern."""
    first, last = mention.words
    if mention.role is None or mention.role.kind not in SINGLE or not mention.role.country or is_given(first):
        return None
    if given_families().get(plain_key(first)) or known(plain_key(first)) or is_word(plain_key(first), "en"):
        return None
    for person in sharing((last,)):
        at_home = person.country == mention.role.country and same_word(last, person.surname)
        if person.famous and at_home and holds(person, mention.role) and first[:1] == person.given[:1]:
            return Suspicion("blend", person, spelled(person, last), certain=False)
    return None


@lru_cache(maxsize=16384)
def resemblance(mine: str, theirs: str) -> float:
    """How alike two surnames are, 0 to 1, by letters and by sounds; 0 unless they begin with one sound."""
    if skeleton(mine)[:1] != skeleton(theirs)[:1]:
        return 0.0
    a, b = plain_key(mine), plain_key(theirs)
    by_sound = JaroWinkler.similarity(skeleton(mine), skeleton(theirs))
    same = len(consonants(mine)) >= 3 and consonants(mine) == consonants(theirs)
    return max(float(JaroWinkler.similarity(a, b)), float(by_sound), 0.9 if same else 0.0)


@cache
def _long_surnames() -> dict[str, tuple[tuple[str, Person], ...]]:
    found: dict[str, dict[str, Person]] = {}
    for person in figures():
        key = plain_key(person.surname)
        if person.famous and person.offices & POLITICAL and len(key) >= _LONG and is_latin(person.surname):
            found.setdefault(key[:1], {}).setdefault(key, person)
    return {first: tuple(sorted(many.items(), key=lambda pair: pair[0])) for first, many in found.items()}


def near_surname(word: NameWord, page: SegmentedDocument) -> Person | None:
    """The politician whose long family name a word that nobody knows is one letter off, in a text on the country."""
    near = _near_politician(word.word, word.key, word.language)
    if near is None:
        return None
    # A head of government is spoken of without the country, too.
    head = bool(near.offices & _HEADS) and len(word.key) > _LONG
    return near if head or near.country in lands(page) else None


@lru_cache(maxsize=16384)
def _near_politician(word: str, key: str, language: str) -> Person | None:
    """The only politician whose long family name a word that nobody knows is one letter off."""
    if language not in LANGUAGES or len(key) < _LONG or not is_latin(word) or any(map(str.isupper, word[1:])):
        return None
    if borne(word) or known(key) or is_common(word, language) or (key[-1] == "s" and borne(word[:-1])):
        return None
    near = [person for surname, person in _long_surnames().get(key[:1], ()) if _one_off(key, surname)]
    near = list(dict.fromkeys(near))
    return near[0] if len(near) == 1 else None


def _one_off(mine: str, theirs: str) -> bool:
    if abs(len(mine) - len(theirs)) > 1:
        return False
    if distance(mine, theirs, 1) == 1:
        near = mine[-2:] == theirs[-2:]
    else:
        near = min(len(mine), len(theirs)) > _VERY_LONG and distance(skeleton(mine), skeleton(theirs), 1) == 1
    return near and not _one_name(mine, theirs)


def _one_name(mine: str, theirs: str) -> bool:
    """Whether two surnames are forms or spellings of one."""
    if same_word(mine, theirs) or possessive(mine, theirs, "en") or feminine_pair(mine, theirs):
        return True
    return _GLIDES.sub("", mine) == _GLIDES.sub("", theirs)


def speaking_place(word: NameWord, page: SegmentedDocument) -> Person | None:
    """The head of state or government whose name a small town that speaks is one letter off: Baden said."""
    key = word.key
    if word.language not in LANGUAGES or borne(word.word) or not any(place.right in _speech() for place in word.places):
        return None
    meant = known(key)
    if any(one.kind != "P" or one.weight >= SUGGESTED for one in meant) or (not meant and len(key) < _LONG):
        return None
    near = [
        person
        for person in figures()
        if person.famous and person.offices & _HEADS and len(key) >= 5 and person.country in lands(page)
        and distance(key, plain_key(person.surname), 1) == 1 and key[0] == plain_key(person.surname)[0]
        and not same_word(word.word, person.surname)
    ]  # fmt: skip
    return near[0] if len(near) == 1 else None


@cache
def _speech() -> frozenset[str]:
    """English verbs of speech, single words."""
    return frozenset(
        part
        for row in rows("speech_verbs")
        if row["language"] == "en" and row["kind"] == "verb"
        for part in row["pattern"].split("; ")
        if part.isalpha()
    )


def repeated(words: list[NameWord], wrong: str, full: list[Mention]) -> Iterator[Mention]:
    """The places where a wrong surname stands alone."""
    taken = [mention.span for mention in full]
    for one in words:
        if one.key == plain_key(wrong):
            for place in one.places:
                if not any(span.overlaps(place.span) for span in taken):
                    yield Mention(place.span, (one.word,), one.language)
