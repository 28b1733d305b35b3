"""Hashed character n-grams of many lines at once, by polynomial hashes over one array of code points.

The text of all lines is one array; the hash of every n-gram of one length at every place costs one multiplication and
one addition on that array, and a line's sum is the difference of two running sums. Nothing is done line by line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.native import LINES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

ORDERS = (1, 2, 3, 4, 5)
# What a line shows of itself after this many code points does not change what it is.
LONGEST = 200
_BASE = 0x01000193
_MIX = 0x9E3779B1
# A line's strongest stretch is looked for in windows of this many code points.
_WINDOW = 40


@dataclass(frozen=True, slots=True)
class Grams:
    """The buckets of the n-grams of some lines, one array for each order, and where each line stands in them.

    Places near the end of a line, where an n-gram would reach into the next one, hold ``outside``.
    """

    buckets: tuple[NDArray[np.uint32], ...]
    starts: Ints
    ends: Ints
    outside: int

    def counts(self) -> Floats:
        """How many n-grams each line has; a line has a blank on both sides, so at least three."""
        import numpy as np

        sizes = self.ends - self.starts
        total: Floats = sum(np.maximum(sizes - order + 1, 0) for order in ORDERS).astype(np.float64)
        return total

    def sums(self, weights: NDArray[np.float32]) -> tuple[Floats, Floats]:
        """For each column of weights the sum over each line's n-grams, over the square root of their number.

        Also the highest such sum over a window of the line for the first column. The row of ``weights`` after the last
        bucket must be zero.
        """
        import numpy as np

        running = np.zeros((len(self.buckets[0]) + 1, weights.shape[1]))
        # In double precision: sums of half-precision weights are exact there.
        np.cumsum(sum(weights[one].astype(np.float64) for one in self.buckets), axis=0, out=running[1:])
        totals = (running[self.ends] - running[self.starts]) / np.sqrt(self.counts())[:, None]
        return totals, self._peaks(running[:, 0])

    def _peaks(self, running: Floats) -> Floats:
        """Windows begin inside their line; those that would leave it end with it."""
        import numpy as np

        sizes = self.ends - self.starts
        end = np.minimum(np.arange(len(running) - 1) + _WINDOW, np.repeat(self.ends, sizes))
        start = np.maximum(end - _WINDOW, np.repeat(self.starts, sizes))
        means = (running[end] - running[start]) / np.sqrt((end - start) * len(ORDERS))
        highest: Floats = np.maximum.reduceat(means, self.starts)
        return highest

    def row(self, at: int) -> NDArray[np.uint32]:
        """The buckets of one line's n-grams."""
        import numpy as np

        found = np.concatenate([one[int(self.starts[at]) : int(self.ends[at])] for one in self.buckets])
        inside: NDArray[np.uint32] = found[found != self.outside]
        return inside


def line_sums(lines: Sequence[str], bits: int, weights: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """What ``Grams.sums`` gives for some folded lines, compiled where it can be: the same numbers bit for bit.

    So they are for half-precision weights, whose sums are exact in double precision in any order.
    """
    import numpy as np

    if LINES is None:
        return grams(lines, bits).sums(weights)
    totals, peaks = np.empty((len(lines), weights.shape[1])), np.empty(len(lines))
    LINES.gram_sums(list(lines), weights, bits, totals, peaks)
    return totals, peaks


def grams(lines: Sequence[str], bits: int) -> Grams:
    """Hash the n-grams of folded lines (at least one) into ``2 ** bits`` buckets. All digits count as the same."""
    import numpy as np

    cut = [f" {line[:LONGEST]} " for line in lines]
    sizes = np.fromiter(map(len, cut), np.int64, len(cut))
    ends = np.cumsum(sizes)
    codes = np.frombuffer("".join(cut).encode("utf-32-le", "replace"), np.uint32).copy()
    codes[(codes >= 48) & (codes <= 57)] = 48
    room = np.repeat(ends, sizes) - np.arange(len(codes))
    outside = 1 << bits
    shift = np.uint32(32 - bits)
    hashed = np.zeros(len(codes), np.uint32)
    padded = np.concatenate([codes, np.zeros(len(ORDERS), np.uint32)])
    buckets = []
    for order in ORDERS:
        hashed = hashed * np.uint32(_BASE) + padded[order - 1 : order - 1 + len(codes)] + np.uint32(order)
        found = (hashed ^ (hashed >> np.uint32(15))) * np.uint32(_MIX) >> shift
        if order > 1:
            found[room < order] = outside
        buckets.append(found)
    return Grams(tuple(buckets), ends - sizes, ends, outside)
