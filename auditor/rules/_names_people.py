"""The public figures that names are held against: who they are, which office they have, who fits a mention."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from auditor.lexicon import rows
from auditor.rules._names_fold import plain_key, skeleton
from auditor.rules._names_roles import SINGLE, Role
from auditor.rules._names_tables import given_families, is_given, meanings, particles
from auditor.rules._names_user import user_rows
from auditor.rules._names_variants import GENITIVE_S, alike, same_name, same_word

# Where the family name stands in front.
FAMILY_FIRST = frozenset({"cn", "tw", "hk", "kr", "kp", "vn", "sg", "kh", "mm"})
# Countries that write with Latin letters: their names have one right spelling in most Latin-script languages.
LATIN_HOMES = frozenset(
    [
        "us",
        "gb",
        "ie",
        "fr",
        "de",
        "at",
        "ch",
        "it",
        "es",
        "pt",
        "nl",
        "be",
        "lu",
        "dk",
        "se",
        "no",
        "fi",
        "is",
        "pl",
        "cz",
        "sk",
        "hu",
        "si",
        "hr",
        "ro",
        "al",
        "mt",
        "ee",
        "lv",
        "lt",
        "tr",
        "ar",
        "br",
        "cl",
        "co",
        "mx",
        "pe",
        "ca",
        "au",
        "nz",
    ]
)
POLITICAL = SINGLE | {
    "vice-president",
    "minister",
    "mayor",
    "governor",
    "party-leader",
    "commissioner",
    "council-president",
}
# Kinds of office that a loosely worded title may stand for.
_NEIGHBOURS = {
    "minister": frozenset(
        {"foreign-minister", "defence-minister", "finance-minister", "interior-minister", "prime-minister"}
    ),
    "secretary-of-state": frozenset({"foreign-minister"}),
    "foreign-minister": frozenset({"secretary-of-state"}),
    "athlete": frozenset({"coach"}),
    "business": frozenset({"chief", "founder"}),
    "musician": frozenset({"actor"}),
    "scientist": frozenset({"naturalist", "writer", "doctor"}),
    "actor": frozenset({"film", "broadcaster"}),
    "director": frozenset({"commission-president"}),
    "president": frozenset({"commission-president", "council-president"}),
    "writer": frozenset({"journalist", "scientist", "broadcaster"}),
    "chief": frozenset({"business", "central-banker", "sports-official"}),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A public figure. ``famous`` when everybody's: hand-picked, not only an office holder of the register.

    ``initials`` are the first sounds of all words: a name with a surname of another sound cannot be this person's.
    """

    name: str
    country: str
    offices: frozenset[str]
    forms: tuple[tuple[str, ...], ...]
    famous: bool
    initials: frozenset[str] = frozenset()

    @property
    def given(self) -> str:
        """The given name."""
        words = self.forms[0]
        return words[-1] if self.country in FAMILY_FIRST else words[0]

    @property
    def surname(self) -> str:
        """The family name (its last word)."""
        words = self.forms[0]
        return words[0] if self.country in FAMILY_FIRST else words[-1]


def name_words(name: str) -> tuple[str, ...]:
    """Words of a name without particles and initials."""
    words = name.replace(",", " ").split()
    return tuple(word for word in words if not word.endswith(".") and word.lower() not in particles() and len(word) > 1)


@cache
def figures() -> tuple[Person, ...]:
    """All known people, the famous first; those of the register whom the hand-picked list also has are joined."""
    found: dict[str, Person] = {}
    own = [row for row in user_rows() if row["kind"] == "person"]
    for table, lines in (("user", own), ("name_figures", rows("name_figures")), ("people", rows("people"))):
        for row in lines:
            forms = tuple(name_words(name) for name in (row["name"], *filter(None, row["aliases"].split(";"))))
            key = " ".join(sorted(skeleton(word) for word in forms[0]))
            offices = frozenset(filter(None, row["offices"].split(",")))
            old = found.get(key)
            if old:
                person = Person(
                    old.name, old.country or row["country"], old.offices | offices, old.forms + forms, old.famous
                )
            else:
                person = Person(row["name"], row["country"], offices, forms, table != "people")
            if len(forms[0]) > 1:
                found[key] = person
    return tuple(replace(person, initials=_initials(person)) for person in found.values())


