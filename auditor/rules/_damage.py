"""Places of damaged characters: growing them to whole words and joining neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.data import Span

_WORD_LIMIT = 40
# A joined place ends here, so that a page of damage does not become one finding of a page.
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Repair:
    """A damaged place, what should stand there (None when that cannot be known) and the kind of damage."""

    span: Span
    fixed: str | None
    kind: str


def word_around(text: str, start: int, end: int, extra: str = "") -> Span:
    """Grow a range to the letters and digits (and ``extra`` signs) that touch it, at most 40 on each side."""
    low, high = max(0, start - _WORD_LIMIT), min(len(text), end + _WORD_LIMIT)
    while start > low and (text[start - 1].isalnum() or text[start - 1] in extra):
        start -= 1
    while end < high and (text[end].isalnum() or text[end] in extra):
        end += 1
    return Span(start, end)


def line_of(text: str, at: int, reach: int = 400) -> Span:
    """The line around an offset, at most ``reach`` characters to each side."""
    start = text.rfind("\n", max(0, at - reach), at) + 1 or max(0, at - reach)
    end = text.find("\n", at, at + reach)
    return Span(start, end if end >= 0 else min(len(text), at + reach))


def joined(text: str, repairs: Iterable[Repair], gap: int) -> Iterator[Repair]:
    """Join repairs of one kind that stand at most ``gap`` characters apart in one line into one."""
    last: Repair | None = None
    for one in sorted(repairs, key=lambda repair: (repair.span.start, repair.span.end)):
        if last is None:
            last = one
            continue
        between = text[last.span.end : min(one.span.start, last.span.end + gap + 1)]
        near = one.span.start - last.span.end <= gap and "\n" not in between and len(last.span) < _LONGEST
        if near and one.kind == last.kind and one.span.start >= last.span.end:
            whole = None if None in (last.fixed, one.fixed) else f"{last.fixed}{between}{one.fixed}"
            last = Repair(Span(last.span.start, one.span.end), whole, one.kind)
        elif one.span.start >= last.span.end:
            yield last
            last = one
    if last is not None:
        yield last
