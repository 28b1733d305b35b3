"""Cheap evidence that a line is in the language of its page: frequent words and letters, no model.

Most lines of most pages are in the page's language and show it by two or three of its little words. Only what shows
nothing of the kind, or letters and words of another language, is worth a look by the language model, which costs twenty
times as much.
"""

from __future__ import annotations

from functools import cache, lru_cache

from auditor.language import alphabets, languages_of, script_of
from auditor.lexicon import rows

# Neighbouring languages share many, so a shorter line must have no frequent word of another language.
_FEWEST, _SHORT = 3, 80
# Of the different words of a line at least one in so many must be a frequent one of the language …
_ONE_IN = 12
# … and for each frequent word of other languages only there must be so many of them.
_FOR_EACH_STRANGE = 3
# Two letters that at most one other language has do as much as two more frequent words.
_PECULIAR, _SHARED = 2, 2
_SIGNS = frozenset("\"'´`’‘‚‛“”„‟«»‹›…–—―‐‑·•−°€£¥§№™®©%‰\u00a0\u202f\u2009\u200b\ufeff\u00ad")
_ASCII = frozenset(map(chr, range(128)))


@cache
def _words() -> dict[str, frozenset[str]]:
    """Frequent words by language, from ``knowledge/common_words.tsv``."""
    return {row["language"]: frozenset(row["words"].split()) for row in rows("common_words")}


@cache
def _evidence(tag: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Frequent words of a language, frequent words of others of its script only, and the characters it uses."""
    own = _words().get(tag, frozenset())
    others = [words for other, words in _words().items() if other in languages_of(script_of(tag))]
    strange = frozenset[str]().union(*others) - own
    letters = alphabets()[tag][1] if tag in alphabets() else frozenset[str]()
    return own, strange, _ASCII | _SIGNS | letters


@cache
def _peculiar(tag: str) -> frozenset[str]:
    """Letters of a language that hardly any other of its script uses: ``ř`` and ``ů``, ``ї`` and ``є``."""
    script = script_of(tag)
    others = [letters for other, (own, letters) in alphabets().items() if own == script and other != tag]
    mine = alphabets()[tag][1] if tag in alphabets() else frozenset[str]()
    return frozenset(char for char in mine if sum(char in letters for letters in others) < _SHARED)


def is_known(tag: str) -> bool:
    """Whether anything is known by which a line of a language could be told cheaply."""
    return tag in _words()


# Several rules ask about the same sentences of a page.
@lru_cache(maxsize=256)
def agrees(folded: str, tag: str) -> bool:
    """Whether a folded text shows plainly that it is in a language; False says nothing."""
    own, strange, characters = _evidence(tag)
    words = set(folded.split())
    hits = len(words & own)
    needed = _FEWEST
    if hits and hits < needed and len(_peculiar(tag).intersection(folded)) >= _PECULIAR:
        needed = 1
    if hits < needed or hits * _ONE_IN < len(words):
        return False
    if len(words & strange) * (_FOR_EACH_STRANGE if len(folded) > _SHORT else hits + 1) > hits:
        return False
    odd = set(folded) - characters
    return not odd or not any(map(str.isalpha, odd))
