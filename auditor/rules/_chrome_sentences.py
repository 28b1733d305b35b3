"""Foreign interface text fused into a paragraph: '… he said. Читайте також: …'."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import groupby

from auditor.data import SegmentedDocument, Sentence, Span
from auditor.language import candidates, primary
from auditor.rules._chrome import chrome
from auditor.rules._chrome_look import scanned
from auditor.rules._chrome_table import ANY_LANGUAGE, NOT_CHROME, Phrase, table
from auditor.rules._memo import once_a_page

_CLEAR = 0.5
_IMPROBABLE = 0.12
_LONGEST = 300


@once_a_page
def fused_foreign(page: SegmentedDocument) -> tuple[tuple[Span, str, str], ...]:
    """Span, language and kind of foreign sentences inside a paragraph that hold an interface phrase."""
    return tuple(_fused(page))


def _fused(page: SegmentedDocument) -> Iterator[tuple[Span, str, str]]:
    main = primary(page.language.tag)
    whole = {mark.line for mark in chrome(page)}
    noticed = [span.start for span, phrase in scanned(page) if phrase.notice and phrase.language != main]
    for block, group in groupby(page.sentences, key=lambda one: one.block):
        if block in whole or primary(page.lines[block].language.tag) != main:
            continue
        sentences = list(group)
        if len(sentences) > 1:
            yield from _in_paragraph(page, sentences, noticed)


def _in_paragraph(
    page: SegmentedDocument, sentences: list[Sentence], noticed: list[int]
) -> Iterator[tuple[Span, str, str]]:
    main = primary(page.language.tag)
    told = [
        (one.span, *_tell(page, one, main, edge=one in (sentences[0], sentences[-1]), noticed=noticed))
        for one in sentences
    ]
    for tag, run in groupby(told, key=lambda one: one[1]):
        parts = list(run)
        kind = next((one[2] for one in parts if one[2]), "")
        if tag and kind and len(parts) < len(sentences):
            yield Span(parts[0][0].start, parts[-1][0].end), tag, kind


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
    every = [*table().line(folded), *table().begins(folded), *(phrase for _, phrase in table().scan(folded))]
    return [phrase for phrase in every if phrase.kind not in NOT_CHROME]
