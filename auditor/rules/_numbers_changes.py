"""Changes: from A to B with a percentage, a difference or a direction that does not match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from auditor.data import SegmentedDocument, Span
from auditor.rules._numbers_facts import Slip, Statement, alike, pairs, said, statements
from auditor.rules._numbers_links import Link
from auditor.rules._numbers_tables import particles, topics
from auditor.rules._quantities import Quantity

_KINDS = frozenset({"count", "currency", "unit", "counter", "percent", "year"})
_STOP = re.compile(r"[.!?;:。！？；]")
_NEAR = 45
_POINTS = 1.6
_MOST = 20
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


def slips(page: SegmentedDocument) -> Iterator[Slip]:
    """Changes of a page that contradict their own numbers."""
    found = statements(page)
    changes = [change for one in found for change in _changes(page, one)]
    for before, one in pairs(found):
        own = [change for change in changes if change.statement is one]
        late = [change for change in changes if before is not None and change.statement is before]
        for change in own:
            yield from _wrong_way(page, change)
        for change in (*own, *late):
            yield from _percentage(page, one, change)
        yield from _difference(page, one)
    yield from _directions(page, found, [*changes, *(change for one in found for change in _levels(one))])


def _changes(page: SegmentedDocument, one: Statement) -> Iterator[Change]:
    """Pairs "from A to B" and "to B from A"."""
    come, go = particles("from", one.language), particles("to", one.language)
    usable = [q for q in one.quantities if q.kind in _KINDS and q.bound != "-" and not q.weak]
    for left, right in zip(usable, usable[1:], strict=False):
        gap = page.folded[left.span.end : right.span.start]
        lead = page.folded[max(one.span.start, left.span.start - 30) : left.span.start]
        if len(gap) > _NEAR or _STOP.search(gap) or not (_pairs(left, right) and not _negative(page, left, right)):
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


def _levels(one: Statement) -> Iterator[Change]:
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


def _wrong_way(page: SegmentedDocument, change: Change) -> Iterator[Slip]:
    """ "Rose from 40 to 30": the verb stands right before the pair and says the other direction."""
    verbs = [o for o in change.statement.linked("rose", "fell") if 0 <= change.span.start - o.span.end <= 14]
    old, new = change.known
    if not verbs or not change.verb or old == new or change.old.bound or change.new.bound or change.old.kind == "year":
        return
    if (
        (change.verb == "rose") == (new > old)
        or change.old.kind == "count"
        and change.new.kind == "count"
        and max(old, new) < 20
    ):
        return
    word = page.text[verbs[-1].span.start : verbs[-1].span.end]
    words = f"The text says {word!r}, but the number goes from {said(old)} to {said(new)}."
    certain = change.old.measure == change.new.measure and max(old, new) / min(old, new) < 20
    yield Slip(
        change.span,
        words,
        "direction",
        (old, new),
        change.new.unit,
        None,
        None,
        (verbs[-1].span,),
        certain=certain,
        confidence=0.75,
    )


def _percentage(page: SegmentedDocument, one: Statement, change: Change) -> Iterator[Slip]:
    """ "From 40 to 30, a reduction of 40 %": the percentage or the direction is another."""
    old, new = change.known
    start = change.span.end if change.statement is one else one.span.start
    for link in one.linked("rise", "fall"):
        share = next(
            (q for q in one.quantities if q.kind == "percent" and 0 <= q.span.start - link.span.end <= 12), None
        )
        if share is None or not start <= link.span.start <= start + _NEAR or change.new.kind in {"percent", "year"}:
            continue
        if _STOP.search(page.folded[start : link.span.start]) or change.old.bound or change.new.bound or old == new:
            continue
        true = abs(new - old) / old * 100
        room = max(_POINTS, 0.08 * true) + _rounding(change) + (0.2 * true if share.bound else 0)
        if abs(true - share.value) > room and share.bound not in {"<", ">"}:
            words = f"From {said(old)} to {said(new)} is a change of {true:.3g} percent, but {said(share.value)} percent is stated."
            yield Slip(
                share.span,
                words,
                "percentage",
                (old, new, share.value),
                "%",
                true,
                share,
                (change.old.span, change.new.span),
            )


def _rounding(change: Change) -> float:
    """How many percentage points the rounding of the two numbers can make."""
    old, new = change.known
    steps = change.old.step / change.old.times / old + change.new.step / change.new.times / new
    return 50 * steps * (new / old) if change.old.step < 1 or change.old.times > 1 else 0.0
