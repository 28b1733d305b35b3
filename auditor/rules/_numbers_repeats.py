"""One figure told twice in a document: with another currency, with its digits swapped, with a zero too many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.data import SegmentedDocument, Span
from auditor.rules._numbers_facts import Slip, Statement, said, statements
from auditor.rules._numbers_tables import topics
from auditor.rules._quantities import Quantity

# Dollars of several states share a sign; X codes are families of currencies.
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP"})
_BRACKET = re.compile(r"\s*[(\[（]")
# Pairs are compared within one key; a table of thousands of figures is cut here.
_MOST = 60


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with the sentence it stands in and the topics of that sentence."""

    quantity: Quantity
    statement: Statement
    topics: frozenset[str]
    years: frozenset[float]


def figures(page: SegmentedDocument) -> list[Figure]:
    """The quantities of a page that can be compared."""
    found = []
    for one in statements(page):
        if not one.quantities:
            continue
        seen = frozenset(topics(page.folded[one.span.start : min(one.span.end, one.span.start + 2000)], one.language))
        years = frozenset(_year(q) for q in one.quantities if q.kind in {"year", "date"}) - {0}
        found += [Figure(q, one, seen, years) for q in one.quantities if not q.weak and q.bound != "-" and q.value > 0]
    return found


def _year(quantity: Quantity) -> float:
    return quantity.value if quantity.kind == "year" else float(quantity.moment.year if quantity.moment else 0)


def currencies(page: SegmentedDocument) -> Iterator[Slip]:
    """The same distinctive sum of money in two currencies."""
    money: dict[float, list[Figure]] = {}
    for one in figures(page):
        q = one.quantity
        if q.kind == "currency" and not q.unit.startswith("X") and distinctive(q) and not _converted(page, q):
            money.setdefault(round(q.value, 2), []).append(one)
    for same in money.values():
        for second in same[1:_MOST]:
            slip = next((slip for first in same if (slip := _two_currencies(page, first, second))), None)
            if slip:
                yield slip


def distinctive(quantity: Quantity) -> bool:
    """Whether two mentions of this number are hardly chance: two digits that are not zero, and large."""
    digits = significant(quantity.value)
    return quantity.value >= 1000 and (len(digits) >= 3 or len(digits) == 2 and (quantity.times >= 1e6 or quantity.value >= 1e6))


def significant(value: float) -> str:
    """The digits of a number from the first that is not zero to the last: 1,240 -> "124"."""
    return f"{value:.6f}".replace(".", "").strip("0")


def _converted(page: SegmentedDocument, quantity: Quantity) -> bool:
    """Whether a bracket or "or" beside it says the sum in another currency."""
    after = page.folded[quantity.span.end : quantity.span.end + 4]
    before = page.folded[max(0, quantity.span.start - 3) : quantity.span.start]
    return bool(_BRACKET.match(after)) or before.rstrip()[-1:] in {"(", "[", "（"}


def _two_currencies(page: SegmentedDocument, first: Figure, second: Figure) -> Slip | None:
    one, other = first.quantity, second.quantity
    if one.unit == other.unit or {one.unit, other.unit} <= _DOLLARS or first.statement is second.statement:
        return None
    if first.statement.language != second.statement.language or one.span.start >= other.span.start:
        return None
    shared = len(first.topics & second.topics)
    same_year = bool(first.years & second.years)
    strong = shared >= 3 or (shared >= 2 and same_year)
    if shared < 2:
        return None
    words = f"{said(other.value)} is given in {other.unit} here but in {one.unit} before, in a sentence on the same subject."
    values = (one.value, other.value)
    return Slip(other.span, words, "currency", values, other.unit, None, None, (one.span,), strong, 0.85 if strong else 0.5)


def swapped(one: float, other: float) -> bool:
    """Whether two numbers have the same digits in another order ("68" and "86")."""
    left, right = f"{one:.6f}".rstrip("0").rstrip("."), f"{other:.6f}".rstrip("0").rstrip(".")
    if left == right or len(left) != len(right) or sorted(left) != sorted(right):
        return False
    return len(left.replace(".", "").strip("0")) >= 2 and left.find(".") == right.find(".")


def shifted(one: float, other: float) -> bool:
    """Whether two numbers differ by zeros only, and have more than one digit beside them ("1.2" and "12")."""
    low, high = sorted((one, other))
    same = significant(one) == significant(other) and len(significant(one)) >= 2
    return same and high / low in {10.0, 100.0, 1000.0, 10_000.0} or (same and abs(high / low - 10 ** round(_log10(high / low))) < 1e-6)


def _log10(value: float) -> float:
    return len(f"{value:.0f}") - 1


def slips(page: SegmentedDocument) -> Iterator[Slip]:
    """Figures of a page that are told again with swapped digits or a shifted point."""
    by_key: dict[tuple[str, str], list[Figure]] = {}
    for one in figures(page):
        q = one.quantity
        if q.kind in {"count", "unit", "currency", "counter"} and q.value >= 10 or q.kind == "currency":
            by_key.setdefault(q.measure, []).append(one)
    for seen in by_key.values():
        told: set[Span] = set()
        for at, second in enumerate(seen[:_MOST]):
            for first in seen[:at]:
                slip = _told_again(page, first, second, seen)
                if slip and second.quantity.span not in told:
                    told.add(second.quantity.span)
                    yield slip


def _told_again(page: SegmentedDocument, first: Figure, second: Figure, seen: list[Figure]) -> Slip | None:
    one, other = first.quantity, second.quantity
    if first.statement is second.statement or first.statement.language != second.statement.language:
        return None
    swap, shift = swapped(one.value, other.value), shifted(one.value, other.value)
    if not (swap or shift):
        return None
    nouns = set(one.nouns[:2]) & set(other.nouns[:2])
    shared = (first.topics & second.topics) - nouns
    words = f"swap={swap} nouns={sorted(nouns)} shared={sorted(shared)} {one.value} {other.value} {one.unit}"
    return Slip(other.span, words, "repeat", (one.value, other.value), other.unit, None, None, (one.span,))
