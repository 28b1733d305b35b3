"""Products and shares: price times number, total by head, a fraction of a whole, said with its result."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.data import SegmentedDocument, Span
from auditor.rules._numbers_facts import Slip, Statement, alike, countable, pairs, said, statements
from auditor.rules._numbers_links import FRACTIONS, MULTIPLES, Link
from auditor.rules._numbers_tables import particles
from auditor.rules._quantities import Quantity

_STOP = re.compile(r"[.!?;。！？；]")
_EXACT = 0.1
_ABOUT = 0.3
_SHARE = 0.04
_PER_YEAR = 12


def slips(page: SegmentedDocument) -> Iterator[Slip]:
    """Products, quotients and fractions of a page that do not come out."""
    for before, one in pairs(statements(page)):
        yield from _takings(page, before, one)
        for link in one.linked("thatis"):
            found = list(_by_head(page, one, link)) or list(_by_month(one, link)) or list(_share_named(page, one, link))
            yield from found or list(_share_valued(page, before, one, link))


def _agrees(stated: Quantity, true: float) -> bool:
    """Whether a stated value, with its hedge, is right."""
    if stated.bound == "<":
        return true < stated.value * 1.02
    if stated.bound == ">":
        return stated.value * 0.98 < true < stated.value * 3
    room = (_ABOUT if stated.bound else _EXACT) * true
    return abs(stated.value - true) <= max(room, stated.step / 2)


def _gap(page: SegmentedDocument, left: int, right: int) -> str:
    return page.folded[left:right] if left <= right else ";"


def _takings(page: SegmentedDocument, before: Statement | None, one: Statement) -> Iterator[Slip]:
    """ "5,000 bottles at 19 euros … an income of 950,000": number times price is not the sum of money."""
    for link in one.linked("yields"):
        money = [q for q in one.quantities if q.kind == "currency" and 0 <= q.span.start - link.span.end <= 14]
        near = [q for q in one.quantities if q.span.end <= link.span.start]
        opening = link.span.start - one.span.start <= 3
        seen = near or (list(before.quantities) if before and opening else [])
        if not money or money[0].bound or len(seen) < 2:
            continue
        pair = _priced(page, before if not near and before else one, seen)
        if pair and alike(pair[1], money[0]):
            number, price = pair
            true = number.value * price.value
            if not _agrees(money[0], true) and 0.0009 < money[0].value / true < 1100:
                words = (
                    f"{said(number.value)} x {said(price.value)} = {said(true)}, but {said(money[0].value)} is stated."
                )
                values = (number.value, price.value, money[0].value)
                yield Slip(
                    money[0].span, words, "product", values, money[0].unit, true, money[0], (number.span, price.span)
                )


def _priced(page: SegmentedDocument, one: Statement, seen: list[Quantity]) -> tuple[Quantity, Quantity] | None:
    """The last count with its price: "5,000 bottles at 19 euros", "820 pieces … two euros each"."""
    price, number = seen[-1], seen[-2]
    if (
        price.kind != "currency"
        or number.kind not in {"count", "counter"}
        or number.bound
        or price.bound
        or number.weak
    ):
        return None
    between = _gap(page, number.span.end, price.span.start)
    if _STOP.search(between) or len(between) > 70 or price.value <= 0:
        return None
    word = re.search(r"([^\W\d_]+)\s*$", between)
    at = word is not None and word.group(1) in particles("at", one.language)
    priced = any(0 <= price.span.start - link.span.end <= 6 for link in one.linked("price"))
    each = any(0 <= link.span.start - price.span.end <= 10 for link in one.linked("each"))
    # "For" and "at" alone are too weak beside an unknown noun phrase: the price must close the clause.
    return (number, price) if priced or each or (at and len(between) <= 40) else None


def _by_head(page: SegmentedDocument, one: Statement, link: Link) -> Iterator[Slip]:
    """ "10 million for 5,000 units, that is 20,000 per unit": the quotient is another."""
    after = [q for q in one.quantities if 0 <= q.span.start - link.span.end <= 40 and countable(q) and not q.weak]
    before = [q for q in one.quantities if q.span.end <= link.span.start and countable(q) and not q.weak]
    if len(after) != 1 or len(before) < 2 or _STOP.search(_gap(page, link.span.end, after[0].span.start)):
        return
    share, (left, right) = after[0], before[-2:]
    total, number = (left, right) if alike(left, share) else (right, left)
    if not any(_touches(each.span, share.span) for each in one.linked("each")) or total.bound or number.bound:
        return
    if (
        not alike(total, share)
        or number.kind not in {"count", "counter"}
        or number.measure == share.measure
        or number.value < 2
    ):
        return
    true = total.value / number.value
    if not _agrees(share, true):
        words = f"{said(total.value)} / {said(number.value)} = {said(true)}, but {_stated(share)} is stated for each."
        yield Slip(
            share.span,
            words,
            "quotient",
            (total.value, number.value, share.value),
            share.unit,
            true,
            share,
            (total.span, number.span),
        )


def _touches(one: Span, other: Span) -> bool:
    return max(one.start, other.start) - min(one.end, other.end) <= 14


def _stated(quantity: Quantity) -> str:
    return {"<": "less than ", ">": "more than ", "~": "about "}.get(quantity.bound, "") + said(quantity.value)


def _by_month(one: Statement, link: Link) -> Iterator[Slip]:
    """ "2,400 a year, that is twenty a month": a twelfth is another."""
    yearly = [other for other in one.linked("yearly") if other.span.end <= link.span.start]
    monthly = [other for other in one.linked("monthly") if other.span.start >= link.span.end]
    before = [q for q in one.quantities if q.span.end <= link.span.start and countable(q) and q.kind != "unit"]
    after = [q for q in one.quantities if q.span.start >= link.span.end and countable(q) and not q.weak]
    if not yearly or not monthly or len(before) != 1 or len(after) != 1 or not alike(before[0], after[0]):
        return
    true = before[0].value / _PER_YEAR
    if not _agrees(after[0], true) and not 0.7 <= after[0].value / true <= 1.4:
        words = f"{said(before[0].value)} a year is {said(true)} a month, but {said(after[0].value)} is stated."
        yield Slip(
            after[0].span, words, "quotient", (before[0].value, after[0].value), "", true, after[0], (before[0].span,)
        )


def _share_named(page: SegmentedDocument, one: Statement, link: Link) -> Iterator[Slip]:
    """ "45 of 120 were sown, that is two thirds": the two numbers make another fraction or multiple."""
    named = [o for o in one.links if o.kind in FRACTIONS or o.kind in MULTIPLES]
    named = [
        o
        for o in named
        if 0 <= o.span.start - link.span.end <= 16 and not re.search(r"\d", page.folded[link.span.end : o.span.start])
    ]
    before = [q for q in one.quantities if q.span.end <= link.span.start and countable(q) and not q.weak]
    if not named or not before:
        return
    share = named[0]
    after = [q for q in one.quantities if q.span.start >= share.span.end and countable(q) and not q.weak]
    numbers = before[-2:] if share.kind in FRACTIONS else [before[-1], *after][:2]
    if len(numbers) != 2 or any(q.bound == "-" for q in numbers) or (share.kind in FRACTIONS and after):
        return
    low, high = sorted(_comparable(*numbers))
    if not low or high == low or high / low > 50:
        return
    stated = {**FRACTIONS, **MULTIPLES}[share.kind]
    changes = bool(one.linked("rose", "fell", "rise", "fall"))
    ways = ((high - low) / low, (high - low) / high) if changes else (low / high, low / (low + high))
    ways = (high / low, *ways[:1]) if share.kind in MULTIPLES else ways
    bound = _hedge(one, share)
    if any(_fits(stated, way, bound) for way in ways):
        return
    words = f"{said(numbers[0].value)} and {said(numbers[1].value)}: the {'ratio' if share.kind in MULTIPLES else 'share'} is {_percent(share.kind, ways[0])}, not {page.text[share.span.start : share.span.end]!r}."
    yield Slip(
        share.span,
        words,
        "share",
        (numbers[0].value, numbers[1].value),
        "",
        None,
        None,
        (numbers[0].span, numbers[1].span),
    )


def _comparable(one: Quantity, other: Quantity) -> tuple[float, float]:
    """The two values; a bare number beside one with a magnitude word shares it ("from 6.1 to 7.4 billion")."""
    if one.times == other.times or one.kind != "count" and other.kind != "count":
        return (one.value, other.value) if alike(one, other) else (0.0, 0.0)
    if one.times == 1 and one.kind == "count" and one.value < 1000:
        return one.value, other.value / other.times
    return (one.value, other.value) if alike(one, other) else (0.0, 0.0)


def _hedge(one: Statement, share: Link) -> str:
    found = [
        o.kind
        for o in one.links
        if o.kind in {"moreish", "lessish", "hedge"} and -1 <= share.span.start - o.span.end <= 9
    ]
    return ">" if "moreish" in found else "<" if "lessish" in found else "~" if found else ""


def _fits(stated: float, true: float, bound: str) -> bool:
    if bound == ">":
        return stated * 0.97 <= true <= stated * 1.6
    if bound == "<":
        return stated * 0.6 <= true <= stated * 1.03
    return abs(true - stated) <= 0.15 * stated


def _percent(kind: str, value: float) -> str:
    return f"{value:.3g} times" if kind in MULTIPLES else f"{value:.0%}"


def _share_valued(page: SegmentedDocument, before: Statement | None, one: Statement, link: Link) -> Iterator[Slip]:
    """ "A tenth of the 240, that is 60", "40 percent of 620,000. That is 348,000": the share has another value."""
    after = [q for q in one.quantities if 0 <= q.span.start - link.span.end <= 10 and countable(q) and not q.weak]
    if not after or after[0].bound in {"<", ">", "-"}:
        return
    opening = link.span.start - one.span.start <= 3
    scope = before if before and opening else one
    seen = [q for q in scope.quantities if q.span.end <= link.span.start]
    share = _share_before(page, scope, seen, link)
    wholes = [q for q in seen if countable(q) and not q.weak and (alike(q, after[0]))]
    if share is None or not wholes or any(whole.bound for whole in wholes):
        return
    total, part, (span, value) = max(wholes, key=lambda q: q.value), after[0], share
    ways = [whole.value * factor for whole in wholes for factor in (value, 1 - value, 1 + value)]
    ways.sort(key=lambda way: way != total.value * value)
    room = _ABOUT if part.bound else _SHARE
    if (
        any(abs(way - part.value) <= max(room * way, part.step / 2) for way in ways)
        or not 0.1 <= part.value / ways[0] <= 10
    ):
        return
    words = f"{_part_of(value)} of {said(total.value)} is {said(ways[0])}, but {said(part.value)} is stated."
    yield Slip(
        part.span, words, "share", (total.value, value, part.value), total.unit, ways[0], part, (total.span, span)
    )


def _share_before(
    page: SegmentedDocument, one: Statement, seen: list[Quantity], link: Link
) -> tuple[Span, float] | None:
    """The fraction or percentage that stands last before "that is"."""
    named = [(o.span, FRACTIONS[o.kind]) for o in one.links if o.kind in FRACTIONS and o.span.end <= link.span.start]
    named += [(q.span, q.value / 100) for q in seen if q.kind == "percent" and not q.bound]
    if len(named) != 1 or link.span.start - named[0][0].end > 40 or any(q.span.start > named[0][0].end for q in seen):
        return None
    return named[0] if 0 < named[0][1] < 1 else None


def _part_of(value: float) -> str:
    return f"{value * 100:.4g} percent"
