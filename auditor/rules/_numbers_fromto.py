"""Changes as told: from A to B, to B from A, and two levels with a verb that says which way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from auditor.data import SegmentedDocument, Span
from auditor.rules._numbers_facts import Statement, alike
from auditor.rules._numbers_measure import Quantity
from auditor.rules._numbers_tables import particles

_KINDS = frozenset({"count", "currency", "unit", "counter", "percent", "year"})
STOP = re.compile(r"[.!?;:。！？；]")
NEAR = 45
_FALL = {"fell", "fall"}
_RISE = {"rose", "rise"}


@dataclass(frozen=True, slots=True)
class Change:
    """From ``old`` to ``new``; ``verb`` is "rose", "fell" or "" where the sentence does not say."""

    old: Quantity
    new: Quantity
    verb: str
    statement: Statement

    @property
    def span(self) -> Span:
        """From the first of the two numbers to the end of the other."""
        return Span(min(self.old.span.start, self.new.span.start), max(self.old.span.end, self.new.span.end))

    @property
    def known(self) -> tuple[float, float]:
        """Old and new value; a bare number beside one with a magnitude word shares it."""
        old, new = self.old, self.new
        if old.times == 1 and old.kind in {"count", "year"} and new.times > 1 and old.value < 1000:
            return old.value, new.value / new.times
        return old.value, new.value


def changes(page: SegmentedDocument, one: Statement) -> Iterator[Change]:
    """Pairs "from A to B" and "to B from A"."""
    come, go = particles("from", one.language), particles("to", one.language)
    usable = [q for q in one.quantities if q.kind in _KINDS and q.bound != "-" and not q.weak]
    for left, right in pairwise(usable):
        gap = page.folded[left.span.end : right.span.start]
        lead = page.folded[max(one.span.start, left.span.start - 30) : left.span.start]
        if len(gap) > NEAR or STOP.search(gap) or not _pairs(left, right) or _negative(page, left, right):
            continue
        last, first = _last_word(gap), _last_word(lead)
        if one.language in {"zh", "ja"}:
            forward = gap.strip() in go and (one.language == "ja" or lead.endswith("从"))
        else:
            forward = last in go and first in come
        if forward:
            # The "to" of the pair is no hedge, though it may also mean "up to".
            yield Change(left, replace(right, bound=""), _verb(one, left.span.start, right.span.end), one)
        elif last in come and first in go and first not in come:
            yield Change(right, left, _verb(one, left.span.start, right.span.end), one)


def levels(one: Statement) -> Iterator[Change]:
    """The two percentages of a sentence that says that something rose, or fell, without "from … to"."""
    seen = [q for q in one.quantities if q.kind == "percent" and not q.bound]
    verb = _verb(one, one.span.start, one.span.end)
    if len(seen) == 2 and len(one.linked("rose", "fell")) == 1 and verb:
        low, high = sorted(seen, key=lambda q: q.value)
        yield Change(low, high, verb, one) if verb == "rose" else Change(high, low, verb, one)


def _pairs(left: Quantity, right: Quantity) -> bool:
    if left.kind == "year" and right.kind in {"year", "count"}:
        return False
    shares = left.times == 1 and left.kind in {"count", "year"} and right.kind != "unit"
    return (left.measure == right.measure or alike(left, right) or shares) and left.value > 0 and right.value > 0


def _negative(page: SegmentedDocument, *seen: Quantity) -> bool:
    return any(page.folded[q.span.start - 1 : q.span.start] == "-" for q in seen if q.span.start)


def _last_word(text: str) -> str:
    found = re.findall(r"[^\W\d_]+", text[-16:])
    tail = re.search(r"[^\W\d_]+\s*[$€£¥]?\s*$", text[-16:])
    return found[-1] if found and tail else ""


def _verb(one: Statement, start: int, end: int) -> str:
    """The one direction that the verbs near the pair say; "" where there is none or both."""
    near = {
        "fell" if o.kind in _FALL else "rose"
        for o in one.linked(*_FALL, *_RISE)
        if start - 80 <= o.span.start <= end + 20
    }
    return near.pop() if len(near) == 1 else ""
