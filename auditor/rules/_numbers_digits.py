"""Numbers in digits of any script, with the grouping and decimal signs of their language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.rules._numbers_tables import languages_that_write

_DIGIT = re.compile(r"\d")
_NO_BREAK = re.compile("[\u00a0\u2007\u2009\u202f]")
_DIGITS = re.compile(r"\d{1,3}(?:[\x01]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,'\u066b\u066c]\d+)*")
# Longer digit strings are not read: they are codes, or an attack.
LONGEST_DIGITS = 24
EXACT_BELOW = 1000


@dataclass(frozen=True, slots=True)
class Raw:
    """A number at ``start``..``end``; ``step`` is the value of its last place, ``weak`` says it may be an article."""

    start: int
    end: int
    value: float
    step: float
    written: bool = False
    weak: bool = False


def in_digits(raw: str, folded: str, language: str) -> Iterator[Raw]:
    """Yield the numbers in digits of a sentence, in order."""
    if not _DIGIT.search(raw):
        return
    marked = "".join("\x01" if _NO_BREAK.match(char) else char for char in raw) if _NO_BREAK.search(raw) else folded
    # A no-break blank groups thousands in every language, a plain one only in some.
    if language in languages_that_write("blank"):
        marked = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "\x01", marked)
    for match in _DIGITS.finditer(marked):
        if match.end() - match.start() <= LONGEST_DIGITS:
            found = interpret(match.group().replace("\x01", "'"), language)
            if found:
                yield Raw(match.start(), match.end(), *found)


def interpret(text: str, language: str) -> tuple[float, float] | None:
    """Value and step of a number in digits, or None where its separators make no number in this language."""
    groups = re.split(r"[.,'\u066b\u066c]", text)
    signs = [char for char in text if not char.isdigit()]
    if not signs:
        value = float(int(text))
        return value, step_of(text, value)
    point = _decimal(signs, groups, language)
    if point is None:
        return None
    whole = groups[:-1] if point else groups
    if len(whole) > 1 and (len(whole[0]) > 3 or any(len(group) != 3 for group in whole[1:])):
        return None
    digits = "".join(whole)
    if not point:
        return float(int(digits)), step_of(digits, float(int(digits)))
    places = min(len(groups[-1]), 9)
    return int(digits) + int(groups[-1][:9]) / 10**places, 10.0**-places


def _decimal(signs: list[str], groups: list[str], language: str) -> bool | None:
    """Whether the last separator is a decimal one; None where the whole is no number."""
    last, points = signs[-1], languages_that_write("point")
    if len(set(signs)) > 1:
        return None if last in signs[:-1] or len(set(signs[:-1])) > 1 or last == "'" else True
    if len(signs) > 1 or last in "'\u066c":
        return False
    if last == "\u066b":
        return True
    if len(groups[-1]) != 3 or groups[0] in {"0", ""} or len(groups[0]) > 3:
        return True if last == "." or language not in points else None
    return (last == ".") == (language in points)


def step_of(digits: str, value: float) -> float:
    """Ten to the number of closing zeros; one for numbers below a thousand, which are meant exactly."""
    return 1.0 if value < EXACT_BELOW else 10.0 ** (len(digits) - len(digits.rstrip("0٠０")))
