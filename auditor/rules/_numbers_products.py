"""Products and quotients: price times number, a total by head, a year by months, said with the result."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.data import SegmentedDocument, Span
from auditor.rules import _numbers_shares
from auditor.rules._numbers_facts import Slip, Statement, alike, countable, pairs, said, statements
from auditor.rules._numbers_links import Link
from auditor.rules._numbers_measure import Quantity
from auditor.rules._numbers_tables import particles

_STOP = re.compile(r"[.!?;。！？；]")
_EXACT = 0.1
_ABOUT = 0.3
_PER_YEAR = 12


def slips(page: SegmentedDocument) -> Iterator[Slip]:
    """Products, quotients and fractions of a page that do not come out."""
    for before, one in pairs(statements(page)):
        yield from _takings(page, before, one)
        for link in one.linked("thatis"):
            found = (
                list(_by_head(page, one, link))
                or list(_by_month(one, link))
                or list(_numbers_shares.named(page, one, link))
            )
            yield from found or list(_numbers_shares.valued(before, one, link))


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
    """Tell of "5,000 bottles at 19 euros … an income of 950,000": number times price is not the sum of money."""
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
    """Tell of "10 million for 5,000 units, that is 20,000 per unit": the quotient is another."""
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
    """Tell of "2,400 a year, that is twenty a month": a twelfth is another."""
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
