"""MinHash signatures of sets of hashes, vectorised with numpy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

SIZE = 32
BANDS = 8
_PRIME = (1 << 31) - 1
_SEED = 20_240_601
_CHUNK = 4_096


@cache
def _permutations() -> tuple[Any, Any]:
    import numpy as np

    dice = np.random.default_rng(_SEED)
    return dice.integers(1, _PRIME, SIZE, dtype=np.uint64), dice.integers(0, _PRIME, SIZE, dtype=np.uint64)


def signature(hashes: Iterable[int]) -> tuple[int, ...]:
    """The least value of each of 32 permutations over the set; empty for an empty set."""
    import numpy as np

    values = np.fromiter(hashes, dtype=np.uint64)
    if not len(values):
        return ()
    values %= _PRIME
    factor, shift = _permutations()
    least = np.full(SIZE, _PRIME, dtype=np.uint64)
    for at in range(0, len(values), _CHUNK):
        part = values[at : at + _CHUNK, None]
        # Both factors are below 2**31, so the product fits.
        least = np.minimum(least, ((part * factor + shift) % _PRIME).min(axis=0))
    return tuple(int(one) for one in least)


def resemblance(one: Sequence[int], other: Sequence[int]) -> float:
    """The estimated share of equal elements (Jaccard), 0 where a signature is empty."""
    if not one or not other:
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / SIZE


def bands(one: Sequence[int]) -> Iterable[tuple[int, ...]]:
    """The signature in 8 bands of 4: two documents that share half of their shingles meet in a band 4 times in 10."""
    rows = SIZE // BANDS
    return ((band, *one[band * rows : (band + 1) * rows]) for band in range(BANDS)) if one else ()
