"""Conversions: a value and the same value in another unit or currency, in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.data import SegmentedDocument
from auditor.rules._numbers_facts import Slip, Statement, rewritten, said, statements
from auditor.rules._numbers_measure import Quantity
from auditor.rules._numbers_tables import dollars, unit_factors

_OPEN = re.compile(
    r"^[\s-]*(?:[^\W\d_]{1,12}[\s-]?){0,2}[(\[（]\s*"
    r"(?:about |approx\. |ca\. |circa |etwa |environ |約|约|около |≈|~|=|or )?$"
)
_PER = re.compile(r"^\s*(?:/|per |an? |pro |par |por |al |в |на |za |每)")
_SAME = frozenset({"length", "mass", "volume", "area", "speed", "power"})
_ROOM = 0.25
# Rates move; only what no year's rate can explain is called wrong.
_RATE = 3.0


def slips(page: SegmentedDocument) -> Iterator[Slip]:
    """Conversions of a page that cannot be right."""
    for one in statements(page):
        for at in range(1, len(one.quantities)):
            left, right = one.quantities[at - 1], one.quantities[at]
            if _bracketed(page, one, at):
                yield from _length(page, left, right)
                yield from _heat(page, left, right)
                yield from _money(left, right)


def _bracketed(page: SegmentedDocument, one: Statement, at: int) -> bool:
    """Whether quantity ``at`` alone stands in brackets behind the one before, and neither is half of a compound."""
    left, right = one.quantities[at - 1], one.quantities[at]
    closing = page.folded[right.span.end : right.span.end + 1]
    if not _OPEN.match(page.folded[left.span.end : right.span.start]) or closing not in {")", "]", "）"}:
        return False
    if at > 1:
        before = one.quantities[at - 2]
        gap = page.folded[before.span.end : left.span.start]
        if len(gap) <= 3 or left.bound == "-" or re.fullmatch(r"\s*(?:by|x|×|to|and|-|bis|à|a|до|и|و)\s*", gap):
            return False
    return not _PER.match(page.folded[left.span.end :][:6]) and right.bound != "-"


def _length(page: SegmentedDocument, left: Quantity, right: Quantity) -> Iterator[Slip]:
    factors = unit_factors()
    if left.kind != "unit" or right.kind != "unit" or left.unit == right.unit:
        return
    (dimension, size), (other, small) = factors[left.unit], factors[right.unit]
    if dimension != other or dimension not in _SAME or not left.value or not right.value:
        return
    true = left.value * size / small
    room = _ROOM * true + right.step / 2 + left.step / 2 * size / small
    if abs(right.value - true) > room and _telling(left):
        right_value = f"{said(float(f'{true:.3g}'))} {right.unit}"
        words = f"{said(left.value)} {left.unit} is {right_value}, but {said(right.value)} {right.unit} is stated."
        shown = rewritten(right, right.span.cut(page.text), float(f"{true:.2g}"))
        certain = abs(right.value - true) > 2 * room
        yield Slip(
            right.span,
            words,
            "conversion",
            (left.value, right.value),
            right.unit,
            None,
            right,
            (left.span,),
            certain,
            0.85 if shown else 0.8,
        )


def _telling(quantity: Quantity) -> bool:
    """A tonne has three meanings and a stone may be a stone: such units say nothing."""
    return quantity.unit not in {"st", "bbl", "kn", "nmi"}


def _heat(page: SegmentedDocument, left: Quantity, right: Quantity) -> Iterator[Slip]:
    units = (left.unit, right.unit)
    if units not in {("°C", "°F"), ("°F", "°C")}:
        return
    signs = [-1 if page.folded[q.span.start - 1 : q.span.start] == "-" else 1 for q in (left, right)]
    given, stated = signs[0] * left.value, signs[1] * right.value
    true = given * 9 / 5 + 32 if left.unit == "°C" else (given - 32) * 5 / 9
    difference = given * 9 / 5 if left.unit == "°C" else given * 5 / 9
    if min(abs(stated - true), abs(stated - difference)) > 3:
        words = (
            f"{said(given)} {left.unit} is {said(round(true))} {right.unit}, but {said(stated)} {right.unit} is stated."
        )
        yield Slip(right.span, words, "conversion", (given, stated), right.unit, None, right, (left.span,))


def _money(left: Quantity, right: Quantity) -> Iterator[Slip]:
    if left.kind != "currency" or right.kind != "currency" or left.unit == right.unit:
        return
    rates = dollars()
    one, other = rates.get(left.unit, 0), rates.get(right.unit, 0)
    if not one or not other or not left.value or not right.value:
        return
    true = left.value * one / other
    away = max(true / right.value, right.value / true)
    if away > _RATE:
        fair = f"{said(float(f'{true:.2g}'))} {right.unit}"
        words = f"{said(left.value)} {left.unit} is roughly {fair}, but {said(right.value)} {right.unit} is stated."
        yield Slip(
            right.span,
            words,
            "conversion",
            (left.value, right.value),
            right.unit,
            None,
            right,
            (left.span,),
            away > 5,
            0.8,
        )
