"""Foreign names in Chinese text: ``given·surname`` with a surname that is a word instead of its sound."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.data import SegmentedDocument, Span
from auditor.rules._names_tables import sound_signs, translated_in_chinese

_DOT = re.compile(r"[·•・‧]")
_LONGEST_GIVEN = 7


def chinese_translations(page: SegmentedDocument) -> Iterator[tuple[Span, str]]:
    """Places of foreign names with a translated second part, and the names by sound.

    The first part is the run of characters that serve for sounds; a single one is too little to be a given name.
    """
    if page.language.tag != "zh":
        return
    text, table = page.text, translated_in_chinese()
    longest = max(map(len, table), default=0)
    for dot in _DOT.finditer(text):
        start = dot.start()
        while start > max(0, dot.start() - _LONGEST_GIVEN) and text[start - 1] in sound_signs():
            start -= 1
        word = next(
            (
                text[dot.end() : dot.end() + n]
                for n in range(longest, 0, -1)
                if text[dot.end() : dot.end() + n] in table
            ),
            "",
        )
        if word and dot.start() - start >= 2:
            yield Span(start, dot.end() + len(word)), text[start : dot.end()] + table[word]
