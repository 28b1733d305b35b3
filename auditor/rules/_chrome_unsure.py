"""Lines that the line classifier is unsure of, and what it and a second judge make of them together."""

from __future__ import annotations

from auditor.data import SegmentedDocument
from auditor.lines import LineJudge
from auditor.rules._chrome import Reader, chrome
from auditor.rules._chrome_judged import Judged, Unsure
from auditor.rules._chrome_marks import Mark


def unsure_lines(page: SegmentedDocument) -> tuple[Unsure, ...]:
    """Lines that the classifier alone cannot decide, for a second judge."""
    judged, marks = _judged(page)
    return tuple(judged.unsure(marks))


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
