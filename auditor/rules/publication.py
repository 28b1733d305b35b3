"""Where and when a page was published, as its own frame says: a date line, and the site's name in its interface."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity, Span
from auditor.language import primary
from auditor.registry import Rule
from auditor.rules._credits import credit_lines
from auditor.rules._dates import dates
from auditor.rules._media import Mention, mentions, named

_HEAD, _TAIL = 12, 10
_DATE_LINE = 90
# Besides the date a date line holds a word or two, a time and a counter.
_MOST_OTHER_LETTERS = 28
_MOST_OTHER_WORDS = 3
_FRAME_LINE = 80
_FRAME_WORDS = 7
_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?。！？…]\s*$|[,;:，；：]")


def _edge(page: SegmentedDocument, number: int) -> bool:
    return number < _HEAD or number >= len(page.lines) - _TAIL


@dataclass(frozen=True)
class PublicationDate(Rule):
    """A line of the page's frame that holds the date of publication ("Published: March 10, 2025 11:00pm").

    Why: It places the text in time, which decides what can be derived from what.

    How: A short line near the head or tail of the page that holds one written-out date and little else.

    Limits: The date of a credited source is not the page's own and is left out, and so are all-digit dates whose order
    cannot be told (3/4/2025 in English). A date of change is not told from a date of publication.

    Data: date (ISO), role (published).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("SA007", "publication-date", Severity.NEUTRAL, "", "uncategorized")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the first date line of one document."""
        credited = {one.line for one in credit_lines(page)}
        for number, line in enumerate(page.lines):
            if number in credited or not _edge(page, number) or len(line.span) > _DATE_LINE:
                continue
            text = line.span.cut(page.text)
            found = list(dates(text, primary(page.language.tag)))
            if len({iso for _, iso in found}) != 1:
                continue
            span, iso = found[0]
            rest = text[: span.start] + text[span.end :]
            if sum(map(str.isalpha, rest)) > _MOST_OTHER_LETTERS or len(_WORDS.findall(rest)) > _MOST_OTHER_WORDS:
                continue
            place = Span(line.span.start + span.start, line.span.start + span.end)
            yield self.finding(
                page,
                place,
                f"The page carries the date {iso}.",
                confidence=0.85 if number < _HEAD else 0.7,
                data={"date": iso, "role": "published"},
            )
            return


@dataclass(frozen=True)
class SiteName(Rule):
    """A known outlet named in the frame of the page ("Support Just the News", "Last news in Fakti").

    Why: A page without metadata still betrays which site published it, and in which language that site is made.

    How: A known outlet in a short line near the head or tail of the page that is no sentence and names nothing else;
    lines that credit a source, an agency or a picture are left to the rules for these.

    Limits: A teaser for another outlet's programme looks the same; one such line is told with little confidence, two
    with more. Outlets that are not in the table are not seen.

    Data: outlet, homepage, language (of the outlet, BCP 47), kind (newspaper, broadcaster, agency, online, magazine).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("SA008", "site-name", Severity.NEUTRAL, "", "uncategorized")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each outlet that the page's frame names, the first place of each."""
        seen: dict[str, list[tuple[Span, Mention]]] = {}
        for number, line in enumerate(page.lines):
            # A title that begins with an outlet and a colon cites it.
            if not _edge(page, number) or len(line.span) > _FRAME_LINE:
                continue
            text = line.span.cut(page.text)
            if len(text.split()) > _FRAME_WORDS or _SENTENCE.search(text):
                continue
            for one in (*mentions(page, line.span), *named(page, line.span)):
                if one.outlet.kind != "photo" and _frames(text, one, line.span):
                    seen.setdefault(one.outlet.name, []).append((line.span, one))
        if len(seen) > 2:
            # A list of outlets is a press review, not a site's own name.
            return
        for name in sorted(seen):
            places = seen[name]
            one = places[0][1]
            yield self.finding(
                page,
                one.span,
                f"The page's own lines name {name}, which is likely the site that published it.",
                confidence=0.8 if len({span for span, _ in places}) > 1 else 0.6,
                data={
                    "outlet": name,
                    "homepage": one.outlet.homepage,
                    "language": one.outlet.language,
                    "kind": one.outlet.kind,
                },
            )


def _frames(text: str, one: Mention, line: Span) -> bool:
    """Whether the outlet stands in words of an interface: at the line's beginning or end, with few words beside it."""
    low, high = one.span.start - line.start, one.span.end - line.start
    if text[low].islower() and not one.outlet.lower:
        return False
    before, after = _WORDS.findall(text[:low]), _WORDS.findall(text[high:])
    if one.outlet.marked and not (before or after):
        return False
    return min(len(before), len(after)) == 0 and len(before) + len(after) <= 4


RULES = (PublicationDate(), SiteName())
