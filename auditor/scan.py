"""One automaton for the literal pieces of all phrase tables, so that a text is scanned once for all of them.

Each lexicon has an automaton of its own, with which a process begins: most processes look at a few texts only. After
some hundred texts all pieces are put into one automaton, and the places found are handed to the lexicons they are of.
"""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

# Number, start and end of a literal piece.
Piece = tuple[int, int, int]
# So many texts without a new lexicon make the common automaton worth its building (a second of a processor).
_WORTH = 300
# Lexicons made by the hundred are nobody's tables, and stay by themselves.
_MOST = 64


class Pool:
    """The literal pieces of many lexicons, found in one pass over a text; the last text is remembered."""

    def __init__(self, worth: int = _WORTH) -> None:
        self._worth = worth
        self._members: list[tuple[str, ...]] = []
        self._automaton: AhoCorasick | None = None
        self._owners: list[list[tuple[int, int]]] = []
        self._texts = 0
        self._last: tuple[str, list[list[Piece]]] = ("", [])

    def join(self, pieces: Sequence[str]) -> int | None:
        """Take in the pieces of a lexicon; returns its number, None when the pool is full."""
        if len(self._members) >= _MOST:
            return None
        self._members.append(tuple(pieces))
        self._automaton, self._texts, self._last = None, 0, ("", [])
        return len(self._members) - 1

    def find(self, folded: str, member: int) -> list[Piece] | None:
        """The pieces of a lexicon in a text, by their end; None as long as the lexicon has to look for itself."""
        text, found = self._last
        if text is not folded:
            found = self._scan(folded)
            self._last = (folded, found)
        return found[member] if member < len(found) else None

    def _scan(self, folded: str) -> list[list[Piece]]:
        self._texts += 1
        if self._automaton is None:
            if self._texts < self._worth:
                return []
            self._automaton = self._build()
        found: list[list[Piece]] = [[] for _ in self._members]
        owners = self._owners
        for which, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            for member, number in owners[which]:
                found[member].append((number, start, end))
        return found

    def _build(self) -> AhoCorasick:
        by_piece: dict[str, list[tuple[int, int]]] = {}
        for member, pieces in enumerate(self._members):
            for number, piece in enumerate(pieces):
                by_piece.setdefault(piece, []).append((member, number))
        self._owners = list(by_piece.values())
        return AhoCorasick(list(by_piece), matchkind=MatchKind.Standard)


POOL = Pool()
