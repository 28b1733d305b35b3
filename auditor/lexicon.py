"""Phrase tables and the matcher that finds them in folded text.

A table is a TSV file under ``auditor/knowledge/`` with the columns ``language kind pattern source licence``.
A pattern is folded text with a few signs: a blank is any run of blanks; ``*`` a gap of at most 60 characters inside
the line; ``~`` after letters any ending of the word; ``#`` a number; ``(a|b)`` alternatives, ``(a)?`` an optional
part; ``^`` at the front and ``$`` at the back bind to the line, ornaments aside. Words match whole. Several patterns
in one cell are separated by ``; ``. All phrases of one lexicon are looked for at once: an automaton finds each
pattern's longest literal piece, and only then the pattern itself is tried, on that line alone or on a window of it,
so cost stays linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from auditor.data import Span
from auditor.normalize import fold
from auditor.patterns import (
    UNSPACED,
    Entry,
    anchors,
    beside,
    compile_pattern,
    is_plain,
    is_whole,
    stands_alone,
)
from auditor.scan import POOL, Piece
from auditor.tables import rows

__all__ = ["Entry", "Lexicon", "Match", "anchors", "compile_pattern", "entries", "load", "rows"]

# A phrase is no longer than this; patterns are tried on windows of a few times this width.
_REACH = 300
# Places of the literal pieces are remembered for the text that was asked about last, unless it is longer than this.
_REMEMBERED = 200_000
# A longer text is taken for a page, in which other lexicons will look as well.
_LONG_SENTENCE = 600
_ALNUM = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found at ``span``; ``whole_line`` when nothing but ornaments stands beside it on its line."""

    span: Span
    entry: Entry
    whole_line: bool


