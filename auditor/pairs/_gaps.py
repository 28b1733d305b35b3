"""Sentences of one side of a pair that have no counterpart, from the similarities of all sentences with all.

Both sides tell the same things in the same order, so the best monotonous alignment is looked for: one sentence with
one, two with one, or one with none (after Thompson and Koehn 2019, vecalign). Similarities of an encoder are high or
low for whole languages and for vague sentences; what counts is how far a pair of sentences is above what either has
with all the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Similarity above the usual that a pair of sentences must have, so that leaving out both is no better.
_WORTH = 0.01
_NEVER = -1e9
# With more sentences alone the two sides do not tell the same.
_MOST = 8
# Sentences of the source and of the translation that one step of an alignment takes.
_STEPS = ((1, 1), (2, 1), (1, 2), (1, 0), (0, 1))


def above_usual(similar: Floats, sources: int, targets: int) -> Floats:
    """Similarities less the mean of what both sentences have with all single ones; joined ones stand after those."""
    rows = similar[:, :targets].mean(axis=1, keepdims=True)
    columns = similar[:sources].mean(axis=0, keepdims=True)
    margins: Floats = similar - (rows + columns) / 2
    return margins


def unmatched(similar: Floats, sources: int, targets: int) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """Sentences of the source, and of the translation, that stand alone, each with how clear that is.

    ``similar``: cosines, the single sentences and then each two in a row, of the source in rows and of the translation
    in columns. How clear: what the alignment loses when the sentence must have a counterpart. Nothing where more than
    eight would stand alone.
    """
    margins = above_usual(similar, sources, targets)
    best, gaps = _aligned(margins, sources, targets, None)
    found: tuple[list[tuple[int, float]], list[tuple[int, float]]] = ([], [])
    for side, at in gaps if len(gaps) <= _MOST else ():
        forced, _ = _aligned(margins, sources, targets, (side, at))
        found[side].append((at, best - forced))
    return found


def _aligned(
    margins: Floats, sources: int, targets: int, kept: tuple[int, int] | None
) -> tuple[float, list[tuple[int, int]]]:
    """The best alignment's worth, and what it leaves out as (side, number); ``kept`` must not be left out."""
    worth = [[_NEVER] * (targets + 1) for _ in range(sources + 1)]
    step = [[(0, 0)] * (targets + 1) for _ in range(sources + 1)]
    worth[0][0] = 0.0
    for i in range(sources + 1):
        for j in range(targets + 1):
            for a, b in _STEPS:
                if i < a or j < b or (not b and kept == (0, i - 1)) or (not a and kept == (1, j - 1)):
                    continue
                value = worth[i - a][j - b] + _gain(margins, (sources, targets), (i - a, j - b), (a, b))
                if value > worth[i][j]:
                    worth[i][j], step[i][j] = value, (a, b)
    return worth[sources][targets], _left_out(step, sources, targets)


def _gain(margins: Floats, counts: tuple[int, int], at: tuple[int, int], taken: tuple[int, int]) -> float:
    """What a step is worth: similarity above the usual; two sentences with one must be more alike than either alone.

    Without the second half of that, a sentence that nothing answers would join its neighbour at little cost.
    """
    a, b = taken
    if not a or not b:
        return _WORTH / 2
    i, j = at
    if a == b == 1:
        return float(margins[i, j])
    joined = float(margins[counts[0] + i, j] if a == 2 else margins[i, counts[1] + j])
    return 2 * joined - float(max(margins[i, j], margins[i + a - 1, j + b - 1]))


def _left_out(step: Sequence[Sequence[tuple[int, int]]], i: int, j: int) -> list[tuple[int, int]]:
    found = []
    while i or j:
        a, b = step[i][j]
        if not b:
            found.append((0, i - 1))
        elif not a:
            found.append((1, j - 1))
        i, j = i - a, j - b
    return found[::-1]
