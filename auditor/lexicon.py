"""Phrase tables and the matcher that finds them in folded text.

A table is a TSV file under ``auditor/knowledge/`` with the columns ``language kind pattern source licence``.
A pattern is folded text with a few signs: a blank is any run of blanks; ``*`` a gap of at most 60 characters inside
the line; ``~`` after letters any ending of the word; ``#`` a number; ``(a|b)`` alternatives, ``(a)?`` an optional
part; ``^`` at the front and ``$`` at the back bind to the line, ornaments aside. Words match whole. All tables of one
lexicon are scanned at once: an automaton finds each pattern's longest literal piece, and only then the pattern itself
is tried, on that line alone, so cost stays linear in the text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ahocorasick_rs import AhoCorasick, MatchKind

from auditor.data import Span
from auditor.normalize import fold

_GAP = r"[^\n]{0,60}?"
# Scripts written without blanks between words: a phrase may begin and end anywhere in them.
_UNSPACED_LETTERS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNSPACED = re.compile(f"[{_UNSPACED_LETTERS}]")
# A letter or digit that would continue a word; in "AIが" the word ends before the kana.
_WORD = rf"[^\W{_UNSPACED_LETTERS}]"
_SPECIAL = set("*~#()|?^$ ")


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
    yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Turn a table pattern into a regular expression whose group ``m`` is the phrase."""
    body = pattern.removeprefix("^").removesuffix("$")
    parts = []
    for char in body:
        if char == " ":
            parts.append(r"\s+")
        elif char == "*":
            parts.append(_GAP)
        elif char == "~":
            parts.append(r"\w*")
        elif char == "#":
            parts.append(r"\d[\d.,]*")
        elif char in "()|?":
            parts.append("(?:" if char == "(" else char)
        else:
            parts.append(re.escape(char))
    # A blank beside an optional part or a gap must not be demanded twice.
    expression = "".join(parts).replace(r"\s+" + _GAP + r"\s+", r"\b" + _GAP + r"\b").replace(r")?\s+", r")?\s*")
    front = r"^[\W_]*" if pattern.startswith("^") else ("" if _UNSPACED.match(body.lstrip("(")) else f"(?<!{_WORD})")
    back = r"[\W_]*$" if pattern.endswith("$") else ("" if _UNSPACED.match(body.rstrip(")~?")[-1:]) else f"(?!{_WORD})")
    return re.compile(f"{front}(?P<m>{expression}){back}")


def anchor(pattern: str) -> str:
    """Return the longest literal piece of a pattern outside brackets: what the automaton looks for."""
    best, piece, depth = "", "", 0
    for char in pattern + " ":
        depth += (char == "(") - (char == ")")
        if depth == 0 and char not in _SPECIAL:
            piece += char
        else:
            best, piece = max(best, piece, key=len), ""
    return best


class Lexicon:
    """All phrases of some tables, found in one scan."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        by_anchor: dict[str, list[int]] = {}
        for number, entry in enumerate(entries):
            piece = anchor(entry.pattern)
            if len(piece) < 2:
                message = f"pattern {entry.pattern!r} ({entry.language}) has no literal piece to look for"
                raise ValueError(message)
            by_anchor.setdefault(piece, []).append(number)
        self.entries = entries
        self._compiled: dict[int, re.Pattern[str]] = {}
        self._rows = list(by_anchor.values())
        self._automaton = AhoCorasick(list(by_anchor), matchkind=MatchKind.Standard)

    def find(self, folded: str) -> list[Match]:
        """Return every match in a folded text, by place, the longest first; matches may overlap."""
        found: dict[tuple[int, int, int], Match] = {}
        tried: set[tuple[int, int]] = set()
        for which, at, _ in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            start = folded.rfind("\n", 0, at) + 1
            for number in self._rows[which]:
                if (number, start) not in tried:
                    tried.add((number, start))
                    for match in self._try(folded, number, start):
                        found[match.span.start, -match.span.end, number] = match
        return [found[key] for key in sorted(found)]

    def _try(self, folded: str, number: int, start: int) -> Iterator[Match]:
        end = folded.find("\n", start)
        line = folded[start:] if end < 0 else folded[start:end]
        pattern = self._compiled.get(number)
        if pattern is None:
            pattern = self._compiled[number] = compile_pattern(self.entries[number].pattern)
        for hit in pattern.finditer(line):
            low, high = hit.span("m")
            if low < high:
                rest = line[:low] + line[high:]
                alone = not any(char.isalnum() for char in rest)
                yield Match(Span(start + low, start + high), self.entries[number], alone)


@cache
def load(*tables: str) -> Lexicon:
    """Load the named tables as one lexicon (cached for the process)."""
    entries = [
        Entry(row["language"], row["kind"], fold(row["pattern"].strip())) for table in tables for row in rows(table)
    ]
    return Lexicon(tuple(entries))
