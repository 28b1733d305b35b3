"""Quotation marks that belong to another language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import ClassVar

from auditor.data import Finding, Line, RuleMeta, SegmentedDocument, Severity, Span
from auditor.language import candidates, letters, main_script, script_of
from auditor.lexicon import rows
from auditor.registry import Rule
from auditor.rules._language_names import english_names

Pair = tuple[str, str]
_MARK = re.compile("[“”„‟«»「」『』〝〟〞]")
_OPENING = frozenset("“„‟«「『〝")
_FIXED = frozenset("„‟「」『』〝〟〞")
_BEFORE_OPENING = frozenset("([{—–-/'\"‘’“„«»」』")
_AFTER_OPENING = frozenset("¿¡'‘’\"(…„“«#@$€£*_")
_BEFORE_CLOSING = frozenset(".,!?…%)]'’\"*_”“»」』")
_AFTER_CLOSING = frozenset(".,;:!?)]}—–-/…'’\"”“»")
_NEST = 8
_MOST = 200
_SHORT, _LONG = 2, 1500
# What every keyboard and word processor offers is no sign of another language anywhere.
_EVERYWHERE: Pair = ("“", "”")
_ABOUT_MARKS = re.compile(
    r"quot(?:e|ation)[ -]marks?|guillemet|anführungszeichen|кавычк|лапки|лапок|comillas|virgolett|cudzysł|uvozovk"
    r"|кавички|引号|引號",
    re.IGNORECASE,
)
# A line in another language than the document must show it with this many letters to be judged by its own marks.
_OWN_LETTERS = 40
_FEW_LETTERS = 20
_NAMED = ("de", "fr", "ru", "pl", "uk", "cs", "bg", "sv", "fi", "ja", "zh", "hu", "ro")


@dataclass(frozen=True, slots=True)
class _Quoted:
    span: Span
    pair: Pair


@cache
def _table() -> tuple[dict[str, list[Pair]], dict[Pair, list[str]]]:
    """Pairs by language (the primary one first), and languages by pair (house usage left out)."""
    by_language: dict[str, list[Pair]] = {}
    by_pair: dict[Pair, list[str]] = {}
    for row in rows("quotes"):
        pair = (row["open"], row["close"])
        by_language.setdefault(row["language"], []).append(pair)
        if row["use"] != "house" and row["language"] not in by_pair.setdefault(pair, []):
            by_pair[pair].append(row["language"])
    return by_language, by_pair


@cache
def _closers() -> dict[str, list[str]]:
    """Languages by the closing mark of their primary pair."""
    found: dict[str, list[str]] = {}
    for language, pairs in _table()[0].items():
        if pairs[0][0] == "”" and pairs[0][1] == "“":
            continue
        found.setdefault(pairs[0][1], []).append(language)
    return found


@dataclass(frozen=True, slots=True)
class ForeignQuotationMarks(Rule):
    """A quotation between marks that the language of the text does not use: “…“ or «…» in English.

    Why: translators' tools and machines carry the marks of the source over, so that they show from which language a
    text came; MQM names the case ("German quotation marks are carried over into English").

    How: marks are paired line by line, nested ones too; a pair is foreign when neither CLDR nor common usage has it
    for the language of the line but another language does, or when its opening mark is the language's own and its
    closing mark another's. Quotations in another language may keep their own marks.

    Limits: straight marks and the pair “…” are accepted everywhere, single marks are not judged (they are apostrophes
    and primes too), ”…” must come twice, and lines about quotation marks are left out. At most ``limit`` findings.

    Data: pair, expected, conventions (languages that use such marks), count (such quotations in the document,
    at most 200).
    """

    limit: int = 20
    meta: ClassVar[RuleMeta] = RuleMeta("MT001", "foreign-quotation-marks", Severity.MINOR, "202000", "typographical")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each pair."""
        if page.text.isascii() or not _MARK.search(page.text):
            return
        every = ((one, line.language.tag) for line in page.lines for one in _foreign(page, line))
        found = list(islice(every, _MOST))
        times = Counter(one.pair for one, _ in found)
        found = [(one, tag) for one, tag in found if one.pair != ("”", "”") or times[one.pair] > 1]
        for one, tag in islice(found, self.limit):
            own = _table()[0][tag][0]
            conventions = _conventions(one.pair)
            marks = {"pair": "…".join(one.pair), "expected": "…".join(own)}
            yield self.finding(
                page,
                one.span,
                _message(one.pair, own, tag, conventions),
                confidence=0.85 if len(found) > 1 or one.pair in _table()[1] else 0.6,
                suggestion=_corrected(one.span.cut(page.text), own, tag),
                data={**marks, "conventions": conventions, "count": len(found)},
            )


