"""What is known of names: given-name families, name words, meanings, endings and words that are no names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from auditor.lexicon import rows
from auditor.rules._names_fold import plain_key, skeleton, soft_key


@dataclass(frozen=True, slots=True)
class Ending:
    """A case ending of name words (soft keys) and what stands in its place in the nominative."""

    languages: frozenset[str]
    gender: str
    ending: str
    base: str


@cache
def given_families() -> dict[str, frozenset[int]]:
    """Number of the families (Alexander, Oleksandr, Sasha) that a given name belongs to, by plain key."""
    found: dict[str, set[int]] = {}
    for number, row in enumerate(rows("name_given")):
        for form in row["forms"].split():
            found.setdefault(plain_key(form), set()).add(number)
    return {form: frozenset(numbers) for form, numbers in found.items()}


@cache
def given_genders() -> dict[str, str]:
    """``m`` or ``f`` of the given names that only men or only women bear, by plain key."""
    found: dict[str, set[str]] = {}
    for row in rows("name_given"):
        for form in row["forms"].split():
            found.setdefault(plain_key(form), set()).add(row["gender"])
    return {form: next(iter(genders)) for form, genders in found.items() if len(genders) == 1}


@cache
def name_parts() -> dict[str, tuple[int, int]]:
    """How many office holders' names begin and end with a word, by plain key."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows("name_parts"):
        key = plain_key(row["word"])
        first, last = found.get(key, (0, 0))
        found[key] = (first + int(row["first"]), last + int(row["last"]))
    return found


@cache
def origins() -> dict[str, str]:
    """Country where most bearers of a given name hold office, by plain key."""
    return {plain_key(row["word"]): row["origin"] for row in rows("name_parts") if row["origin"]}


def is_given(word: str) -> bool:
    """Whether people are known to bear this word as the first word of their name."""
    key = plain_key(word)
    return key in given_families() or name_parts().get(key, (0, 0))[0] > 0


# What surnames of many peoples end in (plain keys).
_SURNAME = re.compile(
    r".{2,25}(?:ova|eva|enko|chuk|yuk|iuk|ski|sky|skyi|skiy|skij|ska|skaya|czyk|wicz|vich|vych|yan|shvili|adze|iev|ieva"
    r"|dottir|sson|sen|oglu|idis|opoulos|opoulou|akis|aki|escu|eanu|inen)"
)


def is_surname(word: str) -> bool:
    """Whether people are known to bear this word as the last word of their name, or it is built like a surname."""
    key = plain_key(word)
    return name_parts().get(key, (0, 0))[1] > 0 or word.endswith("ić") or _SURNAME.fullmatch(key) is not None


@cache
def meanings() -> dict[str, frozenset[str]]:
    """Concepts that a word stands for when it is used as a name, in any language, by plain key."""
    found: dict[str, set[str]] = {}
    for row in rows("name_meanings"):
        for form in row["names"].split():
            for key in {plain_key(form), skeleton(form)}:
                found.setdefault(key, set()).add(row["concept"])
    return {form: frozenset(concepts) for form, concepts in found.items()}


@cache
def ordinary() -> dict[tuple[str, str], tuple[str, bool]]:
    """Concept of an ordinary word by (language, plain key), and whether the language also has it as a name."""
    found: dict[tuple[str, str], tuple[str, bool]] = {}
    for row in rows("name_meanings"):
        names = set(row["names"].split())
        for form in row["words"].split():
            found.setdefault((row["language"], plain_key(form)), (row["concept"], form in names))
    return found


@cache
def concept_languages() -> dict[str, tuple[tuple[str, str], ...]]:
    """Concepts and languages in which a form is a word or a name, by plain key and skeleton."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for row in rows("name_meanings"):
        for form in (row["names"] + " " + row["words"]).split():
            for key in (plain_key(form), skeleton(form)):
                found.setdefault(key, {})[row["concept"], row["language"]] = None
    return {form: tuple(pairs) for form, pairs in found.items()}


@cache
def endings() -> tuple[Ending, ...]:
    """All case endings, the longest first."""
    found = [
        Ending(frozenset(row["languages"].split()), row["gender"], row["ending"], row["base"])
        for row in rows("name_endings")
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.ending), one.ending, one.base, sorted(one.languages))))


@cache
def all_endings() -> frozenset[str]:
    """The endings alone."""
    return frozenset(one.ending for one in endings())


@cache
def _words(kind: str) -> dict[str, frozenset[str]]:
    return {row["language"]: frozenset(row["words"].split()) for row in rows("name_stopwords") if row["kind"] == kind}


@cache
def stopwords(language: str) -> frozenset[str]:
    """Folded words that are no part of a person's name in a language: months, places, institutions, small words."""
    table = _words("stop")
    return table.get(language, frozenset()) | table["xx"] | (table["en"] if language not in table else frozenset())


@cache
def links() -> frozenset[str]:
    """Prepositions and articles that may stand between an office and its holder."""
    return _words("link")["link"]


@cache
def sound_signs() -> frozenset[str]:
    """Chinese characters that foreign names are written with by sound."""
    return _words("sound")["zh"]


@cache
def translated_in_chinese() -> dict[str, str]:
    """Chinese words for the meaning of a foreign name, with the name by sound: 五月 -> 梅 (May)."""
    found: dict[str, str] = {}
    for row in rows("name_meanings"):
        names = row["names"].split()
        if row["language"] == "zh" and names:
            found.update((word, names[0]) for word in row["words"].split() if word not in names)
    return found


@cache
def particles() -> frozenset[str]:
    """Small words inside surnames: von, de la, al."""
    return _words("particle")["xx"]


@cache
def _countries() -> tuple[dict[str, str], dict[str, list[tuple[str, str]]]]:
    whole: dict[str, str] = {}
    stems: dict[str, list[tuple[str, str]]] = {}
    for row in rows("name_countries"):
        for word in row["words"].split():
            if word.endswith("~"):
                stems.setdefault(word[:2], []).append((word[:-1], row["country"]))
            else:
                whole.setdefault(word, row["country"])
    return whole, stems


@cache
def country(word: str) -> str:
    """Country that a folded word names (``french``, ``франции``), empty when none."""
    whole = _countries()[0]
    if word in whole:
        return whole[word]
    return "" if plain_key(word) in given_families() else country_adjective(word)


@cache
def country_adjective(word: str) -> str:
    """Country of a word that stands where no first name can: ``German`` is one as well."""
    stems = _countries()[1]
    found = [
        (len(stem), code)
        for stem, code in stems.get(word[:2], ())
        if word.startswith(stem) and len(word) <= len(stem) + 6
    ]
    return max(found)[1] if found else ""


def soft_base_pairs(word: str) -> list[tuple[str, Ending]]:
    """Soft keys that a word may be an inflected form of, with the ending that says so; the longest ending first."""
    key = soft_key(word)
    found = []
    for one in endings():
        if key.endswith(one.ending):
            stem = key[: len(key) - len(one.ending)] if one.ending else key
            if len(stem) >= (4 if len(one.ending) < 2 else 3):
                found.append((stem + one.base, one))
    return found
