"""Neighbouring interface lines joined into passages, and the base of the rules that report them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Finding, SegmentedDocument, Span
from auditor.registry import Rule
from auditor.rules._chrome import chrome
from auditor.rules._chrome_marks import Mark
from auditor.rules._chrome_text import siblings
from auditor.rules._memo import once_a_page

WORDS = {
    "navigation": "navigation",
    "consent": "a cookie or consent notice",
    "outdated_browser": "a browser notice",
    "share": "sharing buttons",
    "subscribe": "a call to subscribe",
    "related": "links to other articles",
    "comments": "the comment section",
    "credits": "page credits",
    "legal": "a legal notice",
    "app_download": "a call to install an app",
    "advertising": "an advertising label",
    "pagination": "page numbers",
    "login": "a log-in line",
    "search": "a search box",
    "language_switcher": "a language switch",
    "other": "interface text",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring interface lines of one language and kind."""

    span: Span
    language: str
    kind: str
    foreign: bool
    confidence: float
    alternatives: tuple[str, ...]


@once_a_page
def passages(page: SegmentedDocument) -> tuple[Passage, ...]:
    """Join interface lines that stand together and are of one kind; a line without a kind joins what it stands by."""
    found: list[Passage] = []
    group: list[Mark] = []
    for mark in chrome(page):
        if group and not _joins(group, mark):
            found.append(_passage(group))
            group = []
        group.append(mark)
    if group:
        found.append(_passage(group))
    return tuple(found)


def _joins(group: list[Mark], mark: Mark) -> bool:
    last = group[-1]
    if mark.line - last.line != 1:
        return False
    kind = next((one.kind for one in group if one.kind), "")
    same_kind = not kind or not mark.kind or kind == mark.kind
    same_side = last.foreign == mark.foreign and last.language == mark.language
    same_family = (
        last.foreign
        and mark.foreign
        and (any(mark.language in one.alternatives for one in group) or siblings(mark.language, last.language))
    )
    return same_kind and (same_side or same_family)


def _passage(group: list[Mark]) -> Passage:
    kind = next((one.kind for one in group if one.kind), "other")
    # The longest of the surest lines tells the language; single words of neighbours are hard to tell apart.
    lead = max(group, key=lambda one: (one.confidence, len(one.span), -one.line))
    # A language stays possible for the passage only when it is for every line that tells one.
    told = [{one.language, *one.alternatives} for one in group if one.kind]
    alternatives = tuple(tag for tag in lead.alternatives if all(tag in tags for tags in told))
    span = Span(group[0].span.start, group[-1].span.end)
    return Passage(span, lead.language, kind, lead.foreign, lead.confidence, alternatives)


@dataclass(frozen=True, slots=True)
class Chrome(Rule):
    """Interface text in the article's own language; one subclass a kind."""

    kind: ClassVar[str] = ""

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding a passage of this rule's kind."""
        for one in passages(page):
            if not one.foreign and one.kind == self.kind:
                message = f"This looks like {WORDS[one.kind]} left from the page, not part of the text."
                data = {"language": one.language, "kind": one.kind}
                yield self.finding(page, one.span, message, confidence=one.confidence, data=data)
