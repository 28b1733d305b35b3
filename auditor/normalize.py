"""Folding for matching. A folded text has the same length as its source, so every offset is the way back."""

from __future__ import annotations

import re
import unicodedata
from array import array
from functools import cache, lru_cache

from auditor.native import TEXT

# Look-alike punctuation is folded to one plain sign; every replacement is one code point for one code point.
_SIGNS: dict[str | int, str] = {
    **dict.fromkeys("‘’‚‛′ʼ`´＇", "'"),
    **dict.fromkeys("“”„‟«»″＂〝〞", '"'),
    **dict.fromkeys("‐‑‒–—―−－", "-"),
    **dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000\t", " "),
    **dict.fromkeys(range(0x2000, 0x200B), " "),
    # Half a surrogate pair cannot cross into the native matchers.
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    # Every sign that ends a line, so that matchers need to know one only.
    **dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"),
    "…": ".",
    "！": "!",
    "？": "?",
    "：": ":",
    "，": ",",
    "；": ";",
    "（": "(",
    "）": ")",
    "ё": "е",
    "Ё": "е",
}
_FOLD: dict[int, str] = str.maketrans(dict(_SIGNS))
_FOLDED = frozenset(map(chr, _FOLD))
_MANY = 40
# Texts up to this length are words and names, which are asked about again and again.
_SHORT = 40


def fold(text: str) -> str:
    """Lower-case and plain punctuation, one code point for one code point.

    Letters whose lower-case form is longer (``İ``) keep their first code point. Example: ``“Él…`` -> ``"él.``
    """
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


@cache
def _table() -> array[int]:
    """What becomes of each character of the basic plane, where that is one character."""
    lowered = (chr(code).lower()[0] for code in range(0x10000))
    return array("H", (ord(_FOLD.get(ord(char), char)) for char in lowered))


def _fold(text: str) -> str:
    if TEXT is not None and (folded := TEXT.fold(text, _table())) is not None:
        return str(folded)
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(char.lower()[0] for char in text)
    # A text has few of these signs; replacing each is many times as fast as looking every character up.
    present = _FOLDED.intersection(lowered)
    if len(present) > _MANY:
        return lowered.translate(_FOLD)
    for char in present:
        lowered = lowered.replace(char, _FOLD[ord(char)])
    return lowered


# What would drive a terminal or hide text: control, bidi and invisible format characters.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def harmless(text: str) -> str:
    """One line that may be shown in a terminal: blanks collapsed, control and invisible characters as dots."""
    return _UNSAFE.sub("·", " ".join(text.split()))


def plain(text: str) -> str:
    """Fold, strip combining marks and collapse blanks: for comparing names and lines, not for offsets."""
    return _plain_short(text) if len(text) <= _SHORT else _plain(text)


def _plain(text: str) -> str:
    folded = fold(text)
    if folded.isascii():
        return " ".join(folded.split())
    decomposed = unicodedata.normalize("NFKD", folded)
    for char in dict.fromkeys(decomposed):
        if unicodedata.combining(char):
            decomposed = decomposed.replace(char, "")
    return " ".join(decomposed.split())


@lru_cache(maxsize=16384)
def _fold_short(text: str) -> str:
    return _fold(text)


@lru_cache(maxsize=16384)
def _plain_short(text: str) -> str:
    return _plain(text)
