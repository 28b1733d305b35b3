"""Words of a translation that are likely wrong, joined to passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.data import Span
from auditor.pairs._data import Doubt

# From here on a word is more likely wrong than right.
_EVEN = 0.5


def doubts(text: str, words: Sequence[tuple[int, int, float]]) -> tuple[Doubt, ...]:
    """Passages of neighbouring words that are each more likely wrong than right; ``words`` as a model judged them."""
    return tuple(_passage(text, group) for group in _groups(words))


def _groups(words: Sequence[tuple[int, int, float]]) -> Iterator[list[tuple[int, int, float]]]:
    group: list[tuple[int, int, float]] = []
    for word in words:
        if word[2] >= _EVEN:
            group.append(word)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _passage(text: str, group: Sequence[tuple[int, int, float]]) -> Doubt:
    span = Span(group[0][0], group[-1][1])
    return Doubt(span, span.cut(text), round(sum(share for _, _, share in group) / len(group), 4))
