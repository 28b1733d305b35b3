"""What the line classifier adds: lines that no phrase table knows but that read and stand like interface text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise

from auditor.data import SegmentedDocument
from auditor.language import FEW_LETTERS, letters, primary
from auditor.lines import LineJudge, LineModel, combined, load
from auditor.rules._chrome_look import Look, apart
from auditor.rules._chrome_marks import Mark
from auditor.rules._chrome_tongue import OWN, PROBABLY, Tongue, other_script, tongue

_QUOTE = re.compile(r"[\"“”„«»「」『』]")
_ITEM = re.compile(r"[-•–—*·]\s|\d{1,3}[.)]\s")
_SENTENCE_END = re.compile(r"[.!?。！？…।॥؟][\"”»」』)]*$")
_SENTENCE, _EVEN = 40, 0.5
# Longer lines are judged by their sentences elsewhere.
_LONGEST = 600
_LONGEST_FOREIGN = 400
_FEWEST_LETTERS = 2
# So many foreign lines in a row that nothing else betrays are a poem, a song or a bilingual text.
_VERSE = 4
# A page that changes its language so often, or has so much of another one, says little by either.
_TURNS, _FOREIGN_SHARE = 5, 0.35
# A foreign line so unlikely to be interface text is content, and where it is long its language is one of the page's.
_CONTENT, _CONTENT_CHARS = 0.2, 40
# In such a language a line must be so likely to be interface text.
_AMONG_CONTENT = 0.98
# What a foreign line must be sure of, where lines of two languages take turns.
_SURE_BETWEEN = 0.8
# A line whose language is only probably another one must be so likely to be interface text.
_PROBABLY = 0.95
# Below the thresholds, but worth a second opinion.
_UNSURE = 0.25
# So unlikely to be interface text that the beginning of a line or its shape does not make it that.
_VETO = 0.3


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
        self.strange = [primary(line.language.tag) != self.main for line in page.lines]
        self.foreign = [not line.borrowed and primary(line.language.tag) != self.main for line in page.lines]

    @cached_property
    def probabilities(self) -> list[float]:
        """What the classifier gives each line."""
        return model().probabilities(self.page)

    @cached_property
    def apart(self) -> list[bool]:
        """Which lines are foreign to the eye: also those that borrowed the page's language but not its script."""
        return [
            strange or other_script(line.span.cut(self.page.text), self.main)
            for strange, line in zip(self.strange, self.page.lines, strict=True)
        ]

    def add(self, marks: list[Mark | None]) -> None:
        """Mark what the classifier takes for interface text."""
        probabilities = self.probabilities
        for at, told, needed in self._open(marks, self._lowest()):
            if self._is_enough(at, told, (probabilities, needed), marks):
                marks[at] = self._mark(at, told, probabilities[at])

    def add_together(self, marks: list[Mark | None], judge: LineJudge) -> None:
        """Mark those of the unsure lines that the classifier and the second judge together take for interface text."""
        asked, together = self._asked(marks), list(self.probabilities)
        said = judge.judge([self._text(at) for at, _, _ in asked]) if asked else []
        for (at, _, _), value in zip(asked, said, strict=True):
            together[at] = both(together[at], value)
        for at, told, needed in asked:
            if self._is_enough(at, told, (together, _enough(told, needed)), marks):
                marks[at] = replace(self._mark(at, told, together[at]), both=True)

    def _open(self, marks: Sequence[Mark | None], least: float) -> list[tuple[int, Tongue, float]]:
        """Lines that may be interface text, each with its language and the probability that it needs.

        Left out are those that no probability makes it: foreign verses, prose, and lines of bilingual pages.
        """
        likely = [at for at, mark in enumerate(marks) if mark is None and self.probabilities[at] >= least]
        likely = [at for at in likely if self._may_be(at)]
        if not likely:
            return []
        verse, bilingual = self._verse(marks), self._is_bilingual(self.probabilities)
        found = []
        for at in likely:
            told = tongue(self.page, self.page.lines[at], self._text(at))
            foreign = told.evidence != OWN
            if not foreign or not (bilingual or at in verse or self._is_prose(at)):
                found.append((at, told, self._needed(told)))
        return found

    def _is_enough(
        self, at: int, told: Tongue, given: tuple[Sequence[float], float], marks: Sequence[Mark | None]
    ) -> bool:
        """Whether a line's probability, among those of the lines around it, is what it needs."""
        probabilities, needed = given
        if probabilities[at] < needed:
            return False
        if told.evidence != OWN and self._among_content(at, marks, probabilities, needed):
            return False
        return told.language not in self._spoken(marks, self.probabilities) or probabilities[at] >= _AMONG_CONTENT

    def _mark(self, at: int, told: Tongue, probability: float) -> Mark:
        span, foreign = self.page.lines[at].span, told.evidence != OWN
        return Mark(span, at, told.language, "", foreign, min(0.95, probability), told.alternatives, probability)

    def drop_doubtful(self, marks: list[Mark | None]) -> None:
        """Unmark foreign lines that only a word or their shape betrays, on pages that go to and fro between languages.

        There a short foreign line is one more line of the other language: of a dialogue, a lesson, a bilingual text.
        """
        if self.markup or self._turns() < _TURNS:
            return
        for at, mark in enumerate(marks):
            if mark and mark.foreign and mark.confidence < _SURE_BETWEEN:
                marks[at] = None

    def drop_unlikely(self, marks: list[Mark | None], told: Iterable[int]) -> None:
        """Unmark foreign lines of plain text, of those told by weak evidence, that the classifier calls content."""
        for at in told if not self.markup else ():
            mark = marks[at]
            if mark and mark.foreign and self.probabilities[at] < _VETO:
                marks[at] = None

    def drop_broken(self, marks: list[Mark | None]) -> None:
        """Unmark foreign lines that are parts of one sentence, broken over several lines.

        What a phrase betrays stays, with all foreign lines around it, and so does what is very likely interface text.
        """
        for at, mark in enumerate(marks if not self.markup else ()):
            unlikely = mark and mark.foreign and (mark.probability or 0.0) < _PROBABLY
            if unlikely and self._is_broken(at) and not self._knows(marks, self._run(at)):
                marks[at] = None

    def unsure(self, marks: Sequence[Mark | None]) -> Iterator[Unsure]:
        """Lines without a mark whose probability is below what is needed, but not far."""
        return (Unsure(at, self.probabilities[at], needed) for at, _, needed in self._asked(marks))

    def _asked(self, marks: Sequence[Mark | None]) -> list[tuple[int, Tongue, float]]:
        """Lines that an answer may make interface text.

        Where markup says what a line in the page's language is, no second opinion betters it.
        """
        return [
            (at, told, needed)
            for at, told, needed in self._open(marks, _UNSURE)
            if self.probabilities[at] < needed
            and not (self.markup and told.evidence == OWN)
            and both(self.probabilities[at], 1.0) >= _enough(told, needed)
        ]

    def _text(self, at: int) -> str:
        return self.page.lines[at].span.cut(self.page.text)

    def _may_be(self, at: int) -> bool:
        """Whether a line is not plainly something else: long prose, attribution, a quotation, an item of a list."""
        line = self.page.lines[at]
        if len(line.span) > (_LONGEST_FOREIGN if self.foreign[at] else _LONGEST):
            return False
        text = self._text(at)
        quoted = _QUOTE.match(text) or (self.foreign[at] and _QUOTE.search(text))
        if letters(text) < _FEWEST_LETTERS or "@" in text or (quoted and not self.markup):
            return False
        item = self.is_item(at) or (_ITEM.match(text) and not self.markup)
        return not item and not apart(self.page, self.looks[at], at)

    def _is_prose(self, at: int) -> bool:
        """Whether a foreign line is a sentence that its letters do not give away: where it stands is not enough."""
        text = self._text(at)
        sentence = len(text) >= _SENTENCE and _SENTENCE_END.search(text) is not None
        return sentence and model().by_text([text])[0] < _EVEN

    def _is_broken(self, at: int) -> bool:
        """Whether a line goes on in lower case in the next one, or goes on so from the one before, both foreign."""
        for first in (at - 1, at):
            if 0 <= first < len(self.apart) - 1 and self.apart[first] and self.apart[first + 1]:
                ended = _SENTENCE_END.search(self._text(first)) is not None
                if not ended and self._text(first + 1)[0].islower():
                    return True
        return False

    def _among_content(
        self, at: int, marks: Sequence[Mark | None], probabilities: Sequence[float], needed: float
    ) -> bool:
        """Whether a foreign line stands among foreign lines that are less likely interface text, none known as such."""
        run = self._run(at)
        # A word or two says little of what stands around it.
        telling = [one for one in run if one == at or letters(self._text(one)) >= FEW_LETTERS]
        around = [probabilities[one] for one in telling]
        return min(around) < _EVEN and sum(around) < needed * len(around) and not self._knows(marks, run)

    def _run(self, at: int) -> range:
        """A foreign line and all foreign lines before and after it, without a line of the page's language between."""
        low = high = at
        while low and self.apart[low - 1]:
            low -= 1
        while high + 1 < len(self.apart) and self.apart[high + 1]:
            high += 1
        return range(low, high + 1)

    @staticmethod
    def _knows(marks: Sequence[Mark | None], run: range) -> bool:
        """Whether a phrase betrays a line of a run."""
        return any((mark := marks[at]) and mark.kind and mark.probability is None for at in run)

    def _spoken(self, marks: Sequence[Mark | None], probabilities: Sequence[float]) -> set[str]:
        """Languages other than the page's in which it has content: a long line that is no interface text."""
        if self.markup or not any(self.foreign):
            return set()
        return {
            primary(line.language.tag)
            for line, mark, strange, probability in zip(
                self.page.lines, marks, self.foreign, probabilities, strict=True
            )
            if strange and mark is None and probability < _CONTENT and len(line.span) >= _CONTENT_CHARS
        }

    def _lowest(self) -> float:
        wanted = model().thresholds
        return min(wanted.foreign, wanted.markup if self.markup else wanted.own)

    def _needed(self, told: Tongue) -> float:
        wanted = model().thresholds
        if told.evidence == OWN:
            return wanted.markup if self.markup else wanted.own
        return max(wanted.foreign, _PROBABLY) if told.evidence == PROBABLY else wanted.foreign

    def _verse(self, marks: Sequence[Mark | None]) -> set[int]:
        """Lines of long foreign runs in which nothing is known as interface text."""
        found: set[int] = set()
        run: list[int] = []
        if not any(self.strange):
            return found
        for at in range(len(marks) + 1):
            if at < len(marks) and self.strange[at]:
                run.append(at)
                continue
            if len(run) >= _VERSE and not any(mark.kind for i in run if (mark := marks[i])):
                found.update(run)
            run = []
        return found

    def _is_bilingual(self, probabilities: Sequence[float]) -> bool:
        """Whether a page goes to and fro between languages, or has a good part of its content in another one."""
        if not any(self.strange):
            return False
        sizes = [len(line.span) for line in self.page.lines]
        foreign = sum(
            size
            for size, strange, probability in zip(sizes, self.strange, probabilities, strict=True)
            if strange and probability < _PROBABLY
        )
        return self._turns() >= _TURNS or foreign > _FOREIGN_SHARE * sum(sizes)

    def _turns(self) -> int:
        """How often neighbouring lines differ in whether they are in the page's language."""
        return sum(one != after for one, after in pairwise(self.strange))


def both(first: float, second: float) -> float:
    """What two judges give a line together."""
    return combined(first, second, weight=model().thresholds.second_share)


def _enough(told: Tongue, needed: float) -> float:
    """What two judges must give a line together, of which one alone must give ``needed``."""
    wanted = model().thresholds
    least = {OWN: wanted.both_own, PROBABLY: wanted.both_probably}.get(told.evidence, wanted.both_foreign)
    return min(needed, least)
