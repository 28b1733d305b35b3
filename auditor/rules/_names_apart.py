"""Names that a document itself keeps apart: side by side in one sentence, or in events of different years."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from auditor.data import SegmentedDocument
from auditor.rules._memo import once_a_page
from auditor.rules._mentions import Mention, people

_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Places:
    """Sentences (by number) in which each full name stands, and the years that these sentences name, by name key."""

    sentences: dict[str, frozenset[int]]
    years: dict[str, frozenset[str]]

    def apart(self, one: Mention, other: Mention) -> bool:
        """Whether both names stand in one sentence, or each in sentences of other years: then they are two people."""
        nothing: frozenset[int] = frozenset()
        if self.sentences.get(one.key, nothing) & self.sentences.get(other.key, nothing):
            return True
        mine, theirs = (self.years.get(mention.key, frozenset()) for mention in (one, other))
        return bool(mine and theirs and not mine & theirs)


@once_a_page
def places(page: SegmentedDocument) -> Places:
    """Where the full names of a page stand."""
    spans = sorted(sentence.span for sentence in page.sentences)
    starts = [span.start for span in spans]
    found: dict[str, set[int]] = {}
    years: dict[str, set[str]] = {}
    for mention in people(page).full:
        number = bisect_right(starts, mention.span.start) - 1
        found.setdefault(mention.key, set()).add(number)
        span = spans[number]
        text = page.text[span.start : min(span.end, span.start + _LONGEST)]
        years.setdefault(mention.key, set()).update(_YEAR.findall(text))
    return Places(
        {key: frozenset(numbers) for key, numbers in found.items()},
        {key: frozenset(named) for key, named in years.items()},
    )
