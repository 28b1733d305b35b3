"""Lines that the line classifier is unsure of, and what it and a second judge make of them together."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.data import SegmentedDocument
from auditor.lines import LineJudge
from auditor.rules._chrome import Reader, chrome
from auditor.rules._chrome_judged import Judged, Unsure, both, model
from auditor.rules._chrome_marks import Mark

# Of what the classifier gives so much no second opinion is asked.
_SURE = 0.98


def unsure_lines(page: SegmentedDocument) -> tuple[Unsure, ...]:
    """Lines that the classifier alone cannot decide, for a second judge."""
    judged, marks = _judged(page)
    return (*judged.unsure(marks), *_doubtful(judged, marks))


def untold(page: SegmentedDocument, judge: LineJudge) -> frozenset[int]:
    """The numbers of lines that the classifier calls foreign interface text, and it and a second judge do not."""
    judged, marks = _judged(page)
    asked = _doubtful(judged, marks)
    said = judge.judge([page.lines[one.line].span.cut(page.text) for one in asked]) if asked else []
    given = zip(asked, said, strict=True)
    return frozenset(one.line for one, value in given if both(one.probability, value) < one.needed)


def _doubtful(judged: Judged, marks: Sequence[Mark | None]) -> list[Unsure]:
    """Foreign lines of plain text that nothing but the classifier tells, and not surely."""
    keep = model().thresholds.both_keep
    if judged.markup or not keep:
        return []
    told = ((mark.line, mark.probability) for mark in marks if mark and mark.foreign and mark.probability is not None)
    return [Unsure(line, probability, keep) for line, probability in told if probability < _SURE]


def told_together(page: SegmentedDocument, judge: LineJudge) -> tuple[Mark, ...]:
    """Those of the unsure lines that the classifier and the second judge together take for interface text."""
    judged, marks = _judged(page)
    known = {at for at, mark in enumerate(marks) if mark}
    judged.add_together(marks, judge)
    judged.drop_broken(marks)
    return tuple(mark for at, mark in enumerate(marks) if mark and at not in known)


def _judged(page: SegmentedDocument) -> tuple[Judged, list[Mark | None]]:
    """What judges the lines of a page, and each line's mark after the first reading."""
    reader = Reader(page)
    found = {mark.line: mark for mark in chrome(page)}
    return Judged(page, reader.looks, reader.is_item), [found.get(at) for at in range(len(page.lines))]
