"""Words and phrases that come again and again, as machines that lose the thread write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import ClassVar

from auditor.data import Finding, Line, RuleMeta, SegmentedDocument, Severity, Span
from auditor.lexicon import rows
from auditor.registry import Rule

# Scripts without blanks count a character as a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]{{1,60}}")
_IDEOGRAPHS = re.compile(f"[{_UNSPACED}]")
_PERIOD = 60
_LETTERS = re.compile(r"[^\W\d_]")
_CHANT = re.compile('[!¡！「」『』“”„«»"]')
_SHORT_WORD = 3
_DOUBLED = re.compile(r"(?<![\w'’.-])([^\W\d_]{1,12})[ \u00a0]((?i:\1))(?![\w'’-])")
_CONTEXT = 40
_QUOTE_REACH = 400
_SENTENCE_START = re.compile(r"(?:^|[.!?…:]\s{1,3})[\s\"'“„«‘¿¡(—–-]{0,4}$")
_FEW_WORDS = 5


@dataclass(frozen=True, slots=True)
class _Loop:
    """A run of one phrase; ``once`` is what to keep of it."""

    span: Span
    phrase: Span
    once: Span
    times: int


@dataclass(frozen=True, slots=True)
class RepetitionLoop(Rule):
    """The same phrase three times or more in a row, or the same word or pair of words four times or more.

    Why: neural translation and language models fall into such loops where they do not understand the source; people
    who do not play with words stop at two.

    How: in one pass a line's pairs of neighbouring words are compared with their last place; a run at a constant
    distance is a loop. A phrase of three words or more counts when it stands three times, one of two words when it
    stands four times, one word of four letters or more when it stands four times (seven with commas or hyphens), one
    of three letters when it stands seven times. With a comma after each round, as in a chant, up to two words count
    from seven times on and up to four from five. In Chinese, Japanese and Thai, written without blanks, six characters
    count from three times on, three from six.

    Limits: silent for emphasis and laughter ("very very very very", "ha ha ha ha") up to eleven times, for figures of
    speech with a small word between ("ran and ran and ran", "day after day", "step by step") up to eleven times, for
    chants and refrains between quotation marks or with exclamation marks up to five times, for numbers, capitals only,
    and loops over several lines.

    Data: phrase, times.
    """

    limit: int = 20
    meta: ClassVar[RuleMeta] = RuleMeta("MT004", "repetition-loop", Severity.MINOR, "104000", "duplication")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each loop; its suggestion is the phrase once, as it goes on into what follows."""
        found = (loop for line in page.lines for loop in _loops(page, line))
        for loop in islice(found, self.limit):
            phrase = loop.phrase.cut(page.text)
            message = f"The same words stand here {loop.times} times in a row; machine output can get stuck like this."
            once = loop.once.cut(page.text)
            data = {"phrase": phrase, "times": loop.times}
            yield self.finding(page, loop.span, message, confidence=0.85, suggestion=once, data=data)


def _loops(page: SegmentedDocument, line: Line) -> Iterator[_Loop]:
    """Find runs of word pairs that repeat at one distance; linear in the line."""
    words = _TOKEN.findall(page.folded, line.span.start, line.span.end)
    # Most lines have no two words twice in this order.
    if len(words) < 4 or len(set(pairwise(words))) == len(words) - 1:
        return
    tokens = list(_TOKEN.finditer(page.folded, line.span.start, line.span.end))
    last: dict[tuple[str, str], int] = {}
    period, begun = 0, 0
    for at in range(len(words)):
        pair = (words[at], words[at + 1]) if at + 1 < len(words) else ("", "")
        distance = at - last.get(pair, at)
        last[pair] = at
        if distance != period or not distance:
            if 0 < period <= _PERIOD:
                yield from _judged(page, tokens, begun - period, at + 1, period)
            period, begun = distance, at


def _judged(page: SegmentedDocument, tokens: list[re.Match[str]], first: int, end: int, period: int) -> Iterator[_Loop]:
    """The loop over ``tokens[first:end]`` if it is long enough and no emphasis, chant, table or heading."""
    end = min(end, len(tokens))
    times, rest = divmod(end - first, period)
    if times < 3:
        return
    phrase = Span(tokens[first].start(), tokens[first + period - 1].end())
    span = Span(tokens[first].start(), tokens[end - 1 if _is_joined(period, rest) else end - rest - 1].end())
    text = phrase.cut(page.text)
    quoted = _is_quoted(page.text, span)
    if len(_LETTERS.findall(text)) < _SHORT_WORD or text.isupper() or (times < 6 and quoted):
        return
    words = [token[0] for token in tokens[first : first + period]]
    if times >= _needed(words, page.text[span.start : span.end]):
        joined = _is_joined(period, rest)
        once = Span(span.start, tokens[first + period - 2].end()) if joined else phrase
        yield _Loop(span, phrase, once, times)


