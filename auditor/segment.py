"""Blocks and their languages; ``auditor.sentences`` cuts them into sentences.

A line is judged by itself where it can be (enough letters, a clear winner); a line that cannot ("Google Chrome",
"67.15%", two English words between Ukrainian ones) borrows the language of its neighbours. A line counts as foreign
only when the document's language is improbable for it, and in the same script only when langdetect, the second
opinion, does not say that it is the document's language after all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.blocks import blocks_of
from auditor.data import Block, Document, LanguageGuess, Line, SegmentedDocument, Span
from auditor.familiar import agrees, is_known, plainly
from auditor.language import FEW_LETTERS, UNKNOWN, candidates, letters, primary, script_of, second_opinion
from auditor.normalize import fold
from auditor.sentences import IMPROBABLE, LONG_SENTENCE, SAMPLE, all_names, sentences

_CLEAR = 0.5
_NEIGHBOURS = 6
# The longest lines tell what language the cheap evidence of the others is asked for.
_TOLD_BY, _TOLD_CHARS = 2, 120
_PLAIN, _AHEAD = 0.8, 3
# How sure frequent words are that no other language shares.
_BY_WORDS = 0.97
# When lines of this share of the text agree, the language of the document needs no further evidence.
_AGREED = 0.6
# A line joins the language of its run when it has at least this probability for the line itself.
_SOME = 0.1


@dataclass(slots=True)
class _Draft:
    block: Block
    found: list[tuple[str, float]]
    letters: int
    guess: LanguageGuess | None = None
    borrowed: bool = False
    agrees: bool = False

    def probability(self, tag: str) -> float:
        return next((value for one, value in self.found if one == tag), 0.0)


def segment(document: Document) -> SegmentedDocument:
    """Find lines, sentences and languages. Total: any text gives a result, an empty one has no lines."""
    text = document.text
    folded = fold(text)
    blocks = document.blocks or blocks_of(text)
    told = _plain_language(text, folded, blocks)
    drafts = [_draft(text, folded, block, told) for block in blocks]
    main = _agreed(drafts, told) or _main_language(_asked(drafts, text), document.declared_language)
    for draft in drafts:
        draft.guess = draft.guess if draft.agrees else _own_guess(draft, main.tag, text)
    _harmonise(drafts, main.tag, text)
    _borrow(drafts, main)
    lines = tuple(_lines(drafts))
    return SegmentedDocument(document, main, lines, tuple(sentences((text, folded), lines, main.tag)), folded)


def _plain_language(text: str, folded: str, blocks: Sequence[Block]) -> LanguageGuess:
    """The language of the longest lines where it is plain, to the model or to the model and their words; else unknown.

    The model leaves a good part to Serbian in Latin letters, say, whatever Croatian text it sees.
    """
    sizes = sorted((-min(one.span.end - one.span.start, _TOLD_CHARS), at) for at, one in enumerate(blocks))
    longest = [blocks[at] for _, at in sizes[:_TOLD_BY]]
    parts = [(one.span.start, min(one.span.end, one.span.start + _TOLD_CHARS)) for one in longest]
    if known := plainly(" ".join(folded[start:end] for start, end in parts)):
        return LanguageGuess(known, _BY_WORDS)
    found = candidates(" ".join(text[start:end] for start, end in parts).replace("\n", " "))
    if not found or not is_known(found[0][0]):
        return UNKNOWN
    tag, probability = found[0]
    ahead = len(found) > 1 and probability >= _AHEAD * found[1][1]
    plain = probability >= _PLAIN or (
        ahead and all(agrees(folded, tag, one.span.start, one.span.end) for one in longest)
    )
    return LanguageGuess(tag, probability) if plain else UNKNOWN


def _agreed(drafts: list[_Draft], told: LanguageGuess) -> LanguageGuess | None:
    """The plain language, when most of the text agrees with it."""
    sizes = [(draft.block.span.end - draft.block.span.start, draft.agrees) for draft in drafts]
    agreeing = sum([size for size, agrees in sizes if agrees])
    total = sum([size for size, _ in sizes])
    if not total or agreeing < _AGREED * total:
        return None
    return told


def _asked(drafts: list[_Draft], text: str) -> list[_Draft]:
    """Ask the language model about the lines that agreed too: where few do, what they agreed with may be wrong."""
    for draft in drafts:
        if draft.agrees:
            sample = _sample(text, draft.block.span)
            draft.agrees, draft.guess = False, None
            draft.found, draft.letters = candidates(sample), letters(sample)
    return drafts


def _sample(text: str, span: Span) -> str:
    return text[span.start : min(span.end, span.start + SAMPLE)].replace("\n", " ")


def _draft(text: str, folded: str, block: Block, told: LanguageGuess) -> _Draft:
    if told.tag != "und" and agrees(folded, told.tag, block.span.start, block.span.end):
        return _Draft(block, [(told.tag, told.confidence)], len(block.span), told, agrees=True)
    sample = _sample(text, block.span)
    return _Draft(block, candidates(sample), letters(sample))


def _main_language(drafts: list[_Draft], declared: str | None) -> LanguageGuess:
    """The language of most letters; what the page declares only breaks a near tie."""
    weights: dict[str, float] = {}
    total = 0
    for draft in drafts:
        total += draft.letters
        for tag, probability in draft.found[:5]:
            weights[tag] = weights.get(tag, 0.0) + draft.letters * probability
    if not weights or not total:
        return UNKNOWN
    if declared and (head := primary(declared)) in weights:
        weights[head] *= 1.2
    best = min(weights, key=lambda tag: (-weights[tag], tag))
    return LanguageGuess(best, round(min(1.0, weights[best] / total), 4))


def _own_guess(draft: _Draft, main: str, text: str) -> LanguageGuess | None:
    """The language that a line shows by itself, or None where its evidence is weak."""
    if not draft.found or draft.letters < 3:
        return None
    tag, probability = draft.found[0]
    span = draft.block.span
    quote = text[span.start : min(span.end, span.start + SAMPLE)]
    guess = LanguageGuess(tag, probability)
    if (main, tag) == ("ja", "zh") and draft.letters < LONG_SENTENCE:
        # A Japanese heading or credit may do without kana; so few characters do not make it Chinese.
        return None
    if tag == main:
        return guess if probability >= _CLEAR or draft.letters >= LONG_SENTENCE else None
    if script_of(tag) != script_of(main):
        latin = script_of(tag) == "Latn"
        enough = draft.letters >= 8 and not all_names(quote) if latin else draft.letters >= 2
        return guess if enough and probability >= _CLEAR else None
    weak = probability < _CLEAR or draft.letters < FEW_LETTERS
    if weak or draft.probability(main) >= IMPROBABLE or all_names(quote):
        return None
    opinion = second_opinion(quote)
    return None if opinion.tag == main else guess


def _harmonise(drafts: list[_Draft], main: str, text: str) -> None:
    """Let foreign lines of one script that stand close together agree on one language, judged on all of them."""
    runs: list[list[int]] = []
    for at, draft in enumerate(drafts):
        if draft.guess is None or draft.guess.tag == main:
            continue
        script = script_of(draft.guess.tag)
        near = runs and at - runs[-1][-1] <= _NEIGHBOURS
        if near and script_of((drafts[runs[-1][-1]].guess or UNKNOWN).tag) == script:
            runs[-1].append(at)
        else:
            runs.append([at])
    for run in runs:
        if len({drafts[at].guess for at in run}) > 1:
            _agree([drafts[at] for at in run], text)


def _agree(run: list[_Draft], text: str) -> None:
    joined = " ".join(draft.block.span.cut(text)[:200] for draft in run)
    found = candidates(joined[:SAMPLE])
    for draft in run:
        if found and draft.probability(found[0][0]) >= _SOME:
            draft.guess = LanguageGuess(*found[0])


def _borrow(drafts: list[_Draft], main: LanguageGuess) -> None:
    """Give weak lines the language of their neighbours, else the document's."""
    own = [draft.guess for draft in drafts]
    for at, draft in enumerate(drafts):
        if own[at] is not None:
            continue
        before = next((own[i] for i in range(at - 1, max(-1, at - 1 - _NEIGHBOURS), -1) if own[i]), None)
        after = next((own[i] for i in range(at + 1, min(len(own), at + 1 + _NEIGHBOURS)) if own[i]), None)
        lender = _lender(draft, before, after, main.tag, at == len(drafts) - 1 or after is None)
        draft.guess = LanguageGuess(lender, 0.5) if lender else main
        draft.borrowed = True


def _lender(draft: _Draft, before: LanguageGuess | None, after: LanguageGuess | None, main: str, last: bool) -> str:
    if draft.probability(main) >= _CLEAR:
        return ""
    if before and after and before.tag == after.tag:
        return before.tag
    if before and last and before.tag != main:
        return before.tag
    for side in (before, after):
        if side and side.tag != main and draft.probability(side.tag) > max(0.2, draft.probability(main)):
            return side.tag
    return ""


def _lines(drafts: list[_Draft]) -> Iterator[Line]:
    region, last = -1, ""
    for draft in drafts:
        guess = draft.guess or UNKNOWN
        if guess.tag != last or region < 0:
            region, last = region + 1, guess.tag
        block = draft.block
        yield Line(block.span, block.role, guess, region, draft.borrowed, block.link_density)
