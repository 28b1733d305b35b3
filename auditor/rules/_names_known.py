"""Mentions held against the public figures: blends of two people, slips, case endings, translations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.data import Span
from auditor.rules._mentions import Mention
from auditor.rules._names_fold import distance, is_latin, plain_key, skeleton
from auditor.rules._names_judge import case_source, only_a_word, translated
from auditor.rules._names_people import (
    LATIN_HOMES,
    POLITICAL,
    Person,
    holds,
    is_known,
    matches_given,
    sharing,
    surname_of_figure,
    under,
)  # fmt: skip
from auditor.rules._names_roles import SINGLE
from auditor.rules._names_tables import given_families, meanings, name_parts, ordinary, soft_base_pairs
from auditor.rules._names_variants import INFLECTING, same_word

# Latin-script languages that respell foreign names by sound: an unusual spelling is their rule.
RESPELLING = frozenset(
    {
        "lt",
        "lv",
        "sq",
        "az",
        "sr",
        "hr",
        "bs",
        "uz",
        "eo",
        "la",
        "ga",
        "cy",
        "vi",
        "tk",
        "tr",
        "cs",
        "sk",
        "hu",
        "pl",
        "sl",
    }
)


# A mention without its place: what is remembered of one holds for every place.
_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What a mention seems to stand for. ``suggestion`` is the name in the mention's own script where that is known."""

    kind: str
    person: Person
    suggestion: str | None
    certain: bool
    sources: frozenset[str] = frozenset()
    other: Person | None = None


def suspicion(mention: Mention) -> Suspicion | None:
    """The most telling suspicion against a full name; None for known people and for names that resemble nobody's."""
    return _suspicion(replace(mention, span=_NOWHERE))


@lru_cache(maxsize=8192)
def _suspicion(mention: Mention) -> Suspicion | None:
    if mention.quoted or mention.suffix not in {"", "s"} or is_known(mention.words, mention.language):
        return _inflected(mention) if not mention.quoted and mention.language in INFLECTING else None
    for find in (_inflected, _translated, _blend, _slip):
        if found := find(mention):
            return found
    return None


def spelled(person: Person, like: str) -> str | None:
    """The person's name in the script of a text; None when only other scripts are known."""
    latin = is_latin(like)
    names = (person.name, *(" ".join(form) for form in person.forms))
    return next((name for name in names if is_latin(name) == latin), None)


def _inflected(mention: Mention) -> Suspicion | None:
    keys = [key for word in mention.words for key in (plain_key(word), skeleton(word))]
    for word in mention.words:
        keys.extend(skeleton(base) for base, _ in soft_base_pairs(word))
    sound = skeleton(mention.words[-1])[:1]
    for person in under(tuple(dict.fromkeys(keys))):
        for form in person.forms if sound in person.initials else ():
            sources = case_source(mention.words, form, mention.language)
            if sources and (person.famous or holds(person, mention.role)):
                return Suspicion(
                    "case_ending", person, spelled(person, mention.words[0]), certain=True, sources=sources
                )
    return None


def _translated(mention: Mention) -> Suspicion | None:
    """A word of a known person's name replaced by the ordinary word of the same meaning."""
    if len(mention.words) != 2:
        return None
    for person in _same_in_part(mention):
        mine = mention.words
        theirs = (person.given, person.surname)
        concepts = [translated(a, b, mention.language) for a, b in zip(mine, theirs, strict=True)]
        same = [same_word(a, b, given=not at) for at, (a, b) in enumerate(zip(mine, theirs, strict=True))]
        if not all(concept or equal for concept, equal in zip(concepts, same, strict=True)) or not any(concepts):
            continue
        bare = all(only_a_word(word, mention.language) for word, concept in zip(mine, concepts, strict=True) if concept)
        if person.famous and (holds(person, mention.role) or (bare and mention.role is None)):
            return Suspicion("translated", person, spelled(person, mine[0]), certain=True)
    return _translated_given(mention)


