"""Which differences between two names are no difference: spellings, short forms, inflection, feminine surnames.

Everything here errs towards "the same name": a variant is never reported.
"""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.rules._names_fold import consonants, distance, plain_key, skeleton, soft_key
from auditor.rules._names_readings import transcribed_alike
from auditor.rules._names_tables import all_endings, given_families, name_parts

# Languages that inflect names, native and foreign: within a text in them two endings of one stem are one name.
INFLECTING = frozenset(
    {
        "ru",
        "uk",
        "be",
        "pl",
        "cs",
        "sk",
        "sl",
        "hr",
        "sr",
        "bs",
        "lt",
        "lv",
        "et",
        "fi",
        "hu",
        "tr",
        "az",
        "el",
        "eu",
        "la",
        "is",
    }
    | {"ka", "hy", "kk", "uz", "ga", "sq"}
)
# Languages with a genitive s without apostrophe, or a plural s of families.
GENITIVE_S = frozenset({"de", "sv", "da", "no", "nl", "en", "is", "fo"})
_LONGEST_ENDING = 4
_SHORTEST_STEM = 3
_FEMININE = re.compile(
    r"(?P<stem>.{2,}?)(?:(?:ov|ev|in|iov)a?|(?:sk|ck|zk|nsk|tsk|dzk)(?:i|ii|a|aia|aja|y|e)|n(?:y|yi|i|a|aia)|ova|eva|ovai?|ovy)"
)


@lru_cache(maxsize=65536)
def same_word(one: str, other: str, *, given: bool = False) -> bool:
    """Whether two words are spellings of one name word; as given names also short and foreign forms."""
    if plain_key(one) == plain_key(other) or skeleton(one) == skeleton(other) or soft_key(one) == soft_key(other):
        return True
    if transcribed_alike(one, other):
        return True
    short, long = sorted((plain_key(one), plain_key(other)), key=len)
    if not short:
        return True
    if given and (_same_family(one, other) or _shortened(short, long)):
        return True
    if "-" in one or "-" in other or "‐" in one + other:
        return _hyphenated(one, other)
    return _transliterated(one, other)


def _same_family(one: str, other: str) -> bool:
    families = given_families()
    mine = families.get(plain_key(one)) or families.get(skeleton(one), frozenset())
    return bool(mine & (families.get(plain_key(other)) or families.get(skeleton(other), frozenset())))


def _shortened(short: str, long: str) -> bool:
    """Initials and clipped given names: J for John, Alex for Alexander, Abdel for Abdelkader."""
    return len(short) != 2 and long.startswith(short)


def _hyphenated(one: str, other: str) -> bool:
    """Jean for Jean-Claude, Kosiniak for Kosiniak-Kamysz, Jong-un for Jong Un, al-Assad for Assad."""
    mine, theirs = (tuple(plain_key(part) for part in re.split("[-‐‑]", word)) for word in (one, other))
    return "".join(mine) == "".join(theirs) or bool(set(mine) & set(theirs) - {"al", "el", "jean", "kim", "ben"})


# Letters that transliteration from Arabic, Persian, Hebrew, Hindi and other scripts chooses freely.
_FREE_VOWELS = re.compile("[aeiouy]+")


def _transliterated(one: str, other: str) -> bool:
    """Same consonants, vowels of one sound class and length: Raisi/Raeesi, Sisi/Sissi, Tchaikovsky/Chaikovsky."""
    if consonants(one) != consonants(other) or len(consonants(one)) < 2:
        return False
    mine, theirs = (_FREE_VOWELS.findall(skeleton(word)) for word in (one, other))
    if len(mine) != len(theirs):
        return False
    pairs = [{a[:1], b[:1]} for a, b in zip(mine, theirs, strict=True) if a != b]
    return (
        bool(pairs)
        and all(pair in ({"e", "i"}, {"o", "u"}, {"a", "e"}) for pair in pairs)
        and _both_free(one, other, len(pairs))
    )


