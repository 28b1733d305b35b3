"""What the number rules work on: each sentence with its quantities, their hedges and its linking words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from auditor.data import SegmentedDocument, Span
from auditor.rules._memo import once_a_page
from auditor.rules._numbers_links import FRACTIONS, MULTIPLES, Link, links
from auditor.rules._numbers_measure import Quantity
from auditor.rules._quantities import quantities

_BOUNDS = {"moreish": ">", "lessish": "<", "hedge": "~", "approx": "~"}
_NEAR = 2
_EAST_MAGNITUDE = re.compile("[十百千万億亿兆萬만억조]")
# A sentence with more numbers or links than this is a table; its numbers say nothing about each other.
_MOST = 60


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence: its place, language, quantities (in order) and links (in order)."""

    index: int
    block: int
    span: Span
    language: str
    quantities: tuple[Quantity, ...]
    links: tuple[Link, ...]

    def linked(self, *kinds: str) -> list[Link]:
        """Links of some kinds, in order."""
        return [link for link in self.links if link.kind in kinds]


@dataclass(frozen=True, slots=True)
class Slip:
    """A number found wrong: where, what was expected, the words for it and the places it was computed from."""

    span: Span
    message: str
    kind: str
    values: tuple[float, ...]
    unit: str = ""
    expected: float | None = None
    quantity: Quantity | None = None
    sources: tuple[Span, ...] = ()
    certain: bool = True
    confidence: float = 0.85


@once_a_page
def statements(page: SegmentedDocument) -> tuple[Statement, ...]:
    """All sentences of a page that hold a quantity or a link."""
    found = []
    for index, (sentence, seen, tied) in enumerate(zip(page.sentences, quantities(page), links(page), strict=True)):
        if (seen or tied) and len(seen) <= _MOST and len(tied) <= _MOST:
            kept = tuple(_bounded(one, tied) for one in seen if not _fractional(one, tied))
            found.append(Statement(index, sentence.block, sentence.span, sentence.language.tag, kept, tied))
    return tuple(found)


def _fractional(quantity: Quantity, tied: Iterable[Link]) -> bool:
    """Whether the number is only part of a fraction or multiple ("zwei Drittel", "three times")."""
    return any(link.span.overlaps(quantity.span) for link in tied if link.kind in FRACTIONS or link.kind in MULTIPLES)


def _bounded(quantity: Quantity, tied: Iterable[Link]) -> Quantity:
    if quantity.bound:
        return quantity
    kinds = {link.kind for link in tied if _beside(link, quantity)}
    bound = next((sign for kind, sign in _BOUNDS.items() if kind in kinds), "")
    return replace(quantity, bound=bound) if bound else quantity


def _beside(link: Link, quantity: Quantity) -> bool:
    if link.kind == "approx":
        return 0 <= link.span.start - quantity.span.end <= 1
    return 0 <= quantity.span.start - link.span.end <= _NEAR or link.span.start < quantity.span.start <= link.span.end


def pairs(found: Iterable[Statement]) -> Iterator[tuple[Statement | None, Statement]]:
    """Each statement with the one right before it in the same block, if there is one."""
    last: Statement | None = None
    for one in found:
        near = last is not None and one.index - last.index == 1 and one.block == last.block
        yield (last if near else None), one
        last = one


def said(value: float) -> str:
    """A number for people: ``12,400``, ``3.5``, ``6 million``."""
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(value) >= size and round(value / size, 3) == value / size:
            return f"{value / size:,.6g} {name}"
    return f"{round(value, 4):,.12g}"


def rewritten(quantity: Quantity, quote: str, value: float) -> str | None:
    """Write the expected value in the manner of the quote, with its separators, magnitude word and unit.

    None where that cannot be done: East Asian magnitudes, and words with a unit behind them.
    """
    shown = value / quantity.times
    match = re.search(r"\d(?:[\d.,'\u00a0\u202f ]*\d)?", quote)
    if _EAST_MAGNITUDE.search(quote) or (match is None and quantity.kind != "count"):
        return None
    if match is None or not re.fullmatch(r"[0-9.,'\u00a0\u202f ]+", match.group()):
        return said(value)
    text = match.group()
    signs = re.findall(r"[.,'\u00a0\u202f ]", text)
    decimal = quantity.step / quantity.times < 1 and bool(signs)
    group = (signs[:-1] or [""])[0] if decimal else (signs or [""])[0]
    point = signs[-1] if decimal else "." if group in {",", ""} else ","
    whole, _, rest = f"{round(shown, 6):,.12g}".partition(".")
    new = whole.replace(",", group) + (point + rest if rest else "")
    return quote[: match.start()] + new + quote[match.end() :]


def alike(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers may be added or compared: the same measure, or one that leaves its measure out."""
    if one.measure == other.measure:
        return True
    bare, full = (one, other) if one.measure == ("count", "") else (other, one)
    big = full.kind == "currency" and min(one.value, other.value) > 0.01 * max(one.value, other.value)
    return bare.measure == ("count", "") and big and bare.value >= 100


def countable(quantity: Quantity) -> bool:
    """Whether the quantity can be a part or a total."""
    return quantity.kind in {"count", "currency", "unit", "counter"} and quantity.value > 0


def slack(values: Iterable[Quantity]) -> float:
    """How far honest rounding can move a sum of these numbers; round whole numbers are mostly meant as they stand."""
    seen = list(values)
    finest = min(one.step for one in seen)
    if finest == 1:
        return 0.0
    whole = all(one.times == 1 and one.step >= 1 for one in seen)
    return min(0.5 * finest * (1 if whole else len(seen)) * 1.001, 0.1 * max(one.value for one in seen))
