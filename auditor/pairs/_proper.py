"""Names of people in the translation against those of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from auditor.data import Finding, RuleMeta, Severity, Span
from auditor.pairs._view import PairCheck, Side, View
from auditor.rules._names_fold import distance, skeleton

_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SHORTEST = 4
# Names this long may be two letters off and still be the same name garbled.
_LONG = 8
# Case endings change the last letters of a name, so a difference there is none.
_ENDING = 3
# Languages that write all names by their own sounds (Dž. Bušs), so that spellings differ by rule.
_RESPELL = frozenset({"lv", "lt", "az", "sq", "sr", "eo"})


class Names(PairCheck):
    """Finds a name of two words of which the translation has one as it is and garbles the other.

    Why: a misspelt name points to another person, or to nobody.
    How: two capitalised words in a row on each side, the first the same in both and the second one letter off (two
    in long names), before the last three letters, where case endings stand; where the right form stands elsewhere in
    the translation, nothing is said.
    Limits: names are compared within one script only, since the spelling of a name in another script is not in its
    letters; single names, first names, and languages that spell all names by their own rules are passed over.
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TP003", "pair-name", Severity.MAJOR, "101000", "inconsistent-entities")

    def check(self, pair: View) -> Iterator[Finding]:
        """Yield the garbled words of the target."""
        if pair.target.language in _RESPELL or pair.source.language in _RESPELL:
            return
        told: set[Span] = set()
        for ours in _names(pair.target):
            for theirs in _names(pair.source):
                if ours[1] not in told and _garbled(pair, ours, theirs):
                    told.add(ours[1])
                    message = f"The source writes this name {theirs[1].cut(pair.source.text)}."
                    yield self.at(pair, pair.target, ours[1], message, proof=theirs[1], confidence=0.8)


def _names(side: Side) -> list[tuple[Span, Span]]:
    """Two capitalised words with one blank between them."""
    spans = [Span(*match.span()) for match in _LETTERS.finditer(side.text)]
    return [
        (one, other)
        for one, other in pairwise(spans)
        if side.text[one.end : other.start] == " " and _capitalised(one, side.text) and _capitalised(other, side.text)
    ][:50]


def _capitalised(span: Span, text: str) -> bool:
    word = span.cut(text)
    return len(word) > 1 and word[0].isupper() and word[1:].islower()


def _garbled(pair: View, ours: tuple[Span, Span], theirs: tuple[Span, Span]) -> bool:
    """Whether the second word of the target's name is the source's one garbled."""
    first, mine = (span.cut(pair.target.text) for span in ours)
    same, meant = (span.cut(pair.source.text) for span in theirs)
    if first != same or len(first) < _SHORTEST - 1 or not _off(mine.lower(), meant.lower()):
        return False
    # A language that adds marks to foreign names spells them by its own rules.
    if mine.isascii() != meant.isascii():
        return False
    return not (_holds(pair.target, meant) or _holds(pair.source, mine))


def _holds(side: Side, name: str) -> bool:
    wanted = skeleton(name)
    return any(skeleton(match[0]) == wanted for match in _LETTERS.finditer(side.text) if match[0][0] == name[0])


def _off(mine: str, meant: str) -> bool:
    """Whether a name is near to another one and yet not a form of it."""
    shortest = min(len(mine), len(meant))
    if shortest < _SHORTEST or mine[0] != meant[0] or mine[: shortest - _ENDING] == meant[: shortest - _ENDING]:
        return False
    return skeleton(mine) != skeleton(meant) and 1 <= distance(mine, meant, 2) <= (2 if shortest >= _LONG else 1)
