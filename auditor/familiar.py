"""Cheap evidence that a line is in the language of its page: frequent words and letters, no model.

Most lines of most pages are in the page's language and show it by two or three of its little words. Only what shows
nothing of the kind, or letters and words of another language, is worth a look by the language model, which costs twenty
times as much.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from auditor.native import TEXT
from auditor.scripts import alphabets, languages_of, script_of
from auditor.tables import rows

if TYPE_CHECKING:
    from auditor.native._text import Evidence

# A stretch shows its language in its beginning; more costs only time.
_LONGEST = 1500
# Neighbouring languages share many, so a shorter line must have no frequent word of another language.
_FEWEST, _SHORT = 3, 80
# Of the different words of a line at least one in so many must be a frequent one of the language …
_ONE_IN = 12
# … (fewer words do where none of them is of another language only, and one is of this language only) …
_FEW, _FEW_IN = 2, 6
# … a name may have letters of another language, where so many words show whose text it stands in …
_MOST_ODD, _SURE = 2, 4
# … and for each frequent word of other languages only there must be so many of them.
_FOR_EACH_STRANGE = 3
# Two different letters that at most one other language has do as much, where no word is of another language.
_PECULIAR, _SHARED = 2, 2
_SIGNS = frozenset("\"'´`’‘‚‛“”„‟«»‹›…–—―‐‑·•−°€£¥§№™®©%‰\u00a0\u202f\u2009\u200b\ufeff\u00ad")
# What is plain without a model: so many different frequent words, and of the chosen ones, of which each language has
# as many, so many times as many as of any other, or more than of any other and letters that others do not use.
_PLAIN, _TIMES, _CHOSEN = 6, 2, 70
# What stands between words; folding has made the other signs into these.
_SEPARATORS = '.,;:!?()[]"-/'
_BETWEEN = re.compile(rf"[\s{re.escape(_SEPARATORS)}]+")
_ASCII = frozenset(map(chr, range(128)))


@cache
def _words() -> dict[str, frozenset[str]]:
    """Frequent words by language, those chosen (``knowledge/common_words.tsv``) and those counted."""
    found: dict[str, set[str]] = {}
    for row in (*rows("common_words"), *rows("frequent_words")):
        found.setdefault(row["language"], set()).update(row["words"].split())
    return {tag: frozenset(words) for tag, words in found.items()}


@cache
def _evidence(tag: str) -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    """Frequent words of a language, of others of its script only, of this one only, and the characters it uses."""
    own = _words().get(tag, frozenset())
    script = languages_of(script_of(tag))
    others = frozenset[str]().union(*(words for other, words in _words().items() if other in script - {tag}))
    # Only chosen words of another language speak against one: what was counted has names and the day's topics, too.
    chosen = frozenset(word for word, tags in _speakers().items() if not script.isdisjoint(tags))
    letters = alphabets()[tag][1] if tag in alphabets() else frozenset[str]()
    return own, chosen - own, own - others, _ASCII | _SIGNS | letters


@cache
def _peculiar(tag: str) -> frozenset[str]:
    """Letters of a language that hardly any other of its script uses: ``ř`` and ``ů``, ``ї`` and ``є``."""
    script = script_of(tag)
    others = [letters for other, (own, letters) in alphabets().items() if own == script and other != tag]
    mine = alphabets()[tag][1] if tag in alphabets() else frozenset[str]()
    return frozenset(char for char in mine if sum(char in letters for letters in others) < _SHARED)


@cache
def _speakers(most: int | None = None) -> dict[str, tuple[str, ...]]:
    """Each chosen frequent word with its languages; with ``most`` of each language as many."""
    found: dict[str, list[str]] = {}
    for row in rows("common_words"):
        for word in dict.fromkeys(row["words"].split()[:most]):
            found.setdefault(word, []).append(row["language"])
    return {word: tuple(tags) for word, tags in found.items()}


def plainly(folded: str) -> str:
    """The language that a folded text is in by its frequent words alone, "" where that is not plain."""
    # Of each language as many, so that none has more to show.
    known, counts = _speakers(_CHOSEN), dict[str, int]()
    words = set(_BETWEEN.split(folded))
    for word in words:
        for tag in known.get(word, ()):
            counts[tag] = counts.get(tag, 0) + 1
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:2]
    if not ranked or ranked[0][1] < _FEWEST or len(words & _words()[ranked[0][0]]) < _PLAIN:
        return ""
    (best, most), second = ranked[0], ranked[1][1] if len(ranked) > 1 else 0
    ahead = most >= second * _TIMES or (most > second and len(_peculiar(best).intersection(folded)) >= _PECULIAR)
    return best if ahead else ""


def is_known(tag: str) -> bool:
    """Whether anything is known by which a line of a language could be told cheaply."""
    return tag in _words()


@cache
def _compiled(tag: str) -> Evidence | None:
    """The evidence of a language in compiled form, None where nothing was compiled."""
    if TEXT is None:
        return None
    limits = (_FEWEST, _SHORT, _ONE_IN, _FOR_EACH_STRANGE, _PECULIAR, _FEW, _FEW_IN, _MOST_ODD, _SURE)
    evidence: Evidence = TEXT.Evidence(*_evidence(tag), _peculiar(tag), _SEPARATORS, limits)
    return evidence


def agrees(folded: str, tag: str, start: int = 0, end: int | None = None) -> bool:
    """Whether a stretch of a folded text (its first 1,500 signs) shows plainly that it is in a language.

    False says nothing.
    """
    stop = min(len(folded) if end is None else end, start + _LONGEST)
    if (compiled := _compiled(tag)) is not None:
        return compiled.agrees(folded, start, stop)
    return _agrees(folded[start:stop], tag)


# Several rules ask about the same sentences of a page.
@lru_cache(maxsize=256)
def _agrees(folded: str, tag: str) -> bool:
    own, strange, alone, characters = _evidence(tag)
    words = set(_BETWEEN.split(folded)) - {""}
    hits = len(words & own)
    odd = sum(map(folded.count, filter(str.isalpha, set(folded) - characters)))
    if odd > _MOST_ODD or (odd and (hits < _SURE or words & strange)):
        return False
    if hits >= _FEW and words & alone and not words & strange and hits * _FEW_IN >= len(words):
        return True
    if hits < _FEWEST and len(_peculiar(tag).intersection(folded)) >= _PECULIAR:
        return words.isdisjoint(strange)
    if hits < _FEWEST or hits * _ONE_IN < len(words):
        return False
    return len(words & strange) * (_FOR_EACH_STRANGE if len(folded) > _SHORT else hits + 1) <= hits
