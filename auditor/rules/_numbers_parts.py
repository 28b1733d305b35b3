"""Parts and totals: breakdowns, remainders and sums that do not add up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from auditor.data import SegmentedDocument, Span
from auditor.rules._numbers_facts import Slip, Statement, alike, countable, pairs, said, slack, statements
from auditor.rules._numbers_links import FRACTIONS, Link
from auditor.rules._numbers_lists import COLON, coordinated, listed, uncounted
from auditor.rules._numbers_measure import Quantity
from auditor.rules._numbers_tables import particles

_MOST_PARTS = 8
# "One" is a number among small numbers and an article among large ones.
_SMALL = 30
# A number so small beside the total counts something else.
_TINY = 0.002
# "Half of the 7 million": the fraction may stand right before its total.
_HALF_OF = 14
# The parts of one list stand close to each other.
_PART_GAP = 70


def slips(page: SegmentedDocument) -> Iterator[Slip]:
    """Sums of a page that do not come out."""
    for before, one in pairs(statements(page)):
        found = list(_remaining(page, before, one)) or list(_breakdown(page, before, one)) or list(_totals(page, one))
        yield from found


def _sums(parts: list[float], least: int = 1) -> set[float]:
    """All sums of ``least`` or more of the parts."""
    return {sum(some) for size in range(least, len(parts) + 1) for some in combinations(parts, size)}


def _words(parts: list[Quantity], sign: str) -> str:
    return f" {sign} ".join(said(part.value) for part in parts)


def _remaining(page: SegmentedDocument, before: Statement | None, one: Statement) -> Iterator[Slip]:
    """What is left over is not the total less the parts."""
    for link in one.linked("remaining"):
        rest = _beside(page, one, link)
        if rest is None or rest.bound or rest.weak or not countable(rest):
            continue
        earlier = [*(before.quantities if before else ()), *one.quantities]
        earlier = [
            q
            for q in earlier
            if q.span.end <= min(rest.span.start, link.span.start) and countable(q) and alike(q, rest)
        ]
        if not earlier or any(q.bound for q in earlier):
            continue
        total = max(earlier, key=lambda q: (q.value, -q.span.start))
        parts = [q for q in earlier if q.span.start > total.span.start and (total.value < _SMALL or not q.weak)]
        if any(part.value < _TINY * total.value for part in parts) or coordinated(page, one, total, parts, link):
            continue
        opening = one.span.start if total in one.quantities or before is None else before.span.start
        span = Span(max(opening, total.span.start - _HALF_OF), rest.span.start)
        shares = _shares(before, one, span, total.value)
        slip = _left_over(total, parts, shares, rest)
        if slip:
            yield slip


def _beside(page: SegmentedDocument, one: Statement, link: Link) -> Quantity | None:
    """The quantity that a "remaining" link belongs to: right after it, else right before it."""
    for quantity in one.quantities:
        gap = page.folded[link.span.end : quantity.span.start]
        if 0 <= quantity.span.start - link.span.end <= 16 and not re.search(r"[.,;:]", gap):
            return quantity
    for quantity in one.quantities:
        if 0 <= link.span.start - quantity.span.end <= 14:
            return quantity
    return None


def _shares(before: Statement | None, one: Statement, span: Span, total: float) -> list[float]:
    """Parts that are said as a fraction or percentage of the total."""
    found = [*(before.links if before else ()), *one.links]
    shares = [FRACTIONS[link.kind] * total for link in found if link.kind in FRACTIONS and span.contains(link.span)]
    seen = [*(before.quantities if before else ()), *one.quantities]
    percent = [q.value / 100 * total for q in seen if q.kind == "percent" and span.contains(q.span)]
    return shares + (percent if len(percent) == 1 else [])


def _left_over(total: Quantity, parts: list[Quantity], shares: list[float], rest: Quantity) -> Slip | None:
    taken = [part.value for part in parts] + shares
    if not taken or len(taken) > _MOST_PARTS or rest.value >= total.value:
        return None
    room = slack([total, rest, *parts])
    if any(abs(total.value - some - rest.value) <= room for some in _sums(taken)):
        return None
    expected = total.value - sum(taken)
    # A rest that is far off belongs to another total.
    if expected <= 0 or not 0.3 <= rest.value / expected <= 3.4:
        return None
    if any(abs(some - rest.value) <= room for some in _sums(taken)):
        return None
    equation = " - ".join(said(some) for some in (total.value, *taken))
    words = f"{equation} = {said(expected)}, but {said(rest.value)} is stated as what remains."
    sources = (total.span, *(part.span for part in parts))
    values = (total.value, *taken, rest.value)
    return Slip(rest.span, words, "remainder", values, total.unit, expected, rest, sources)


def _breakdown(page: SegmentedDocument, before: Statement | None, one: Statement) -> Iterator[Slip]:
    """The parts of a total that is taken apart do not add up to it."""
    for total, start, exhaustive in _openings(page, before, one):
        parts = _list(page, one, start, total)
        if len(parts) < 2 or len(parts) > _MOST_PARTS or total.bound or any(part.bound for part in parts):
            continue
        span = Span(start, max(parts[-1].span.end, min(one.span.end, parts[-1].span.end + 40)))
        loose = ("room", "remaining", *FRACTIONS) if exhaustive else ("room", "remaining", "overlap", *FRACTIONS)
        if any(span.overlaps(link.span) for link in one.linked(*loose)):
            continue
        tail = re.match(r"[^.,;:!?()。，、；\n]{0,40}(?!\w)", page.folded[parts[-1].span.end : one.span.end])
        span = Span(parts[0].span.start, parts[-1].span.end + (tail.end() if tail else 0))
        slip = _apart(total, parts, span, exhaustive=exhaustive and not uncounted(page, one, start, parts))
        if slip:
            yield slip
            return


def _openings(
    page: SegmentedDocument, before: Statement | None, one: Statement
) -> Iterator[tuple[Quantity, int, bool]]:
    """Totals that a list of parts follows: the total, where the list begins, whether the list must be complete."""
    here = [q for q in one.quantities if countable(q) and not q.weak]
    for link in one.linked("of_which", "breakdown"):
        earlier = [q for q in here if q.span.end <= link.span.start]
        if not earlier and before and link.span.start - one.span.start <= 3:
            earlier = [q for q in before.quantities if countable(q) and not q.weak]
        if earlier:
            yield max(earlier, key=lambda q: (q.value, q.span.start)), link.span.end, link.kind == "breakdown"
    for total in here:
        gap = page.folded[total.span.end : total.span.end + 50]
        colon = COLON.search(gap)
        if colon and not re.search(r"[\d.;!?\"]", gap[: colon.start()]):
            yield total, total.span.end + colon.end(), True
    if here and _opens(page, one, here[0]):
        yield here[0], here[0].span.end, False


def _opens(page: SegmentedDocument, one: Statement, first: Quantity) -> bool:
    """Whether the sentence begins "Of N …"."""
    head = page.folded[one.span.start : first.span.start].strip(" \"'(-").split()
    return 1 <= len(head) <= 2 and head[0] in particles("of", one.language)


def _list(page: SegmentedDocument, one: Statement, start: int, total: Quantity) -> list[Quantity]:
    """The enumeration of parts that begins at ``start``: like quantities, close together, listed."""
    found: list[Quantity] = []
    for quantity in one.quantities:
        if quantity.span.start < start or quantity.kind in {"date", "time", "year", "ordinal"}:
            continue
        gap = page.folded[found[-1].span.end if found else start : quantity.span.start]
        if len(gap) > _PART_GAP or (found and not listed(gap, one.language)) or re.search(r"[.!?。]", gap):
            break
        if quantity.weak and total.value >= _SMALL:
            continue
        if (
            not countable(quantity)
            or not alike(quantity, total)
            or (quantity.kind != total.kind and total.kind in {"counter", "unit"})
        ):
            break
        found.append(quantity)
    return found


def _apart(total: Quantity, parts: list[Quantity], span: Span, *, exhaustive: bool) -> Slip | None:
    values = [part.value for part in parts]
    added, room = sum(values), slack([total, *parts])
    if any(abs(some - total.value) <= room for some in _sums(values, 2)) or max(values) >= total.value:
        return None
    ratio = added / total.value
    # Parts that only come near the total were meant to make it up; parts far from it are examples or overlap.
    if not (1 < ratio <= 1.3 or (exhaustive and 0.75 <= ratio < 1)):
        return None
    words = f"{_words(parts, '+')} = {said(added)}, but {said(total.value)} is stated as the whole."
    sources = (total.span,)
    return Slip(
        span,
        words,
        "sum",
        (*values, total.value),
        total.unit,
        added,
        total,
        sources,
        confidence=0.85 if exhaustive else 0.75,
    )


def _totals(page: SegmentedDocument, one: Statement) -> Iterator[Slip]:
    """A stated total that its parts, listed right before it, do not give."""
    for link in one.linked("total"):
        after = [q for q in one.quantities if 0 <= q.span.start - link.span.end <= 14 and countable(q)]
        beside = [q for q in one.quantities if 0 <= link.span.start - q.span.end <= 2 and countable(q)]
        for total in (after or beside)[:1]:
            parts = _before(page, one, min(link.span.start, total.span.start), total)
            span = Span(parts[0].span.start, total.span.end) if parts else total.span
            loose = any(span.overlaps(other.span) for other in one.linked("room", "each", *FRACTIONS))
            if 2 <= len(parts) <= _MOST_PARTS and not loose and not any(q.bound for q in (*parts, total)):
                yield from _summed(total, parts)


def _before(page: SegmentedDocument, one: Statement, end: int, total: Quantity) -> list[Quantity]:
    found: list[Quantity] = []
    for quantity in reversed([q for q in one.quantities if q.span.end <= end]):
        gap = page.folded[quantity.span.end : found[-1].span.start if found else end]
        if (
            len(gap) > _PART_GAP
            or not countable(quantity)
            or not alike(quantity, total)
            or (found and not listed(gap, one.language))
        ):
            break
        of = particles("of", one.language)
        if re.search(r"[:：;.!?。]", gap) or (not found and any(word in of for word in gap.split())):
            break
        found.append(quantity)
        if COLON.search(page.folded[max(0, quantity.span.start - 3) : quantity.span.start]):
            break
    return found[::-1]


def _summed(total: Quantity, parts: list[Quantity]) -> Iterator[Slip]:
    values = [part.value for part in parts]
    added, room = sum(values), slack([total, *parts])
    near = 0.7 <= added / total.value <= 1.4 and max(values) < total.value
    right = any(abs(some - total.value) <= room for some in _sums(values, 2))
    if near and not right:
        words = f"{_words(parts, '+')} = {said(added)}, but the total is stated as {said(total.value)}."
        sources = tuple(part.span for part in parts)
        yield Slip(total.span, words, "total", (*values, total.value), total.unit, added, total, sources)