def _both_free(one: str, other: str, changed: int) -> bool:
    """Exact spellings of Latin-script surnames are known; they differ by more than taste (Lobato, Lobatu)."""
    parts = name_parts()
    known = [sum(parts.get(plain_key(word), (0, 0))) > 0 for word in (one, other)]
    return changed <= 2 and (all(known) or plain_key(one)[-1] == plain_key(other)[-1])


@lru_cache(maxsize=65536)
def inflected_alike(one: str, other: str) -> bool:
    """Whether two words share a stem and differ in a short ending only: Макрон, Макрона; Novák, Nováková."""
    mine, theirs = soft_key(one), soft_key(other)
    shared = 0
    for a, b in zip(mine, theirs, strict=False):
        if a != b:
            break
        shared += 1
    longest, shortest = max(len(mine), len(theirs)), min(len(mine), len(theirs))
    if shared >= _SHORTEST_STEM and longest - shared <= _LONGEST_ENDING and shortest - shared <= _LONGEST_ENDING:
        return (shared >= 4 or longest - shared <= 3) and _is_ending(mine[shared:]) and _is_ending(theirs[shared:])
    return _fleeting(mine, theirs)


def _is_ending(rest: str) -> bool:
    """Whether a remainder can be a case ending: none, one with a vowel in front, or one of the table."""
    return not rest or rest[0] in "aeiou" or rest in all_endings()


def _fleeting(one: str, other: str) -> bool:
    """A vowel that drops out in the oblique cases: Pavel, Pavla; Orel, Orla; Šimek, Šimka."""
    short, long = sorted((one, other), key=lambda word: len(re.sub("[aeiou]", "", word)))
    a, b = (re.sub("[aeiou]", "", word) for word in (short, long))
    return len(a) >= 2 and b.startswith(a) and len(b) - len(a) <= 2 and one[:2] == other[:2]


@lru_cache(maxsize=65536)
def feminine_pair(one: str, other: str) -> bool:
    """A man's and a woman's form of one Slavic, Greek or Lithuanian surname: Novák, Nováková; Mitsotakis, Mitsotaki."""
    short, long = sorted((soft_key(one), soft_key(other)), key=len)
    if long in {
        short + "ova",
        short + "eva",
        short + "a",
        short[:-1] + "ova",
        short[:-1] + "a",
        short + "iene",
        short[:-2] + "iene",
    }:
        return True
    if long == short + "s" or (long == short + "u" and len(short) > 3):
        return True
    first, second = _FEMININE.fullmatch(short), _FEMININE.fullmatch(long)
    return bool(first and second and first["stem"] == second["stem"])


def same_name(one: tuple[str, ...], other: tuple[str, ...], language: str = "en") -> bool:
    """Whether two names as a whole are one, each word of the shorter having its partner in the longer."""
    short, long = sorted((one, other), key=len)
    return all(
        any(
            # A family name has no short and foreign forms: Petr Pavel is not Peter Paul.
            alike(word, mate, language, given=at + 1 < len(short) and to + 1 < len(long))
            for to, mate in enumerate(long)
        )
        for at, word in enumerate(short)
    )


def alike(one: str, other: str, language: str, *, given: bool = False) -> bool:
    """Whether two words may be one name word in a text of a language."""
    if same_word(one, other, given=given):
        return True
    return language in INFLECTING and inflected_alike(one, other)


def possessive(one: str, other: str, language: str) -> bool:
    """A genitive s without apostrophe (Putins, Merkels), and plurals of a family (the Obamas)."""
    short, long = sorted((plain_key(one), plain_key(other)), key=len)
    return long in {short + "s", short + "es"} and language in GENITIVE_S


def near(one: str, other: str) -> bool:
    """Whether two different words are so close that one is probably a slip for the other."""
    mine, theirs = plain_key(one), plain_key(other)
    length = min(len(mine), len(theirs))
    if length < 4 or mine[0] != theirs[0]:
        return False
    if length >= 7 and (mine.startswith(theirs) or theirs.startswith(mine)) and abs(len(mine) - len(theirs)) <= 3:
        return True
    allowed = 1 if length < 7 else 2
    if length >= 5 and len(consonants(one)) >= 3 and consonants(one) == consonants(other):
        return True
    return distance(mine, theirs, allowed) <= allowed
