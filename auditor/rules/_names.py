"""Reading the name of a person or an outlet that stands at a known place, as in "By Jane Doe" or "翻译：张三"."""

from __future__ import annotations

import re
from functools import cache

from auditor.data import Span
from auditor.lexicon import rows

# A word with the marks that stand inside names: O'Neill, Al-Masri, Jean‑Luc, J.
_LETTER = r"[^\W\d_ぁ-ヿ㐀-鿿가-힣]"
_WORD = re.compile(rf"{_LETTER}(?:{_LETTER}|['’‐‑-](?={_LETTER})|\.(?={_LETTER}\.))*\.?")
_LEAD = re.compile(r"[\s:：|–—\-\"“”„«»'‘’*_@·・]*")
_HAN = re.compile(
    r"[㐀-鿿々]{2,4}(?:[·・•.][㐀-鿿々]{1,8}){0,3}(?![㐀-鿿々])|[ァ-ヶー]{2,12}(?:[・＝=][ァ-ヶー]{1,12}){0,3}"
)
_HANGUL = re.compile(r"[가-힣]{2,5}(?![가-힣])")
# Scripts with neither capitals nor unspaced writing: a name is two to four words.
_OTHER = re.compile(r"[^\W\d_]{2,20}(?:[ \u200c][^\W\d_]{1,20}){1,3}(?=\s*(?:$|[،,.;؛|()/·•–—\n-]))")
_MOST_WORDS = 5


@cache
def _particles() -> frozenset[str]:
    """Words in lower case that stand inside names, from ``knowledge/attribution.tsv``."""
    return frozenset(row["pattern"] for row in rows("attribution") if row["kind"] == "particle")


def read_name(text: str, start: int, limit: int) -> Span | None:
    """Return the place of the name that begins at ``start`` (signs before it aside), or None when there is none."""
    lead = _LEAD.match(text, start, limit)
    at = lead.end() if lead else start
    if at >= limit:
        return None
    char = text[at]
    if char.lower() != char.upper():
        return _cased(text, at, limit)
    pattern = _HANGUL if "가" <= char <= "힣" else _HAN if "ァ" <= char <= "鿿" else _OTHER
    found = pattern.match(text, at, limit)
    return Span(*found.span()) if found else None


def _cased(text: str, at: int, limit: int) -> Span | None:
    first = end = at
    words = 0
    while words < _MOST_WORDS and (word := _WORD.match(text, at, limit)):
        token = word.group()
        if token[0].isupper():
            words += 1
            end = word.end()
            if len(token) > 3 and token.endswith(".") and "." not in token[:-1]:
                end -= 1
                break
        elif not words or token.rstrip(".").lower() not in _particles():
            break
        at = word.end()
        while at < limit and text[at] in "  ":
            at += 1
    return Span(first, end) if words else None


def word_count(name: str) -> int:
    """Number of words in a name; a Han or Hangul name counts as two, because it holds family and given name."""
    words = len(name.replace("·", " ").replace("・", " ").split())
    return max(words, 2) if name and name[0] >= "ぁ" else words
