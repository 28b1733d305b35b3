"""Interface text fused into a paragraph: '… he said. Читайте також: …', 'Subscribe to our newsletter'."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from auditor.data import SegmentedDocument, Sentence, Span
from auditor.familiar import agrees
from auditor.language import candidates, letters, primary
from auditor.rules._chrome import chrome
from auditor.rules._chrome_judged import model
from auditor.rules._chrome_look import scanned
from auditor.rules._chrome_table import ANY_LANGUAGE, NOT_CHROME, Phrase, table
from auditor.rules._chrome_text import in_quotes
from auditor.rules._memo import once_a_page

_QUOTES = re.compile(r"[\"“”„«»「」『』]")
_CLEAR = 0.5
_IMPROBABLE = 0.12
_LONGEST = 300
_LONGEST_OWN, _LONGEST_CALL = 200, 40
_BEFORE = 300
# A word or two at a paragraph's edge is too little to tell the language by.
_FEWEST = 12
# Kinds whose phrases call to something that follows after a colon.
_TEASERS = frozenset({"related"})
_CALLS = frozenset({"related", "subscribe", "share", "app_download", "comments"})


@dataclass(frozen=True, slots=True)
class Fused:
    """Sentences of a paragraph that are interface text; ``probability`` where only the classifier told them."""

    span: Span
    language: str
    kind: str
    probability: float | None = None


@once_a_page
def paragraphs(page: SegmentedDocument) -> list[tuple[int, list[Sentence]]]:
    """The sentences of each line that has more than one, with the line's number."""
    found = ((block, list(group)) for block, group in groupby(page.sentences, key=attrgetter("block")))
    return [one for one in found if len(one[1]) > 1]


@once_a_page
def fused_foreign(page: SegmentedDocument) -> tuple[Fused, ...]:
    """Foreign sentences inside a paragraph that hold an interface phrase, or read like one at its edge."""
    return tuple(_fused(page))


@once_a_page
def fused_own(page: SegmentedDocument) -> tuple[Fused, ...]:
    """Sentences in the page's language at the edges of paragraphs that are interface phrases and nothing else."""
    main = primary(page.language.tag)
    whole = {mark.line for mark in chrome(page)}
    found = []
    for block, sentences in paragraphs(page):
        if block in whole or primary(page.lines[block].language.tag) != main:
            continue
        line = page.lines[block].span
        if kind := _own_kind(page, sentences[-1].span, main):
            found.append(Fused(sentences[-1].span, main, kind))
        elif len(sentences) > 2 and (kind := _own_kind(page, sentences[-2].span, main, only=_TEASERS)):
            # 'Read also: First headline. Second half of it.'
            found.append(Fused(Span(sentences[-2].span.start, line.end), main, kind))
        if kind := _own_kind(page, sentences[0].span, main):
            found.append(Fused(sentences[0].span, main, kind))
    return tuple(found)


def _own_kind(page: SegmentedDocument, span: Span, main: str, only: frozenset[str] = frozenset()) -> str:
    """The kind of a sentence that is an interface phrase, or a call that ends in a colon with what it calls to."""
    if len(span) > _LONGEST_OWN:
        return ""
    calls = page.folded.find(":", span.start + 1, min(span.end - 1, span.start + _LONGEST_CALL)) > 0
    if not calls and not table().may_be(page.folded, span):
        return ""
    folded = span.cut(page.folded)
    if _quoted(page, span):
        return ""
    phrases = table().line(folded) if not only and len(folded.split()) > 1 else []
    colon = folded.find(":", 1, _LONGEST_CALL)
    if not phrases and 0 < colon < len(folded) - 1:
        call = [*table().line(folded[: colon + 1]), *(one for one in table().begins(folded[: colon + 1]) if one.whole)]
        phrases = [one for one in call if one.kind in (only or _CALLS)]
    own = [one for one in phrases if one.language == main]
    clear = own and not any(one.kind in NOT_CHROME for one in phrases)
    return own[0].kind if clear else ""


