"""Chinese names of one document that differ in a character of the same sound: 沈若蓝, 沈若兰.

A name that went into another language and back keeps its sound and loses its characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from auditor.data import SegmentedDocument, Span
from auditor.lexicon import rows

_LONGEST = 400_000
_HAN = r"\u3400-\u9fff"


@cache
def _sounds() -> dict[str, str]:
    return {
        char: row["syllable"]
        for row in rows("name_sounds_zh")
        if row["syllable"] != "surnames"
        for char in row["characters"]
    }


@cache
def _pattern() -> re.Pattern[str]:
    surnames = next(row["characters"] for row in rows("name_sounds_zh") if row["syllable"] == "surnames")
    return re.compile(rf"(?=(?P<name>[{surnames}][{_HAN}][{''.join(sorted(_sounds()))}]))")


def same_sound(one: str, other: str) -> bool:
    """Whether two names of three characters differ in the last one only, and that in its sound not."""
    return one[:2] == other[:2] and one != other and _sounds().get(one[2:]) == _sounds().get(other[2:], "")


def names_in(text: str) -> Iterator[re.Match[str]]:
    """Stretches of a text that can be a Chinese name of three characters; group ``name`` holds it."""
    return _pattern().finditer(text)


def homophones(page: SegmentedDocument) -> Iterator[tuple[Span, Span, str]]:
    """Places of the rarer name, of the commoner one, and the commoner name.

    The commoner one stands twice at least and more often; anything else would make two brothers one person.
    """
    if page.language.tag != "zh" or len(page.text) > _LONGEST:
        return
    first: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for match in names_in(page.text):
        first.setdefault(match["name"], match.start())
        counts[match["name"]] += 1
    by_sound: dict[str, list[str]] = {}
    for name in first:
        by_sound.setdefault(name[:2] + _sounds()[name[2]], []).append(name)
    for names in by_sound.values():
        right = max(names, key=lambda name: (counts[name], name))
        for wrong in sorted(set(names) - {right}):
            if counts[right] > max(1, counts[wrong]):
                places = [Span(at, at + 3) for at in (first[wrong], first[right])]
                yield places[0], places[1], right
