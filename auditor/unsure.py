"""Lines that the line classifier is unsure of: put to the encoder with the other scores, heard when a page is judged.

The answers are scores like any other, so a run that scores in one process and judges in another needs no model twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.data import UNSURE_LINE, Finding, Score, SegmentedDocument, Span
from auditor.lines import LineJudge
from auditor.registry import BaseRule
from auditor.rules._chrome import chrome
from auditor.rules._chrome_unsure import unsure_lines, untold
from auditor.rules._passages import CLASSIFIER, PassageRule, passages, passages_together


def ask(judge: LineJudge, pages: Iterable[SegmentedDocument], rules: Sequence[BaseRule]) -> Iterator[Score]:
    """Ask the judge about the unsure lines of all pages at once; nothing where no rule would report them."""
    if not any(isinstance(rule, PassageRule) for rule in rules):
        return
    asked = [(page.document.id, page.lines[one.line].span, page.text) for page in pages for one in unsure_lines(page)]
    lines = [span.cut(text) for _, span, text in asked]
    for (document_id, span, _), value in zip(asked, judge.judge(lines), strict=True):
        yield Score(document_id, span, UNSURE_LINE, value)


def judged_again(
    page: SegmentedDocument, rules: Sequence[BaseRule], findings: Sequence[Finding], scores: Sequence[Score]
) -> list[Finding]:
    """The findings after the judge, whose answers are among the scores, was heard.

    Added are lines that the classifier and the judge tell together; left out are passages that the classifier alone
    told, where the two together say of every line that it is content.
    """
    said = {one.span.cut(page.text): one.value for one in scores if one.scorer == UNSURE_LINE}
    if not said:
        return list(findings)
    answers = _Answers(said)
    gone = _withdrawn(page, answers)
    own = [rule for rule in rules if isinstance(rule, PassageRule)]
    told = [(rule, one) for one in passages_together(page, answers) for rule in own if rule.reports(one)]
    kept = [one for one in findings if not (one.data.get("method") == CLASSIFIER and one.span in gone)]
    return [*kept, *(rule.about(page, one) for rule, one in told)]


def _withdrawn(page: SegmentedDocument, judge: LineJudge) -> set[Span]:
    """The places of passages of which no line stands."""
    out = untold(page, judge)
    if not out:
        return set()
    lines = [(mark.line, mark.span) for mark in chrome(page)]
    return {one.span for one in passages(page) if out.issuperset(at for at, span in lines if one.span.contains(span))}


class _Answers:
    """A judge that has been asked before. What it was not asked about is content to it."""

    def __init__(self, said: dict[str, float]) -> None:
        self._said = said

    def judge(self, lines: Sequence[str]) -> list[float]:
        """What was answered, in order."""
        return [self._said.get(line, 0.0) for line in lines]
