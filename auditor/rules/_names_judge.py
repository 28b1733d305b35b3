"""How two names differ, and what the difference says: translated, inflected, a slip, or simply another name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from auditor.rules._names_fold import plain_key, skeleton, soft_key
from auditor.rules._names_tables import (
    Ending,
    concept_languages,
    given_genders,
    meanings,
    ordinary,
    origins,
    soft_base_pairs,
)
from auditor.rules._names_variants import alike, near, possessive, same_name, same_word

_SLAVIC = frozenset({"ru", "uk", "be", "pl", "cs", "sk", "sl", "hr", "sr", "bs"})
_EAST = frozenset({"ru", "uk", "be"})
_OWN = {
    **dict.fromkeys(_SLAVIC, _SLAVIC | {"bg"}),
    "el": frozenset({"el"}),
    "fi": frozenset({"fi", "et"}),
    "et": frozenset({"fi", "et"}),
    "tr": frozenset({"tr"}),
    "az": frozenset({"tr"}),
    "hu": frozenset({"hu"}),
}
# Languages that put endings of their own on every foreign name: nothing can be said of endings there.
_UNCLEAR = frozenset({"lt", "lv", "sq", "eu", "ka", "hy", "kk", "uz", "la", "is", "ga", "mk", "ro"})
_FAMILIES = (
    _SLAVIC | {"bg", "mk"},
    frozenset({"de", "en", "nl", "sv", "da", "no"}),
    frozenset({"fr", "es", "it", "pt", "ro"}),
    frozenset({"el"}),
    frozenset({"tr", "az"}),
    frozenset({"hu"}),
    frozenset({"fi", "et"}),
)
_WESTERN = frozenset({"de", "en", "nl", "sv", "da", "no", "fr", "es", "it", "pt"})
_HOME_LANGUAGE = {
    "ua": "uk",
    "by": "be",
    "gb": "en",
    "us": "en",
    "cz": "cs",
    "gr": "el",
    "il": "he",
    "cn": "zh",
    "jp": "ja",
    "kr": "ko",
    "in": "hi",
    "ir": "fa",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One word in which two otherwise equal names differ; ``given`` when it stands first."""

    mine: str
    theirs: str
    shared: str
    given: bool


@lru_cache(maxsize=65536)
def difference(mine: tuple[str, ...], theirs: tuple[str, ...], language: str) -> Difference | None:
    """The one word in which two names differ, first and last words compared; None when none or both do."""
    if len(mine) < 2 or len(theirs) < 2 or same_name(mine, theirs, language):
        return None
    if alike(mine[0], theirs[0], language, given=True):
        if possessive(mine[-1], theirs[-1], language):
            return None
        return Difference(mine[-1], theirs[-1], mine[0], given=False)
    if alike(mine[-1], theirs[-1], language):
        return Difference(mine[0], theirs[0], mine[-1], given=True)
    return None


def translated(word: str, name: str, language: str) -> str:
    """Concept that an ordinary word of the language (or of English) shares with a name word; empty when none."""
    if same_word(word, name):
        return ""
    named = meanings().get(plain_key(name), frozenset()) | meanings().get(skeleton(name), frozenset())
    for tag in (language, "en"):
        found = ordinary().get((tag, plain_key(word)))
        if found and found[0] in named:
            return found[0]
    return ""


def only_a_word(word: str, language: str) -> bool:
    """Whether the language uses the word as an ordinary one and hardly as a name."""
    found = ordinary().get((language, plain_key(word))) or ordinary().get(("en", plain_key(word)))
    return found is not None and not found[1]


def one_meaning(mine: str, theirs: str) -> str:
    """Concept that both words stand for as names or words of any two languages; empty when none."""
    if same_word(mine, theirs):
        return ""
    shared = _concepts(mine).keys() & _concepts(theirs).keys()
    return min(shared) if shared else ""


@lru_cache(maxsize=16384)
def _concepts(word: str) -> dict[str, frozenset[str]]:
    """Concepts of a word with the languages that have it so."""
    found: dict[str, set[str]] = {}
    bare = [plain_key(word), skeleton(word)]
    known = [key for key in bare if key in concept_languages()]
    # An inflected form (Ковача) says the same as its nominative.
    known = known or [candidate for candidate, ending in soft_base_pairs(word) if len(ending.ending) < 3]
    for key in known:
        for concept, language in concept_languages().get(key, ()):
            found.setdefault(concept, set()).add(language)
    return {concept: frozenset(languages) for concept, languages in found.items()}