class Lexicon:
    """All phrases of some tables, found in one scan."""

    def __init__(self, entries: tuple[Entry, ...], *, pooled: bool = True) -> None:
        """With ``pooled`` whole texts are scanned together with other tables; not so what sees only short stretches."""
        by_anchor: dict[str, list[int]] = {}
        for number, entry in enumerate(entries):
            for piece in anchors(entry.pattern):
                by_anchor.setdefault(piece, []).append(number)
        self.entries = entries
        self._compiled: list[re.Pattern[str] | None] = [None] * len(entries)
        self._beside = [beside(entry.pattern) for entry in entries]
        self._languages = [entry.language for entry in entries]
        self._rows = list(by_anchor.values())
        self._automaton = AhoCorasick(list(by_anchor), matchkind=MatchKind.Standard)
        self._member = POOL.join(list(by_anchor)) if pooled else None
        self._plain = [is_plain(entry) for entry in entries]
        self._unspaced = [UNSPACED.search(entry.pattern) is not None for entry in entries]
        whole = [tuple(is_whole(piece, entries[at]) for at in numbers) for piece, numbers in by_anchor.items()]
        self._edges = [(all(front for front, _ in one), all(back for _, back in one)) for one in whole]
        self._last: tuple[str, list[Piece], list[int]] = ("", [], [])

    def find(self, folded: str, languages: AbstractSet[str] | None = None) -> list[Match]:
        """Return every match in a folded text, by place, the longest first; matches may overlap.

        With ``languages`` only the entries of these are looked for.
        """
        whole = _LONG_SENTENCE < len(folded) <= _REMEMBERED
        pieces = self._all(folded) if whole else self._automaton.find_matches_as_indexes(folded, overlapping=True)
        return self._matches(folded, pieces, (0, len(folded)), languages)

    def within(self, folded: str, low: int, high: int, languages: AbstractSet[str] | None = None) -> list[Match]:
        """Return what ``find`` sees in ``folded[low:high]``, at places of the whole text.

        Cheap for many stretches of one text: its literal pieces are looked for once.
        """
        pieces = self._pieces(folded, low, high)
        return self._matches(folded, pieces, (low, high), languages) if pieces else []

    def touches(self, folded: str, low: int, high: int) -> bool:
        """Whether a literal piece of any phrase stands in a stretch: where none does, nothing can be found."""
        return bool(self._pieces(folded, low, high))

    def touched(self, folded: str, stretches: Sequence[Span]) -> list[int]:
        """The numbers of those stretches, given in order, that ``touches`` is true of."""
        if len(folded) > _REMEMBERED:
            return [at for at, one in enumerate(stretches) if self.touches(folded, one.start, one.end)]
        starts = [one.start for one in stretches]
        places = {(bisect_right(starts, start) - 1, end) for _, start, end in self._pieces(folded, 0, len(folded))}
        return sorted({at for at, end in places if at >= 0 and end <= stretches[at].end})

    def _all(self, folded: str) -> list[Piece]:
        """The literal pieces of a whole text, by their end, from the scan that all lexicons share if there is one."""
        found = POOL.find(folded, self._member) if self._member is not None else None
        return self._automaton.find_matches_as_indexes(folded, overlapping=True) if found is None else found

    def _pieces(self, folded: str, low: int, high: int) -> list[Piece]:
        """The literal pieces in a stretch, by their end."""
        if len(folded) > _REMEMBERED:
            found = self._automaton.find_matches_as_indexes(folded[low:high], overlapping=True)
            return [(which, low + start, low + end) for which, start, end in found]
        text, pieces, ends = self._last
        if text is not folded:
            pieces = self._all(folded)
            ends = [end for _, _, end in pieces]
            self._last = (folded, pieces, ends)
        near = pieces[bisect_right(ends, low) : bisect_right(ends, high)] if pieces else []
        return [piece for piece in near if piece[1] >= low]

    def _matches(
        self, folded: str, pieces: Iterable[Piece], stretch: tuple[int, int], languages: AbstractSet[str] | None
    ) -> list[Match]:
        """Try the patterns whose pieces stand in a stretch, each on its line."""
        found: dict[tuple[int, int, int], Match] = {}
        tried: set[tuple[int, int]] = set()
        start, end = 0, -1
        low_end, high_end = stretch
        for which, at, stop in pieces:
            front, back = self._edges[which]
            # What stands beside a stretch is not looked at: it is asked about as if it were a text of its own.
            if front and at > low_end and folded[at - 1].isalnum():
                continue
            if back and stop < high_end and folded[stop].isalnum():
                continue
            if at > end or at < start:
                start = max(stretch[0], folded.rfind("\n", stretch[0], at) + 1)
                end = folded.find("\n", at, stretch[1])
                end = stretch[1] if end < 0 else end
            for number in self._rows[which]:
                if languages is not None and self._languages[number] not in languages:
                    continue
                if self._plain[number]:
                    # The literal piece is all of it, so no pattern has to be tried.
                    if self._unspaced[number] or stands_alone(folded, at, stop, stretch):
                        found[at, -stop, number] = self._match(folded, number, (at, stop), (start, end))
                    continue
                short = end - start <= _REACH
                low, high = (start, end) if short else self._window(number, at, start, end)
                if low < high and (number, low) not in tried:
                    tried.add((number, low))
                    window = folded[low:high]
                    if self._beside[number] in window and self._pattern(number).search(window):
                        for match in self._try(folded, number, (low, window), (start, end)):
                            found[match.span.start, -match.span.end, number] = match
        return [found[key] for key in sorted(found)]

    def _window(self, number: int, at: int, start: int, end: int) -> tuple[int, int]:
        """The part of the line to try a pattern on, so that a huge line costs no more than many short ones."""
        pattern = self.entries[number].pattern
        if pattern.startswith("^"):
            near = at - start <= _REACH
            return (
                (start, min(end, start + 2 * _REACH))
                if near and (end - start <= 2 * _REACH or pattern[-1] != "$")
                else (0, 0)
            )
        if end - start <= 4 * _REACH:
            return start, end
        if pattern.endswith("$"):
            return (end - 2 * _REACH, end) if end - at <= _REACH else (0, 0)
        piece = (at - start) // _REACH
        return max(start, start + (piece - 1) * _REACH), min(end, start + (piece + 2) * _REACH)

    def _pattern(self, number: int) -> re.Pattern[str]:
        pattern = self._compiled[number]
        if pattern is None:
            entry = self.entries[number]
            pattern = self._compiled[number] = compile_pattern(entry.pattern, entry.language)
        return pattern

    def _try(self, folded: str, number: int, window: tuple[int, str], line: tuple[int, int]) -> Iterator[Match]:
        """The matches of one pattern in a window, given by its start and its text, of a line."""
        for hit in self._pattern(number).finditer(window[1]):
            low, high = (window[0] + offset for offset in hit.span("m"))
            # A window of a long line may begin inside a word, which the pattern itself cannot see.
            torn = low == window[0] > line[0] and folded[low - 1].isalnum() and not UNSPACED.match(folded[low])
            if low < high and not torn:
                yield self._match(folded, number, (low, high), line)

    def _match(self, folded: str, number: int, place: tuple[int, int], line: tuple[int, int]) -> Match:
        low, high = place
        rest = folded[max(line[0], low - _REACH) : low] + folded[high : min(line[1], high + _REACH)]
        return Match(Span(low, high), self.entries[number], _ALNUM.search(rest) is None)


@cache
def load(*tables: str, pooled: bool = True) -> Lexicon:
    """Load the named tables as one lexicon (cached for the process)."""
    return Lexicon(tuple(entry for table in tables for entry in entries(table)), pooled=pooled)


def entries(table: str) -> Iterator[Entry]:
    """Yield the entries of a table; a cell may hold several patterns, separated by a semicolon and a blank."""
    for row in rows(table):
        for pattern in row["pattern"].split("; "):
            yield Entry(row["language"], row["kind"], fold(pattern.strip()))
