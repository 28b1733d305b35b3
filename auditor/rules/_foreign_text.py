"""Text in another language than its page that is no interface text: which, where, and in what form it stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from auditor.data import LanguageGuess, SegmentedDocument, Span
from auditor.language import candidates, letters, primary, script_of
from auditor.rules._chrome import chrome
from auditor.rules._chrome_sentences import fused_foreign
from auditor.rules._chrome_text import Spans, siblings, spelled_otherwise
from auditor.rules._disclosure import notices
from auditor.rules._language_names import english_names
from auditor.rules._memo import once_a_page

PASSAGE, QUOTATION, TITLE, VERSE, PARALLEL = "passage", "quotation", "title", "verse", "parallel_text"
_QUOTES = re.compile(r"[\"“”„«»‹›「」『』]")
_OPEN = re.compile(r"[\"“„«‹「『(]\s*$")
_SENTENCE_END = re.compile(r"[.!?。！？…][\"”»」』]*$")
_LONGEST_TITLE, _LONGEST_VERSE = 60, 70
_LINES_OF_VERSE, _LINES_IN_PARALLEL, _TURNS = 4, 3, 4
_SHARE = 0.25
_AS_WELL = 0.25
_READ = 600


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One stretch in another language; ``alternatives`` are languages that it may be in as well."""

    span: Span
    language: LanguageGuess
    form: str
    alternatives: tuple[str, ...] = ()

    def names(self) -> str:
        """The language in English, with what it may be instead: 'Ukrainian or Russian'."""
        known = english_names()
        tags = (primary(self.language.tag), *self.alternatives[:2])
        return " or ".join(known.get(tag, tag) for tag in tags)


@once_a_page
def elsewhere(page: SegmentedDocument) -> tuple[Elsewhere, ...]:
    """All foreign stretches of a page in reading order, interface text and translation notices left out."""
    tags = {line.language.tag for line in page.lines} | {one.language.tag for one in page.sentences}
    if page.language.tag == "und" or {*map(primary, tags)} <= {primary(page.language.tag)}:
        return ()
    found = list(_stretches(page))
    if not found:
        return ()
    known = Spans(
        [
            *(mark.span for mark in chrome(page)),
            *(notice.span for notice in notices(page)),
            *(one.span for one in fused_foreign(page)),
        ]
    )
    open_ones = [(span, language, line) for span, language, line in found if not known.overlap(span)]
    return tuple(_told(page, open_ones))


def _stretches(page: SegmentedDocument) -> Iterator[tuple[Span, LanguageGuess, int]]:
    """Foreign lines, and foreign sentences in lines of the page's language, with their line's number (or -1)."""
    main = primary(page.language.tag)
    foreign = [at for at, line in enumerate(page.lines) if not line.borrowed and primary(line.language.tag) != main]
    whole = set(foreign)
    inside = [
        (one.span, one.language, -1)
        for one in page.sentences
        if one.block not in whole and primary(one.language.tag) != main
    ]
    lines = [(page.lines[at].span, page.lines[at].language, at) for at in foreign]
    yield from sorted([*lines, *inside], key=lambda one: one[0])


def _told(page: SegmentedDocument, found: Sequence[tuple[Span, LanguageGuess, int]]) -> Iterator[Elsewhere]:
    parallel = _is_parallel(page, {line for _, _, line in found if line >= 0})
    for _, group in groupby(enumerate(found), key=lambda one: one[1][2] - one[0] if one[1][2] >= 0 else (-1, one[0])):
        run = [one for _, one in group]
        if len(run) >= _LINES_OF_VERSE and all(len(span) <= _LONGEST_VERSE for span, _, _ in run):
            yield _one(page, Span(run[0][0].start, run[-1][0].end), run[0][1], VERSE)
            continue
        for span, language, line in run:
            yield _one(page, span, language, PARALLEL if parallel and line >= 0 else _form(page, span))


def _form(page: SegmentedDocument, span: Span) -> str:
    quote = span.cut(page.text)
    quoted = _QUOTES.search(quote) or _OPEN.search(page.text[max(0, span.start - 3) : span.start])
    if not quoted:
        return PASSAGE
    return TITLE if len(quote) <= _LONGEST_TITLE and not _SENTENCE_END.search(quote) else QUOTATION


def _one(page: SegmentedDocument, span: Span, language: LanguageGuess, form: str) -> Elsewhere:
    own, main = primary(language.tag), primary(page.language.tag)
    found = candidates(span.cut(page.text)[:_READ])
    best = next((value for tag, value in found if tag == own), 0.0)
    rest = [
        tag for tag, value in found if tag not in {own, main} and siblings(tag, own) and value >= _AS_WELL * best > 0
    ]
    return Elsewhere(span, language, form, tuple(rest))


def _is_parallel(page: SegmentedDocument, foreign: set[int]) -> bool:
    """Whether a page goes to and fro between two languages, as bilingual editions do."""
    if len(foreign) < _LINES_IN_PARALLEL:
        return False
    turns = sum((at in foreign) != (after in foreign) for at, after in pairwise(range(len(page.lines))))
    size = sum(len(page.lines[at].span) for at in foreign)
    return turns >= _TURNS and size >= _SHARE * sum(len(line.span) for line in page.lines)


def is_telling(page: SegmentedDocument, one: Elsewhere, fewest: tuple[int, int]) -> bool:
    """Whether a stretch is long and clear enough to be named; ``fewest`` letters in the same and another script."""
    quote = one.span.cut(page.text)
    own, main = primary(one.language.tag), primary(page.language.tag)
    other_script = script_of(own) != script_of(main)
    if letters(quote) < fewest[other_script] or one.language.confidence < (0.6 if other_script else 0.85):
        return False
    # A neighbouring language is believed only where it has letters of its own.
    return not siblings(own, main) or spelled_otherwise(quote, own, main)
