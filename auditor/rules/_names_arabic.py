"""Foreign names in Arabic text with an Arabic case ending put on: فيرارياً for فيراري."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.data import SegmentedDocument, Span
from auditor.language import primary
from auditor.rules import _speakers

_ENDED = re.compile(
    r"(?P<given>[\u0621-\u064a]{3,20}) (?P<word>[\u0621-\u064a]{4,20}\u064b|[\u0621-\u064a]{3,20}\u064b\u0627)"
)
_NEAR = 60


def ended_names(page: SegmentedDocument) -> Iterator[tuple[Span, Span, str]]:
    """Places of names with the accusative ending, the place where the name stands without it, and the name.

    Only names that a verb of speech introduces without the ending, so that adverbs and nouns drop out.
    """
    if primary(page.language.tag) != "ar":
        return
    text = page.text
    for match in _ENDED.finditer(text):
        stem = match["word"].replace("\u064b", "").removesuffix("ا")
        for base in (stem, stem.removesuffix("ي") if stem.endswith("يي") else stem):
            plain = f"{match['given']} {base}"
            at = _whole(text, plain)
            if at >= 0 and _speakers.verbs(text[max(0, at - _NEAR) : at], "ar"):
                yield Span(*match.span("word")), Span(at, at + len(plain)), base
                break


def _whole(text: str, name: str) -> int:
    found = re.search(rf"(?<!\w){re.escape(name)}(?![\w\u064b])", text)
    return found.start() if found else -1
