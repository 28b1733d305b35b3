"""Blocks of a text that has no markup: its lines, hard-wrapped ones joined to paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from auditor.data import Block, Span
from auditor.native import TEXT

_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c]+")


def blocks_of(text: str) -> list[Block]:
    """One block a line; hard-wrapped text (every line about as long) has its paragraphs joined."""
    if TEXT is not None:
        spans = [Span(start, end) for start, end in TEXT.line_spans(text)]
    else:
        lines = [trim(text, match.start(), match.end()) for match in _LINE.finditer(text)]
        spans = [span for span in lines if span is not None]
    if _is_wrapped(text, spans):
        spans = list(_joined(text, spans))
    return [Block(span) for span in spans]


def trim(text: str, start: int, end: int) -> Span | None:
    """A range without the white space at its ends, None when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _is_wrapped(text: str, spans: list[Span]) -> bool:
    """Whether lines break inside sentences at a common width, as in old mails and Gutenberg texts."""
    if len(spans) < 8:
        return False
    widths = [span.end - span.start for span in spans]
    width = max(widths)
    full = sum(one > 0.75 * width for one in widths)
    if not (40 <= width <= 100 and full > 0.5 * len(spans)):
        return False
    ends = sum(text[span.end - 1] in ".!?:;\"'”»…)" for span in spans)
    return ends < 0.35 * len(spans)


def _joined(text: str, spans: list[Span]) -> Iterator[Span]:
    current = spans[0]
    for before, after in pairwise(spans):
        if text.count("\n", before.end, after.start) > 1:
            yield current
            current = after
        else:
            current = Span(current.start, after.end)
    yield current
