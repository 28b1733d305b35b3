"""Figures across documents: what is remembered of one, and which two contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from typing import cast

from auditor.data import Observation, SegmentedDocument, Span
from auditor.rules._numbers_repeats import Figure, figures, shifted, significant, swapped
from auditor.rules._numbers_tables import particles, stem, unit_factors

_KINDS = frozenset({"count", "counter", "currency", "unit", "percent"})
# Dimensions that are told and rounded too freely, or differ by plan (durations), to be compared between documents.
_LOOSE = frozenset({"duration", "temperature"})
_TOPICS = 24
_NEAR = 12
# More observations of one thing than this are a table or an archive, not a story.
MOST = 200
_MOST_FIGURES = 120


@dataclass(frozen=True, slots=True)
class Told:
    """One remembered figure."""

    seen: Observation
    value: float
    step: float
    exact: bool
    toll: bool
    language: str
    topics: frozenset[str]
    near: frozenset[float]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two figures that contradict each other; ``why`` is said to the reader, ``sure`` is a confidence."""

    one: Told
    other: Told
    why: str
    sure: float


def remembered(page: SegmentedDocument) -> Iterator[tuple[str, Span, dict[str, object]]]:
    """Key, place and data of each figure of a page that other documents may contradict."""
    seen = figures(page)
    if len(seen) > _MOST_FIGURES:
        return
    group = page.document.group
    by_sentence: dict[int, set[float]] = {}
    for one in seen:
        by_sentence.setdefault(one.statement.index, set()).add(round(one.quantity.value, 4))
    for one in seen:
        name = _name(one)
        if name is None or (group is None and (len(one.topics) < 6 or len(significant(one.quantity.value)) < 2)):
            continue
        near = {value for at in range(-1, 2) for value in by_sentence.get(one.statement.index + at, ())}
        longest = sorted(sorted(one.topics), key=len, reverse=True)[:3]
        key = f"{group}|{name}" if group is not None else f"|{name}|{'|'.join(sorted(longest))}"
        yield key, one.quantity.span, _data(one, sorted(near - {round(one.quantity.value, 4)})[:_NEAR])


def _name(one: Figure) -> str | None:
    """What is measured: a dimension, a currency, a counted noun; None where it cannot be compared."""
    q = one.quantity
    if q.kind not in _KINDS or q.value < 2 or (q.kind == "count" and (not q.nouns or _hour(one))):
        return None
    if q.kind == "unit":
        dimension = unit_factors()[q.unit][0]
        return None if dimension in _LOOSE else dimension
    return q.unit if q.kind != "count" else f"{one.statement.language}:{q.nouns[0]}"


def _hour(one: Figure) -> bool:
    """Whether the number is an hour in words ("ten in the evening")."""
    return any(
        noun in {stem(word) for word in particles("daytime", one.statement.language)} for noun in one.quantity.nouns[:2]
    )


def _data(one: Figure, near: list[float]) -> dict[str, object]:
    q = one.quantity
    size = unit_factors()[q.unit][1] if q.kind == "unit" else 1.0
    return {
        "value": round(q.value * size, 6),
        "step": q.step * size,
        "exact": not q.bound,
        "toll": bool(one.statement.linked("toll", "rose", "fell", "rise", "fall")),
        "language": one.statement.language,
        "topics": sorted(one.topics)[:_TOPICS],
        "near": near,
        "years": sorted(one.years)[:4],
        "kind": q.kind,
        "unit": q.unit,
    }


def sample(observations: Sequence[Observation]) -> Sequence[Observation]:
    """All figures of one key, or a fixed choice of ``MOST`` that does not prefer the first documents by name."""
    return observations if len(observations) <= MOST else sorted(observations, key=_hash)[:MOST]


def _hash(seen: Observation) -> str:
    return sha256(f"{seen.document_id}\0{seen.span.start}\0{seen.quote}".encode("utf-8", "replace")).hexdigest()


