"""Words that say how numbers hang together ("of which", "the remaining", "in total"), found once a page."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from auditor import lexicon
from auditor.data import SegmentedDocument, Span
from auditor.rules._memo import once_a_page

# Sentences are read up to this many characters; what is longer is no sentence.
LONGEST_SENTENCE = 4000
# Links of one sentence are compared with each other: no more than these.
_MOST = 200
FRACTIONS = {
    "half": 1 / 2,
    "third": 1 / 3,
    "two_thirds": 2 / 3,
    "quarter": 1 / 4,
    "three_quarters": 3 / 4,
    "fifth": 1 / 5,
    "tenth": 1 / 10,
}
MULTIPLES = {"double": 2.0, "triple": 3.0, "tenfold": 10.0}


@dataclass(frozen=True, slots=True)
class Link:
    """A linking phrase of one kind at ``span`` (document offsets)."""

    span: Span
    kind: str


@once_a_page
def links(page: SegmentedDocument) -> tuple[tuple[Link, ...], ...]:
    """The links of every sentence, in order of place; each in the sentence's own language."""
    sentences = page.sentences
    found: list[list[Link]] = [[] for _ in sentences]
    starts = [sentence.span.start for sentence in sentences]
    for match in lexicon.load("number_links").find(page.folded, {one.language.tag for one in sentences}):
        at = bisect_left(starts, match.span.start + 1) - 1
        if at < 0 or match.span.start - starts[at] > LONGEST_SENTENCE:
            continue
        if sentences[at].span.contains(match.span) and sentences[at].language.tag == match.entry.language:
            found[at].append(Link(match.span, match.entry.kind))
    return tuple(tuple(_longest(one)) for one in found)


def _longest(found: list[Link]) -> list[Link]:
    """Drop links of a kind that lie inside a longer one of the same kind, and a third inside two thirds."""
    kept: list[Link] = []
    fractions = {*FRACTIONS, *MULTIPLES}
    for link in found[:_MOST]:
        same = [one for one in kept if one.kind == link.kind or (one.kind in fractions and link.kind in fractions)]
        if not any(one.span.contains(link.span) for one in same):
            kept.append(link)
    return kept
