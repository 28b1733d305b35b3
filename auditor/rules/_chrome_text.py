"""Small questions about the text and language of a line that the boilerplate rules ask."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from auditor.data import SegmentedDocument, Span
from auditor.language import alphabets, candidates, han_variant
from auditor.rules._memo import once_a_page

# Languages that short lines cannot be told apart in: the phrase table then decides, or both are named.
_SIBLINGS = (
    *({"es", "pt", "gl", "ca"}, {"da", "no", "sv"}, {"cs", "sk", "pl", "sl"}, {"ru", "uk", "be", "bg", "mk", "sr"}),
    *({"hr", "bs", "sr", "sl"}, {"tr", "az"}, {"id", "ms"}, {"fa", "ar", "ur"}, {"kk", "ky"}, {"it", "ro", "es"}),
)
# The standard of written Chinese is told from so many characters of a page.
_READ = 4000
_PAIRS = (("“", "”"), ("„", "“”"), ("«", "»"), ("»", "«"), ("「", "」"), ("『", "』"), ("‘", "’"))


def spelled_otherwise(text: str, own: str, main: str) -> bool:
    """Whether a line has letters that its language uses and the page's does not ("ə" in a Turkish text)."""
    special = {char for char in text.lower() if char.isalpha() and not "a" <= char <= "z"}
    known = alphabets()
    return own in known and main in known and bool(special & known[own][1] - known[main][1])


@once_a_page
def _standard(page: SegmentedDocument) -> str:
    return han_variant(page.text[:_READ])


def other_standard(text: str, page: SegmentedDocument) -> str:
    """``zh-Hans`` or ``zh-Hant`` for a line whose characters are of the other standard than its page's, else ""."""
    own, main = han_variant(text), _standard(page)
    return f"zh-{own}" if own and main and own != main else ""


def in_quotes(text: str, at: int) -> bool:
    """Whether a quotation that was opened before a place is still open there."""
    before = text[max(0, at - 300) : at]
    if before.count('"') % 2:
        return True
    return any(before.rfind(opening) > max(map(before.rfind, closing)) for opening, closing in _PAIRS)


def siblings(one: str, other: str) -> bool:
    """Whether two languages are hard to tell apart on a short line."""
    return any(one in group and other in group for group in _SIBLINGS)


def likeliest(text: str, languages: Sequence[str]) -> str:
    """The most probable of some languages; the table's order (by tag) where there is no evidence."""
    found = dict(candidates(text))
    return max(languages, key=lambda tag: (found.get(tag, 0.0), -languages.index(tag)))


class Spans:
    """A set of places that can be asked quickly whether anything of it overlaps another place."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for span in sorted(spans):
            if self._ends and span.start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], span.end)
            else:
                self._starts.append(span.start)
                self._ends.append(span.end)

    def overlap(self, span: Span) -> bool:
        """Whether a place shares at least one code point with the set."""
        at = bisect_left(self._starts, span.end) - 1
        return at >= 0 and self._ends[at] > span.start
