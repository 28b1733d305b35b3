"""One figure told twice in a document: with another currency, with its digits swapped, with a zero too many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.data import SegmentedDocument, Span
from auditor.rules._memo import once_a_page
from auditor.rules._numbers_contrast import apart, points_back, setting, sure
from auditor.rules._numbers_facts import Slip, Statement, said, statements
from auditor.rules._numbers_measure import Quantity
from auditor.rules._numbers_tables import stem, topics

# Dollars of several states share a sign; X codes are families of currencies.
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP"})
_BRACKET = re.compile(r"\s*[(\[（]")
# Pairs are compared within one key; a table of thousands of figures is cut here.
_MOST = 60
# A thing counted with more different numbers than this is a table, a match or a price list.
_FEW = 3
_SURE = 0.6
_UNSURE = 0.5
# Small numbers are told of many things ("all three"): they prove nothing.
_LEAST = 10
_LONG = 100
# Years are mostly ages, and a page has many of them.
_AGES = frozenset({"yr", "岁", "歲", "歳", "살"})
_KANA_ONLY = re.compile("[\u3040-\u30ff]+")
_KANA = re.compile("[\u3040-\u30ff]")


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with the sentence it stands in and the topics of that sentence."""

    quantity: Quantity
    statement: Statement
    topics: frozenset[str]
    years: frozenset[float]
    words: tuple[str, ...] = ()


@once_a_page
def figures(page: SegmentedDocument) -> tuple[Figure, ...]:
    """The quantities of a page that can be compared."""
    found: list[Figure] = []
    for one in statements(page):
        if not one.quantities:
            continue
        seen = frozenset(topics(page.folded[one.span.start : min(one.span.end, one.span.start + 2000)], one.language))
        years = frozenset(_year(q) for q in one.quantities if q.kind in {"year", "date"}) - {0}
        found += [
            Figure(q, one, seen, years, _letters(page, q))
            for q in one.quantities
            if not q.weak and q.bound != "-" and q.value > 0
        ]
    return tuple(found)


def _letters(page: SegmentedDocument, quantity: Quantity) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W\d_]{4,}", quantity.span.cut(page.folded)))


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
            slip = next((slip for first in same[:_MOST] if (slip := _two_currencies(first, second))), None)
            if slip:
                yield slip


def distinctive(quantity: Quantity) -> bool:
    """Whether two mentions of this number are hardly chance: two digits that are not zero, and large."""
    digits = significant(quantity.value)
    return quantity.value >= 1000 and (
        len(digits) >= 3 or (len(digits) == 2 and (quantity.times >= 1e6 or quantity.value >= 1e6))
    )


def significant(value: float) -> str:
    """The digits of a number from the first that is not zero to the last: 1,240 -> "124"."""
    return f"{value:.6f}".replace(".", "").strip("0")


def _converted(page: SegmentedDocument, quantity: Quantity) -> bool:
    """Whether a bracket or "or" beside it says the sum in another currency."""
    after = page.folded[quantity.span.end : quantity.span.end + 4]
    before = page.folded[max(0, quantity.span.start - 3) : quantity.span.start]
    return bool(_BRACKET.match(after)) or before.rstrip()[-1:] in {"(", "[", "（"}


def _two_currencies(first: Figure, second: Figure) -> Slip | None:
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
    words = f"{said(other.value)} is in {other.unit} here but in {one.unit} before, in a sentence on the same subject."
    values = (one.value, other.value)
    return Slip(
        other.span, words, "currency", values, other.unit, None, None, (one.span,), strong, 0.85 if strong else 0.5
    )


def swapped(one: float, other: float) -> bool:
    """Whether two numbers have the same digits in another order ("68" and "86")."""
    left, right = f"{one:.6f}".rstrip("0").rstrip("."), f"{other:.6f}".rstrip("0").rstrip(".")
    if left == right or len(left) != len(right) or sorted(left) != sorted(right):
        return False
    return len(left.replace(".", "").strip("0")) >= 2 and left.find(".") == right.find(".")


def shifted(one: float, other: float) -> bool:
    """Whether two numbers differ by zeros only, and have more than one digit beside them ("1.2" and "12")."""
    low, high = sorted((one, other))
    zeros = any(abs(high / low - size) < 1e-6 * size for size in (10, 100, 1000))
    return zeros and significant(one) == significant(other) and len(significant(one)) >= 2


