"""Neighbouring interface lines joined into passages, and the base of the rules that report them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Finding, SegmentedDocument, Span
from auditor.lines import LineJudge
from auditor.registry import Rule
from auditor.rules._chrome import chrome
from auditor.rules._chrome_judged import model
from auditor.rules._chrome_marks import Mark
from auditor.rules._chrome_sentences import fused_own
from auditor.rules._chrome_text import siblings
from auditor.rules._chrome_unsure import told_together
from auditor.rules._memo import once_a_page

# How findings say that nothing but the classifier told them.
CLASSIFIER = "classifier"
_CLEAR = 0.3
_MOST_ASKED = 40
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
    # What the classifier says, where it told the passage alone, or it and the second judge together.
    probability: float | None = None
    both: bool = False

    @property
    def data(self) -> dict[str, object]:
        """What findings say of a passage."""
        known: dict[str, object] = {"language": self.language, "kind": self.kind, "method": "phrases"}
        if self.probability is not None:
            method = "classifier and encoder" if self.both else CLASSIFIER
            known |= {"method": method, "probability": self.probability}
        if self.alternatives:
            known["alternatives"] = list(self.alternatives[:5])
        return known


@once_a_page
def passages(page: SegmentedDocument) -> tuple[Passage, ...]:
    """Join interface lines that stand together and are of one kind; a line without a kind joins what it stands by."""
    return _joined(page, chrome(page))


def passages_together(page: SegmentedDocument, judge: LineJudge) -> tuple[Passage, ...]:
    """The same for lines that the classifier and a second judge tell together, apart from all other lines."""
    return _joined(page, told_together(page, judge))


def _joined(page: SegmentedDocument, marks: Sequence[Mark]) -> tuple[Passage, ...]:
    found: list[Passage] = []
    group: list[Mark] = []
    for mark in marks:
        if group and not _joins(group, mark):
            found.append(_passage(page, group))
            group = []
        group.append(mark)
    if group:
        found.append(_passage(page, group))
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


def _passage(page: SegmentedDocument, group: list[Mark]) -> Passage:
    kind = next((one.kind for one in group if one.kind), "") or _likeliest_kind(page, group)
    # The longest of the surest lines tells the language; single words of neighbours are hard to tell apart.
    lead = max(group, key=lambda one: (one.confidence, len(one.span), -one.line))
    # A language stays possible for the passage only when it is for every line that tells one.
    told = [{one.language, *one.alternatives} for one in group if one.kind]
    alternatives = tuple(tag for tag in lead.alternatives if all(tag in tags for tags in told))
    span = Span(group[0].span.start, group[-1].span.end)
    judged = [one.probability for one in group if one.probability is not None]
    probability = max(judged) if len(judged) == len(group) else None
    both = any(one.both for one in group)
    return Passage(span, lead.language, kind, lead.foreign, lead.confidence, alternatives, probability, both)


def _likeliest_kind(page: SegmentedDocument, group: list[Mark]) -> str:
    """What the classifier takes most of the lines for, where it is clear enough."""
    votes: dict[str, float] = {}
    for kind, share in model().kinds_of([one.span.cut(page.text) for one in group[:_MOST_ASKED]]):
        votes[kind] = votes.get(kind, 0.0) + share
    best = max(sorted(votes), key=lambda kind: votes[kind])
    return best if votes[best] >= _CLEAR * min(len(group), _MOST_ASKED) else "other"


@once_a_page
def _own_by_kind(page: SegmentedDocument) -> dict[str, list[Passage]]:
    """Interface text in the page's own language: whole lines, and sentences in paragraphs."""
    own = [one for one in passages(page) if not one.foreign]
    own += [Passage(one.span, one.language, one.kind, False, 0.8, ()) for one in fused_own(page)]
    found: dict[str, list[Passage]] = {}
    for one in own:
        found.setdefault(one.kind, []).append(one)
    return found


class PassageRule(Rule, ABC):
    """A rule that reports passages of interface text."""

    @abstractmethod
    def reports(self, one: Passage) -> bool:
        """Whether a passage is this rule's."""

    @abstractmethod
    def about(self, page: SegmentedDocument, one: Passage) -> Finding:
        """The finding of a passage."""


@dataclass(frozen=True, slots=True)
class Chrome(PassageRule):
    """Interface text in the article's own language, whole lines and sentences in paragraphs; one subclass a kind."""

    kind: ClassVar[str] = ""

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding a passage of this rule's kind."""
        for one in _own_by_kind(page).get(self.kind, ()):
            yield self.about(page, one)

    def reports(self, one: Passage) -> bool:
        """Passages of one kind in the page's language."""
        return not one.foreign and one.kind == self.kind

    def about(self, page: SegmentedDocument, one: Passage) -> Finding:
        """What the passage looks like."""
        message = f"This looks like {WORDS[one.kind]} left from the page, not part of the text."
        return self.finding(page, one.span, message, confidence=one.confidence, data=one.data)
