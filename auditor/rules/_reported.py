"""Speech without quotation marks: who is reported to have said what, and in which words of the page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.data import SegmentedDocument, Sentence, Span
from auditor.language import primary
from auditor.lexicon import Match, load
from auditor.rules import _speakers
from auditor.rules._quotations import Quotation
from auditor.rules._reported_forms import said

# Signs that enclose direct speech: such a sentence is read as a quotation already.
_MARKS = re.compile('["＂“”„‟«»‹›「」『』]')
_LONGEST = 600
_FRAME = 500
_MOST = 60
# A pronoun stands for whoever spoke at most this many characters before.
_CARRIED = 600


@dataclass(frozen=True, slots=True)
class Reported:
    """One statement in the reporter's words.

    ``span`` is what was said, ``told`` the rest of the sentence (who says it, to whom, when), ``verb`` the word or
    phrase of speech, ``frame`` the sentences around without the statement itself.
    """

    span: Span
    language: str
    told: str
    verb: str
    speaker: str
    frame: str


def reported(page: SegmentedDocument, direct: Sequence[Quotation]) -> Iterator[Reported]:
    """Yield the reported statements of a page, at most one a sentence and sixty a page.

    ``direct`` are its direct quotations, whose speakers a pronoun may stand for. Only sentences of the page's main
    language are read in which the scan of the whole page has found a verb of speech.
    """
    language = primary(page.language.tag)
    last = [(one.span.end, one.speaker) for one in direct if one.speaker]
    found = 0
    for at, verbs in _told(page, language):
        sentence = page.sentences[at]
        if any(one.span.overlaps(sentence.span) for one in direct):
            continue
        place = said(sentence.span.cut(page.text), verbs, language)
        if place is not None:
            one = _reported(page, at, place, language, last)
            last = [*last, (one.span.end, one.speaker)] if one.speaker else last
            found += 1
            yield one
        if found >= _MOST:
            return


def _told(page: SegmentedDocument, language: str) -> Iterator[tuple[int, list[Match]]]:
    """Sentences with verbs of speech and without quotation marks, the verbs at places of the sentence."""
    starts = [sentence.span.start for sentence in page.sentences]
    inside: dict[int, list[Match]] = {}
    for verb in load("speech_verbs").find(page.folded, {language}) if starts else ():
        inside.setdefault(max(0, bisect_right(starts, verb.span.start) - 1), []).append(verb)
    for at, verbs in sorted(inside.items()):
        sentence = page.sentences[at]
        if _readable(page, sentence, language):
            start = sentence.span.start
            yield at, [Match(Span(one.span.start - start, one.span.end - start), one.entry, False) for one in verbs]


def _readable(page: SegmentedDocument, sentence: Sentence, language: str) -> bool:
    short = len(sentence.span) <= _LONGEST and primary(sentence.language.tag) == language
    return short and _MARKS.search(page.text, sentence.span.start, sentence.span.end) is None


def _reported(
    page: SegmentedDocument, at: int, place: tuple[Span, Match], language: str, last: Sequence[tuple[int, str]]
) -> Reported:
    sentence, (inner, verb) = page.sentences[at].span, place
    whole = sentence.cut(page.text)
    own = whole[: inner.start] + " " * len(inner) + whole[inner.end :]
    if _speakers.says_a_pronoun(own, inner, [verb], language):
        near = [name for end, name in last if 0 <= sentence.start - end <= _CARRIED]
        speaker = near[-1] if near else ""
    else:
        # "Laut" at the front of a sentence is no part of the name behind it.
        lowered = own[: verb.span.start] + own[verb.span.start : verb.span.end].lower() + own[verb.span.end :]
        speaker = _speakers.speaker(lowered, inner, [verb], language)
    beside = [page.sentences[one].span.cut(page.text) for one in (at - 1, at + 1) if 0 <= one < len(page.sentences)]
    return Reported(
        span=Span(sentence.start + inner.start, sentence.start + inner.end),
        language=language,
        told=" ".join(own.split()),
        verb=verb.span.cut(whole),
        speaker=speaker,
        frame=" ".join(" ".join([own, *beside]).split())[:_FRAME],
    )
