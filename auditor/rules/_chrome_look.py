"""One look at every line of a page: which interface phrases it holds, and where the running text is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.data import Line, SegmentedDocument, Span
from auditor.language import letters, primary, script_of
from auditor.rules._chrome_table import LONG, NOT_CHROME, Phrase, table
from auditor.rules._disclosure import notices
from auditor.rules._memo import once_a_page

_SEPARATOR = re.compile(r"\s+[|·•›»>/→–—-]+\s+|\s*[|·•›»＞→]\s*|\s+/\s+")
_SIGN = re.compile(r"[|·•›»>＞→/–—-]")
_PATH = re.compile(r"[>»›→/＞]")
_PROSE = 60
_PROSE_DENSE = 25
_READ = 400
# Kinds that interfaces put in whole sentences, which read like content.
_SENTENCES = frozenset({"consent", "outdated_browser", "legal"})


@dataclass(frozen=True, slots=True)
class Look:
    """The phrases of a line, how sure they are, and whether these make it a disclosure or an attribution instead.

    ``settled``: they are all of the line, so that nothing else can make it a disclosure; see ``apart``.
    """

    phrases: tuple[Phrase, ...] = ()
    strength: float = 0.0
    stands_apart: bool = False
    settled: bool = False

    @property
    def is_weak(self) -> bool:
        """Whether at most the beginning of the line tells it: no whole phrase, no notice, nothing said in sentences."""
        return self.strength < 0.9 and not any(
            phrase.whole or phrase.notice or phrase.kind in _SENTENCES for phrase in self.phrases
        )


_NOTHING = Look()


@once_a_page
def scanned(page: SegmentedDocument) -> tuple[tuple[Span, Phrase], ...]:
    """The one scan of a page for the phrases of all tables."""
    return tuple(table().scan(page.folded))


def look_at(page: SegmentedDocument) -> list[Look]:
    """Look at every line."""
    starts = [line.span.start for line in page.lines]
    found: dict[int, list[Phrase]] = {}
    for span, phrase in scanned(page):
        found.setdefault(bisect_right(starts, span.start) - 1, []).append(phrase)
    looks = [_NOTHING] * len(starts)
    worth = table().may_be_lines(page.folded, [line.span for line in page.lines])
    for at in {*worth, *found}:
        looks[at] = _look(page, page.lines[at], found.get(at, ()))
    return looks


def apart(page: SegmentedDocument, look: Look, at: int) -> bool:
    """Whether a line is a disclosure or an attribution. Asked only where it matters: reading a page for it costs."""
    return look.stands_apart or (not look.settled and at in _disclosed(page))


@once_a_page
def _disclosed(page: SegmentedDocument) -> frozenset[int]:
    """The numbers of the lines in which a disclosure begins."""
    starts = [line.span.start for line in page.lines]
    return frozenset(bisect_right(starts, notice.span.start) - 1 for notice in notices(page))


def is_doubled(page: SegmentedDocument, at: int) -> bool:
    """Whether a line stands beside its like."""
    one = page.lines[at].span
    sides = [page.lines[other].span for other in (at - 1, at + 1) if 0 <= other < len(page.lines)]
    same = [side for side in sides if side.end - side.start == one.end - one.start]
    return any(side.cut(page.text) == one.cut(page.text) for side in same)


def _look(page: SegmentedDocument, line: Line, found: Sequence[Phrase]) -> Look:
    folded = line.span.cut(page.folded)
    if len(folded) <= LONG and (exact := table().line(folded)):
        return _settle(exact, 0.9, settled=True)
    parts = _SEPARATOR.split(folded) if len(folded) <= LONG and _SIGN.search(folded) else []
    own = [table().line(part) for part in parts if part.strip()] if len(parts) > 1 else []
    path = bool(own and _PATH.search(folded) and any(one.kind == "navigation" for one in own[0]))
    if (path or _is_list(own)) and len(own) > 1 and all(len(part) <= 40 for part in parts):
        return _settle([phrase for phrases in own for phrase in phrases], 0.85, settled=True)
    told = [phrase for phrase in found if phrase.notice or len(folded) <= LONG]
    told += table().begins(folded) if len(folded) <= LONG else []
    return _settle(told, 0.85) if told else _NOTHING


def body(page: SegmentedDocument, looks: Sequence[Look]) -> tuple[int, int]:
    """Numbers of the first and the last line of running text in the page's language; (count, -1) without any."""
    main = primary(page.language.tag)
    need = _PROSE_DENSE if script_of(main) in {"Hani", "Kana", "Hang"} else _PROSE
    count = len(page.lines)
    first = next((at for at in range(count) if _is_prose(page, looks, at, need)), count)
    last = next((at for at in range(count - 1, first - 1, -1) if _is_prose(page, looks, at, need)), -1)
    return first, last


def _is_prose(page: SegmentedDocument, looks: Sequence[Look], at: int, need: int) -> bool:
    line, main = page.lines[at], primary(page.language.tag)
    return (
        len(line.span) >= need
        and primary(line.language.tag) == main
        and looks[at].strength < 0.9
        and not any(phrase.notice and phrase.language == main for phrase in looks[at].phrases)
        and letters(page.text[line.span.start : min(line.span.end, line.span.start + _READ)]) >= need
    )


def _is_list(parts: Sequence[Sequence[Phrase]]) -> bool:
    """Whether the parts of a line between separators make a menu: all are known, of three or more most."""
    known = sum(map(bool, parts))
    return known == len(parts) or (len(parts) > 2 and known * 2 >= len(parts))


def _settle(phrases: Sequence[Phrase], strength: float, *, settled: bool = False) -> Look:
    stands_apart = any(one.kind in NOT_CHROME for one in phrases)
    return Look(tuple(dict.fromkeys(phrases)), strength, stands_apart, settled)
