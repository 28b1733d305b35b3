"""Rules that compare numbers: with each other, with the calendar, and with what other documents say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, cast

from auditor.data import Evidence, Finding, Observation, RuleMeta, SegmentedDocument, Severity
from auditor.registry import CorpusRule, Rule
from auditor.rules import (
    _numbers_calendar,
    _numbers_changes,
    _numbers_convert,
    _numbers_parts,
    _numbers_products,
    _numbers_repeats,
)
from auditor.rules._numbers_facts import Slip, rewritten
from auditor.rules._numbers_stories import MOST, Conflict, conflicts, remembered

_MQM = "101000"
# So many other documents are named with a contradicted figure.
_MOST_EVIDENCE = 5


def _meta(code: str, name: str, mqm: str = _MQM) -> RuleMeta:
    return RuleMeta(code, name, Severity.MAJOR, mqm, "numbers")


class _SlipRule(Rule):
    """A document rule that reports what its detectors find."""

    detectors: ClassVar[tuple[Callable[[SegmentedDocument], Iterator[Slip]], ...]]

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield a finding for each slip."""
        for detect in self.detectors:
            for slip in detect(page):
                yield self._report(page, slip)

    def _report(self, page: SegmentedDocument, slip: Slip) -> Finding:
        evidence = [Evidence(page.document.id, span, span.cut(page.text), "compared with") for span in slip.sources]
        data = {"kind": slip.kind, "values": [round(value, 6) for value in slip.values], "unit": slip.unit}
        suggestion = None
        # A breakdown has several numbers, and a figure told twice has two sides: nobody knows which one to change.
        if (
            slip.kind != "repeat"
            and slip.expected is not None
            and slip.quantity is not None
            and slip.quantity.span == slip.span
        ):
            suggestion = rewritten(slip.quantity, slip.quantity.span.cut(page.text), slip.expected)
        return self.finding(
            page,
            slip.span,
            slip.message,
            confidence=slip.confidence if slip.certain else min(slip.confidence, 0.5),
            severity=Severity.MAJOR if slip.certain else Severity.MINOR,
            suggestion=suggestion,
            evidence=evidence,
            data=data,
        )


@dataclass(frozen=True)
class CurrencyConflict(_SlipRule):
    """Finds one sum of money that a document gives in two currencies.

    Why: translators and translation systems replace a currency sign by the one they know; the number stays, so the
    sum becomes another one.
    How: a distinctive sum (at least two digits that are not zero) stands in two sentences that share their subject,
    with different currencies, and nowhere does a bracket convert it.
    Limits: sums such as 1 million or 500 are too common to be compared; dollars of several states are not told apart.
    Data: kind, values (both sums), unit (ISO 4217 code here).
    """

    meta: ClassVar[RuleMeta] = _meta("NC001", "currency-conflict")
    detectors = (_numbers_repeats.currencies,)


@dataclass(frozen=True)
class FiguresAtOdds(_SlipRule):
    """Finds a figure that a document tells twice with different digits.

    Why: digits swapped ("13 hours", "31 hours") and decimal points moved ("1.2 million", "12 million") are typical
    slips of copying and of translation between number words of different scales.
    How: two numbers of the same noun, unit or currency, in sentences that share their subject, whose digits are the
    same in another order or that differ by zeros only; or a number that is said to be all of what had another number.
    Limits: any other difference may be a part, a comparison or a later state, so it is not reported; nor are two
    sentences that differ in a time, in a contrast ("old", "new") or that are built alike; and unless the second figure
    points back ("the 142 firefighters"), the finding is minor.
    Data: kind, values (here, before), unit.
    """

    meta: ClassVar[RuleMeta] = _meta("NC002", "figures-at-odds")
    detectors = (_numbers_repeats.slips,)


@dataclass(frozen=True)
class SumDoesNotAddUp(_SlipRule):
    """Finds parts and totals, products and shares whose stated result is wrong.

    Why: arithmetic that a text does itself is the one number check that needs no other source.
    How: only where words say how the numbers hang together ("of which", "the remaining", "in total", "each", "that
    is", "half"), in one sentence or two neighbours; rounding and hedges are allowed for, and words that leave room
    ("about", "including", "among them") end the check.
    Limits: a list that names something without a number leaves room, and so does "A paid 5, B 4 and C the remaining
    3", where no total is told; parts that overlap look like a wrong sum when they come close to the total;
    verbs that invite overlap ("speak", "have") are therefore left out.
    Data: kind (remainder, sum, total, product, quotient, share), values in order of the text, unit.
    """

    meta: ClassVar[RuleMeta] = _meta("NC004", "sum-does-not-add-up")
    detectors = (_numbers_parts.slips, _numbers_products.slips)


