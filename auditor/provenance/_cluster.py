"""Candidates for likeness without comparing all with all, and clusters of documents that are alike."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.provenance._minhash import bands, resemblance

# Pairs above ALIKE join; between MAYBE and ALIKE a document joins others only where it is alike to them on the whole.
# Set on development documents (benchmarks/stories.py) so that two texts on one topic alone do not meet.
ALIKE, MAYBE, ON_THE_WHOLE = 0.29, 0.22, 0.2
COPY = 0.6
_TIED = 0.12
# A small archive says little of how common a feature is: this many documents are thought to stand beside it,
# of which a share holds any feature.
_BEHIND, _COMMON = 200.0, 0.02
_KEYS = 24
_WINDOW = 10
_MASK = (1 << 22) - 1
_LEAST_SHARED = 3
_SAMPLE = 5
_PAIR = 2


class Index:
    """Features and signatures of all documents; gives pairs that may be alike, and how alike two are.

    All is held in flat arrays: about one kilobyte a document, and half as much again while pairs are looked for.
    """

    def __init__(self, features: Sequence[tuple[array[int], array[float]]], minhashes: Sequence[array[int]]) -> None:
        import numpy as np

        lengths = [len(names) for names, _ in features]
        self._ends = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
        self._names = np.fromiter((name for names, _ in features for name in names), np.uint32, int(self._ends[-1]))
        weights = np.fromiter((one for _, own in features for one in own), np.float32, int(self._ends[-1]))
        # Counted by the lower bits of the hash: two features in one count only make both look more common.
        self._counts = np.bincount(self._names & _MASK, minlength=1)
        # Not of all counts, of which a small archive has far more than features.
        common = self._counts[self._names & _MASK] + _BEHIND * _COMMON
        self._raw = weights * np.log((len(features) + _BEHIND) / common).astype(np.float32)
        rows = np.repeat(np.arange(len(features)), lengths)
        squares = np.bincount(rows, self._raw**2, minlength=len(features))
        norms = np.sqrt(np.where(squares > 0, squares, 1))
        self._weights = (self._raw / norms[rows]).astype(np.float32)
        self._minhashes = minhashes

    def __len__(self) -> int:
        return len(self._minhashes)

    def likeness(self, one: int, other: int) -> float:
        """The cosine of two documents' weighted features, 0 where they share fewer than three."""
        import numpy as np

        mine, theirs = self._slice(one), self._slice(other)
        _, here, there = np.intersect1d(self._names[mine], self._names[theirs], True, True)
        if len(here) < _LEAST_SHARED:
            return 0.0
        return round(float((self._weights[mine][here] * self._weights[theirs][there]).sum()), 4)

    def _slice(self, at: int) -> slice:
        return slice(int(self._ends[at]), int(self._ends[at + 1]))

    def resemblance(self, one: int, other: int) -> float:
        """The estimated share of word shingles that two documents have in common."""
        return resemblance(self._minhashes[one], self._minhashes[other])

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Pairs that share two of their rarest features or a band; each document meets a bounded number of others."""
        import numpy as np

        keys, owners = self._keys()
        met, times = np.unique(_meetings(keys, owners, len(self)), return_counts=True)
        banded = [(hash_of(band), at) for at, one in enumerate(self._minhashes) for band in bands(one)]
        keys = np.fromiter((key for key, _ in banded), np.uint64, len(banded))
        owners = np.fromiter((at for _, at in banded), np.int64, len(banded))
        for code in np.union1d(met[times > 1], _meetings(keys, owners, len(self))):
            yield int(code) // len(self), int(code) % len(self)

    def _keys(self) -> tuple[Any, Any]:
        """The rarest features of each document that any other has, with their documents."""
        import numpy as np

        kept: list[Any] = []
        owners: list[Any] = []
        for at in range(len(self)):
            own = self._slice(at)
            best = np.argsort(-self._raw[own], kind="stable")[:_KEYS]
            names = self._names[own][best]
            names = names[self._counts[names & _MASK] > 1]
            kept.append(names)
            owners.append(np.full(len(names), at, np.int64))
        if not kept:
            return np.empty(0, np.uint64), np.empty(0, np.int64)
        return np.concatenate(kept).astype(np.uint64), np.concatenate(owners)


def _meetings(keys: Any, owners: Any, number: int) -> Any:
    """Codes of the pairs of owners that stand near each other under one key, one for each meeting.

    Each owner meets the next ones only: a feature of a thousand documents costs thousands of pairs, not a million.
    """
    import numpy as np

    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    found = [np.empty(0, np.int64)]
    for step in range(1, min(_WINDOW, len(keys) - 1) + 1):
        same = (keys[step:] == keys[:-step]) & (owners[step:] != owners[:-step])
        found.append(owners[:-step][same] * number + owners[step:][same])
    return np.concatenate(found)


def hash_of(band: Sequence[int]) -> int:
    """A hash of a band that is the same in every process."""
    return zlib.crc32(repr(tuple(band)).encode()) | (band[0] << 32)


class Clusters:
    """Documents joined from the most alike pair down. ``bonds`` are pairs tied by other things than likeness."""

    def __init__(self, index: Index, bonds: Mapping[tuple[int, int], bool]) -> None:
        self.index = index
        self._parent = list(range(len(index)))
        self._members = {at: [at] for at in range(len(index))}
        self.alike: dict[tuple[int, int], float] = {}
        ranked: list[tuple[float, int, int]] = []
        for one, other in sorted({*index.pairs(), *bonds}):
            likeness = index.likeness(one, other)
            if index.resemblance(one, other) >= COPY:
                likeness = max(likeness, 1.0)
            if bonds.get((one, other)):
                ranked.append((2.0, one, other))
            elif likeness >= (_TIED if (one, other) in bonds else MAYBE):
                ranked.append((likeness + (ALIKE if (one, other) in bonds else 0.0), one, other))
            if likeness >= _TIED or (one, other) in bonds:
                self.alike[one, other] = likeness
        for strength, one, other in sorted(ranked, key=lambda entry: (-entry[0], entry[1], entry[2])):
            self._join(strength, one, other)

    def _join(self, strength: float, one: int, other: int) -> None:
        here, there = self._root(one), self._root(other)
        if here == there:
            return
        size = len(self._members[here]) + len(self._members[there])
        if strength < ALIKE and size == _PAIR:
            return
        if strength <= 1 and (strength < ALIKE or size > _SAMPLE):
            values = [
                self.index.likeness(a, b) for a in self._members[here][:_SAMPLE] for b in self._members[there][:_SAMPLE]
            ]
            if sum(values) / len(values) < (ON_THE_WHOLE if strength >= ALIKE else MAYBE):
                return
        low, high = sorted((here, there))
        self._parent[high] = low
        self._members[low] += self._members.pop(high)

    def _root(self, at: int) -> int:
        while self._parent[at] != at:
            self._parent[at] = self._parent[self._parent[at]]
            at = self._parent[at]
        return at

    def members(self) -> list[list[int]]:
        """The clusters of two or more, each and all in document order."""
        return sorted(sorted(own) for own in self._members.values() if len(own) > 1)
