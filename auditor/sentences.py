"""Sentences and their languages, found by sentencex (MIT) in each line.

A sentence takes its line's language unless it clearly has another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from auditor.blocks import trim
from auditor.data import LanguageGuess, Line, Sentence, Span
from auditor.familiar import agrees
from auditor.language import candidates, letters, main_script, script_of, second_opinion
from auditor.native import TEXT

# Languages are told from at most this much of a block: more does not change the answer, only the cost.
SAMPLE = 1500
# So improbable is another language than the one that is expected.
IMPROBABLE = 0.12
# Shorter stretches say little about their language.
LONG_SENTENCE = 40
_WORD = re.compile(r"[^\W\d_]{2,}")
# sentencex is linear, but hands back copies: very long blocks go through it in pieces that end at a blank.
_PIECE = 200_000
# Signs that end no sentence in any language; a line that has no others is one sentence.
_QUIET_SIGNS = frozenset(" ,-–—()%/&'\"“”„«»’‘+$€£°\u00a0")
_QUIET = bytes(chr(code) in _QUIET_SIGNS for code in range(0x10000))


def sentences(texts: tuple[str, str], lines: tuple[Line, ...], main: str) -> Iterator[Sentence]:
    """The sentences of all lines; ``texts`` are the text and its folded form."""
    text, folded = texts
    for number, line in enumerate(lines):
        if _is_one(text, line.span):
            yield Sentence(line.span, number, line.language)
            continue
        for start, end in _cut(text, line):
            span = trim(text, start, end)
            if span is None:
                continue
            whole = span.start == line.span.start and span.end == line.span.end
            plain = whole or agrees(folded, line.language.tag, span.start, span.end)
            language = line.language if plain else _sentence_language(text, span, line, main)
            yield Sentence(span, number, language)


def _is_one(text: str, span: Span) -> bool:
    """Whether a line is plainly one sentence, so that sentencex, which would say the same, need not be asked."""
    if TEXT is None or len(span) > _PIECE:
        return False
    one: bool = TEXT.is_one_sentence(text, span.start, span.end, _QUIET)
    return one


def _cut(text: str, line: Line) -> Iterator[tuple[int, int]]:
    at = line.span.start
    while at < line.span.end:
        stop = min(line.span.end, at + _PIECE)
        if stop < line.span.end:
            blank = text.rfind(" ", at + 1, stop)
            stop = blank + 1 if blank > 0 else stop
        # Half a surrogate pair is no UTF-8, which sentencex needs; its stand-in is one code point too.
        piece = text[at:stop]
        piece = piece if piece.isascii() else piece.encode("utf-8", "replace").decode("utf-8")
        yield from _parts(line.language.tag, piece, at)
        at = stop


def _parts(tag: str, piece: str, at: int) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of a piece of text that begins at a place."""
    parts = sentencex.segment(tag, piece)
    if sum(map(len, parts)) == len(piece):
        # Nothing is left out between them, so their lengths tell their places: half the cost of asking for these.
        for part in parts:
            yield at, at + len(part)
            at += len(part)
        return
    for boundary in sentencex.get_sentence_boundaries(tag, piece):
        yield at + int(boundary["start_index"]), at + int(boundary["end_index"])


def _sentence_language(text: str, span: Span, line: Line, main: str) -> LanguageGuess:
    """A sentence takes its line's language unless it clearly has another: other script, or long and improbable."""
    quote = span.cut(text)[:SAMPLE]
    script = main_script(quote)
    own = script_of(line.language.tag)
    other_script = script not in {own, "Zyyy"} and not (own == "Kana" and script == "Hani")
    if not other_script and letters(quote) < LONG_SENTENCE:
        return line.language
    found = candidates(quote)
    if not found or found[0][0] == line.language.tag or all_names(quote):
        return line.language
    if other_script:
        return LanguageGuess(*found[0])
    probable = next((value for tag, value in found if tag == line.language.tag), 0.0)
    if probable >= IMPROBABLE or found[0][1] < 0.8 or second_opinion(quote).tag in {line.language.tag, main}:
        return line.language
    return LanguageGuess(*found[0])


def all_names(quote: str) -> bool:
    """Whether every word is capitalised, as in a list of names: no evidence of any language."""
    words = _WORD.findall(quote)
    return len(words) < 12 and all(word[0].isupper() for word in words) and any(char.islower() for char in quote)
