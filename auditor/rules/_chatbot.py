"""Recognising what a chatbot says to its user: the preamble, the closing offer, the remark on being a model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from auditor.data import SegmentedDocument, Span
from auditor.language import primary
from auditor.lexicon import Entry, Lexicon, Match, load, rows
from auditor.normalize import fold

_LONGEST = 320
_LONGEST_LINE = 20_000
_HEAD, _TAIL = 3, 8
# A remark on being a model opens its sentence; further in, the words tell of some other model.
_OPENING = 45
_OPEN, _CLOSE = "“„«「『《", "”»」』》"
_PARTS = ("sure", "here", "work", "edit")
_CALLS = ("ask", "change", "weak", "disclaimer")
# An article that names chatbots so often tells of them, and of their phrases.
_ABOUT = 2
_GREETED = re.compile(r"[^\n.?!,，:：]{0,50}[,，!:：\n]")
_COLON = (":", "：", "：**", ":**")


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that a chatbot said: ``kind`` is preamble, offer, disclaimer or closing."""

    span: Span
    kind: str
    sure: bool


@cache
def lexicon_of(*kinds: str) -> Lexicon:
    """The phrases of some kinds of ``knowledge/generated.tsv``."""
    chosen = (row for row in rows("generated") if row["kind"] in kinds)
    return Lexicon(tuple(Entry(row["language"], row["kind"], fold(row["pattern"])) for row in chosen))


def quoted(text: str, line: Span, at: int) -> bool:
    """Whether ``at`` stands inside quotation marks that were opened on its line."""
    before = text[max(line.start, at - 2000) : at]
    low_closes = before.count("„") and before.count("“")
    directed = sum(before.count(sign) for sign in _OPEN) - sum(before.count(sign) for sign in _CLOSE)
    return (
        directed - (2 * min(before.count("„"), before.count("“")) if low_closes else 0) > 0
        or before.count('"') % 2 == 1
    )


def traces(page: SegmentedDocument) -> list[Trace]:
    """Return what a chatbot said on a page, in reading order; weak phrases only beside a sure one."""
    found = list(_found(page))
    if found:
        found = _outside_letters(page, found)
    if any(one.kind == "disclaimer" for one in found) and _about_chatbots(page, found):
        found = [one for one in found if one.kind != "disclaimer"]
    if not any(one.sure for one in found):
        found = [one for one in found if one.kind != "closing"]
    return found


def _outside_letters(page: SegmentedDocument, found: list[Trace]) -> list[Trace]:
    """Drop what one person says to another between the salutation and the signature of a letter.

    Without a signature the same phrases are kept as weak evidence; a remark on being a model is kept as it is.
    """
    begin = _greeting(page)
    # A chatbot that announces a letter stands before its salutation, and all of it is the chatbot's then.
    if begin is None or any(one.kind == "preamble" and one.span.start <= begin for one in found):
        return found
    end = _signature(page, begin)
    kept = []
    for one in found:
        if one.kind == "disclaimer" or one.span.start < begin or (end is not None and one.span.start > end):
            kept.append(one)
        elif end is None:
            kept.append(replace(one, sure=False))
    return kept


def _greeting(page: SegmentedDocument) -> int | None:
    """Where the salutation stands that opens a letter, among the first lines of the page."""
    for line in page.lines[: 2 * _HEAD]:
        for one in lexicon_of("greeting").within(
            page.folded, line.span.start, min(line.span.end, line.span.start + 60)
        ):
            if not _in_own_language(page, one) or one.span.start - line.span.start > 1:
                continue
            if _GREETED.match(page.folded[one.span.end : one.span.end + 60] + "\n"):
                return line.span.start
    return None


def _signature(page: SegmentedDocument, begin: int) -> int | None:
    """Where the letter is signed: a closing formula at the start of a sentence with nothing but a name behind it."""
    for line in page.lines:
        low = max(line.span.start, line.span.end - 80)
        if line.span.start <= begin:
            continue
        for one in lexicon_of("signoff").within(page.folded, low, line.span.end):
            before = page.folded[line.span.start : one.span.start].rstrip()[-1:]
            opens = before in {"", ".", "!", "?", "。", "！"} and _in_own_language(page, one)
            if opens and line.span.end - one.span.end <= 40:
                return one.span.start
    return None


def _in_own_language(page: SegmentedDocument, one: Match) -> bool:
    return one.entry.language == primary(page.language.tag)


