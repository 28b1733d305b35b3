"""Measuring template prose: the density of stock phrases of language models against what a report is made of.

The weights of the English phrases are log-odds of appearing in generated rather than human news, encyclopaedia and
science texts, shrunk towards a prior and cut at 3; those of other languages are set by hand, lower.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from auditor.data import SegmentedDocument, Span
from auditor.language import primary
from auditor.lexicon import Entry, Lexicon, Match, rows
from auditor.normalize import fold

# Below this many words a text shows too few phrases to be told from a press release.
FEWEST_WORDS = 150
_FEWEST_PHRASES = 4
# Weight of stock phrases and number of concrete things, both a hundred words.
DENSE, CONCRETE = 2.0, 3.0
_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile(r"[㐀-鿿]")
# Chinese words average a little under two characters.
_HAN_WORD = 1.7
_QUOTE = re.compile(r"[\"“„«「]")
_NUMBER = re.compile(r"\d+")
_SAMPLE = 200_000


@dataclass(frozen=True, slots=True)
class Prose:
    """The measures of one text: weights and counts are for a hundred words."""

    words: int
    density: float
    concrete: float
    phrases: tuple[tuple[Span, float], ...]
    kinds: int

    @property
    def is_template(self) -> bool:
        """Whether stock phrases are dense and quotations and figures rare."""
        enough = self.words >= FEWEST_WORDS and self.kinds >= _FEWEST_PHRASES
        return enough and self.density >= DENSE and self.concrete <= CONCRETE


@cache
def _stock() -> tuple[dict[str, Lexicon], dict[tuple[str, str], float]]:
    by_language: dict[str, list[Entry]] = {}
    weights: dict[tuple[str, str], float] = {}
    for row in rows("generated"):
        if row["kind"] == "stock":
            pattern = fold(row["pattern"])
            by_language.setdefault(row["language"], []).append(Entry(row["language"], "stock", pattern))
            weights[row["language"], pattern] = float(row["weight"])
    return {language: Lexicon(tuple(entries), pooled=False) for language, entries in by_language.items()}, weights


def measure(page: SegmentedDocument) -> Prose | None:
    """Measure a page's own-language text; None where its language has no table of stock phrases."""
    language = primary(page.language.tag)
    lexicons, weights = _stock()
    if language not in lexicons:
        return None
    folded = page.folded[:_SAMPLE]
    words = len(_WORD.findall(folded))
    if language == "zh":
        words = round(len(_HAN.findall(folded)) / _HAN_WORD)
    if words < FEWEST_WORDS:
        return Prose(words, 0.0, 0.0, (), 0)
    seen: Counter[str] = Counter()
    phrases: list[tuple[Span, float]] = []
    for match in _longest(lexicons[language].find(folded)):
        pattern = match.entry.pattern
        seen[pattern] += 1
        # A phrase said again adds half, a third time nothing: an article may be about its own words.
        share = (1.0, 0.5)[seen[pattern] - 1] if seen[pattern] <= 2 else 0.0
        phrases.append((match.span, weights[language, pattern] * share))
    hundreds = max(words, 200) / 100
    density = sum(weight for _, weight in phrases) / hundreds
    concrete = (len(_QUOTE.findall(page.text[:_SAMPLE])) + len(_NUMBER.findall(folded))) / hundreds
    return Prose(words, round(density, 3), round(concrete, 3), tuple(phrases), len(seen))


def _longest(found: list[Match]) -> list[Match]:
    """Keep matches that do not overlap, the earlier and longer first."""
    kept: list[Match] = []
    for match in found:
        if not kept or match.span.start >= kept[-1].span.end:
            kept.append(match)
    return kept
