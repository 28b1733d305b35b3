"""The table of interface phrases: whole lines by look-up, beginnings and notices by automaton."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

from auditor.data import Span
from auditor.lexicon import Entry, Lexicon, rows

# Words and brands that stand in the interfaces of every language.
ANY_LANGUAGE = "mul"
# Kinds of the table that are no boilerplate but tell that a line is something else.
NOT_CHROME = frozenset({"disclosure", "source"})
_EDGE = re.compile(r"^[^\w#]+|[^\w#]+$")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_BLANKS = re.compile(r"\s+")
_PART = re.compile(r"(\([^()]*\)\??)")
_MOST_VARIANTS = 64


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
    return _EDGE.sub("", _NUMBER.sub("#", _BLANKS.sub(" ", folded).replace(" :", ":")))


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
    """Recognises lines of interface text in any language of ``knowledge/boilerplate.tsv``."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[tuple[str, str], None]] = {}
        entries: list[Entry] = []
        for row in rows("boilerplate"):
            for pattern in row["pattern"].split("; "):
                entries += self._add(row["language"], row["kind"], pattern)
        self._lexicon = Lexicon(tuple(entries))

    def _add(self, language: str, kind: str, pattern: str) -> Iterable[Entry]:
        if pattern.startswith("*") and pattern.endswith("*"):
            return [Entry(language, kind, pattern.strip("* "))]
        if pattern.endswith("…"):
            return [Entry(language, kind, "^" + pattern.rstrip("… "))]
        variants = _variants(pattern)
        if variants is None:
            return [Entry(language, kind, f"^{pattern}$")]
        for one in variants:
            self._lines.setdefault(key(one), {})[language, kind] = None
        return []

    def line(self, folded: str) -> list[Phrase]:
        """Phrases that are the whole of a line (or of a part of it between separators)."""
        return [Phrase(language, kind, whole=True) for language, kind in self._lines.get(key(folded), ())]

    def scan(self, folded: str) -> list[tuple[Span, Phrase]]:
        """Notices anywhere in a folded text and beginnings of its lines, with their places."""
        return [
            (
                match.span,
                Phrase(
                    match.entry.language, match.entry.kind, match.whole_line, not match.entry.pattern.startswith("^")
                ),
            )
            for match in self._lexicon.find(folded)
        ]


@cache
def table() -> ChromeTable:
    """The table, loaded once a process."""
    return ChromeTable()
