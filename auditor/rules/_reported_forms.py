"""Where in a sentence the reported statement stands: "X said that …", "…, X said.", "X zufolge …", "X表示，…"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from auditor.data import Span
from auditor.lexicon import Match, rows
from auditor.rules import _speakers
from auditor.rules._quote_words import words

# Characters between a verb and its clause (to whom, where, when) and of a report behind a clause or before one.
_BETWEEN = 80
_TAIL = 110
_NEAR = 40
_LEAST_WORDS = 5
_LEAST_SIGNS = 8
_ENDS = " \u00a0.!?。！？,，、;；:：–—-"
_UNSPACED = frozenset({"zh", "ja"})
# German leaves the conjunction out and sets a comma: Sie sagte, die Schule bleibe offen.
_COMMA_ALONE = frozenset({"de"})
_COMMA = re.compile("[,，]")
_WORD = re.compile(r"[^\W_]+")
_TOPIC = re.compile("[はも]、?")
_BEFORE_VERB = re.compile(r"[\s,，:：、]*")
_STOP = re.compile(r"[。！？；;\n]")


def said(sentence: str, verbs: Sequence[Match], language: str) -> tuple[Span, Match] | None:
    """The statement that a sentence reports and the verb that it hangs on; None where there is none."""
    for verb in verbs:
        for low, high in _places(sentence, verb, language):
            span = _trimmed(sentence, low, high)
            if _long_enough(span.cut(sentence), language):
                return span, verb
    return None


def _places(sentence: str, verb: Match, language: str) -> Iterator[tuple[int, int]]:
    """Where the statement may stand, the surest first."""
    if language == "ja":
        yield from _japanese(sentence, verb)
    elif language == "zh":
        yield from _chinese(sentence, verb)
    elif verb.entry.kind == "according":
        yield from _according(sentence, verb, language)
    else:
        yield from _clause(sentence, verb, language)


def _clause(sentence: str, verb: Match, language: str) -> Iterator[tuple[int, int]]:
    """Behind the verb and a conjunction, a colon or a comma; before the verb and a comma; right behind the verb."""
    end = verb.span.end
    pattern = _that(language)
    that = pattern.search(sentence, end, min(len(sentence), end + _BETWEEN)) if pattern else None
    if that:
        yield that.end(), len(sentence)
        return
    colon = sentence.find(":", end, end + _BETWEEN)
    if colon >= 0:
        yield colon + 1, len(sentence)
        return
    yield from _before(sentence, verb)
    comma = sentence.find(",", end, end + _BETWEEN)
    if language in _COMMA_ALONE and comma >= 0:
        yield comma + 1, len(sentence)
    first = _WORD.search(sentence, end)
    stops = words("no statement", language)
    if stops and first and first.group().lower() not in stops and sentence[end : first.start()].isspace():
        yield end, len(sentence)


def _before(sentence: str, verb: Match) -> Iterator[tuple[int, int]]:
    """A statement at the front, with the report behind its last comma but those of an apposition."""
    if len(sentence) - verb.span.start > _TAIL:
        return
    commas = [one.start() for one in _COMMA.finditer(sentence, 0, verb.span.start)]
    near = [at for at in commas if verb.span.start - at <= _TAIL]
    if not near:
        return
    closes = not sentence[near[-1] + 1 : verb.span.start].strip()
    # In "…, Ann Lee, director of the trust, said" two commas belong to the apposition.
    yield 0, near[-3] if closes and len(near) > 2 and verb.span.end >= len(sentence.rstrip(_ENDS)) else near[-1]


def _according(sentence: str, verb: Match, language: str) -> Iterator[tuple[int, int]]:
    """According to X, the statement; the statement, according to X; X zufolge the statement."""
    start, end = verb.span.start, verb.span.end
    if start > len(sentence) - end:
        yield 0, start
        return
    comma = sentence.find(",", end, end + _TAIL)
    if comma >= 0:
        yield comma + 1, len(sentence)
        return
    # Laut Ann Lee dauert es lange: the statement goes on behind the name.
    name = next(iter(_speakers.names(sentence[end:], language)), None)
    yield (end + name.end if name and name.start < _NEAR else end), len(sentence)


def _chinese(sentence: str, verb: Match) -> Iterator[tuple[int, int]]:
    start = _BEFORE_VERB.match(sentence, verb.span.end)
    stop = _STOP.search(sentence, verb.span.end)
    yield start.end() if start else verb.span.end, stop.start() if stop else len(sentence)


def _japanese(sentence: str, verb: Match) -> Iterator[tuple[int, int]]:
    """Before the verb and behind the topic; behind によると."""
    if verb.entry.kind == "according":
        yield verb.span.end, len(sentence)
        return
    topic = _TOPIC.search(sentence, 0, verb.span.start)
    if topic:
        yield topic.end(), verb.span.start


def _trimmed(sentence: str, low: int, high: int) -> Span:
    while low < high and sentence[low] in _ENDS:
        low += 1
    while high > low and sentence[high - 1] in _ENDS:
        high -= 1
    return Span(low, high)


def _long_enough(text: str, language: str) -> bool:
    if language in _UNSPACED:
        return len(text) >= _LEAST_SIGNS
    return sum(1 for _ in _WORD.finditer(text)) >= _LEAST_WORDS


@cache
def _that(language: str) -> re.Pattern[str] | None:
    """The conjunctions that open a reported clause, with the elided ones (qu'elle)."""
    found = {
        word
        for row in rows("quote_words")
        if row["kind"] == "said that" and row["language"] == language
        for word in row["words"].split()
    }
    return (
        re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(found)))})(?:['’]|\s)", re.IGNORECASE)
        if found
        else None
    )