def _foreign(page: SegmentedDocument, line: Line) -> Iterator[_Quoted]:
    tag, text = line.language.tag, page.text
    if tag not in _table()[0] or not _MARK.search(text, line.span.start, line.span.end):
        return
    quote = line.span.cut(text)
    enough = _FEW_LETTERS if tag == page.language.tag else _OWN_LETTERS
    if letters(quote[:_LONG]) < enough or _ABOUT_MARKS.search(quote):
        return
    for one in _quotations(text, line.span):
        inner = text[one.span.start + 1 : one.span.end - 1]
        if _is_foreign(one.pair, tag) and not _speaks_otherwise(inner, tag, one.pair):
            yield one


def _quotations(text: str, span: Span) -> Iterator[_Quoted]:
    """Pair the double marks of a line, each closing mark with the last open one."""
    stack: list[int] = []
    for match in _MARK.finditer(text, span.start, span.end):
        at = match.start()
        if _opens(text, at, span, stack):
            stack = [*stack[-_NEST:], at]
        elif stack:
            start = stack.pop()
            inner = text[start + 1 : at]
            if _SHORT <= len(inner) <= _LONG and any(char.isalpha() for char in inner):
                yield _Quoted(Span(start, at + 1), (text[start], text[at]))


def _opens(text: str, at: int, span: Span, stack: list[int]) -> bool:
    """Whether a mark opens: by what stands around it; where that is no help, by its usual role."""
    mark = text[at]
    if mark in _FIXED:
        return mark in _OPENING
    before = text[at - 1] if at > span.start else " "
    after = text[at + 1] if at + 1 < span.end else " "
    opening = (before.isspace() or before in _BEFORE_OPENING) and (after.isalnum() or after in _AFTER_OPENING)
    closing = (before.isalnum() or before in _BEFORE_CLOSING) and (after.isspace() or after in _AFTER_CLOSING)
    if opening != closing:
        return opening
    if mark == "“" and stack and text[stack[-1]] == "„":
        return False
    return mark in _OPENING


def _is_foreign(pair: Pair, tag: str) -> bool:
    by_language, by_pair = _table()
    own = by_language[tag]
    if pair in own or pair in {_EVERYWHERE, ("”", "“")}:
        return False
    if pair in by_pair:
        return True
    # One's own opening mark with another language's closing mark; input methods for Chinese mix theirs up themselves.
    mixed = pair[0] == own[0][0] and pair[1] not in {close for _, close in own}
    return mixed and pair[1] in _closers() and tag not in {"zh", "ja", "ko"}


def _speaks_otherwise(inner: str, tag: str, pair: Pair) -> bool:
    """Whether the quoted words are in a language that uses such marks."""
    if main_script(inner) not in {script_of(tag), "Hani", "Zyyy"}:
        return True
    found = dict(candidates(inner[:_LONG])[:4])
    return any(
        value > max(0.3, found.get(tag, 0.0)) and pair in _table()[0].get(other, ())
        for other, value in found.items()
        if other != tag
    )


def _conventions(pair: Pair) -> list[str]:
    return sorted(_table()[1].get(pair) or _closers().get(pair[1], []))


def _message(pair: Pair, own: Pair, tag: str, conventions: list[str]) -> str:
    names = english_names()
    known = [names[one] for one in _NAMED if one in conventions and one in names][:3]
    known = known or [names.get(one, one) for one in conventions[:3]]
    return (
        f"These quotation marks ({'…'.join(pair)}) are not those of {names.get(tag, tag)} ({'…'.join(own)}). "
        f"They follow the usage of languages such as {', '.join(known)}; the text may be translated from one of them."
    )


def _corrected(quote: str, own: Pair, tag: str) -> str | None:
    if len(quote) > 300:
        return None
    pad = "\u00a0" if tag == "fr" else ""
    return f"{own[0]}{pad}{quote[1:-1].strip()}{pad}{own[1]}"


RULES = (ForeignQuotationMarks(),)
