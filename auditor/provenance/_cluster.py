"""Candidates for likeness without comparing all with all, and clusters of documents that are alike."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from auditor.provenance._minhash import bands, resemblance

# Pairs above ALIKE join; between MAYBE and ALIKE they join where the clusters are alike on the whole.
ALIKE, MAYBE, ON_THE_WHOLE = 0.28, 0.22, 0.2
COPY = 0.6
_TIED = 0.12
# A small archive says little of how common a feature is: this many documents are thought to stand beside it,
# of which a share holds any feature.
_BEHIND, _COMMON = 200.0, 0.02
_KEYS = 24
_WINDOW = 12
_LEAST_SHARED = 3
_SAMPLE = 5


class Index:
    """Features and signatures of all documents; gives pairs that may be alike, and how alike two are."""

    def __init__(self, features: Sequence[Mapping[int, float]], minhashes: Sequence[Sequence[int]]) -> None:
        import numpy as np

        counts = Counter(name for one in features for name in one)
        number = len(features)
        rarity = {name: math.log((number + _BEHIND) / (n + _BEHIND * _COMMON)) for name, n in counts.items()}
        self._names: list[Any] = []
        self._weights: list[Any] = []
        self._keys: dict[int, list[int]] = defaultdict(list)
        self._minhashes = minhashes
        for at, one in enumerate(features):
            names = np.array(sorted(one), dtype=np.uint32)
            weights = np.array([one[int(name)] * rarity[int(name)] for name in names], dtype=np.float32)
            length = float(np.sqrt((weights * weights).sum())) or 1.0
            self._names.append(names)
            self._weights.append((weights / length).astype(np.float32))
            for place in np.argsort(-weights, kind="stable")[:_KEYS]:
                if counts[int(names[place])] > 1:
                    self._keys[int(names[place])].append(at)

    def __len__(self) -> int:
        return len(self._names)

    def likeness(self, one: int, other: int) -> float:
        """The cosine of two documents' weighted features, 0 where they share fewer than three."""
        import numpy as np

        _, here, there = np.intersect1d(self._names[one], self._names[other], assume_unique=True, return_indices=True)
        if len(here) < _LEAST_SHARED:
            return 0.0
        return round(float((self._weights[one][here] * self._weights[other][there]).sum()), 4)

    def resemblance(self, one: int, other: int) -> float:
        """The estimated share of word shingles that two documents have in common."""
        return resemblance(self._minhashes[one], self._minhashes[other])

    def pairs(self) -> list[tuple[int, int]]:
        """Pairs that share two of their rarest features or a band; each document meets a bounded number of others."""
        shared: Counter[tuple[int, int]] = Counter()
        for name in sorted(self._keys):
            shared.update(_neighbours(self._keys[name]))
        found = {pair for pair, number in shared.items() if number > 1}
        meetings: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for at, one in enumerate(self._minhashes):
            for band in bands(one):
                meetings[band].append(at)
        for band in sorted(meetings):
            found.update(_neighbours(meetings[band]))
        return sorted(found)


def _neighbours(documents: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Each document with the next ones: a feature of a thousand documents costs thousands of pairs, not a million."""
    for at, one in enumerate(documents):
        yield from ((one, other) for other in islice(documents, at + 1, at + 1 + _WINDOW))


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
            self.alike[one, other] = likeness
        for strength, one, other in sorted(ranked, key=lambda entry: (-entry[0], entry[1], entry[2])):
            self._join(strength, one, other)

    def _join(self, strength: float, one: int, other: int) -> None:
        here, there = self._root(one), self._root(other)
        if here == there:
            return
        if strength <= 1 and (strength < ALIKE or len(self._members[here]) + len(self._members[there]) > _SAMPLE):
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
