"""Folding for matching. A folded text has the same length as its source, so every offset is the way back."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Look-alike punctuation is folded to one plain sign; every replacement is one code point for one code point.
_SIGNS: dict[str | int, str] = {
    **dict.fromkeys("‘’‚‛′ʼ`´＇", "'"),
    **dict.fromkeys("“”„‟«»″＂〝〞", '"'),
    **dict.fromkeys("‐‑‒–—―−－", "-"),
    **dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000\t", " "),
    **dict.fromkeys(range(0x2000, 0x200B), " "),
    # Half a surrogate pair cannot cross into the native matchers.
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
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
_FOLD = str.maketrans(dict(_SIGNS))
# Texts up to this length are words and names, which are asked about again and again.
_SHORT = 40


def fold(text: str) -> str:
    """Lower-case and plain punctuation, one code point for one code point.

    Letters whose lower-case form is longer (``İ``) keep their first code point. Example: ``“Él…`` -> ``"él.``
    """
    lowered = text.lower()
    if lowered.isascii():
        return lowered.replace("`", "'").replace("\t", " ")
    if len(lowered) != len(text):
        lowered = "".join(char.lower()[0] for char in text)
    return lowered.translate(_FOLD)


def plain(text: str) -> str:
    """Fold, strip combining marks and collapse blanks: for comparing names and lines, not for offsets."""
    return _plain_short(text) if len(text) <= _SHORT else _plain(text)


def _plain(text: str) -> str:
    folded = fold(text)
    if folded.isascii():
        return " ".join(folded.split())
    decomposed = unicodedata.normalize("NFKD", folded)
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


@lru_cache(maxsize=65536)
def _plain_short(text: str) -> str:
    return _plain(text)
