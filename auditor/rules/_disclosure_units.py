"""Where a disclosure may stand on a page, and how much of a stretch is made of the words that such notices use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from auditor.data import SegmentedDocument, Span
from auditor.lexicon import Entry, Lexicon, Match, entries, rows
from auditor.normalize import fold

# Longer lines are prose: only credits in brackets, and sentences at the edge of the document, are looked at in them.
_LONGEST_NOTICE = 400
EDGE_HEAD, EDGE_TAIL = 3, 10
_PIECES = re.compile(r"\s*[|·•¦/]\s+|\s+[—–]\s+")
_BRACKETED = re.compile(
    r"^\s*[(\[*_]{1,2}([^()\[\]*_\n]{8,200})[)\]*_]{1,2}|[(\[*_]{1,2}([^()\[\]*_\n]{8,200})[)\]*_]{1,2}\W*$"
)
_QUOTED = re.compile(r"^[\"“„«'‘「『].{1,400}[\"”“»'’」』]\W?$", re.DOTALL)
_FREE = re.compile(
    r"[ぁ-ゟ은는이가을를의에로와과도한된되해했的是由为為在和与與及以被经經了]|(?<!\w)[^\W\d_㐀-鿿가-힣]{1,2}(?!\w)|[\W\d_]"
)
# Words that are looked for only to understand a notice do not make one.
_UNCOUNTED = frozenset({"other", "said"})
# What a denial may be about: that the text was made so, or that somebody checked it.
_DONE = ("translate", "generate", "by", "label", "machine", "tool")
_CHECKED = ("reviewed", "reviewer", "unreviewed", "check")
_BREAK = re.compile(
    r"[.!?;:,|()。！？；：，、،؛]|(?<!\w)(?:and|but|und|aber|sondern|et|mais|y|pero|sino|e|ma|bensì|mas|en|maar|og|och|men|i|ale|lecz"
    r"|но|и|та|але|ja|vaan|és|hanem|și|dar|ci|και|αλλά|dan|tetapi|và|nhưng)(?!\w)"
)
_DENIAL_REACH = 60
_AND = re.compile(r"(?<!\w)(?:and|und|et|y|e|i|a|og|och|ja|és|și|ve|dan|và|en|и|та|і|й|και|و)(?!\w)|[,;，；、を]|并|및")
# What makes a stretch worth reading.
TRIGGERS = frozenset({"translate", "generate", "by", "label"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of text that may be a notice, with the matches of one language in it."""

    span: Span
    text: str
    language: str
    matches: Sequence[Match]
    edge: bool

    def kinds(self, *kinds: str) -> list[Match]:
        """The matches of some kinds, in order."""
        return [one for one in self.matches if one.entry.kind in kinds]


@cache
def triggers() -> Lexicon:
    """The phrases that make a stretch worth reading, without the rest of the table."""
    chosen = (row for row in rows("disclosure") if row["kind"] in TRIGGERS)
    return Lexicon(tuple(Entry(row["language"], row["kind"], fold(row["pattern"])) for row in chosen))


@cache
def makers() -> Lexicon:
    """Machines, tools and engines: who may have made a text."""
    tools = (one for one in entries("disclosure") if one.kind in {"machine", "tool"})
    return Lexicon((*tools, *entries("engines")))


def candidates(page: SegmentedDocument, number: int, line: Span, *, edge: bool) -> Iterator[Span]:
    """The line itself, its parts between bars, its credit in brackets, and at the edge of the page its sentences."""
    text = page.text
    if len(line) <= _LONGEST_NOTICE:
        yield line
        cuts = [
            line.start,
            *(at for hit in _PIECES.finditer(line.cut(text)) for at in _shift(hit, line.start)),
            line.end,
        ]
        if len(cuts) > 2:
            yield from (Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if b - a > 5)
    ends = ((line.start, min(line.end, line.start + 250)), (max(line.start, line.end - 250), line.end))
    for low, high in dict.fromkeys(ends):
        for hit in _BRACKETED.finditer(text[low:high]):
            group = 1 if hit.group(1) else 2
            yield Span(low + hit.start(group), low + hit.end(group))
    if edge:
        own = [one.span for one in page.sentences if one.block == number]
        yield from (one for one in own[:2] + own[-2:] if len(own) > 1 and len(one) <= _LONGEST_NOTICE)


def _shift(hit: re.Match[str], start: int) -> tuple[int, int]:
    return start + hit.start(), start + hit.end()


def is_quotation(text: str) -> bool:
    """Whether the stretch stands between quotation marks, so that it only tells of a notice."""
    return bool(_QUOTED.match(text.strip()))


def coverage(unit: Unit, names: Sequence[Span]) -> float:
    """Share of the letters that belong to known words or names; words of one or two letters do not count."""
    marks = bytearray(len(unit.text))
    for span in (*(one.span for one in unit.matches if one.entry.kind not in _UNCOUNTED), *names):
        marks[span.start : span.end] = b"\x01" * len(span)
    for free in _FREE.finditer(unit.text):
        for at in range(*free.span()):
            marks[at] = marks[at] or 2
    counted = marks.count(0) + marks.count(1)
    return marks.count(1) / counted if counted else 0.0


def denied(unit: Unit) -> bool:
    """Whether the unit says that the text was *not* translated or made by a machine.

    The first word of weight after a denial (before it, where the language puts denials last) tells what it is about:
    "not translated by machine" denies the translation, "not checked by an editor" only the checking.
    """
    weighty = [one for one in unit.matches if one.entry.kind in (*_DONE, *_CHECKED) or one.entry.language == "mul"]
    checked = [one.span for one in weighty if one.entry.kind in _CHECKED]
    for one in unit.kinds("not", "undone"):
        if any(span.contains(one.span) for span in checked):
            continue
        behind = one.entry.kind == "undone"
        about = _before(weighty, one.span) if behind else _after(weighty, one.span)
        if not about or any(item.entry.kind in _CHECKED for item in about):
            continue
        gap = (about[0].span.end, one.span.start) if behind else (one.span.end, about[0].span.start)
        between = unit.text[min(gap) : max(gap)] if gap[0] < gap[1] else ""
        if len(between) <= _DENIAL_REACH and not _BREAK.search(between):
            return True
    return False


def _after(weighty: Sequence[Match], denial: Span) -> list[Match]:
    """The matches that begin first after a denial; in unspaced scripts they may overlap it."""
    later = [one for one in weighty if one.span.start > denial.start]
    first = min((one.span.start for one in later), default=-1)
    return [one for one in later if one.span.start == first]


def _before(weighty: Sequence[Match], denial: Span) -> list[Match]:
    """The matches that reach furthest before the end of a denial; in agglutinating languages they overlap it."""
    earlier = [one for one in weighty if one.span.start <= denial.start]
    last = max((min(one.span.end, denial.start) for one in earlier), default=-1)
    return [one for one in earlier if min(one.span.end, denial.start) == last]


def says_generated(unit: Unit) -> bool:
    """Whether the text itself was made; "made by automatic translation" is not, "written by AI and translated" is."""
    made, translated = unit.kinds("generate"), unit.kinds("translate", "by", "label")
    if not made or unit.kinds("other"):
        return False
    gaps = [unit.text[min(a.span.end, b.span.end) : max(a.span.start, b.span.start)] for a in made for b in translated]
    return not translated or any(_AND.search(gap) for gap in gaps)