def slips(page: SegmentedDocument) -> Iterator[Slip]:
    """Figures of a page that are told again with swapped digits, a shifted point, or as all of another number."""
    by_key: dict[tuple[str, str], list[Figure]] = {}
    for one in figures(page):
        q = one.quantity
        if q.kind in {"count", "unit", "currency", "counter"} and q.unit not in _AGES:
            by_key.setdefault(q.measure, []).append(one)
    for seen in by_key.values():
        told: set[Span] = set()
        for at, second in enumerate(seen[:_MOST]):
            for first in seen[:at]:
                if second.quantity.span in told:
                    break
                again = _told_again(first, second, seen[:_MOST])
                found = again or _all_of(first, second, seen[:_MOST])
                confidence = _weighed(page, first, second, found[1], whole=not again) if found else 0.0
                if found and confidence:
                    told.add(second.quantity.span)
                    yield _slip(first.quantity, second.quantity, found[0], confidence)


def _weighed(page: SegmentedDocument, first: Figure, second: Figure, confidence: float, *, whole: bool) -> float:
    """Lower the confidence where the second figure may be another one; 0 where a time or a contrast says so."""
    before, here = setting(page, first.statement, first.quantity), setting(page, second.statement, second.quantity)
    known = whole or points_back(page, second.statement, second.quantity)
    if apart(before, here, known=known, whole=whole):
        return 0.0
    return confidence if whole or (known and sure(before, here)) else min(confidence, _UNSURE)


def _slip(one: Quantity, other: Quantity, why: str, confidence: float) -> Slip:
    words = f"{said(other.value)} here, but {said(one.value)} before for what seems to be the same thing{why}."
    certain = confidence > _SURE
    values = (one.value, other.value)
    return Slip(other.span, words, "repeat", values, other.unit, one.value, other, (one.span,), certain, confidence)


def _told_again(first: Figure, second: Figure, seen: list[Figure]) -> tuple[str, float] | None:
    """Swapped digits or a shifted point, with a shared subject."""
    one, other = first.quantity, second.quantity
    if first.statement is second.statement or first.statement.language != second.statement.language:
        return None
    swap, shift = swapped(one.value, other.value), shifted(one.value, other.value)
    nouns = set(one.nouns[:2]) & set(other.nouns[:2])
    if (
        not (swap or shift)
        or min(one.value, other.value) < 1
        or _often(first, seen)
        or (one.kind == "count" and not same_noun(one, other, 2))
    ):
        return None
    shared = len((first.topics & second.topics) - nouns - _unit_words(first, second))
    if first.statement.language in {"zh", "ja"}:
        shared = len({topic for topic in first.topics & second.topics if not _KANA.search(topic)}) - 1
    if shift and one.kind in {"count", "counter"} and len(significant(one.value)) < 3:
        return None
    years = bool(first.years & second.years)
    scale = max(one.value, other.value) / min(one.value, other.value) > 500
    telling = 3 if scale else 1 if shift or one.value >= _LONG or years else 2
    why = ", with its digits swapped" if swap else ", with the decimal point moved"
    return (why, 0.85 if shared >= telling else 0.5) if shared else None


def _often(first: Figure, seen: list[Figure]) -> bool:
    """Whether the page counts this thing again and again (points in a match, prices in a list)."""
    like = {
        one.quantity.value for one in seen if one.quantity.kind != "count" or same_noun(first.quantity, one.quantity, 2)
    }
    return len(like) > (_FEW if first.quantity.kind in {"count", "counter"} else 2 * _FEW)


def same_noun(one: Quantity, other: Quantity, reach: int = 1) -> bool:
    """Whether the words after two numbers share a stem: among the first ``reach`` words of each."""
    return any(_kin(left, right) for left in one.nouns[:reach] for right in other.nouns[:reach])


def _kin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long == short or (len(short) >= 4 and long.startswith(short))


def _unit_words(first: Figure, second: Figure) -> set[str]:
    """Stems of the unit itself, which say nothing about the subject."""
    return {stem(word) for one in (first, second) for word in one.words}


def _all_of(first: Figure, second: Figure, seen: list[Figure]) -> tuple[str, float] | None:
    """Tell of "310 kilograms … all 190 kilograms": the whole is named again with another number."""
    one, other = first.quantity, second.quantity
    near = [o.kind for o in second.statement.linked("all", "whole") if _adjoins(o.span, other.span)]
    if not near or first.statement is second.statement or one.value == other.value or one.bound or other.bound:
        return None
    if min(one.value, other.value) < _LEAST or not 0.5 <= one.value / other.value <= 2 or _often(first, seen):
        return None
    shared = {
        topic
        for topic in (first.topics & second.topics) - _unit_words(first, second)
        if not _KANA_ONLY.fullmatch(topic)
    }
    if one.kind == "count":
        # "All 18 counties" may be others than the 15 before; "each of the 18" points back.
        same, sure = same_noun(one, other), "whole" in near
    else:
        same = sure = len(shared) >= (2 if one.kind == "counter" else 1)
    return (", which is said to be all of it", 0.8 if sure else 0.5) if same else None


def _adjoins(link: Span, quantity: Span) -> bool:
    return 0 <= quantity.start - link.end <= 1 or 0 <= link.start - quantity.end <= 12