@dataclass(frozen=True)
class ConversionWrong(_SlipRule):
    """Finds conversions, changes and percentages that do not follow from their own numbers.

    Why: "5 miles (80 km)" or "from 40 to 30, a reduction of 40 %" cannot be right whatever the source says.
    How: a unit in brackets is computed from the one before it; "from A to B" is compared with the percentage, the
    difference and the direction that the text states beside it.
    Limits: money is only wrong when no exchange rate of the last years explains it (a factor of three); compound
    measures (6 ft 2 in) and ranges are left alone.
    Data: kind (conversion, percentage, difference, direction), values in order of the text, unit.
    """

    meta: ClassVar[RuleMeta] = _meta("NC005", "conversion-wrong")
    detectors = (_numbers_convert.slips, _numbers_changes.slips)


@dataclass(frozen=True)
class DateConflict(_SlipRule):
    """Finds dates and times that contradict the calendar or each other.

    Why: a weekday that does not belong to its date, 31 June, or 14:10 to 15:40 as forty-five minutes show that a
    number was changed on the way.
    How: weekdays are checked against full dates (Gregorian, from 1925); days against the length of their month;
    a pause between two clock times against its stated length; and one deadline told with two months.
    Limits: dates without a year say nothing of the weekday; dates in digits only are not checked for impossible days,
    because day and month may stand in either order; a sentence that denies the day ("there is no 31 April") is left
    alone, and a date is reported once.
    Data: kind (weekday, impossible-date, interval, date), values, unit.
    """

    meta: ClassVar[RuleMeta] = _meta("NC006", "date-conflict")
    detectors = (_numbers_calendar.slips,)


@dataclass(frozen=True)
class FiguresContradicted(CorpusRule):
    """Finds a figure that another document on the same story tells differently.

    Why: when two reports of one event share their words and other numbers but one figure differs by a swap of digits
    or a factor of ten, one of them has it wrong.
    How: figures of one group are compared by unit, currency or counted noun, also across languages where the measure
    is international; the same story must be plain from shared words, shared numbers near by, or other equal figures.
    Documents without a group are compared only where the sentences are nearly identical, and then it is minor. The
    value of most documents counts as right, in a tie that of the first.
    Limits: tolls, changes, hedged and rounded numbers, durations and temperatures are not compared.
    Of more than 200 figures with one key a fixed sample (by hash) is compared, and ``data.sampled`` is then true; at
    most five other documents are named as evidence.
    Data: kind (figure), values (here, there), unit, sampled.
    """

    meta: ClassVar[RuleMeta] = _meta("NC003", "figures-contradicted")

    def observe(self, page: SegmentedDocument) -> Iterator[Observation]:
        """Remember each figure with its context."""
        for key, span, data in remembered(page):
            yield self.observation(page, key, span, data)

    def resolve(self, observations: Sequence[Observation]) -> Iterator[Finding]:
        """Report each figure that is contradicted, once, with all that contradict it."""
        tellers: dict[float, set[str]] = {}
        for seen in observations:
            tellers.setdefault(cast("float", seen.data["value"]), set()).add(seen.document_id)
        found = [self._sides(conflict, tellers) for conflict in conflicts(observations)]
        found.sort(key=lambda pair: (pair[0].document_id, pair[0].span, pair[1].document_id))
        for _, same in groupby(found, key=lambda pair: (pair[0].document_id, pair[0].span)):
            pairs = list(same)
            sampled = len(observations) > MOST
            yield self._report(pairs[0][0], [right for _, right, _ in pairs], pairs[0][2], sampled=sampled)

    def _sides(
        self, conflict: Conflict, tellers: Mapping[float, set[str]]
    ) -> tuple[Observation, Observation, Conflict]:
        """Put the figure that fewer documents tell first; in a tie the one of the later document."""
        one, other = conflict.one.seen, conflict.other.seen
        votes = [len(tellers[cast("float", side.data["value"])]) for side in (one, other)]
        if votes[0] < votes[1]:
            return one, other, conflict
        return other, one, conflict

    def _report(self, wrong: Observation, right: list[Observation], conflict: Conflict, *, sampled: bool) -> Finding:
        evidence = [
            Evidence(seen.document_id, seen.span, seen.quote, "another document says")
            for seen in right[:_MOST_EVIDENCE]
        ]
        grouped = not wrong.key.startswith("|")
        return self.about(
            wrong,
            f"Another document on the same story says {right[0].quote!r} here; {conflict.why}.",
            confidence=conflict.sure,
            severity=Severity.MAJOR if grouped else Severity.MINOR,
            evidence=evidence,
            data={
                "kind": "figure",
                "values": [wrong.data["value"], right[0].data["value"]],
                "unit": wrong.data["unit"],
                "sampled": sampled,
            },
        )


RULES = (
    CurrencyConflict(),
    FiguresAtOdds(),
    FiguresContradicted(),
    SumDoesNotAddUp(),
    ConversionWrong(),
    DateConflict(),
)
