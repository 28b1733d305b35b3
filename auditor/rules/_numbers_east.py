"""East Asian numerals, alone or mixed with digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.rules._numbers_digits import EXACT_BELOW, LONGEST_DIGITS, Raw, interpret

_EAST = re.compile(r"(?:\d+(?:[.,]\d+)*|[〇零一二三四五六七八九十百千万億亿兆两兩萬만억조천])+")
_EAST_DIGIT = dict(zip("〇零一二三四五六七八九两兩", [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 2], strict=True))
_EAST_SMALL = {"十": 10, "百": 100, "千": 1000, "천": 1000}
_EAST_BIG = {"万": 10**4, "萬": 10**4, "만": 10**4, "億": 10**8, "亿": 10**8, "억": 10**8, "兆": 10**12, "조": 10**12}


def east(folded: str) -> Iterator[Raw]:
    for match in _EAST.finditer(folded):
        if len(match.group()) > LONGEST_DIGITS:
            continue
        value = east_value(match.group())
        if value is not None:
            single = len(match.group()) == 1 and not match.group().isdigit()
            yield Raw(match.start(), match.end(), *value, written=single, weak=single and value[0] == 1)


def east_value(text: str) -> tuple[float, float] | None:
    """Value and step of an East Asian numeral ("1万2000", "六百八十万", "2.6億"), or None where it is none."""
    if all(char in _EAST_DIGIT for char in text):
        return (float("".join(str(_EAST_DIGIT[char]) for char in text)), 1.0) if len(text) in {1, 4} else None
    total, section, number, step = 0.0, 0.0, -1.0, 1.0
    for part in re.findall(r"\d+(?:[.,]\d+)*|\D", text):
        if part[0].isdigit() or part in _EAST_DIGIT:
            if number >= 0:
                return None
            read = interpret(part, "zh") if part[0].isdigit() else (float(_EAST_DIGIT[part]), 1.0)
            if read is None:
                return None
            number, step = read
        elif part in _EAST_SMALL:
            if number < 0 and part != "十":
                return None
            section += (1 if number < 0 else number) * _EAST_SMALL[part]
            number, step = -1.0, float(_EAST_SMALL[part])
        else:
            section += max(number, 0)
            if not section:
                return None
            total += section * _EAST_BIG[part]
            step = min(step, 1.0) * _EAST_BIG[part] if number >= 0 else step * _EAST_BIG[part]
            section, number = 0.0, -1.0
    value = total + section + max(number, 0)
    return value, step if value >= EXACT_BELOW else min(step, 1.0)
