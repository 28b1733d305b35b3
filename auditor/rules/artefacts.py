"""What a translation carries over from its source: phrases word for word and number formats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity, Span
from auditor.lexicon import Entry, load, rows
from auditor.normalize import fold
from auditor.registry import Rule
from auditor.rules._language_names import english_names

_THIN = "[ \u00a0\u202f\u2009']"
_FREE = r"(?<![\w.,:/-])"
_UNITS = r"(?=[ \u00a0]?(?:%|percent\b|per cent\b|million\b|billion\b|trillion\b|km\b|kg\b|metres\b|meters\b|°C))"
# Numbers that read in one way only. In languages with a decimal point: 1.234,56 · 1.234.567 · 12 000,5 · 3,5 %.
_COMMA_STYLE = re.compile(
    rf"{_FREE}(?P<sure>\d{{1,3}}(?:\.\d{{3}}){{1,5}},\d{{1,2}}|\d{{1,2}}(?:\.\d{{3}}){{2,5}})(?![\w.,]*\d)"
    rf"|{_FREE}(?:\d{{1,3}}(?:{_THIN}\d{{3}}){{1,5}},\d{{1,2}}(?![\w.,]*\d)|\d{{1,3}},\d{{1,2}}{_UNITS})"
)
# In languages with a decimal comma: 1,234.56 · 1,234,567.
_POINT_STYLE = re.compile(
    rf"{_FREE}(?P<sure>\d{{1,3}}(?:,\d{{3}}){{1,5}}\.\d{{1,2}}|\d{{1,2}}(?:,\d{{3}}){{2,5}})(?![\w.,]*\d)"
)
_OWN_POINT = re.compile(rf"{_FREE}(?:\d{{1,3}}(?:,\d{{3}}){{1,5}}(?:\.\d{{1,9}})?|\d{{1,3}}\.\d{{1,2}})(?![\w.,]*\d)")
_VERSION = re.compile(r"(?:\bv|version|versie|версия|версія|release|ip|§)[ .]*$", re.IGNORECASE)
_MARKS = frozenset("\"'“”„«»‘’")


@dataclass(frozen=True, slots=True)
class ForeignNumberFormat(Rule):
    """A number written as another language writes it: "1.234,56" in English, "1,234.56" in German.

    Why: readers take the point for the comma and are off by a factor of a thousand; it shows that numbers were copied
    from the source.

    How: only numbers that can be read in one way. In a language with a decimal point, 1.234,56 and 1.234.567 count by
    themselves, 12 000,5 and "3,5 %" only where the document elsewhere writes numbers in its own way; in a language with
    a decimal comma 1,234.56 and 1,234,567. Languages whose large regions differ (Spanish) are left out.

    Limits: a single separator with three digits ("1.234") can be read in two ways and is left alone, as are dates,
    versions and lone decimals. At most ``limit`` findings a document.

    Data: style (comma or point: the foreign sign for decimals).
    """

    limit: int = 20
    meta: ClassVar[RuleMeta] = RuleMeta("MT006", "foreign-number-format", Severity.MINOR, "401000", "locale-violation")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each number."""
        yield from islice(self._found(page), self.limit)

    def _found(self, page: SegmentedDocument) -> Iterator[Finding]:
        text, own_style = page.text, None
        for line in page.lines:
            decimal, group = _formats().get(line.language.tag, ("", ""))
            if not decimal:
                continue
            pattern = _COMMA_STYLE if decimal == "point" else _POINT_STYLE
            for match in pattern.finditer(text, line.span.start, line.span.end):
                if _VERSION.search(text[max(0, match.start() - 12) : match.start()]):
                    continue
                if match["sure"] is None:
                    own_style = _OWN_POINT.search(text) is not None if own_style is None else own_style
                    if not own_style:
                        continue
                style = "comma" if decimal == "point" else "point"
                message = f"This number is written as in languages with a decimal {style}, unlike that of the text."
                yield self.finding(
                    page,
                    Span(*match.span()),
                    message,
                    confidence=0.8,
                    suggestion=_rewritten(match[0], decimal, group),
                    data={"style": style},
                )


@cache
def _formats() -> dict[str, tuple[str, str]]:
    return {row["language"]: (row["decimal"], row["group"]) for row in rows("number_formats")}


def _rewritten(number: str, decimal: str, group: str) -> str:
    signs = {"point": ".", "comma": ",", "space": "\u00a0"}
    split = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", number)
    head, tail = (split[1], split[2]) if split else (number, None)
    head = re.sub(r"\D", signs[group], head)
    return head + signs[decimal] + tail if tail else head


@dataclass(frozen=True, slots=True)
class Calque(Rule):
    """A phrase rendered word for word from another language: "in the frames of the project", "under four eyes".

    Why: readers stumble over it or do not understand it, and it shows from which language the text was translated.

    How: a table of renderings that no editor of the language prints: idioms taken literally, false government of
    verbs, officialese. A phrase counts only in a line of its language; the suggestion is what one says instead.

    Limits: the table is a sample (some forty phrases for each of nine languages, fewer for others); calques that have
    become usual ("at the end of the day" in German) are not in it; a phrase between quotation marks is left alone. At
    most ``limit`` findings a document.

    Data: source_language, literal (the phrase in the source language).
    """

    limit: int = 20
    meta: ClassVar[RuleMeta] = RuleMeta("MT007", "calque", Severity.MINOR, "306000", "style")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each phrase."""
        yield from islice(self._found(page), self.limit)

    def _found(self, page: SegmentedDocument) -> Iterator[Finding]:
        text, names, done, at = page.text, english_names(), 0, 0
        for match in load("calques").find(page.folded, {line.language.tag for line in page.lines}):
            span = match.span
            while at + 1 < len(page.lines) and page.lines[at].span.end <= span.start:
                at += 1
            if not page.lines or page.lines[at].language.tag != match.entry.language or span.start < done:
                continue
            if text[span.start - 1 : span.start] in _MARKS and text[span.end : span.end + 1] in _MARKS:
                continue
            done = span.end
            row = _details()[match.entry]
            source = names.get(row["kind"], row["kind"])
            message = f"This reads like {source} word for word (“{row['literal']}”); one says: {row['suggestion']}."
            data = {"source_language": row["kind"], "literal": row["literal"]}
            yield self.finding(page, span, message, confidence=0.8, suggestion=row["suggestion"], data=data)


@cache
def _details() -> dict[Entry, dict[str, str]]:
    return {Entry(row["language"], row["kind"], fold(row["pattern"].strip())): row for row in rows("calques")}


RULES = (ForeignNumberFormat(), Calque())
