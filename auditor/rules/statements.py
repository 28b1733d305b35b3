"""Official statements: a ministry, government, court or police that the text cites in its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity, Span
from auditor.language import primary
from auditor.lexicon import Entry, Lexicon, Match, rows
from auditor.normalize import fold
from auditor.registry import Rule

_REACH = 40
_MOST_WORDS = 3
_MOST_SIGNS = 12
_UNSPACED = frozenset({"zh", "ja", "th"})
_STOP = re.compile(r"[.!?;:。！？；：\n]")


@cache
def _table() -> Lexicon:
    """Bodies, and the words and phrases of reporting."""
    found = [Entry(row["language"], "body", fold(row["pattern"])) for row in rows("officials")]
    found += [
        Entry(row["language"], row["kind"], fold(row["pattern"]))
        for row in rows("attribution")
        if row["kind"] in {"verb", "according"} and len(row["pattern"]) > 1
    ]
    return Lexicon(tuple(dict.fromkeys(found)))


@dataclass(frozen=True)
class OfficialStatement(Rule):
    """A statement of an official body that the text reports ("the Kremlin said", "according to the police").

    Why: It shows which facts rest on an authority's word, and whose.

    How: A body of government, court, police or central bank beside a verb or phrase of reporting, in one of 18
    languages, inside one sentence.

    Limits: Only bodies of the table are seen, and only in the forms in which they are the subject of a report.
    Persons who speak for a body are not told from private persons.

    Data: source (the body as it stands in the text), kind (official).
    """

    limit: int = 30
    meta: ClassVar[RuleMeta] = RuleMeta("SA009", "official-statement", Severity.NEUTRAL, "", "uncategorized")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each statement."""
        yield from islice(self._found(page), self.limit)

    def _found(self, page: SegmentedDocument) -> Iterator[Finding]:
        tag = primary(page.language.tag)
        matches = _table().find(page.folded, {tag, "mul"})
        matches.sort(key=lambda one: one.span)
        last = 0
        for at, one in enumerate(matches):
            if one.entry.kind != "body" or one.span.start < last:
                continue
            span = _frame(page.text, one, matches[max(0, at - 3) : at + 4], tag)
            if span:
                last = span.end
                body = one.span.cut(page.text)
                yield self.finding(
                    page,
                    span,
                    f"The text reports a statement of an official body: {body}.",
                    confidence=0.8,
                    data={"source": body, "kind": "official"},
                )


def _frame(text: str, body: Match, near: list[Match], tag: str) -> Span | None:
    """The stretch from the body to the word of reporting beside it, or None."""
    for one in near:
        if one.entry.kind == "body" or one.span.overlaps(body.span):
            continue
        before = one.span.end <= body.span.start
        gap = text[one.span.end : body.span.start] if before else text[body.span.end : one.span.start]
        if len(gap) > _REACH or _STOP.search(gap) or "," in gap:
            continue
        most = 1 if before and one.entry.kind == "verb" else _MOST_WORDS
        if (len(gap) <= _MOST_SIGNS) if tag in _UNSPACED else (len(gap.split()) <= most):
            return Span(min(one.span.start, body.span.start), max(one.span.end, body.span.end))
    return None


RULES = (OfficialStatement(),)