def _initials(person: Person) -> frozenset[str]:
    return frozenset(skeleton(word)[:1] for form in person.forms for word in form)


@cache
def _index() -> dict[str, tuple[int, ...]]:
    """Numbers of the people by every key that one of their words may be found under."""
    found: dict[str, dict[int, None]] = {}
    for number, person in enumerate(figures()):
        for form in person.forms:
            for word in form:
                for key in _keys(word):
                    found.setdefault(key, {})[number] = None
    return {key: tuple(numbers) for key, numbers in found.items()}


@lru_cache(maxsize=65536)
def _keys(word: str) -> tuple[str, ...]:
    plain, bones = plain_key(word), skeleton(word)
    families = sorted(given_families().get(plain, ()))
    concepts = sorted(meanings().get(plain, ()))
    return tuple(dict.fromkeys((plain, bones, *(f"f:{one}" for one in families), *(f"c:{one}" for one in concepts))))


def under(keys: tuple[str, ...]) -> Iterator[Person]:
    """People that some of the keys lead to, in table order."""
    index, everyone = _index(), figures()
    for number in sorted({number for key in keys for number in index.get(key, ())}):
        yield everyone[number]


@lru_cache(maxsize=32768)
def sharing(words: tuple[str, ...]) -> tuple[Person, ...]:
    """People who share a word (as spelled, or in a variant) with a name."""
    return tuple(under(tuple(key for word in words for key in _keys(word) if not key.startswith("c:"))))


@lru_cache(maxsize=32768)
def is_known(words: tuple[str, ...], language: str) -> bool:
    """Whether the name is a known person's, in a variant or an inflected form that the language itself makes."""
    last = words[-1]
    # German and Nordic genitives (Putins) and English plurals of a family (the Obamas) end in s.
    forms = (
        [words, (*words[:-1], last[:-1])]
        if last.endswith("s") and language in GENITIVE_S and len(last) > 3
        else [words]
    )
    sound = skeleton(last)[:1]
    people = [person for person in sharing(words) if sound in person.initials]
    if forms[1:]:
        people += [person for person in sharing(forms[1]) if sound in person.initials]
    return any(same_name(mine, form, language) for mine in forms for person in people for form in person.forms)


@lru_cache(maxsize=8192)
def surname_of_figure(word: str) -> bool:
    """Whether a famous politician has this word as family name and nobody is known to have it as given name."""
    if is_given(word):
        return False
    people = [one for one in under((plain_key(word), skeleton(word))) if one.famous]
    if any(same_word(word, one.given) for one in people):
        return False
    return any(_spelled_alike(word, one.surname) and one.offices & POLITICAL for one in people)


def _spelled_alike(word: str, name: str) -> bool:
    return plain_key(word) == plain_key(name) or (skeleton(word) == skeleton(name) and len(skeleton(name)) > 4)


def holds(person: Person, role: Role | None) -> bool:
    """Whether an office beside a name is one of the person's (and of the person's country, where both are known)."""
    if role is None or (role.country and person.country and not _same_country(role, person)):
        return False
    return role.kind in person.offices or bool(_NEIGHBOURS.get(role.kind, frozenset()) & person.offices)


def _same_country(role: Role, person: Person) -> bool:
    return role.country == person.country or role.kind not in SINGLE | {"minister", "mayor", "governor", "spokesperson"}


def matches_given(person: Person, word: str, language: str) -> bool:
    """Whether a word is the person's given name or a variant of it."""
    return any(alike(word, part, language, given=True) for form in person.forms for part in (*form[:1], person.given))