def _about_chatbots(page: SegmentedDocument, found: Sequence[Trace]) -> bool:
    named = lexicon_of("subject").find(page.folded)
    outside = {one.span.start for one in named if not any(trace.span.contains(one.span) for trace in found)}
    return len(outside) >= _ABOUT


def _found(page: SegmentedDocument) -> Iterator[Trace]:
    sentences: dict[int, list[Span]] = {}
    for sentence in page.sentences:
        sentences.setdefault(sentence.block, []).append(sentence.span)
    for number, line in enumerate(page.lines):
        own = sentences.get(number, [])
        whole = len(line.span) <= _LONGEST
        preamble = _preamble(page, number, line.span) if whole else None
        if preamble:
            yield preamble
            continue
        end = min(line.span.end, line.span.start + _LONGEST_LINE)
        hits = lexicon_of(*_CALLS).within(page.folded, line.span.start, end)
        if hits:
            tail = number >= len(page.lines) - _TAIL or number < 2
            yield from _calls(page, line.span, own or [line.span], hits, tail=tail)


def _preamble(page: SegmentedDocument, number: int, line: Span) -> Trace | None:
    """Read a line such as "Certainly! Here is a rewritten version of the article:" in one language."""
    folded = page.folded[line.start : line.end]
    colon = folded.rstrip(" *_").endswith(_COLON)
    if (not colon and number >= _HEAD) or folded[:1] in '"«„':
        return None
    by_language: dict[str, list[Match]] = {}
    for one in lexicon_of(*_PARTS).within(page.folded, line.start, line.end):
        here = Span(one.span.start - line.start, one.span.end - line.start)
        by_language.setdefault(one.entry.language, []).append(replace(one, span=here))
    for language in sorted(by_language):
        if _is_preamble(folded, by_language[language], colon=colon, head=number < 2):
            return Trace(line, "preamble", sure=True)
    return None


def _is_preamble(folded: str, own: Sequence[Match], *, colon: bool, head: bool) -> bool:
    lead = len(folded) - len(folded.lstrip(" *_>#¡"))
    agreed = [one.span.end for one in own if one.entry.kind == "sure" and one.span.start <= lead]
    start = max(agreed, default=lead)
    here = [
        one for one in own if one.entry.kind == "here" and start - 1 <= one.span.start <= start + (4 if agreed else 0)
    ]
    if not here:
        return False
    after = max(one.span.end for one in here)
    work = any(one.entry.kind == "work" and one.span.start >= after for one in own)
    edit = any(one.entry.kind == "edit" and one.span.start >= start for one in own)
    if agreed:
        return work and (colon or edit)
    return work and edit and colon and head


def _calls(
    page: SegmentedDocument, line: Span, sentences: Sequence[Span], hits: Sequence[Match], *, tail: bool
) -> Iterator[Trace]:
    text = page.text
    whole = len(line) <= _LONGEST
    for span in sentences:
        own = [one for one in hits if span.contains(one.span) and not quoted(text, line, one.span.start)]
        near = {one.entry.kind for one in own if one.span.start - span.start <= _OPENING}
        if "disclaimer" in near and not load("engines").find(page.folded[span.start : min(span.end, span.start + 500)]):
            yield Trace(span, "disclaimer", sure=True)
        elif tail and whole and len(span) <= _LONGEST and _is_offer(span, own):
            # An offer beside other words of a paragraph may be its author's own; a line of its own is the chatbot's.
            yield Trace(span, "offer", sure=_fills(sentences, span, hits))
        elif "weak" in near:
            yield Trace(span, "closing", sure=False)


def _is_offer(span: Span, own: Sequence[Match]) -> bool:
    """Whether the sentence begins by asking the reader and goes on to what could be changed in the text."""
    for ask in own:
        if ask.entry.kind == "ask" and ask.span.start - span.start <= 25:
            same = [one for one in own if one.entry.kind == "change" and one.entry.language == ask.entry.language]
            if any(not one.span.overlaps(ask.span) for one in same):
                return True
    return False


def _fills(sentences: Sequence[Span], span: Span, hits: Sequence[Match]) -> bool:
    rest = [one for one in sentences if one != span and len(one) > 1]
    return all(any(one.contains(hit.span) and hit.entry.kind in {"weak", "ask"} for hit in hits) for one in rest)
