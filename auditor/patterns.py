"""Patterns of the phrase tables: their literal pieces, and the regular expressions that they stand for.

The signs of a pattern are those that ``auditor.lexicon`` describes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from auditor.tables import rows

_GAP = r"[^\n]{0,60}?"
# Scripts written without blanks between words: a phrase may begin and end anywhere in them.
_UNSPACED_LETTERS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
UNSPACED = re.compile(f"[{_UNSPACED_LETTERS}]")
# A letter or digit that would continue a word; in "AIが" the word ends before the kana.
_WORD = r"[0-9a-z_ß-öø-ÿ]"
# "mul" stands for tables of names that any language may use.
_UNSPACED_LANGUAGES = frozenset({"zh", "ja", "ko", "th", "lo", "km", "my", "mul"})
_SIGNS = {
    " ": r"\s+",
    ":": r"\s?:",
    "*": _GAP,
    "~": r"\w*",
    "#": r"\d[\d.,]*",
    "(": "(?:",
    ")": ")",
    "|": "|",
    "?": "?",
}
_PLAIN = re.compile(r"[^\W_]+")
# What is left of a piece's weight where it is no frequent word, a frequent one, one of the most frequent.
_SHARE = (1.0, 0.6, 0.25)
_WORD_END = re.compile(r"[\w)~?#]$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a phrase table."""

    language: str
    kind: str
    pattern: str


def compile_pattern(pattern: str, language: str = "") -> re.Pattern[str]:
    """Turn a table pattern into a regular expression whose group ``m`` is the phrase.

    In languages written without blanks a Latin word may stand right beside their letters ("AI翻訳").
    """
    word = _WORD if language in _UNSPACED_LANGUAGES else r"\w"
    body = pattern.removeprefix("^").removesuffix("$")
    unspaced = UNSPACED.search(body) is not None
    gap = _GAP if unspaced else rf"(?!\w){_GAP}(?<!\w)"
    expression, separator = "", ""
    for part in _tokens(body):
        if part == "*":
            separator = gap
            continue
        piece = "".join(_SIGNS.get(char) or re.escape(char) for char in part).replace(r")?\s+", r")?\s*")
        piece = piece if unspaced else piece.replace(r"\w*", f"{word}*")
        optional = _is_optional(part)
        if not expression or expression.endswith(r"\s+)?"):
            expression += f"(?:{piece.removesuffix('?')}\\s+)?" if optional else piece
        else:
            expression += f"(?:{separator}{piece.removesuffix('?')})?" if optional else separator + piece
        separator = r"\s+"
    loose = unspaced or not body.lstrip("(")[:1].isalnum()
    front = r"^[\W_]*" if pattern.startswith("^") else ("" if loose else f"(?<!{word})")
    back = r"[\W_]*$" if pattern.endswith("$") else ("" if unspaced or not _WORD_END.search(body) else f"(?!{word})")
    return re.compile(f"{front}(?P<m>{expression}){back}")


def _is_optional(part: str) -> bool:
    """Whether one bracket with its ``?`` is the whole part; "(a|b)(c)?" is not optional."""
    depths = list(accumulate((char == "(") - (char == ")") for char in part))
    return part.startswith("(") and part.endswith(")?") and depths.index(0) == len(part) - 2


def _tokens(body: str) -> Iterator[str]:
    """Split a pattern at blanks outside brackets."""
    piece, depth = "", 0
    for char in body:
        depth += (char == "(") - (char == ")")
        if char == " " and depth == 0:
            if piece:
                yield piece
            piece = ""
        else:
            piece += char
    if piece:
        yield piece


def anchors(pattern: str) -> tuple[str, ...]:
    """Literal pieces of which one must stand in any match: the longest outside brackets, else one an alternative."""
    outside = _longest(re.sub(r"\([^()]*\)\??", " ", pattern))
    groups = re.findall(r"\(([^()]*)\)(?!\?)", pattern)
    choices = [(outside,), *(tuple(dict.fromkeys(map(_longest, group.split("|")))) for group in groups)]
    # The rarer the piece the better: long ones are, and letters of scripts with thousands of them.
    if good := [pieces for pieces in choices if min(map(len, pieces)) >= 2]:
        return max(good, key=lambda pieces: (min(map(_weight, pieces)), -len(pieces)))
    message = f"pattern {pattern!r} has no literal piece to look for"
    raise ValueError(message)