def _is_joined(period: int, rest: int) -> bool:
    """Whether only the word that joins the rounds is missing at the end: be closed and be closed and be closed."""
    return period > 1 and rest == period - 1


def _is_quoted(text: str, span: Span) -> bool:
    """Whether a run touches quotation or exclamation marks, or stands in a quotation that opened before it."""
    around = text[max(0, span.start - 1) : span.end + 1]
    if _CHANT.search(around) or around[0] in "'‘":
        return True
    before = text[max(0, span.start - _QUOTE_REACH) : span.start]
    before = before[before.rfind("\n") + 1 :]
    opened = max(before.rfind(mark) for mark in "“„«「『")
    return before.count('"') % 2 == 1 or opened > max(before.rfind(mark) for mark in "”»」』")


def _needed(words: list[str], quote: str) -> int:
    """How many times a phrase must come to be a loop."""
    if all(_IDEOGRAPHS.fullmatch(word) for word in words):
        return 3 if len(words) > _SHORT_WORD * 2 - 1 else 6
    letters = [word for word in words if _LETTERS.match(word)]
    if len(letters) * 2 <= len(words) or " " not in quote or all(word in _emphatic() for word in words):
        return 12
    if len(set(words)) == 1:
        return 4 if len(words[0]) > _SHORT_WORD and "," not in quote and "-" not in quote else 7
    if len(words) == 2 and any(word in _joining() for word in words):
        return 12
    if len(words) <= 4 and quote.count(",") * len(words) >= quote.count(" ") - len(words):
        return 7 if len(words) == 2 else 5
    return 4 if len(words) == 2 else 3


@cache
def _joining() -> frozenset[str]:
    return frozenset(row["pattern"] for row in rows("repeated_words") if row["kind"] == "joining")


@cache
def _emphatic() -> frozenset[str]:
    return frozenset(row["pattern"] for row in rows("repeated_words") if row["kind"] == "emphatic")


@cache
def _never_double() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows("repeated_words"):
        if row["kind"] == "never-double":
            found.setdefault(row["language"], set()).add(row["pattern"])
    return {language: frozenset(words) for language, words in found.items()}


@dataclass(frozen=True, slots=True)
class DoubledWord(Rule):
    """A small word twice in a row by mistake: "the the", "и и", "und und".

    Why: it is left behind by editing and by machines that join pieces; no reader wants it.

    How: for each language a table of words that never follow themselves, with one blank between, in lower case
    (the first one also with a capital where a sentence begins), inside a sentence of five words or more.

    Limits: words that can follow themselves ("had had", "que que", "die die", "nous nous") are not in the table, so
    most doubled content words are missed.

    Data: word.
    """

    limit: int = 20
    meta: ClassVar[RuleMeta] = RuleMeta("MT008", "doubled-word", Severity.MINOR, "104000", "duplication")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each doubled word."""
        yield from islice(self._found(page), self.limit)

    def _found(self, page: SegmentedDocument) -> Iterator[Finding]:
        for line in page.lines:
            words = _never_double().get(line.language.tag)
            if words is None:
                continue
            for match in _DOUBLED.finditer(page.text, line.span.start, line.span.end):
                if match[2] in words and _in_sentence(page.text, match, line):
                    message = f"The word “{match[2]}” stands here twice."
                    span, data = Span(*match.span()), {"word": match[2]}
                    yield self.finding(page, span, message, confidence=0.9, suggestion=match[1], data=data)


def _in_sentence(text: str, match: re.Match[str], line: Line) -> bool:
    """Whether other words stand around, and not the same word a third time."""
    before = text[max(line.span.start, match.start() - _CONTEXT) : match.start()]
    after = text[match.end() : min(line.span.end, match.end() + _CONTEXT)]
    earlier, later = re.findall(r"[^\W\d_]+", before)[-3:], re.findall(r"[^\W\d_]+", after)[:3]
    if match[1] != match[2] and not (match[1] == match[2].capitalize() != match[1].upper() and _begins(before)):
        return False
    beside = {word.lower() for word in (*earlier[-1:], *later[:1])}
    return len(earlier) + len(later) >= _FEW_WORDS - 2 and match[2] not in beside


def _begins(before: str) -> bool:
    """Whether a sentence begins behind this text; names like "De de Gaulle" have a capital in the middle of one."""
    return _SENTENCE_START.search(before) is not None


RULES = (RepetitionLoop(), DoubledWord())
