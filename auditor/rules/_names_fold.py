"""Spelling keys of name words: fold, romanise, skeleton, distance.

``plain_key`` strips marks and romanises Cyrillic and Greek by letters. ``soft_key`` also joins spellings of one
sound that differ between languages in endings only. ``skeleton`` is coarse: two words of one skeleton are taken as
two spellings of one name (Zelensky, Zelenskyy, Selenskyj), so that a difference in it is a real one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import OSA

# BGN/PCGN-like romanisation without apostrophes; Ukrainian and Bulgarian differ only where skeletons agree again.
_LETTERS = {
    **dict(zip("абвгдезийклмнопрстуфцыэ", "abvgdeziyklmnoprstuf_ye", strict=True)),
    "ц": "ts",
    "ж": "zh",
    "х": "kh",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
    "ё": "yo",
    "є": "ye",
    "і": "i",
    "ї": "yi",
    "ґ": "g",
    "ў": "u",
    "ђ": "dj",
    "ј": "j",
    "љ": "lj",
    "њ": "nj",
    "ћ": "ch",
    "џ": "dzh",
    "ѓ": "gj",
    "ќ": "kj",
    "ѕ": "dz",
    **dict(zip("αβγδεζηικλμνξοπρσςτυφωχψ", "avgdezi1klmnxoprsstifo23", strict=True)),
    "ι": "i",
    "θ": "th",
    "χ": "h",
    "ψ": "ps",
    "ß": "ss",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "ł": "l",
    "đ": "dj",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ŋ": "n",
}
_HUSHES = {
    "č": "ch", "ć": "ch", "ç": "ch", "š": "sh", "ş": "sh", "ș": "sh", "ś": "sh", "ž": "zh", "ż": "zh", "ź": "zh",
    "ť": "t", "ď": "d", "ǆ": "dzh", "ģ": "g", "ķ": "k",
}  # fmt: skip
_GREEK = (("μπ", "b"), ("ντ", "nd"), ("γκ", "g"), ("γγ", "ng"), ("ου", "u"), ("αυ", "av"), ("ευ", "ev"), ("τζ", "tz"))
_GREEK_START = {"nd": "d"}
_SKELETON = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"shch|schtsch", "sh"),
        (r"tsch|tch|tsj|tj", "ch"),
        (r"dzh|dsch|dj", "j"),
        (r"sch|zh", "sh"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"kh|gh", "h"),
        (r"ck|cqu|qu|q", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c(?!h)", "k"),
        (r"x", "ks"),
        (r"w|v|ff?", "v"),
        (r"tz|ts", "s"),
        (r"z", "s"),
        (r"[yj]", "i"),
        (r"i+", "i"),
        (r"(?<=[aeou])i(?=[aeou])", ""),
        (r"(?<=[cs]h)o(?=v)", "e"),
        (r"ie", "e"),
        (r"io(?=[a-z])", "o"),
        (r"eia\b", "ea"),
        (r"g", "h"),
        (r"(?<=[a-z])h(?![aeiou])", ""),
        (r"(.)\1+", r"\1"),
        (r"(?<=[a-z]{3})[ie]i$", "i"),
    )
)
# Digraphs of Latin spelling systems, which Cyrillic letters in a row (Трз) are not.
_DIGRAPHS = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"szcz", "sh"), (r"cz", "ch"), (r"sz|(?<=[bcdghkpt])rz", "sh"),
        (r"oo|ou", "u"), (r"ee", "i"), (r"ue", "u"), (r"oe", "o"), (r"ae", "e"),
    )
)  # fmt: skip
_MARKED_VOWELS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "å": "a", "á": "a"})


def _romanise(word: str) -> str:
    if any("ͱ" <= char <= "Ͽ" or "ἀ" <= char <= "῿" for char in word):
        word = "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
        for pair, by in _GREEK:
            word = word.replace(pair, by)
        for pair, by in _GREEK_START.items():
            if word.startswith(pair):
                word = by + word[len(pair) :]
    return "".join(_LETTERS.get(char, char) for char in word)


@lru_cache(maxsize=65536)
def plain_key(word: str) -> str:
    """Lower-case letters without marks, in Latin script. Example: ``Şimşek`` -> ``simsek``, ``Туск`` -> ``tusk``."""
    if word.isascii():
        return "".join(filter(str.isalpha, word.lower()))
    lowered = unicodedata.normalize("NFC", word).lower().replace("i̇", "i")
    stripped = unicodedata.normalize("NFD", _romanise(lowered))
    return "".join(char for char in stripped if char.isalpha())


@lru_cache(maxsize=65536)
def soft_key(word: str) -> str:
    """The plain key with y, j as i, ``ou`` as u, and one i at the end. Example: ``Зеленского`` -> ``zelenskogo``."""
    key = plain_key(word).replace("ou", "u").replace("y", "i").replace("j", "i")
    return re.sub("i+$", "i", key)


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """Coarse key that spellings of one name share. Example: ``Klitschko``, ``Кличко``, ``Kličko`` -> ``klichko``."""
    lowered = unicodedata.normalize("NFC", word).lower().replace("i̇", "i").translate(_MARKED_VOWELS)
    key = plain_key("".join(_HUSHES.get(char, char) for char in lowered))
    for pattern, by in (*_DIGRAPHS, *_SKELETON) if is_latin(word) else _SKELETON:
        key = pattern.sub(by, key)
    return key


@lru_cache(maxsize=65536)
def consonants(word: str) -> str:
    """The skeleton's consonants with its first letter. Example: ``Mubape``, ``Mbappé`` -> ``mbp``."""
    key = skeleton(word)
    return re.sub(r"(.)\1+", r"\1", key[:1] + re.sub("[aeiou]", "", key[1:]))


@lru_cache(maxsize=16384)
def is_latin(text: str) -> bool:
    """Whether all letters are Latin."""
    return all(char < "Ͱ" or "Ḁ" <= char <= "ỿ" for char in text if char.isalpha())


def distance(one: str, other: str, most: int = 3) -> int:
    """Damerau-Levenshtein distance (optimal string alignment), ``most`` + 1 when it is more than ``most``."""
    if max(len(one), len(other)) > 40:
        return most + 1
    return OSA.distance(one, other, score_cutoff=most)
