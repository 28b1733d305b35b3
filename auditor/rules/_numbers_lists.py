"""Lists of parts: where one goes on, what it names without a number, and when its first number is a part too."""

from __future__ import annotations

import re

from auditor.data import SegmentedDocument
from auditor.rules._numbers_facts import Statement
from auditor.rules._numbers_links import Link
from auditor.rules._numbers_measure import Quantity
from auditor.rules._numbers_tables import particles

COLON = re.compile(r"[:：]")
_LIST_SIGN = re.compile(r"[,，、;；]")


def coordinated(page: SegmentedDocument, one: Statement, total: Quantity, parts: list[Quantity], link: Link) -> bool:
    """Tell of "A paid 540, B 430 and C the remaining 370": the first number is a part like the others."""
    if (
        total not in one.quantities
        or not parts
        or particles("of", one.language) & set(page.folded[one.span.start : total.span.start].split()[:2])
    ):
        return False
    gap = page.folded[total.span.end : parts[0].span.start]
    if COLON.search(gap) or any(total.span.end <= o.span.start < link.span.start for o in one.linked("of_which")):
        return False
    return _named(gap, one.language) and _named(page.folded[parts[-1].span.end : link.span.start], one.language)


def _named(gap: str, language: str) -> bool:
    """Whether a list goes on in the gap with a word of its own before the next number ("…, Bonn 430")."""
    words = re.split(
        r"[,，、;；]| (?:" + "|".join(map(re.escape, sorted(particles("and", language)) or [","])) + ") ", gap
    )
    return len(words) > 1 and bool(re.search(r"[^\W\d_]{2}", words[-1]))


def uncounted(page: SegmentedDocument, one: Statement, start: int, parts: list[Quantity]) -> bool:
    """Whether the list names something without a number ("two coaches, three sleepers and the dining car")."""
    ends = [start, *(part.span.end for part in parts)]
    starts = [*(part.span.start for part in parts), one.span.end]
    gaps = [re.split(r"[.;:!?()。；：]", page.folded[end:begin])[0] for end, begin in zip(ends, starts, strict=True)]
    items = [_items(gap, one.language) for gap in gaps]
    # "20 and 12, no others": an "and" before the last number closes the list.
    closed = bool(set(gaps[-2].split()) & particles("and", one.language))
    return items[0] > 0 or (items[-1] > 0 and not closed) or any(some > 1 for some in items[:-1])


def _items(gap: str, language: str) -> int:
    """How many items begin in a gap: commas and "and", both together counting once."""
    if language in {"zh", "ja"}:
        return len(_LIST_SIGN.findall(gap))
    joints = particles("and", language)
    found, fresh = 0, True
    for token in re.findall(r"[^\W\d_]+|[,;]", gap):
        joint = token in {",", ";"} or token in joints
        found += joint and fresh
        fresh = not joint
    return found


def listed(gap: str, language: str) -> bool:
    """Whether a comma or an "and" between two numbers makes them a list."""
    joints = particles("and", language)
    if _LIST_SIGN.search(gap) or language in {"zh", "ja"}:
        return bool(_LIST_SIGN.search(gap)) or any(char in joints for char in gap)
    return any(word in joints for word in gap.split()) or (language == "ar" and " و" in f" {gap} ")