def wrong_translation(mine: str, theirs: str, shared: str, language: str) -> bool | None:
    """Of two words of one meaning beside the same other word: whether mine is the translated one; None when unclear."""
    concept = one_meaning(mine, theirs)
    if not concept:
        return None
    fits = _fits_origin(mine, theirs, shared, concept)
    if fits[0] != fits[1]:
        return not fits[0]
    local = [language in _concepts(word)[concept] for word in (mine, theirs)]
    if local[0] == local[1]:
        local = ["en" in _concepts(word)[concept] for word in (mine, theirs)]
    return None if local[0] == local[1] else local[0]


def _fits_origin(mine: str, theirs: str, shared: str, concept: str) -> tuple[bool, bool]:
    """Which of two words belongs to the languages of the given name beside them."""
    origin = _origin(shared)
    home = next((family for family in _FAMILIES if origin in family), frozenset())
    fits = bool(_concepts(mine)[concept] & home), bool(_concepts(theirs)[concept] & home)
    # Of two languages of one family the given name's own decides: Mykola is Vovk, not Vlk.
    return (origin in _concepts(mine)[concept], origin in _concepts(theirs)[concept]) if all(fits) else fits


def decided_by_origin(found: Difference) -> bool:
    """Whether the shared given name's origin tells which of the two words was translated."""
    concept = one_meaning(found.mine, found.theirs)
    fits = _fits_origin(found.mine, found.theirs, found.shared, concept)
    return fits[0] != fits[1]


def western_given(word: str) -> bool:
    """Whether a given name is at home in western Europe, where it stands before surnames of all its languages."""
    return _origin(word) in _WESTERN


def _origin(word: str) -> str:
    """Language of the country where most bearers of a given name hold office; empty when it is not told."""
    home = origins().get(plain_key(word), "")
    return _HOME_LANGUAGE.get(home, home)


def _foreign(ending: Ending, language: str) -> bool:
    return not ending.languages & _OWN.get(language, frozenset())


@lru_cache(maxsize=65536)
def inflected(word: str, base: str, language: str, *, own: bool = False) -> frozenset[str]:
    """Languages whose case ending turns ``base`` into ``word``; none if (unless ``own``) the text's language does."""
    if language in _UNCLEAR or soft_key(word) == soft_key(base) or skeleton(word) == skeleton(base):
        return frozenset()
    found: frozenset[str] = frozenset()
    wanted = skeleton(base)
    for candidate, ending in soft_base_pairs(word):
        surface = (word[: len(word) - len(ending.ending)] if ending.ending else word) + ending.base
        if candidate == soft_key(base) or skeleton(candidate) == wanted or skeleton(surface) == wanted:
            if not own and not _foreign(ending, language):
                return frozenset()
            found = found or ending.languages
    return found


def case_source(mine: tuple[str, ...], base: tuple[str, ...], language: str) -> frozenset[str]:
    """Languages whose case endings make the name ``mine`` out of ``base``; none when that is not the difference."""
    nothing: frozenset[str] = frozenset()
    if len(mine) != len(base) or len(mine) < 2:
        return nothing
    found = nothing
    for word, stem in zip(mine, base, strict=True):
        if same_word(word, stem, given=word is mine[0]):
            continue
        source = inflected(word, stem, language) or _half_inflected(mine, base, word, language)
        if not source:
            return nothing
        found = source
    woman = given_genders().get(plain_key(base[0])) == "f"
    if language in _EAST and same_word(mine[0], base[0]) and found:
        return found
    return nothing if woman and not _feminine_base(base[-1]) and not same_word(mine[-1], base[-1]) else found


def _feminine_base(word: str) -> bool:
    return plain_key(word).endswith(("a", "ya", "i", "o"))


def _half_inflected(mine: tuple[str, ...], base: tuple[str, ...], word: str, language: str) -> frozenset[str]:
    """A surname in an oblique case after a man's given name in the nominative, which a Slavic language inflects too."""
    given = plain_key(mine[0])
    if language not in _SLAVIC or word is not mine[-1] or skeleton(mine[0]) != skeleton(base[0]):
        return frozenset()
    gender = given_genders().get(given)
    if (
        gender == "f"
        and language in _EAST
        and plain_key(base[-1])[-1] not in "aeiouy"
        and not base[-1].endswith(("в", "н"))
    ):
        # A woman's surname in a consonant is not declined at all: Жанна Гофф, Жанны Гофф.
        return inflected(word, base[-1], language, own=True)
    if given[-1] in "aeou" or gender != "m":
        return frozenset()
    return inflected(word, base[-1], language, own=True)


def slip(mine: str, theirs: str) -> bool:
    """Whether two words are too close to be two people's and too different to be variants."""
    return not same_word(mine, theirs) and near(mine, theirs)
