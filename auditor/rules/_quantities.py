"""Quantities in a text: a number with what it measures, read language by language.

Public: :class:`Quantity`, :func:`quantities` (of a page, cached for the rules that share it) and :func:`read` (of one
sentence). Reading never raises and never looks beyond the sentence.
"""

from __future__ import annotations

from auditor.data import SegmentedDocument, Span
from auditor.normalize import fold
from auditor.rules._memo import once_a_page
from auditor.rules._numbers_dates import Moment, moments
from auditor.rules._numbers_measure import Quantity, Reader
from auditor.rules._numbers_read import numbers

__all__ = ["Quantity", "quantities", "read"]

# Sentences are read up to this many characters; what is longer is no sentence.
_LONGEST_SENTENCE = 4000


@once_a_page
def quantities(page: SegmentedDocument) -> tuple[tuple[Quantity, ...], ...]:
    """The quantities of each sentence of a page."""
    text, folded = page.text, page.folded
    found = []
    for number, sentence in enumerate(page.sentences):
        start, end = sentence.span.start, min(sentence.span.end, sentence.span.start + _LONGEST_SENTENCE)
        found.append(tuple(read(text[start:end], folded[start:end], sentence.language.tag, start, number)))
    return tuple(found)


def read(raw: str, folded: str | None = None, language: str = "en", base: int = 0, sentence: int = 0) -> list[Quantity]:
    """Quantities of one sentence in order, without overlaps; ``base`` is where it begins in its document."""
    folded = fold(raw) if folded is None else folded
    when = moments(folded, language)
    found = [_dated(moment, base, sentence) for moment in when]
    at, past = 0, 0
    for number in numbers(raw, folded, language):
        while past < len(when) and when[past].end <= number.start:
            past += 1
        taken = past < len(when) and when[past].start < number.end
        if number.start >= at and not taken:
            one = Reader(raw, folded, language, number, at).quantity(base, sentence)
            if one and not (past < len(when) and when[past].start < one.span.end - base):
                found.append(one)
                at = one.span.end - base
    return sorted(found, key=lambda one: one.span)


def _dated(moment: Moment, base: int, sentence: int) -> Quantity:
    span = Span(base + moment.start, base + moment.end)
    if moment.minute >= 0:
        return Quantity(span, moment.minute, 1, "time", "", sentence, moment=moment)
    kind = "year" if moment.year and not moment.day and not moment.month else "date"
    value = moment.year if kind == "year" else moment.month * 31 + moment.day
    return Quantity(span, value, 1, kind, "", sentence, moment=moment)
