"""What the searches for names carried over from another script share: capitalised words, neighbours, countries."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from auditor.data import SegmentedDocument, Sentence, Span
from auditor.lexicon import rows
from auditor.rules import _names_roles as roles
from auditor.rules._memo import once_a_page
from auditor.rules._names_fold import is_latin
from auditor.rules._names_roles import PUBLIC, Role

_LETTER = r"[^\W\d_]"
_REST = rf"(?:[-‐‑'’ʼ]{_LETTER}{{2,12}}){{0,3}}"
_NAME = rf"[A-ZŠČŽĆ]{_LETTER}{{1,23}}{_REST}"
_WORD = re.compile(rf"(?<![\w'’@#/.-]){_NAME}(?![\w@])")
# A neighbour may be one letter, as the Korean syllables E and U are.
_NEXT = re.compile(rf"[ \u00a0](?P<word>{_NAME}(?![\w@])|[A-Z](?![\w@.]))")
_BEFORE = re.compile(rf"(?<![\w'’@#/.-])(?P<word>{_NAME}|[A-Z])[ \u00a0]$")
_REACH = 52
_OPENING = '"“„«»‹‘'
_CLOSING = '"”“»«›'
# Those whose names are printed as their state writes them; generals of old wars may stand in any spelling.
POLITICAL = PUBLIC - {"general", "monarch", "senator"}


# What is said of a name by the system that its spelling comes from.
SYSTEMS = {
    "polivanov": "is a Japanese name as it comes out of Cyrillic (Polivanov's system)",
    "kunrei": "is a Japanese name as it comes out of Cyrillic (Polivanov's system), or in official spelling (Kunrei)",
    "czech": "is a Japanese name as Czech and its neighbours spell it",
    "polish": "is a name of the Far East in Polish spelling",
    "kontsevich": "is a Korean name as it comes out of Cyrillic (Kontsevich's system)",
}


@dataclass(frozen=True, slots=True)
class Carried:
    """A name that another writing system respelled: its place, what it may stand for, how sure that is and why.

    ``suggested`` is empty where nothing decides; ``system`` is one of ``SYSTEMS``, ``source`` the languages it says.
    """

    span: Span
    candidates: tuple[str, ...]
    suggested: str
    certain: bool
    confidence: float
    system: str
    source: str


@dataclass(frozen=True, slots=True)
class Word:
    """A capitalised word and its place."""

    text: str
    span: Span


# Words for countries that are names of people as well, so that the table leaves them out (Chick Corea).
_ALSO = {"kr": ("corea", "corée", "coreia", "corei")}


@cache
def _stems(lands: tuple[str, ...]) -> tuple[str, ...]:
    """Beginnings of the Latin words for some countries, without those that hold a shorter one."""
    listed = [
        word.rstrip("~") for row in rows("name_countries") if row["country"] in lands for word in row["words"].split()
    ]
    listed += [word for land in lands for word in _ALSO.get(land, ())]
    latin = [word for word in dict.fromkeys(listed) if is_latin(word)]
    return tuple(word for word in latin if not any(other != word and other in word for other in latin))


def speaks_of(folded: str, lands: tuple[str, ...]) -> bool:
    """Whether a folded text has a word for some countries."""
    return any(stem in folded for stem in _stems(lands))


@once_a_page
def words(page: SegmentedDocument) -> tuple[Word, ...]:
    """The capitalised words of a page, also those of several pieces (Jae-in); without a possessive."""
    return tuple(Word(sys.intern(found.group()), Span(*found.span())) for found in _WORD.finditer(page.text))


def following(text: str, word: Word) -> Word | None:
    """The capitalised word right behind."""
    found = _NEXT.match(text, word.span.end)
    return Word(found["word"], Span(*found.span("word"))) if found else None


def preceding(text: str, word: Word) -> Word | None:
    """The capitalised word right before."""
    low = max(0, word.span.start - _REACH)
    found = _BEFORE.search(text[low : word.span.start])
    return Word(found["word"], Span(low + found.start("word"), low + found.end("word"))) if found else None


def joined(one: Word, other: Word) -> Span:
    """The place of two neighbours."""
    return Span(min(one.span.start, other.span.start), max(one.span.end, other.span.end))


def quoted(text: str, span: Span) -> bool:
    """Whether quotation marks enclose just the name, which is then spoken of and not used."""
    return text[max(0, span.start - 1) : span.start] in set(_OPENING) and text[span.end : span.end + 1] in set(_CLOSING)


def office(page: SegmentedDocument, span: Span) -> Role | None:
    """The office or profession beside a name."""
    sentence = _sentence(page, span)
    if sentence is None:
        return None
    tag = sentence.language.tag
    found = roles.before(page.text, sentence.span.start, span.start, tag)
    return found or roles.after(page.text, span.end, sentence.span.end, tag)


def _sentence(page: SegmentedDocument, span: Span) -> Sentence | None:
    at = bisect_right(page.sentences, span.start, key=lambda sentence: sentence.span.start) - 1
    return page.sentences[at] if at >= 0 and page.sentences[at].span.contains(span) else None


@cache
def _beginnings(lands: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(_stems(lands))})")


def near(page: SegmentedDocument, span: Span, lands: tuple[str, ...], reach: int) -> bool:
    """Whether a word for some countries stands near a place."""
    return _beginnings(lands).search(page.folded, max(0, span.start - reach), span.end + reach) is not None
