"""Shares said with their result: a fraction, a percentage or a multiple, and what it comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.data import SegmentedDocument, Span
from auditor.rules._numbers_facts import Slip, Statement, alike, countable, said
from auditor.rules._numbers_links import FRACTIONS, MULTIPLES, Link
from auditor.rules._numbers_measure import Quantity

_ABOUT = 0.3
_SHARE = 0.04


def named(page: SegmentedDocument, one: Statement, link: Link) -> Iterator[Slip]:
    """Tell of "45 of 120 were sown, that is two thirds": the two numbers make another fraction or multiple."""
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
    multiple = share.kind in MULTIPLES
    ways = _ways(low, high, multiple=multiple, changes=bool(one.linked("rose", "fell", "rise", "fall")))
    if any(_fits({**FRACTIONS, **MULTIPLES}[share.kind], way, _hedge(one, share)) for way in ways):
        return
    pair = f"{said(numbers[0].value)} and {said(numbers[1].value)}"
    true = f"the ratio is {ways[0]:.3g}" if multiple else f"the share is {ways[0]:.0%}"
    words = f"{pair}: {true}, not {page.text[share.span.start : share.span.end]!r}."
    sources = (numbers[0].span, numbers[1].span)
    yield Slip(share.span, words, "share", (numbers[0].value, numbers[1].value), sources=sources)


def _ways(low: float, high: float, *, multiple: bool, changes: bool) -> tuple[float, ...]:
    """What may be meant: part of the whole, part beside the rest, or the change from one to the other."""
    ways = ((high - low) / low, (high - low) / high) if changes else (low / high, low / (low + high))
    return (high / low, ways[0]) if multiple else ways


def _comparable(one: Quantity, other: Quantity) -> tuple[float, float]:
    """The two values; a bare number beside one with a magnitude word shares it ("from 6.1 to 7.4 billion")."""
    if one.times == other.times or (one.kind != "count" and other.kind != "count"):
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


def valued(before: Statement | None, one: Statement, link: Link) -> Iterator[Slip]:
    """Tell of "a tenth of the 240, that is 60", "40 percent of 620. That is 348": the share has another value."""
    after = [q for q in one.quantities if 0 <= q.span.start - link.span.end <= 10 and countable(q) and not q.weak]
    if not after or after[0].bound in {"<", ">", "-"}:
        return
    opening = link.span.start - one.span.start <= 3
    scope = before if before and opening else one
    seen = [q for q in scope.quantities if q.span.end <= link.span.start]
    share = _share_before(scope, seen, link)
    wholes = [q for q in seen if countable(q) and not q.weak and (alike(q, after[0]))]
    if share is None or not wholes or any(whole.bound for whole in wholes):
        return
    total, part, (span, value) = max(wholes, key=lambda q: q.value), after[0], share
    ways = [whole.value * factor for whole in wholes for factor in (value, 1 - value, 1 + value)]
    ways.sort(key=lambda way: way != total.value * value)
    room = _ABOUT if part.bound else _SHARE
    fits = any(abs(way - part.value) <= max(room * way, part.step / 2) for way in ways)
    if fits or not 0.1 <= part.value / ways[0] <= 10:
        return
    words = f"{_part_of(value)} of {said(total.value)} is {said(ways[0])}, but {said(part.value)} is stated."
    values = (total.value, value, part.value)
    yield Slip(part.span, words, "share", values, total.unit, ways[0], part, (total.span, span))


def _share_before(one: Statement, seen: list[Quantity], link: Link) -> tuple[Span, float] | None:
    """The fraction or percentage that stands last before "that is"."""
    named = [(o.span, FRACTIONS[o.kind]) for o in one.links if o.kind in FRACTIONS and o.span.end <= link.span.start]
    named += [(q.span, q.value / 100) for q in seen if q.kind == "percent" and not q.bound]
    if len(named) != 1 or link.span.start - named[0][0].end > 40 or any(q.span.start > named[0][0].end for q in seen):
        return None
    return named[0] if 0 < named[0][1] < 1 else None


def _part_of(value: float) -> str:
    return f"{value * 100:.4g} percent"