def conflicts(observations: Sequence[Observation]) -> Iterator[Conflict]:
    """The contradictions among the figures of one key, at most one for each pair of documents."""
    by_document: dict[str, list[Told]] = {}
    for seen in sample(observations):
        by_document.setdefault(seen.document_id, []).append(_told(seen))
    grouped = bool(observations) and not observations[0].key.startswith("|")
    for left, right in combinations(sorted(by_document), 2):
        found = _between(by_document[left], by_document[right], grouped=grouped)
        if found:
            yield found


def _told(seen: Observation) -> Told:
    data = seen.data
    topics = cast("Sequence[str]", data["topics"])
    near = cast("Sequence[float]", data["near"])
    value, step = cast("float", data["value"]), cast("float", data["step"])
    exact, toll = bool(data["exact"]), bool(data["toll"])
    return Told(seen, value, step, exact, toll, str(data["language"]), frozenset(topics), frozenset(near))


def _between(left: list[Told], right: list[Told], *, grouped: bool) -> Conflict | None:
    common = len({one.value for one in left if any(_equal(one, other) for other in right)})
    ours = [one for one in left if not any(_equal(one, other) for other in right)]
    theirs = [other for other in right if not any(_equal(one, other) for one in left)]
    found = [_judge(one, other, common, grouped=grouped) for one in ours for other in theirs]
    alone = len({one.value for one in ours}) == 1 and len({other.value for other in theirs}) == 1
    if grouped and alone:
        found += [_plain(one, other) for one in ours for other in theirs]
    return max((one for one in found if one), key=lambda one: (one.sure, one.one.seen.span), default=None)


def _equal(one: Told, other: Told) -> bool:
    """Whether two figures agree once the coarser is allowed its rounding."""
    room = max(one.step, other.step) if one.exact and other.exact else 0.15 * max(one.value, other.value)
    return abs(one.value - other.value) <= max(
        min(room, 0.15 * max(one.value, other.value)), 0.05 * max(one.value, other.value)
    ) and not swapped(one.value, other.value)


def _judge(one: Told, other: Told, common: int, *, grouped: bool) -> Conflict | None:
    """Swapped digits or a slipped zero, with enough shared context to be the same figure."""
    if not one.exact or not other.exact:
        return None
    swap, shift = swapped(one.value, other.value), shifted(one.value, other.value) or _tens(one, other)
    if not swap and not shift:
        return None
    why = "the digits are swapped" if swap else "they differ by a factor of ten or more with the same digits"
    if not grouped:
        same = (
            one.language == other.language
            and _overlap(one, other) >= 0.8
            and one.seen.data["years"] == other.seen.data["years"]
        )
        return Conflict(one, other, why, 0.6) if same else None
    shared = _shared(one, other)
    near = sum(1.0 if value >= 10 else 0.5 for value in one.near & other.near)
    strong = shared >= 2 or near >= 1.5 or (common >= 1 and (shared or near or one.language != other.language))
    return Conflict(one, other, why, 0.85) if strong else None


def _tens(one: Told, other: Told) -> bool:
    """A slip of exactly ten, a hundred or a thousand, even of a single digit ("8 metres", "80 centimetres")."""
    low, high = sorted((one.value, other.value))
    measured = one.seen.data["kind"] in {"unit", "currency"}
    return measured and any(abs(high / low - size) < 1e-6 * size for size in (10, 100))


def _shared(one: Told, other: Told) -> int:
    """How many topics two sentences share; pairs of East Asian signs count half, because words overlap in them."""
    if one.language != other.language:
        return 0
    count = len(one.topics & other.topics)
    return count // 3 if one.language in {"zh", "ja"} else count


def _overlap(one: Told, other: Told) -> float:
    return len(one.topics & other.topics) / max(1, len(one.topics | other.topics))


def _plain(one: Told, other: Told) -> Conflict | None:
    """Two different numbers for the one thing of this name that both documents count."""
    if not one.exact or not other.exact or one.toll or other.toll or one.language != other.language:
        return None
    if (
        one.seen.data["kind"] not in {"count", "unit"}
        or not 0.5 <= one.value / other.value <= 2
        or max(one.value, other.value) < 10
    ):
        return None
    shared = _shared(one, other)
    near = len(one.near & other.near)
    if shared >= 3 or (shared >= 2 and near):
        return Conflict(one, other, "the sentences share their subject", 0.7)
    return None
