"""Changes that contradict their own numbers: percentage, difference or direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.data import SegmentedDocument, Span
from auditor.rules._numbers_facts import Slip, Statement, alike, pairs, said, statements
from auditor.rules._numbers_fromto import NEAR, STOP, Change, changes, levels
from auditor.rules._numbers_links import Link
from auditor.rules._numbers_measure import Quantity
from auditor.rules._numbers_tables import topics

_POINTS = 1.6
# So many changes of a page are looked for in its other sentences.
_MOST = 20


def slips(page: SegmentedDocument) -> Iterator[Slip]:
    """Changes of a page that contradict their own numbers."""
    found = statements(page)
    told = {one.index: list(changes(page, one)) for one in found}
    for before, one in pairs(found):
        for change in told[one.index]:
            yield from _wrong_way(page, change)
        for change in (*told[one.index], *(told[before.index] if before else ())):
            yield from _percentage(page, one, change)
        yield from _difference(page, one)
    every = [change for some in told.values() for change in some]
    yield from _directions(page, found, [*every, *(change for one in found for change in levels(one))])


def _wrong_way(page: SegmentedDocument, change: Change) -> Iterator[Slip]:
    """Tell of "Rose from 40 to 30": the verb stands right before the pair and says the other direction."""
    verbs = [o for o in change.statement.linked("rose", "fell") if 0 <= change.span.start - o.span.end <= 14]
    old, new = change.known
    if not verbs or not change.verb or old == new or change.old.bound or change.new.bound or change.old.kind == "year":
        return
    small = change.old.kind == "count" and change.new.kind == "count" and max(old, new) < 20
    if small or (change.verb == "rose") == (new > old):
        return
    word = page.text[verbs[-1].span.start : verbs[-1].span.end]
    words = f"The text says {word!r}, but the number goes from {said(old)} to {said(new)}."
    certain = change.old.measure == change.new.measure and max(old, new) / min(old, new) < 20
    yield Slip(change.span, words, "direction", (old, new), change.new.unit, certain=certain, confidence=0.75)


def _percentage(page: SegmentedDocument, one: Statement, change: Change) -> Iterator[Slip]:
    """Tell of "From 40 to 30, a reduction of 40 %": the percentage or the direction is another."""
    old, new = change.known
    start = change.span.end if change.statement is one else one.span.start
    for link in one.linked("rise", "fall"):
        share = next(
            (q for q in one.quantities if q.kind == "percent" and 0 <= q.span.start - link.span.end <= 12), None
        )
        if share is None or not start <= link.span.start <= start + NEAR or change.new.kind in {"percent", "year"}:
            continue
        if STOP.search(page.folded[start : link.span.start]) or change.old.bound or change.new.bound or old == new:
            continue
        true = abs(new - old) / old * 100
        room = max(_POINTS, 0.08 * true) + _rounding(change) + (0.2 * true if share.bound else 0)
        if abs(true - share.value) > room and share.bound not in {"<", ">"}:
            stated = f"{said(share.value)} percent"
            words = f"From {said(old)} to {said(new)} is a change of {true:.3g} percent, but {stated} is stated."
            sources = (change.old.span, change.new.span)
            yield Slip(share.span, words, "percentage", (old, new, share.value), "%", round(true, 1), share, sources)


def _rounding(change: Change) -> float:
    """How many percentage points the rounding of the two numbers can make."""
    old, new = change.known
    steps = change.old.step / change.old.times / old + change.new.step / change.new.times / new
    return 50 * steps * (new / old) if change.old.step < 1 or change.old.times > 1 else 0.0


def _difference(page: SegmentedDocument, one: Statement) -> Iterator[Slip]:
    """Tell of "48,300, that is 2,300 more than the 41,000 …", "96 million, twelve under the budget of 84"."""
    seen = [q for q in one.quantities if q.kind in {"count", "currency", "unit", "counter"} and not q.weak]
    for link in one.linked("more", "less"):
        by = next((q for q in seen if 0 <= link.span.start - q.span.end <= 2), None)
        earlier = [q for q in seen if by and q.span.end <= by.span.start]
        later = [q for q in seen if q.span.start >= link.span.end and by and _same(q, by)]
        if by is None or not earlier or len(later) != 1 or not _same(earlier[-1], by):
            continue
        total, base = earlier[-1], later[0]
        if not _comparison(page, one, total, by, base) or any(q.bound for q in (total, by, base)):
            continue
        yield from _compare(page, (total, by, base), link)


def _same(one: Quantity, other: Quantity) -> bool:
    return one.measure == other.measure or alike(one, other)


def _comparison(page: SegmentedDocument, one: Statement, total: Quantity, by: Quantity, base: Quantity) -> bool:
    """Whether A, "D more than" and B speak of one thing: close together, and B counts nothing of its own."""
    lead = page.folded[total.span.end : by.span.start]
    thatis = any(total.span.end <= o.span.start < by.span.start for o in one.linked("thatis"))
    near = len(lead) <= NEAR and not STOP.search(lead) and (thatis or "," in lead)
    tail = page.folded[by.span.end : base.span.start]
    own = base.kind == "count" and base.nouns and not set(base.nouns) & {*total.nouns, *by.nouns}
    return near and len(tail) <= 60 and not STOP.search(tail) and not own


def _compare(page: SegmentedDocument, seen: tuple[Quantity, Quantity, Quantity], link: Link) -> Iterator[Slip]:
    total, by, base = seen
    sign = -1 if link.kind == "more" else 1
    expected, other = total.value + sign * by.value, total.value - sign * by.value
    finest = min(q.step for q in seen)
    room = 0.5 * sum(q.step for q in seen) if finest != 1 else 0
    if abs(expected - base.value) <= room or expected <= 0:
        return
    values = (total.value, by.value, base.value)
    if base.value == other:
        word = page.text[link.span.start : link.span.end]
        words = (
            f"{said(total.value)} and {said(base.value)} differ by {said(by.value)}, "
            f"but the text says {word!r} the wrong way round."
        )
        span = Span(by.span.start, base.span.end)
        yield Slip(span, words, "direction", values, total.unit, None, None, (total.span,))
    elif 0.5 <= base.value / expected <= 2:
        shown = "-" if sign < 0 else "+"
        words = f"{said(total.value)} {shown} {said(by.value)} = {said(expected)}, but {said(base.value)} is stated."
        yield Slip(base.span, words, "difference", values, total.unit, expected, base, (total.span, by.span))


def _directions(page: SegmentedDocument, found: Sequence[Statement], every: list[Change]) -> Iterator[Slip]:
    """Tell of "fell from 3.4 to 3.1 … a rise of 0.3 points": the same difference, told as the other direction."""
    told: set[Span] = set()
    for change in every[:_MOST]:
        old, new = change.known
        away = round(abs(new - old), 6)
        if not change.verb or (change.verb == "rose") != (new > old) or away == 0:
            continue
        for one, by, link in _opposite(page, found, change, away):
            span = Span(min(by.span.start, link.span.start), max(by.span.end, link.span.end))
            if not any(span.overlaps(other) for other in told):
                told.add(span)
                verb = "fell" if new < old else "rose"
                words = f"From {said(old)} to {said(new)} the number {verb} by {said(away)}; here it is a {link.kind}."
                sources = (change.span,) if one.index != change.statement.index else ()
                yield Slip(span, words, "direction", (old, new, by.value), by.unit, None, None, sources)


def _opposite(
    page: SegmentedDocument, found: Sequence[Statement], change: Change, away: float
) -> Iterator[tuple[Statement, Quantity, Link]]:
    """Places that tell a difference of this size as the other direction."""
    for one in found:
        for link in one.linked("rise" if change.verb == "fell" else "fall"):
            by = next((q for q in one.quantities if _by(q, link)), None)
            if by and round(by.value, 6) == away and _about(page, one, change, by):
                yield one, by, link


def _by(quantity: Quantity, link: Link) -> bool:
    return 0 <= quantity.span.start - link.span.end <= 10 or 0 <= link.span.start - quantity.span.end <= 7


def _about(page: SegmentedDocument, one: Statement, change: Change, by: Quantity) -> bool:
    """Whether a sentence speaks of the change: it goes on with "that is", or has its topic and a telling difference."""
    if by.kind not in {"point", change.new.kind, "count"} or by.weak:
        return False
    near = one.index - change.statement.index
    if one.language != change.statement.language:
        return False
    if near == 1 and one.links and one.links[0].kind == "thatis" and one.links[0].span.start - one.span.start <= 3:
        return True
    here = set(topics(page.folded[one.span.start : one.span.end], one.language))
    there = set(topics(page.folded[change.statement.span.start : change.statement.span.end], one.language))
    return by.kind in {"point", "count"} and by.value != int(by.value) and near != 0 and bool(here & there)