def _weight(piece: str) -> float:
    """How much a piece narrows the search down: long ones do, words that half of all lines hold ("that") hardly."""
    return len(piece) * (3 if UNSPACED.search(piece) else 1) * _SHARE[_frequent().get(piece, 0)]


@cache
def _frequent() -> dict[str, int]:
    """The most frequent words of all languages (2), and those that are frequent enough to have been counted (1)."""
    counted = {word: 1 for row in rows("frequent_words") for word in row["words"].split()}
    return counted | {word: 2 for row in rows("common_words") for word in row["words"].split()}


def beside(pattern: str) -> str:
    """The second longest of the literal pieces that must stand in any match; "" where there is none.

    Most places that have a phrase's rarest word do not have its second, and asking for that is cheap.
    """
    outside = re.sub(r"\([^()]*\)\??", " ", pattern)
    pieces = sorted(filter(None, re.split(r"[\s*~#^$:]+", outside)), key=len, reverse=True)
    return pieces[1] if len(pieces) > 1 and not re.search(r"[()|?]", outside) else ""


def _longest(pattern: str) -> str:
    """The piece of a pattern that tells most: the longest that is no frequent word."""
    return max(re.split(r"[\s*~#()|?^$]+", pattern), key=lambda piece: (len(piece) > 1, _weight(piece)))


def is_whole(piece: str, entry: Entry) -> tuple[bool, bool]:
    """Whether a literal piece begins and ends with a word wherever it stands in a pattern."""
    pattern = entry.pattern.removeprefix("^").removesuffix("$")
    if UNSPACED.search(pattern) or entry.language in _UNSPACED_LANGUAGES:
        return False, False
    places = [one.start() for one in re.finditer(f"(?={re.escape(piece)})", pattern)]
    front = is_word(piece[0]) and all(_is_bounded(pattern, at, -1) for at in places)
    back = is_word(piece[-1]) and all(_is_bounded(pattern, at + len(piece) - 1, 1) for at in places)
    return front, back


def _is_bounded(pattern: str, at: int, step: int) -> bool:
    """Whether no letter can stand beside a place of a pattern: before it (``step`` -1) or behind it (1).

    Brackets are looked through; they hold no others.
    """
    at += step
    if not 0 <= at < len(pattern):
        return True
    sign = pattern[at]
    opening, closing = ("(", ")") if step > 0 else (")", "(")
    if sign in "|" + closing:
        # The end of one alternative: what stands beside the whole bracket counts.
        while pattern[at] != closing:
            at += step
        behind = at + 1 if step > 0 and pattern[at + 1 : at + 2] == "?" else at
        return _is_bounded(pattern, behind, step)
    if sign == opening or pattern[at - 1 : at + 1] == ")?":
        return _is_bracket_bounded(pattern, at if sign == opening else at - 1, step)
    return sign in " :" or not (is_word(sign) or sign in "*~#?()")


def _is_bracket_bounded(pattern: str, at: int, step: int) -> bool:
    """Whether each alternative of the bracket that begins (or ends) at a place has a blank there, or it is left out."""
    low, high = (at, pattern.index(")", at)) if step > 0 else (pattern.rindex("(", 0, at), at)
    edge = 0 if step > 0 else -1
    if not all(one and one[edge] == " " for one in pattern[low + 1 : high].split("|")):
        return False
    optional = pattern[high + 1 : high + 2] == "?"
    return not optional or _is_bounded(pattern, high + 1 if step > 0 else low, step)


def is_plain(entry: Entry) -> bool:
    """Whether a pattern is one literal piece, bounded as words are or written in a script without blanks."""
    if not _PLAIN.fullmatch(entry.pattern) or anchors(entry.pattern) != (entry.pattern,):
        return False
    unspaced = all(map(UNSPACED.match, entry.pattern))
    return unspaced or (entry.language not in _UNSPACED_LANGUAGES and not UNSPACED.search(entry.pattern))


def stands_alone(folded: str, start: int, end: int, within: tuple[int, int]) -> bool:
    """Whether no letter or digit goes on before or behind a place, as far as a stretch of the text reaches."""
    before = start > within[0] and is_word(folded[start - 1])
    return not before and not (end < within[1] and is_word(folded[end]))


def is_word(char: str) -> bool:
    """Whether a character (or none) is what regular expressions call one of a word."""
    return char.isalnum() or char == "_"