def _fused(page: SegmentedDocument) -> Iterator[Fused]:
    main = primary(page.language.tag)
    whole = {mark.line for mark in chrome(page)}
    told = [span.start for span, _ in scanned(page)]
    noticed = [span.start for span, phrase in scanned(page) if phrase.notice and phrase.language != main]
    for block, sentences in paragraphs(page):
        if block in whole or primary(page.lines[block].language.tag) != main:
            continue
        if not _is_own(page, sentences, main, told):
            yield from _in_paragraph(page, sentences, noticed)


def _is_own(page: SegmentedDocument, sentences: list[Sentence], main: str, told: list[int]) -> bool:
    """Whether a paragraph is plainly the page's: all in its language, and no phrase in it or at its edges."""
    if any(primary(one.language.tag) != main for one in sentences):
        return False
    first, last = sentences[0].span, sentences[-1].span
    if bisect_left(told, first.start) < bisect_left(told, last.end):
        return False
    return not table().may_be(page.folded, first) and not table().may_be(page.folded, last)


def _in_paragraph(page: SegmentedDocument, sentences: list[Sentence], noticed: list[int]) -> Iterator[Fused]:
    main = primary(page.language.tag)
    told = [
        (one.span, *_tell(page, one, main, edge=one in (sentences[0], sentences[-1]), noticed=noticed))
        for one in sentences
    ]
    for tag, run in groupby(told, key=lambda one: one[1]):
        parts = list(run)
        kind = next((one[2] for one in parts if one[2]), "")
        if not tag or len(parts) == len(sentences):
            continue
        span = Span(parts[0][0].start, parts[-1][0].end)
        if kind:
            yield Fused(span, tag, kind)
        elif span.end == sentences[-1].span.end or span.start == sentences[0].span.start:
            yield from _by_letters(page, span, tag)


def _by_letters(page: SegmentedDocument, span: Span, tag: str) -> Iterator[Fused]:
    """A foreign run at a paragraph's edge that no phrase tells, where its letters give it away."""
    text = span.cut(page.text)
    if len(text) > _LONGEST or letters(text) < _FEWEST or _QUOTES.search(text) or _quoted(page, span):
        return
    probability = model().by_text([text])[0]
    if probability >= model().thresholds.text:
        yield Fused(span, tag, model().kinds_of([text])[0][0], probability)


def _tell(page: SegmentedDocument, one: Sentence, main: str, *, edge: bool, noticed: list[int]) -> tuple[str, str]:
    """Language and kind of a sentence in another language than the page's; ("", "") for the page's own."""
    own = primary(one.language.tag)
    if own != main:
        return own, next((phrase.kind for phrase in _phrases(page, one) if phrase.language == own), "")
    # Short sentences take their paragraph's language; a phrase of another language is a reason to look again.
    if len(one.span) > _LONGEST or not (
        edge or bisect_left(noticed, one.span.start) < bisect_left(noticed, one.span.end)
    ):
        return "", ""
    if agrees(page.folded, main, one.span.start, one.span.end):
        return "", ""
    phrases = _phrases(page, one)
    languages = {phrase.language for phrase in phrases}
    if not languages or main in languages or ANY_LANGUAGE in languages:
        return "", ""
    found = candidates(one.span.cut(page.text))
    probable = dict(found).get(main, 0.0)
    if not found or found[0][0] not in languages or found[0][1] < _CLEAR or probable >= _IMPROBABLE:
        return "", ""
    return found[0][0], next(phrase.kind for phrase in phrases if phrase.language == found[0][0])


def _phrases(page: SegmentedDocument, one: Sentence) -> list[Phrase]:
    folded = one.span.cut(page.folded)
    inside = table().scan_part(page.folded, one.span)
    every = [*table().line(folded), *table().begins(folded), *(phrase for _, phrase in inside)]
    return [phrase for phrase in every if phrase.kind not in NOT_CHROME]


def _quoted(page: SegmentedDocument, span: Span) -> bool:
    """Whether a quotation that was opened before a place is still open there."""
    return in_quotes(page.text[max(0, span.start - _BEFORE) : span.start], min(span.start, _BEFORE))
