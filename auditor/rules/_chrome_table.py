"""The table of interface phrases: whole lines by look-up, beginnings and notices by automaton."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, product

from auditor.data import Span
from auditor.lexicon import Entry, Lexicon, Match, rows
from auditor.native import TEXT

_TABLES = ("boilerplate_latin", "boilerplate_other_scripts")
# Words and brands that stand in the interfaces of every language.
ANY_LANGUAGE = "mul"
# Kinds of the table that are no boilerplate but tell that a line is something else.
NOT_CHROME = frozenset({"disclosure", "source"})
_FRONT = re.compile(r"^[^\w#]+")
_LONGEST_HEAD = 100
# So much of a line tells whether any beginning may fit; ornaments and long numbers may stand before its first letters.
_GLANCE = 40
_EDGE = re.compile(r"^[^\w#]+|[^\w#]+$")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_BLANKS = re.compile(r"\s+")
_PART = re.compile(r"(\([^()]*\)\??)")
_MOST_VARIANTS = 1024
_FEWEST_LETTERS = 2
# Beginnings are looked up by so many letters first.
_FIRST_LETTERS = 5
_BRACKETS = str.maketrans("", "", "()[]")
# Lines up to this length may be interface phrases; longer ones only hold notices.
LONG = 160
# No sentence that is longer is looked at for phrases.
_LONGEST = 300
# Signs that cut a line into the items of a menu, by themselves and only behind a blank.
_CUTTING, _CUTTING_APART = "|·•›＞→", ">»/–—-"


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a line was recognised as: language (``mul`` for any) and kind.

    ``whole``: the phrase is all of the line. ``notice``: it may stand anywhere, for no sentence of an article holds it.
    """

    language: str
    kind: str
    whole: bool
    notice: bool = False


def key(folded: str) -> str:
    """The form in which whole lines are looked up: ornaments off, blanks single, numbers as ``#``."""
    single = " ".join(folded.split())
    if single.replace(" ", "").isalpha():
        return single
    return _EDGE.sub("", _NUMBER.sub("#", single.translate(_BRACKETS)).replace(" :", ":"))


def _front(folded: str) -> str:
    """The form in which beginnings are looked up: as ``key``, but what stands at the end is kept."""
    single = " ".join(folded.split())
    return _FRONT.sub("", _NUMBER.sub("#", single) if _DIGIT.search(single) else single).replace(" :", ":")


def _ends_word(text: str, end: int) -> bool:
    before, after = text[end - 1], text[end : end + 1]
    return not before.isalnum() or not after.isalnum() or before > "\u0e00"


def _variants(pattern: str) -> Iterator[str] | None:
    """All plain spellings of a pattern with brackets, None when it has gaps or too many."""
    if "*" in pattern or "~" in pattern:
        return None
    choices: list[list[str]] = []
    total = 1
    for part in _PART.split(pattern):
        optional = [""] if part.endswith("?") else []
        own = [*part.strip("()?").split("|"), *optional] if part.startswith("(") else [part]
        choices.append(own)
        total *= len(own)
    if total > _MOST_VARIANTS:
        return None
    return (_BLANKS.sub(" ", "".join(one)).strip() for one in product(*choices))


class ChromeTable:
    """Recognises lines of interface text in any language of the ``knowledge/boilerplate_*.tsv`` tables."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[tuple[str, str], None]] = {}
        self._heads: dict[str, dict[tuple[str, str], None]] = {}
        # Lengths of the known beginnings, by their first letters.
        self._lengths: dict[str, list[int]] = {}
        entries: list[Entry] = []
        for row in chain.from_iterable(map(rows, _TABLES)):
            for pattern in row["pattern"].split("; "):
                entries += self._add(row["language"], row["kind"], pattern)
        for head in sorted(self._heads, key=len):
            lengths = self._lengths.setdefault(head[:_FIRST_LETTERS], [])
            if len(head) not in lengths:
                lengths.append(len(head))
        self._lexicon = Lexicon(tuple(entries))
        # Numbers shrink to one sign, so a line may be somewhat longer than the longest phrase.
        self._longest = 2 * max(map(len, self._lines), default=0)
        signs = (_CUTTING, _CUTTING_APART, LONG, _FIRST_LETTERS)
        self._glance = TEXT.Glance(self._lines, self._heads, *signs) if TEXT is not None else None

    def _add(self, language: str, kind: str, pattern: str) -> Iterable[Entry]:
        if pattern.startswith("*") and pattern.endswith("*"):
            return [Entry(language, kind, pattern.strip("* "))]
        head = pattern.endswith("…")
        variants = _variants(pattern.rstrip("… "))
        if variants is None:
            return [Entry(language, kind, "^" + pattern.rstrip("… ") + ("" if head else "$"))]
        home = self._heads if head else self._lines
        for one in variants:
            if sum(map(str.isalpha, one)) < _FEWEST_LETTERS:
                continue
            home.setdefault(_front(one) if head else key(one), {})[language, kind] = None
        return []

    def may_be(self, folded: str, part: Span) -> bool:
        """False where a stretch is plainly no phrase, begins with none, and is not cut into parts; cheap."""
        return self._glance is None or bool(self._glance.may_be(folded, part.start, part.end, _LONGEST))

    def may_be_lines(self, folded: str, parts: Sequence[Span]) -> Sequence[int]:
        """The numbers of the stretches of which ``may_be`` is true."""
        if self._glance is None:
            return range(len(parts))
        starts, ends = [one.start for one in parts], [one.end for one in parts]
        numbers: list[int] = self._glance.closer(folded, starts, ends)
        return numbers

    def line(self, folded: str) -> list[Phrase]:
        """Phrases that are the whole of a line (or of a part of it between separators)."""
        if len(folded) > self._longest:
            return []
        return [Phrase(language, kind, whole=True) for language, kind in self._lines.get(key(folded), ())]

    def begins(self, folded: str) -> list[Phrase]:
        """Phrases that a line begins with, ended by the end of a word."""
        start = _front(folded[:_GLANCE])
        if not any(start[:first] in self._lengths for first in range(_FEWEST_LETTERS, _FIRST_LETTERS + 1)):
            return []
        front = _front(folded[:_LONGEST_HEAD])
        found = []
        # Shorter heads stand under all their letters.
        for first in range(_FEWEST_LETTERS, _FIRST_LETTERS + 1):
            for end in self._lengths.get(front[:first], ()) if first <= len(front) else ():
                if end <= len(front) and front[:end] in self._heads and _ends_word(front, end):
                    whole = end == len(front)
                    found += [Phrase(language, kind, whole=whole) for language, kind in self._heads[front[:end]]]
        return found

    def scan(self, folded: str) -> list[tuple[Span, Phrase]]:
        """Notices anywhere in a folded text, and lines told by patterns with gaps, with their places."""
        return [_told(match) for match in self._lexicon.find(folded)]

    def scan_part(self, folded: str, part: Span) -> list[tuple[Span, Phrase]]:
        """As ``scan`` for a line or sentence of a text, at places of the text; cheap for many parts of one text."""
        return [_told(match) for match in self._lexicon.within(folded, part.start, part.end)]


def _told(match: Match) -> tuple[Span, Phrase]:
    entry = match.entry
    return match.span, Phrase(entry.language, entry.kind, match.whole_line, not entry.pattern.startswith("^"))


@cache
def table() -> ChromeTable:
    """The table, loaded once a process."""
    return ChromeTable()
