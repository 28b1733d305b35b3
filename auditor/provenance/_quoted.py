"""Passages between quotation marks, so that documents which quote the same words can be tied."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.data import SegmentedDocument, Span
from auditor.normalize import plain

# One opening and one closing mark of any convention with what stands between them, on one line.
_QUOTED = re.compile(r"[\"“”„«»「『]([^\"“”„«»「」『』\n]{20,600})[\"“”«»」』]")
_WORD = re.compile(r"\w+")
# Shorter quotations are phrases that many use.
_LEAST_WORDS, _LEAST_SIGNS = 7, 14
_MOST, _MOST_CHARS = 12, 160


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quoted passage: hash of its words, place, and its beginning as printed."""

    words: int
    start: int
    end: int
    text: str


def quoted(page: SegmentedDocument, skip: Iterable[Span]) -> tuple[Quoted, ...]:
    """The longest quoted passages of a document in reading order, at most twelve; ``skip``: ranges of no content."""
    left_out = sorted(skip)
    found: dict[int, Quoted] = {}
    for line in page.lines:
        if any(one.overlaps(line.span) for one in left_out):
            continue
        for match in _QUOTED.finditer(page.text, line.span.start, line.span.end):
            words = _WORD.findall(plain(match.group(1)))
            # Chinese and Japanese write without blanks: their signs count instead of words.
            if len(words) < _LEAST_WORDS and sum(sign >= "\u2e80" for sign in match.group(1)) < _LEAST_SIGNS:
                continue
            key = zlib.crc32(" ".join(words).encode("utf-8", "surrogatepass"))
            found.setdefault(key, Quoted(key, match.start(1), match.end(1), match.group(1)[:_MOST_CHARS]))
    longest = sorted(found.values(), key=lambda one: (one.start - one.end, one.start))[:_MOST]
    return tuple(sorted(longest, key=lambda one: one.start))
