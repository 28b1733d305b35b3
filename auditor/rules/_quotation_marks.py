"""Where the quotations of a page begin and end, whatever marks it uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.data import SegmentedDocument, Span
from auditor.rules._quote_dashes import dashed

_SIGN = re.compile('["＂“”„‟«»‹›「」『』]')
# Single marks count only on lines without double ones, and never inside a word.
_SINGLE_SIGN = re.compile(r"(?<!\w)[‘'](?=\w)|(?<=[\w.,!?…])['’](?!\w)")
_CLOSERS = {
    "“": '”“"', "”": "”", "„": '“”„"', "‟": "”", "«": "»", "»": "«»", "‹": "›", "›": "‹›", '"': '"”“', "＂": "＂",
    "「": "」", "『": "』", "‘": "’", "'": "'",
}  # fmt: skip
_SURE_CLOSERS = "”」』"
# From here on lie the scripts that put no blank between words, so that a letter may stand before an opening mark.
_FIRST_UNSPACED = "\u3000"
_LONGEST = 1500
_LONGEST_INTERRUPTION = 90
_MOST_PARTS = 6
_SENTENCE_END = ".!?。！？"
_ALL_MARKS = ' "“”„«»‚‘’'


def quoted(page: SegmentedDocument) -> list[tuple[Span, ...]]:
    """The quotations of a page in reading order, without their marks; parts that 'he said' interrupts go together."""
    groups: list[tuple[Span, ...]] = []
    marked = list(_marked(page))
    spoken = [span for span in dashed(page) if not any(span.overlaps(other) for other in marked)]
    for span in sorted([*marked, *spoken]) if spoken else marked:
        if groups and len(groups[-1]) < _MOST_PARTS and _continues(page.text, groups[-1][-1], span):
            groups[-1] = (*groups[-1], span)
        else:
            groups.append((span,))
    return groups


def _marked(page: SegmentedDocument) -> Iterator[Span]:
    text = page.text
    for line in page.lines:
        piece = line.span.cut(text)
        signs = [match.start() for match in _SIGN.finditer(piece)]
        signs = signs or [match.start() for match in _SINGLE_SIGN.finditer(piece)]
        for start, end in _pairs(piece, signs):
            low, high = line.span.start + start, line.span.start + end
            while low < high and text[low].isspace():
                low += 1
            while high > low and text[high - 1].isspace():
                high -= 1
            if low < high:
                yield Span(low, high)


def _pairs(piece: str, signs: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pair opening and closing signs; one kind may stand for another, as in “…“ of texts gone through two languages."""
    opened = -1
    for at in signs:
        if opened >= 0 and at - opened > _LONGEST:
            opened = -1
        if opened >= 0 and piece[at] in _CLOSERS[piece[opened]] and _closes(piece, opened, at):
            yield opened + 1, at
            opened = -1
        elif _opens(piece, at) and (opened < 0 or piece[at] == piece[opened]):
            opened = at
    if opened == 0 and len(piece) <= _LONGEST:
        # A speech of several paragraphs: each one opens, only the last one closes.
        yield 1, len(piece)


def _opens(piece: str, at: int) -> bool:
    before, after = piece[max(at - 1, 0) : at], piece[at + 1 : at + 2]
    free = not before.isalnum() or before > _FIRST_UNSPACED
    return piece[at] in _CLOSERS and bool(after) and free and (not after.isspace() or piece[at] == "«")


def _closes(piece: str, opened: int, at: int) -> bool:
    if piece[at] in _SURE_CLOSERS and piece[opened] != "”":
        return True
    after = piece[at + 1 : at + 2]
    return not after.isalnum() and (not piece[at - 1].isspace() or piece[at] == "»")


def _continues(text: str, before: Span, after: Span) -> bool:
    """Whether a short insertion between commas or dashes, and nothing else, stands between two parts."""
    between = text[before.end : after.start]
    last = text[before.end - 1]
    if len(between) > _LONGEST_INTERRUPTION or "\n" in between or last in _SENTENCE_END:
        return False
    inside = between.strip(_ALL_MARKS + ",—–-:")
    comma = last == "," or between.lstrip(_ALL_MARKS).startswith(",")
    ends = between.rstrip(_ALL_MARKS)[-1:]
    return comma and bool(inside) and ends in {",", "—", "–", "-"} and not re.search(r"[.!?;]\s", between)
