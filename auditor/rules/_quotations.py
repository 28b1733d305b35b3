"""Quotations of a document: their words, who says them, and the sentences that they stand in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.data import SegmentedDocument, Sentence, Span
from auditor.language import languages_of, main_script, primary, script_of
from auditor.lexicon import Match
from auditor.normalize import plain
from auditor.rules import _speakers
from auditor.rules._memo import once_a_page
from auditor.rules._quotation_marks import quoted
from auditor.rules._quote_words import words

_SEVERAL = re.compile(r"\w\W{1,9}\w|[\u0e00-\uffff]{4}")
_LEAD = 160
# Sentences are read this far to each side of a quotation: a page may be one endless sentence.
_SIDE = 300
_OPENING = " \u00a0\"“„«‘'‹»"
_COMMAS = ",，、 "
_COLONS = (":", "：")
_FRAME = 700
_ACCOUNT = 1200
_NEIGHBOUR = 400
# A speaker is carried on to quotations at most this many sentences further down.
_CARRIED = 3


@dataclass(frozen=True, slots=True)
class Quotation:
    """One utterance as printed.

    ``text`` joins its parts, ``lead`` is what stands before it in its sentence, ``account`` the sentences around it,
    ``frame`` the same without any quotation, ``names`` the capitalised words of the frame, ``spoken`` whether a verb
    of speech is near.
    """

    span: Span
    text: str
    language: str
    lead: str
    account: str
    frame: str
    speaker: str
    names: tuple[str, ...]
    spoken: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """The sentences around a quotation, quotations blanked out; ``hole`` is the quotation's place in ``own``."""

    own: str
    hole: Span
    before: str
    after: str
    first: int
    around: Span


@once_a_page
def quotations(page: SegmentedDocument) -> tuple[Quotation, ...]:
    """The quotations of a page in reading order."""
    # One word in quotation marks is a title or a distance, no utterance; pages can hold thousands of them.
    groups = [group for group in quoted(page) if _SEVERAL.search(page.text, group[0].start, group[-1].end)]
    return tuple(_Reader(page, groups).read()) if groups and page.sentences else ()


class _Reader:
    """Keeps the sentences of one page and its text with all quotations blanked out."""

    def __init__(self, page: SegmentedDocument, groups: Sequence[tuple[Span, ...]]) -> None:
        self._page = page
        self._groups = groups
        self._starts = [sentence.span.start for sentence in page.sentences]
        pieces, at = [], 0
        for span in (span for group in groups for span in group):
            pieces += [page.text[at : span.start], " " * len(span)]
            at = span.end
        self._masked = "".join([*pieces, page.text[at:]])

    def read(self) -> Iterator[Quotation]:
        """Yield the quotations; who spoke last is remembered for those that name nobody."""
        last, since = "", -_CARRIED
        for group in self._groups:
            place = self._place(Span(group[0].start, group[-1].end))
            found = self._quotation(group, place, last if place.first - since <= _CARRIED else "")
            if found.speaker:
                last, since = found.speaker, place.first
            yield found

    def _place(self, span: Span) -> _Place:
        sentences = self._page.sentences
        first = max(0, bisect_right(self._starts, span.start) - 1)
        final = max(0, bisect_right(self._starts, span.end - 1) - 1)
        start = max(min(sentences[first].span.start, span.start), span.start - _SIDE)
        end = min(max(sentences[final].span.end, span.end), span.end + _SIDE)
        own = self._masked[start:end]
        before = self._neighbour(first - 1, sentences[first])
        after = self._neighbour(final + 1, sentences[final])
        low = max(sentences[first - 1].span.start, start - _SIDE) if before else start
        high = min(sentences[final + 1].span.end, end + _SIDE) if after else end
        return _Place(own, Span(span.start - start, span.end - start), before, after, first, Span(low, high))

    def _neighbour(self, at: int, sentence: Sentence) -> str:
        """The sentence beside, when it stands on the same line or the next one."""
        if not 0 <= at < len(self._page.sentences):
            return ""
        other = self._page.sentences[at]
        return other.span.cut(self._masked)[:_NEIGHBOUR] if abs(other.block - sentence.block) <= 1 else ""

    def _quotation(self, group: tuple[Span, ...], place: _Place, last: str) -> Quotation:
        page = self._page
        text = " ".join(part.cut(page.text) for part in group)
        # The comma before "he said" is the reporter's, whichever side of the mark the language puts it on.
        bare = text.rstrip(_COMMAS)
        span = Span(group[0].start, group[-1].end - (len(text) - len(bare)))
        language = _language(text, page.sentences[place.first])
        verbs = _speakers.verbs(place.own, language)
        near = f"{place.before} {place.own}"
        names = {plain(word) for run in _speakers.names(near, language) for word in run.cut(near).split()}
        return Quotation(
            span=span,
            text=bare,
            language=language,
            lead=page.text[span.start - min(place.hole.start, _LEAD) : span.start],
            account=place.around.cut(page.text)[:_ACCOUNT],
            frame=" ".join(f"{place.before} {place.own} {place.after}".split())[:_FRAME],
            speaker=_speaker(place, verbs, last, language),
            names=tuple(sorted(names)),
            spoken=bool(verbs) or _introduced(place, language),
        )


def _speaker(place: _Place, verbs: Sequence[Match], last: str, language: str) -> str:
    if _speakers.says_a_pronoun(place.own, place.hole, verbs, language):
        return _borrowed(place, last, language)
    own = _speakers.speaker(place.own, place.hole, verbs, language)
    return own or _borrowed(place, last, language)


def _introduced(place: _Place, language: str) -> bool:
    """Whether a colon or the sentence before or after announces a quotation without a verb of speech beside it."""
    lead = place.own[: place.hole.start].rstrip(_OPENING)
    if lead.endswith(_COLONS) or place.before.rstrip().endswith(_COLONS):
        return True
    alone = not re.search(r"\w", place.own)
    return alone and bool(_speakers.verbs(place.before, language) or _speakers.verbs(place.after, language))


def _borrowed(place: _Place, last: str, language: str) -> str:
    """The speaker where only a pronoun, a bare verb or nothing stands beside the quotation."""
    own = [word.strip('.,:;—–-"“”«»„') for word in plain(place.own).split()]
    content = [word for word in own if word and word not in words("function", language)]
    pronoun = any(word in words("pronoun", language) for word in own)
    verbs = _speakers.verbs(place.own, language)
    if not pronoun and len(content) > len(verbs) + 1:
        return ""
    for beside in (place.before, place.after):
        said = _speakers.verbs(beside, language)
        found = _speakers.speaker(beside, Span(len(beside), len(beside)), said, language)
        if found and (beside is place.before or (said and not verbs)):
            return found
        if said and not found:
            return last
    return last


def _language(text: str, sentence: Sentence) -> str:
    """Language of a quotation: its sentence's, unless it is written in another script."""
    tag = primary(sentence.language.tag)
    script = main_script(text)
    fits = script in {"Zyyy", script_of(tag)} or {script, script_of(tag)} <= {"Hani", "Kana"}
    return tag if fits else min(languages_of(script), default="und")
