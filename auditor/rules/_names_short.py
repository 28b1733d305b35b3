"""Single words beside an office held against the public figures: Premier Mitsotaki, French striker Mubape."""

from __future__ import annotations

from functools import cache, lru_cache

from auditor.rules._mentions import Mention
from auditor.rules._names_fold import consonants, is_latin, plain_key, skeleton
from auditor.rules._names_judge import inflected, only_a_word, translated
from auditor.rules._names_known import RESPELLING, Suspicion, is_off
from auditor.rules._names_people import LATIN_HOMES, Person, figures, holds, under
from auditor.rules._names_roles import SINGLE, Role
from auditor.rules._names_tables import name_parts, ordinary, soft_base_pairs
from auditor.rules._names_variants import INFLECTING, same_word


def short_suspicion(mention: Mention) -> Suspicion | None:
    """What a family name beside an office seems to stand for: inflected, misheard or translated."""
    if mention.role is None or mention.quoted or mention.language in INFLECTING:
        return None
    return _suspicion(mention.words[0], mention.role, mention.language)


@lru_cache(maxsize=4096)
def _suspicion(word: str, role: Role, language: str) -> Suspicion | None:
    for person in _candidates(word, language):
        if person.famous and holds(person, role) and not same_word(word, person.surname):
            found = _against(word, role, language, person)
            if found:
                return found
    return None


def _against(word: str, role: Role, language: str, person: Person) -> Suspicion | None:
    surname = person.surname
    if role.kind in SINGLE | {"mayor"} and is_latin(surname) == is_latin(word):
        sources = inflected(word, surname, language)
        if sources:
            return Suspicion("case_ending", person, surname, certain=True, sources=sources)
    at_home = bool(role.country) and role.country == person.country
    at_home = at_home and (person.country in LATIN_HOMES or language == "en")
    if at_home and language not in RESPELLING and _misheard(word, surname) and plain_key(word) not in name_parts():
        return Suspicion("blend", person, surname, certain=True)
    if role.kind in SINGLE and only_a_word(word, language):
        words = (part for form in person.forms for part in form[1:])
        name = next((part for part in words if translated(word, part, language)), None)
        if name:
            return Suspicion("translated", person, name, certain=True)
    return None


def _misheard(word: str, surname: str) -> bool:
    same_sound = len(consonants(word)) >= 3 and consonants(word) == consonants(surname)
    return same_sound or (len(word) >= 6 and is_off(word, surname))


def _candidates(word: str, language: str) -> tuple[Person, ...]:
    keys = [skeleton(base) for base, _ in soft_base_pairs(word)]
    if found := ordinary().get((language, plain_key(word))) or ordinary().get(("en", plain_key(word))):
        keys.append(f"c:{found[0]}")
    people = {one.name: one for one in under(tuple(keys))}
    for one in _by_first_sound().get(consonants(word)[:1], ()):
        people.setdefault(one.name, one)
    return tuple(people[name] for name in sorted(people))


@cache
def _by_first_sound() -> dict[str, tuple[Person, ...]]:
    found: dict[str, list[Person]] = {}
    for one in figures():
        if one.famous:
            found.setdefault(consonants(one.surname)[:1], []).append(one)
    return {key: tuple(people) for key, people in found.items()}
