"""Who says a quotation: the name beside the verb of speech."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from auditor.data import Span
from auditor.language import main_script
from auditor.lexicon import Match, load
from auditor.normalize import fold, plain
from auditor.rules._quote_words import words

_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_PARTICLES = frozenset(
    ("de", "da", "di", "do", "dos", "del", "della", "van", "von", "der", "den", "bin", "ibn", "al", "el", "la", "le")
)
_POSSESSIVE = re.compile(r"['’]s?$")
_CYRILLIC_ENDING = re.compile(r"(?:[аеёиіїйоуыьэюяєъ]|[аы]м|[оеи]м)+$")
_LATIN_ENDING = re.compile(r"(?:owi|ovi|em|om|a|u|y|ę|ą)$")
_LATIN_WITH_CASES = frozenset({"pl", "cs", "sk", "sl", "hr", "sr"})
# Costs in characters of distance: a name behind "of the" is seldom the one who speaks, a name of two words often is.
_BEHIND_SMALL_WORD = 60
_TWO_WORDS = -15
_NO_VERB = 40
_TOO_FAR = 200
_LONGEST_NAME = 40
_MARKS = " ,.’'\"”»“«—–-"


@lru_cache(maxsize=64)
def verbs(text: str, language: str) -> tuple[Match, ...]:
    """Verbs of speech (and 'according to') of the language in a text; one sentence is asked about several times."""
    if not text or text.isspace():
        return ()
    return tuple(load("speech_verbs").find(fold(text), {language}))


def names(text: str, language: str) -> list[Span]:
    """Runs of capitalised words, small words at their front left out; none in scripts without capitals."""
    runs: list[Span] = []
    inside, waiting = False, 0
    for match in _WORD.finditer(text):
        word = match.group()
        if not word[0].isupper() or (not inside and plain(word) in words("function", language)):
            waiting = len(word) + 1 if inside and not waiting and word in _PARTICLES else 0
            inside = inside and waiting > 0
            continue
        gap = text[runs[-1].end : match.start()] if runs else ""
        if inside and len(gap) == waiting + 1 and gap[0].isspace():
            runs[-1] = Span(runs[-1].start, match.end())
        else:
            runs.append(Span(match.start(), match.end()))
        inside, waiting = True, 0
    return [run for run in runs if len(run) > 1]


def speaker(text: str, hole: Span, said: Sequence[Match], language: str) -> str:
    """The name that a verb of speech belongs to, in a text whose quotation (at ``hole``) is blanked out; else empty."""
    runs = [
        run for run in names(text, language) if not any(verb.span.start <= run.start < verb.span.end for verb in said)
    ]
    first = _before_apposition(text, runs, hole, said)
    if first:
        return _tidy(first.cut(text))
    best, least = "", float(_TOO_FAR)
    for run in runs:
        gaps = [max(verb.span.start - run.end, run.start - verb.span.end, 0) for verb in said]
        cost = min(gaps, default=_NO_VERB + abs(run.start - hole.start)) + _position(text, run, language)
        if 1 in gaps and run.cut(text).count(" ") > 1:
            cost = min(gaps) + _TWO_WORDS
        if cost < least:
            best, least = run.cut(text), cost
    return _tidy(best)


def _before_apposition(text: str, runs: Sequence[Span], hole: Span, said: Sequence[Match]) -> Span | None:
    """In 'Ann Lee, director of the Oak Trust, said' the one who speaks stands before the first comma."""
    for verb in said:
        clause = hole.end if verb.span.start >= hole.end else 0
        before = text[clause : verb.span.start].rstrip()
        if before.endswith(",") and verb.entry.kind == "verb":
            opening = len(before) - len(before.lstrip(_MARKS))
            comma = clause + before.find(",", opening)
            own = [run for run in runs if clause <= run.start and run.end <= comma]
            if own and comma - own[-1].end <= 1 and comma < clause + len(before) - 1:
                return own[-1]
    return None


def _position(text: str, run: Span, language: str) -> int:
    cost = _TWO_WORDS if " " in run.cut(text) else 0
    before = text[max(0, run.start - 20) : run.start].split(" ")
    word = plain(before[-2]) if len(before) > 1 and not before[-1] else before[-1]
    nouns_are_capitalised = language == "de" and cost
    if word in words("function", language) and not nouns_are_capitalised:
        cost += _BEHIND_SMALL_WORD
    return cost + (_BEHIND_SMALL_WORD if word.endswith("(") else 0)


def says_a_pronoun(text: str, hole: Span, said: Sequence[Match], language: str) -> bool:
    """Whether a pronoun stands directly beside a verb of speech: he said, sagte sie."""
    for verb in said:
        before = plain(text[max(0, verb.span.start - 20) : verb.span.start]).split()[-1:]
        after = plain(text[verb.span.end : verb.span.end + 20]).split()[:1]
        after = after if verb.span.start >= hole.end else []
        if any(word.strip(",.:") in words("pronoun", language) for word in before + after):
            return True
    return False


def _tidy(name: str) -> str:
    return _POSSESSIVE.sub("", " ".join(name.split()))


def surname(name: str, language: str) -> str:
    """Last word of a name, folded, with the endings of Slavic cases taken off."""
    last = (plain(_tidy(name)).split() or [""])[-1][:_LONGEST_NAME]
    if main_script(last) == "Cyrl" and len(last) > 4:
        return _CYRILLIC_ENDING.sub("", last) or last
    return _LATIN_ENDING.sub("", last) if language in _LATIN_WITH_CASES and len(last) > 4 else last
