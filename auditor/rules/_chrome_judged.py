"""What the line classifier adds: lines that no phrase table knows but that read and stand like interface text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from auditor.data import SegmentedDocument
from auditor.language import candidates, letters, primary, script_of
from auditor.lines import LineJudge, LineModel, combined, load
from auditor.rules._chrome_look import Look
from auditor.rules._chrome_marks import Mark
from auditor.rules._chrome_text import other_standard, siblings

CLASSIFIER = "classifier"
_QUOTE = re.compile(r"[\"“”„«»「」『』]")
_ITEM = re.compile(r"[-•–—*·]\s|\d{1,3}[.)]\s")
# Longer lines are judged by their sentences elsewhere.
_LONGEST = 600
_LONGEST_FOREIGN = 400
_FEWEST_LETTERS = 2
# So many foreign lines in a row that nothing else betrays are a poem, a song or a bilingual text.
_VERSE = 4
_FOREIGN_SHARE = 0.35
# For a line that reads like interface text less evidence makes another language likely.
_LIKELY, _UNLIKELY, _TELLING = 0.45, 0.12, 8
_AS_WELL = 0.25
# Below the thresholds, but worth a second opinion.
_UNSURE = 0.25


@dataclass(frozen=True, slots=True)
class Unsure:
    """A line that the classifier cannot decide: its number, its probability, and the one it would need."""

    line: int
    probability: float
    needed: float


@cache
def model() -> LineModel:
    """The shipped classifier."""
    return load()


class Judged:
    """Judges the lines of one page that no phrase told; ``is_item`` says whether a line is one of a list of content."""

    def __init__(self, page: SegmentedDocument, looks: Sequence[Look], is_item: Callable[[int], bool]) -> None:
        self.page = page
        self.looks = looks
        self.is_item = is_item
        self.main = primary(page.language.tag)
        self.markup = any(line.role or line.link_density for line in page.lines)
        self.foreign = [not line.borrowed and primary(line.language.tag) != self.main for line in page.lines]

    def add(self, marks: list[Mark | None], judge: LineJudge | None = None) -> None:
        """Mark what the classifier, and for unsure lines the second judge, takes for interface text."""
        open_lines = [at for at, mark in enumerate(marks) if mark is None and self._may_be(at)]
        if not open_lines:
            return
        probabilities = model().probabilities(self.page)
        second = self._second(open_lines, probabilities, judge) if judge else {}
        verse = self._verse(marks)
        share = self._foreign_share()
        for at in open_lines:
            probability = second.get(at, probabilities[at])
            if probability < self._needed(at) or (self.foreign[at] and (at in verse or share > _FOREIGN_SHARE)):
                continue
            marks[at] = self._mark(at, probability)

    def unsure(self, marks: Sequence[Mark | None]) -> Iterator[Unsure]:
        """Lines without a mark whose probability is close below what is needed."""
        open_lines = [at for at, mark in enumerate(marks) if mark is None and self._may_be(at)]
        if open_lines:
            probabilities = model().probabilities(self.page)
            for at in open_lines:
                if _UNSURE <= probabilities[at] < self._needed(at):
                    yield Unsure(at, probabilities[at], self._needed(at))

    def _second(self, open_lines: Sequence[int], probabilities: Sequence[float], judge: LineJudge) -> dict[int, float]:
        asked = [at for at in open_lines if _UNSURE <= probabilities[at] < max(0.99, self._needed(at))]
        said = judge.judge([self._text(at) for at in asked])
        return {at: combined(probabilities[at], value) for at, value in zip(asked, said, strict=True)}

    def _text(self, at: int) -> str:
        return self.page.lines[at].span.cut(self.page.text)

    def _may_be(self, at: int) -> bool:
        """Whether a line is not plainly something else: long prose, attribution, a quotation, an item of a list."""
        line = self.page.lines[at]
        if self.looks[at].stands_apart or len(line.span) > (_LONGEST_FOREIGN if self.foreign[at] else _LONGEST):
            return False
        text = self._text(at)
        quoted = _QUOTE.match(text) or (self.foreign[at] and _QUOTE.search(text))
        if letters(text) < _FEWEST_LETTERS or "@" in text or (quoted and not self.markup):
            return False
        return not self.is_item(at) and not (_ITEM.match(text) and not self.markup)

    def _needed(self, at: int) -> float:
        wanted = model().thresholds
        if self.foreign[at]:
            return wanted.foreign
        return wanted.markup if self.markup else wanted.own

    def _verse(self, marks: Sequence[Mark | None]) -> set[int]:
        """Lines of long foreign runs in which nothing is known as interface text."""
        found: set[int] = set()
        run: list[int] = []
        for at in range(len(marks) + 1):
            if at < len(marks) and self.foreign[at]:
                run.append(at)
                continue
            if len(run) >= _VERSE and not any(marks[i] for i in run):
                found.update(run)
            run = []
        return found

    def _foreign_share(self) -> float:
        """The share of the page's letters in other languages: a page in two languages says little by either."""
        sizes = [len(line.span) for line in self.page.lines]
        return sum(size for size, foreign in zip(sizes, self.foreign, strict=True) if foreign) / max(1, sum(sizes))

    def _mark(self, at: int, probability: float) -> Mark:
        line, text = self.page.lines[at], self._text(at)
        own = primary(line.language.tag)
        found = [(tag, value) for tag, value in candidates(text) if value > 0]
        foreign = self.foreign[at]
        if not foreign and self._reads_foreign(text, found):
            foreign, own = True, found[0][0]
        elif not foreign:
            variant = other_standard(text, self.page) if self.main == "zh" else ""
            foreign, own = bool(variant), variant or self.main
        best = next((value for tag, value in found if tag == own), 0.0)
        rest = tuple(
            tag
            for tag, value in found
            if tag not in {own, self.main} and siblings(tag, own) and value >= _AS_WELL * best
        )
        return Mark(
            line.span, at, own, "", foreign, min(0.95, probability), rest if foreign else (), probability=probability
        )

    def _reads_foreign(self, text: str, found: Sequence[tuple[str, float]]) -> bool:
        if not found or found[0][0] == self.main or letters(text) < _TELLING:
            return False
        own = dict(found).get(self.main, 0.0)
        other_script = script_of(found[0][0]) != script_of(self.main)
        return found[0][1] >= _LIKELY and (other_script or own < _UNLIKELY)
