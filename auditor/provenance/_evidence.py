"""Places that claims rest on, and the joining of what several findings say of one thing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from auditor.data import Data, Finding, SegmentedDocument, Span

_MOST_PLACES = 10
_SENTENCE_CHARS = 400


def place(finding: Finding) -> dict[str, object]:
    """Where a finding stands, as evidence of a claim."""
    return {
        "rule": finding.rule,
        "start": finding.span.start,
        "end": finding.span.end,
        "quote": finding.quote,
    }


def metadata(key: str, value: object) -> dict[str, object]:
    """A fact from the input's metadata as evidence; it has no place in the text."""
    return {"metadata": key, "note": str(value)[:_SENTENCE_CHARS]}


def add(claim: dict[str, object], finding: Finding) -> None:
    """Add a finding to a claim's evidence; independent witnesses are not assumed, so the surest one counts."""
    places = claim.setdefault("evidence", [])
    if isinstance(places, list) and len(places) < _MOST_PLACES:
        places.append(place(finding))
    claim["confidence"] = max(number(claim.get("confidence")), finding.confidence)


def number(value: object) -> float:
    """The value as a number, 0 for anything else."""
    return float(value) if isinstance(value, int | float) else 0.0


def sentence_at(page: SegmentedDocument, span: Span) -> Span:
    """The sentence around a place, cut to a readable length; the place itself where no sentence holds it."""
    at = bisect_right(page.sentences, span.start, key=lambda one: one.span.start) - 1
    if at < 0 or not page.sentences[at].span.overlaps(span):
        return span
    found = page.sentences[at].span
    return Span(found.start, max(min(found.end, found.start + _SENTENCE_CHARS), span.end))


def by_confidence(claims: Iterable[Mapping[str, object]]) -> tuple[Data, ...]:
    """Claims in a fixed order: the surest first, then by what they say."""
    return tuple(sorted(claims, key=lambda one: (-number(one.get("confidence")), str(sorted(one.items(), key=str)))))
