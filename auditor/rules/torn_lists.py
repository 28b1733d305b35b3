"""List items torn from their sentence or from their list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity, Span
from auditor.lexicon import rows
from auditor.registry import Rule

_BULLET = re.compile(r"(?:[-–—•*▪◦·‣○●■✓➢]|\(?\d{1,2}[.)]|\(?[a-z]\))[ \t\u00a0]{1,4}(?=\S)")
_FIRST_SENTENCE = re.compile(r"[^.;!?\n]{1,300}[.;!?]?")
_LAST_WORD = re.compile(r"([^\W\d_]+):?$")
_WORDS = re.compile(r"[^\W\d_]+")
_FINISHED = frozenset(".;!?")
_LEAD_LENGTH = 40
_LEAD_WORDS = 8
_ITEM_WORDS = 4
_LIST_LENGTH = 30
_ROLES = frozenset({"list_item", "list-item", "item", "li"})


@dataclass(frozen=True, slots=True)
class _Row:
    """A line as a list sees it: where its words begin, whether a bullet stands before them, whether a blank line."""

    span: Span
    body: Span
    bulleted: bool
    apart: bool
    words: int


@dataclass(frozen=True, slots=True)
class TornListItem(Rule):
    """A list item that begins or ends in the middle of a sentence, lost its bullet, or does not continue the lead.

    Why: lists break when a page is translated in pieces: the lead sentence ends in the air, an item stands without
    its bullet, and items that continued one sentence come back in different grammar. The reader cannot put them
    together, and sentence pairs made from such pages are wrong.

    How: four signs, each of which needs a list near by. *lead*: a long line ends without punctuation, on a word such
    as "could" or before an empty line, and the next one goes on in lower case. *bullet*: between two items, after a
    finished one, stands a finished lower-case line without a bullet. *to*: after "could:" and the like some items begin
    with "to" and others do not (English). *case*: in a list whose lead is torn, an item begins with a capital.

    Limits: silent where text is wrapped at a fixed width, in lists without a sentence before them, and in scripts
    without lower case. At most ``limit`` findings a document.

    Data: kind (lead, bullet, to, case).
    """

    limit: int = 20
    meta: ClassVar[RuleMeta] = RuleMeta("MT005", "torn-list-item", Severity.MINOR, "604000", "formatting")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each torn item; the place is the item's first sentence."""
        lines = list(_rows(page))
        if not any(row.bulleted for row in lines):
            return
        found: dict[Span, str] = {}
        for at in range(len(lines)):
            for span, kind in _torn(page, lines, at):
                found.setdefault(span, kind)
        for span in islice(sorted(found), self.limit):
            kind = found[span]
            confidence = 0.5 if kind == "case" else 0.75
            yield self.finding(page, span, _MESSAGES[kind], confidence=confidence, data={"kind": kind})


_MESSAGES = {
    "lead": "This list item was torn from its sentence: the line before ends in the air and this one goes on.",
    "bullet": "This list item stands without its bullet between items that have one.",
    "to": "This list item does not continue its lead sentence as the other items do: “to” is too much.",
    "case": "This list item begins like a new sentence although the lead sentence before the list is unfinished.",
}


def _rows(page: SegmentedDocument) -> Iterator[_Row]:
    text, done = page.text, 0
    for line in page.lines:
        span = line.span
        bullet = _BULLET.match(text, span.start, span.end)
        body = Span(bullet.end() if bullet else span.start, span.end)
        words = len(_WORDS.findall(text, body.start, min(body.end, body.start + 400)))
        apart = text.count("\n", done, span.start) > 1
        yield _Row(span, body, bullet is not None or line.role in _ROLES, apart, words)
        done = span.end


def _torn(page: SegmentedDocument, lines: list[_Row], at: int) -> Iterator[tuple[Span, str]]:
    text = page.text
    if _is_torn_lead(page, lines, at):
        yield _sentence(text, lines[at + 1]), "lead"
        for row in _items(text, lines, at + 2):
            if text[row.body.start].isupper() and row.words >= _ITEM_WORDS:
                yield _sentence(text, row), "case"
    if _lost_bullet(text, lines, at):
        yield _sentence(text, lines[at]), "bullet"
    if _ends_on_modal(page, lines[at]):
        items = list(_items(text, lines, at + 1))
        marked = [row for row in items if text.startswith("to ", row.body.start)]
        if 0 < len(marked) < len([row for row in items if text[row.body.start].islower()]):
            yield from ((_sentence(text, row), "to") for row in marked)


def _is_torn_lead(page: SegmentedDocument, lines: list[_Row], at: int) -> bool:
    if at + 2 >= len(lines) or not any(row.bulleted for row in lines[at + 2 : at + 4]):
        return False
    lead, item, text = lines[at], lines[at + 1], page.text
    if lead.bulleted or item.bulleted or len(lead.span) < _LEAD_LENGTH or item.words < _ITEM_WORDS:
        return False
    last = _LAST_WORD.search(page.folded[max(lead.span.start, lead.span.end - 40) : lead.span.end])
    if last is None or text[lead.span.end - 1] == ":" or not text[item.body.start].islower():
        return False
    hangs = last[1] in _hanging().get(page.lines[at].language.tag, frozenset())
    if item.apart:
        return hangs or lead.words >= _LEAD_WORDS
    # Without an empty line between, a break on such a word may be the wrapping of a narrow column.
    return hangs and len(lead.span) > 2 * _LEAD_LENGTH and text[item.span.end - 1] in _FINISHED


def _lost_bullet(text: str, lines: list[_Row], at: int) -> bool:
    if not 0 < at < len(lines) - 1:
        return False
    before, row, after = lines[at - 1 : at + 2]
    return (
        before.bulleted
        and after.bulleted
        and not row.bulleted
        and text[row.body.start].islower()
        and row.words >= _ITEM_WORDS
        and before.words >= _ITEM_WORDS
        and not any(char.isdigit() for char in text[row.body.start : row.body.start + 30])
        and text[before.span.end - 1] in _FINISHED
        and text[row.span.end - 1] in _FINISHED
    )


def _ends_on_modal(page: SegmentedDocument, row: _Row) -> bool:
    if row.bulleted or page.text[row.span.end - 1] != ":":
        return False
    last = _LAST_WORD.search(page.folded[max(row.span.start, row.span.end - 40) : row.span.end])
    return last is not None and last[1] in _modals()


def _items(text: str, lines: list[_Row], at: int) -> Iterator[_Row]:
    """The items of the list that begins at a line, those that lost their bullet included."""
    for row in islice(lines, at, min(len(lines), at + _LIST_LENGTH)):
        if not row.bulleted and not text[row.body.start].islower():
            return
        if row.bulleted:
            yield row


def _sentence(text: str, row: _Row) -> Span:
    match = _FIRST_SENTENCE.match(text, row.body.start, row.body.end)
    return Span(row.body.start, match.end() if match else row.body.end)


@cache
def _hanging() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows("hanging_words"):
        found.setdefault(row["language"], set()).add(row["pattern"])
    return {language: frozenset(words) for language, words in found.items()}


@cache
def _modals() -> frozenset[str]:
    return frozenset(row["pattern"] for row in rows("hanging_words") if row["kind"] == "modal")


RULES = (TornListItem(),)