def _same_in_part(mention: Mention) -> Iterator[Person]:
    forms = [(tag, plain_key(word)) for word in mention.words for tag in (mention.language, "en")]
    concepts = [f"c:{ordinary()[form][0]}" for form in forms if form in ordinary()]
    if concepts:
        yield from under(tuple(dict.fromkeys(concepts)))


def _translated_given(mention: Mention) -> Suspicion | None:
    """A family name that is a given name as well, turned into another language's form: Peter Paul for Petr Pavel."""
    families = given_families()
    mine = families.get(plain_key(mention.words[-1]), frozenset())
    if not mine or mention.role is None or mention.role.kind not in SINGLE:
        return None
    for person in sharing(mention.words[:1]):
        theirs = families.get(plain_key(person.surname), frozenset())
        if (
            person.famous
            and mine & theirs
            and holds(person, mention.role)
            and matches_given(person, mention.words[0], mention.language)
        ):
            return Suspicion("translated", person, spelled(person, mention.words[0]), certain=True)
    return None


def _blend(mention: Mention) -> Suspicion | None:
    """A known family name after a first name that belongs to somebody else in public life."""
    first, last = mention.words[0], mention.words[-1]
    if len(mention.words) != 2:
        return None
    for person in sharing((last,)):
        if not person.famous or not same_word(last, person.surname) or matches_given(person, first, mention.language):
            continue
        if surname_of_figure(first):
            other = next(one for one in sharing((first,)) if one.famous and same_word(first, one.surname))
            certain = holds(person, mention.role)
            if certain or (
                mention.role is None and person.offices & POLITICAL and name_parts().get(plain_key(last), (0, 0))[1] < 3
            ):
                return Suspicion("blend", person, spelled(person, first), certain=certain, other=other)
            continue
        if mention.role and mention.role.kind in SINGLE | {"minister", "mayor"} and holds(person, mention.role):
            other_given = _colleague(person, mention)
            if other_given:
                return Suspicion("blend", person, spelled(person, first), certain=True, other=other_given)
    return None


def _colleague(person: Person, mention: Mention) -> Person | None:
    """A politician of the same country who really has the first name of the mention."""
    for one in sharing(mention.words[:1]):
        same = one.country == person.country and one is not person and one.offices & POLITICAL
        if same and one.famous and same_word(mention.words[0], one.given):
            return one
    return None


def _slip(mention: Mention) -> Suspicion | None:
    """A known given name and office with a family name one or two letters off, that nobody is known to bear."""
    last = mention.words[-1]
    if name_parts().get(plain_key(last), (0, 0))[1] > 0 or meanings().get(plain_key(last)):
        return None
    for person in sharing(mention.words[:1]):
        if not person.famous or not holds(person, mention.role) or not _comparable(person, mention):
            continue
        for form in person.forms:
            if (
                is_latin(form[0]) == is_latin(last)
                and same_word(form[0], mention.words[0], given=True)
                and is_off(last, form[-1])
            ):
                return Suspicion("blend", person, spelled(person, last), certain=True)
    return None


def _comparable(person: Person, mention: Mention) -> bool:
    """Whether a person's name has one right spelling in the language of the text."""
    if not is_latin(mention.words[-1]):
        return mention.language not in _UNSETTLED and any(not is_latin(form[0]) for form in person.forms)
    return person.country in LATIN_HOMES and (mention.language not in RESPELLING or _respelled_alike(person))


_UNSETTLED = frozenset({"sr", "mk", "kk"})


def _respelled_alike(person: Person) -> bool:
    """Respelling languages still take over the names of neighbours letter by letter."""
    return person.country in {"pl", "cz", "sk", "de", "at", "hu", "us", "gb"}


def is_off(mine: str, theirs: str) -> bool:
    a, b = plain_key(mine), plain_key(theirs)
    if same_word(mine, theirs) or a[:1] != b[:1] or len(b) < 4:
        return False
    allowed = 1 if min(len(a), len(b)) < 5 else 2
    return distance(a, b, allowed) <= allowed
