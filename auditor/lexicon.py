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
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate

from ahocorasick_rs import AhoCorasick, MatchKind

from auditor.data import Span
from auditor.normalize import fold
from auditor.scan import POOL, Piece

_GAP = r"[^\n]{0,60}?"
# Scripts written without blanks between words: a phrase may begin and end anywhere in them.
_UNSPACED_LETTERS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNSPACED = re.compile(f"[{_UNSPACED_LETTERS}]")
# A letter or digit that would continue a word; in "AIが" the word ends before the kana.
_WORD = r"[0-9a-z_ß-öø-ÿ]"
# A phrase is no longer than this; patterns are tried on windows of a few times this width.
_REACH = 300
# Places of the literal pieces are remembered for the text that was asked about last, unless it is longer than this.
_REMEMBERED = 200_000
# A longer text is taken for a page, in which other lexicons will look as well.
_LONG_SENTENCE = 600
# "mul" stands for tables of names that any language may use.
_UNSPACED_LANGUAGES = frozenset({"zh", "ja", "ko", "th", "lo", "km", "my", "mul"})
_SIGNS = {
    " ": r"\s+",
    ":": r"\s?:",
    "*": _GAP,
    "~": r"\w*",
    "#": r"\d[\d.,]*",
    "(": "(?:",
    ")": ")",
    "|": "|",
    "?": "?",
}
_WORD_END = re.compile(r"[\w)~?#]$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a phrase table."""

    language: str
    kind: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found at ``span``; ``whole_line`` when nothing but ornaments stands beside it on its line."""

    span: Span
    entry: Entry
    whole_line: bool


def rows(table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of ``auditor/knowledge/<table>.tsv``; lines that begin with ``#`` are comments."""
    text = files("auditor.knowledge").joinpath(f"{table}.tsv").read_text("utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("# "))
    columns = next(lines, "").split("\t")
    for line in lines:
        yield dict(zip(columns, line.split("\t"), strict=True))


def compile_pattern(pattern: str, language: str = "") -> re.Pattern[str]:
    """Turn a table pattern into a regular expression whose group ``m`` is the phrase.

    In languages written without blanks a Latin word may stand right beside their letters ("AI翻訳").
    """
    word = _WORD if language in _UNSPACED_LANGUAGES else r"\w"
    body = pattern.removeprefix("^").removesuffix("$")
    unspaced = _UNSPACED.search(body) is not None
    gap = _GAP if unspaced else rf"(?!\w){_GAP}(?<!\w)"
    expression, separator = "", ""
    for part in _tokens(body):
        if part == "*":
            separator = gap
            continue
        piece = "".join(_SIGNS.get(char) or re.escape(char) for char in part).replace(r")?\s+", r")?\s*")
        piece = piece if unspaced else piece.replace(r"\w*", f"{word}*")
        optional = _is_optional(part)
        if not expression or expression.endswith(r"\s+)?"):
            expression += f"(?:{piece.removesuffix('?')}\\s+)?" if optional else piece
        else:
            expression += f"(?:{separator}{piece.removesuffix('?')})?" if optional else separator + piece
        separator = r"\s+"
    loose = unspaced or not body.lstrip("(")[:1].isalnum()
    front = r"^[\W_]*" if pattern.startswith("^") else ("" if loose else f"(?<!{word})")
    back = r"[\W_]*$" if pattern.endswith("$") else ("" if unspaced or not _WORD_END.search(body) else f"(?!{word})")
    return re.compile(f"{front}(?P<m>{expression}){back}")


def _is_optional(part: str) -> bool:
    """Whether one bracket with its ``?`` is the whole part; "(a|b)(c)?" is not optional."""
    depths = list(accumulate((char == "(") - (char == ")") for char in part))
    return part.startswith("(") and part.endswith(")?") and depths.index(0) == len(part) - 2


def _tokens(body: str) -> Iterator[str]:
    """Split a pattern at blanks outside brackets."""
    piece, depth = "", 0
    for char in body:
        depth += (char == "(") - (char == ")")
        if char == " " and depth == 0:
            if piece:
                yield piece
            piece = ""
        else:
            piece += char
    if piece:
        yield piece


def anchors(pattern: str) -> tuple[str, ...]:
    """Literal pieces of which one must stand in any match: the longest outside brackets, else one an alternative."""
    outside = _longest(re.sub(r"\([^()]*\)\??", " ", pattern))
    groups = re.findall(r"\(([^()]*)\)(?!\?)", pattern)
    choices = [(outside,), *(tuple(dict.fromkeys(map(_longest, group.split("|")))) for group in groups)]
    # The rarer the piece the better: long ones are, and letters of scripts with thousands of them.
    if good := [pieces for pieces in choices if min(map(len, pieces)) >= 2]:
        return max(good, key=lambda pieces: (min(map(_weight, pieces)), -len(pieces)))
    message = f"pattern {pattern!r} has no literal piece to look for"
    raise ValueError(message)


def _weight(piece: str) -> int:
    """How much a piece narrows the search down: hardly at all where half of all lines hold it ("the", "that")."""
    return 1 if piece in _frequent() else len(piece) * (3 if _UNSPACED.search(piece) else 1)


@cache
def _frequent() -> frozenset[str]:
    """The most frequent words of all languages."""
    return frozenset(word for row in rows("common_words") for word in row["words"].split())


def _beside(pattern: str) -> str:
    """The second longest of the literal pieces that must stand in any match; "" where there is none.

    Most places that have a phrase's rarest word do not have its second, and asking for that is cheap.
    """
    outside = re.sub(r"\([^()]*\)\??", " ", pattern)
    pieces = sorted(filter(None, re.split(r"[\s*~#^$:]+", outside)), key=len, reverse=True)
    return pieces[1] if len(pieces) > 1 and not re.search(r"[()|?]", outside) else ""


def _longest(pattern: str) -> str:
    return max(re.split(r"[\s*~#()|?^$]+", pattern), key=len)


class Lexicon:
    """All phrases of some tables, found in one scan."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        by_anchor: dict[str, list[int]] = {}
        for number, entry in enumerate(entries):
            for piece in anchors(entry.pattern):
                by_anchor.setdefault(piece, []).append(number)
        self.entries = entries
        self._compiled: list[re.Pattern[str] | None] = [None] * len(entries)
        self._beside = [_beside(entry.pattern) for entry in entries]
        self._languages = [entry.language for entry in entries]
        self._rows = list(by_anchor.values())
        self._automaton = AhoCorasick(list(by_anchor), matchkind=MatchKind.Standard)
        self._member = POOL.join(list(by_anchor))
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
        for which, at, _ in pieces:
            if at > end or at < start:
                start = max(stretch[0], folded.rfind("\n", stretch[0], at) + 1)
                end = folded.find("\n", at, stretch[1])
                end = stretch[1] if end < 0 else end
            for number in self._rows[which]:
                if languages is not None and self._languages[number] not in languages:
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
            torn = low == window[0] > line[0] and folded[low - 1].isalnum() and not _UNSPACED.match(folded[low])
            if low < high and not torn:
                rest = folded[max(line[0], low - _REACH) : low] + folded[high : min(line[1], high + _REACH)]
                alone = not any(char.isalnum() for char in rest)
                yield Match(Span(low, high), self.entries[number], alone)


@cache
def load(*tables: str) -> Lexicon:
    """Load the named tables as one lexicon (cached for the process)."""
    return Lexicon(tuple(entry for table in tables for entry in entries(table)))


def entries(table: str) -> Iterator[Entry]:
    """Yield the entries of a table; a cell may hold several patterns, separated by a semicolon and a blank."""
    for row in rows(table):
        for pattern in row["pattern"].split("; "):
            yield Entry(row["language"], row["kind"], fold(pattern.strip()))
