"""Hashed n-grams of texts, computed with whole-array arithmetic: the sparse, cheap half of the origin model.

Three views of a text share one hash space: character n-grams, word n-grams, and word n-grams of the text with its
content words replaced by their shape, which is how a model learns style and not topics. Quotation marks, dashes,
ellipses and blanks are normalised first, because their form tells the publisher apart and not the translator.
Numbers are the same on every machine: 64-bit wrapping integers, no Python ``hash``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Words = NDArray[np.uint64]

BITS = 21
CHARACTERS = (2, 5)
WORDS = 2
SHAPES = 4
# Texts are hashed in groups of about this many characters, which bounds the memory of the intermediate arrays.
_GROUP = 400_000
_LONGEST_WORD = 64
_PRIME = 0x9E3779B97F4A7C15
_END = "\n"

PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″＂〝〞", '"'),
        **dict.fromkeys("‘’‚‛′`´＇", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": ".",
        "\x00": " ",
        # Half a surrogate pair is no text to a tokenizer.
        **dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd"),
    }
)
_SPACE, _PUNCTUATION, _WORD, _IDEOGRAPH = range(4)


def normalise(text: str) -> str:
    """One line with plain quotation marks, dashes, ellipses and single blanks."""
    return " ".join(text.translate(PLAIN).replace("...", ".").split())


@dataclass(frozen=True, slots=True)
class Rows:
    """Sorted distinct n-gram numbers of each text: ``columns[starts[i]:starts[i + 1]]`` are those of text ``i``."""

    columns: Any
    starts: Any


def rows(texts: Sequence[str], kept: Words) -> Rows:
    """Hash texts. ``kept`` holds the sorted hashes (``word_hashes``) of the words that the shape view leaves as is."""
    import numpy as np

    columns, counts = [], []
    for group in _groups([normalise(text) for text in texts]):
        row, number = _hash(group, kept)
        columns.append(number)
        counts.append(np.bincount(row, minlength=len(group)))
    if not columns:
        return Rows(np.zeros(0, np.int32), np.zeros(1, np.int64))
    return Rows(np.concatenate(columns), np.concatenate([[0], np.cumsum(np.concatenate(counts))]))


def word_hashes(words: Sequence[str]) -> Words:
    """Sorted hashes of lower-case words, for ``rows``."""
    import numpy as np

    tokens = [_Tokens.of(_codes([normalise(word)])) for word in words]
    return np.unique(np.concatenate([one.lowered for one in tokens])) if tokens else np.zeros(0, np.uint64)


def _groups(texts: Sequence[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    size = 0
    for text in texts:
        if size + len(text) > _GROUP and groups[-1]:
            groups.append([])
            size = 0
        groups[-1].append(text)
        size += len(text) + 1
    return [group for group in groups if group]


def _codes(texts: Sequence[str]) -> NDArray[np.uint32]:
    import numpy as np

    joined = _END.join(texts) + _END
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)


def _hash(texts: Sequence[str], kept: Words) -> tuple[Any, Any]:
    """Row and column numbers of every distinct n-gram, sorted by row and column."""
    import numpy as np

    codes = _codes(texts)
    ends = codes == ord(_END)
    line = np.cumsum(ends) - ends
    keys = [_pack(line[where], value) for where, value in _characters(codes, line)]
    tokens = _Tokens.of(codes)
    owner = line[tokens.starts]
    for seed, view, longest in ((11, tokens.cased, WORDS), (13, tokens.shapes(kept), SHAPES)):
        keys += [_pack(owner[where], value) for where, value in _sequences(view, owner, longest, seed)]
    packed = np.sort(np.concatenate([np.zeros(0, np.uint64), *keys]))
    # numpy's own unique() hashes since 2.3, which takes twenty times as long here as sorting.
    packed = packed[np.concatenate([[True], packed[1:] != packed[:-1]])] if len(packed) else packed
    return (packed >> np.uint64(32)).astype(np.int64), (packed & np.uint64(0xFFFFFFFF)).astype(np.int32)


def _pack(row: Any, value: Words) -> Words:
    import numpy as np

    column = _mixed(value) >> np.uint64(64 - BITS)
    packed: Words = (row.astype(np.uint64) << np.uint64(32)) | column
    return packed


def _mixed(value: Words) -> Words:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): spreads the bits of a polynomial hash."""
    import numpy as np

    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def _characters(codes: NDArray[np.uint32], line: Any) -> list[tuple[Any, Words]]:
    """Start positions and hashes of the character n-grams that do not cross from one text into the next."""
    import numpy as np

    single = _mixed(codes.astype(np.uint64) + np.uint64(7))
    value, found = single, []
    for size in range(2, CHARACTERS[1] + 1):
        value = value[:-1] * np.uint64(_PRIME) + single[size - 1 :]
        if not len(value):
            break
        whole = np.flatnonzero(line[: len(value)] == line[size - 1 :])
        # The sign that ends a text counts as its last character, so that endings are seen.
        if size >= CHARACTERS[0]:
            found.append((whole, value[whole] + np.uint64(size)))
    return found


def _sequences(tokens: Words, owner: Any, longest: int, seed: int) -> list[tuple[Any, Words]]:
    import numpy as np

    value, found = tokens, []
    for size in range(1, longest + 1):
        if size > 1:
            value = value[:-1] * np.uint64(_PRIME) + tokens[size - 1 :]
        if not len(value):
            break
        whole = np.flatnonzero(owner[: len(value)] == owner[size - 1 :])
        found.append((whole, value[whole] + np.uint64(seed * 1000 + size)))
    return found


@dataclass(frozen=True, slots=True)
class _Tokens:
    """Words, ideographs and signs: first position, hash as written, hash in lower case, and what a shape needs."""

    starts: Any
    cased: Words
    lowered: Words
    endings: Words
    kinds: Any

    @classmethod
    def of(cls, codes: NDArray[np.uint32]) -> _Tokens:
        import numpy as np

        classes, lower = _tables()
        kind = classes[np.minimum(codes, len(classes) - 1)]
        before = np.concatenate([[_SPACE], kind[:-1]])
        begins = (kind != _SPACE) & ((kind != _WORD) | (before != _WORD))
        starts = np.flatnonzero(begins)
        follows = np.concatenate([kind[1:], [_SPACE]])
        ends = np.flatnonzero((kind != _SPACE) & ((kind != _WORD) | (follows != _WORD)))
        small = lower[np.minimum(codes, len(lower) - 1)]
        small = np.where(codes < len(lower), small, codes)
        shape = _shape(codes, small, kind, starts, ends)
        return cls(starts, _reduce(codes, starts, ends), _reduce(small, starts, ends), *shape)

    def shapes(self, kept: Words) -> Words:
        """Common words and signs as they are, the rest as the hash of shape and ending."""
        import numpy as np

        if not len(kept) or not len(self.lowered):
            return self.endings
        at = np.minimum(np.searchsorted(kept, self.lowered), len(kept) - 1)
        common = (kept[at] == self.lowered) | (self.kinds == _PUNCTUATION)
        return np.where(common, self.lowered, self.endings)


def _shape(codes: Any, small: Any, kind: Any, starts: Any, ends: Any) -> tuple[Words, Any]:
    """Hash of what stays of a content word: digits, capitals, or its last three letters in lower case."""
    import numpy as np

    first = codes[starts]
    digit = (first >= ord("0")) & (first <= ord("9"))
    capital = (first != small[starts]) & ~digit
    tail = np.full(len(starts), 3, np.uint64)
    for back in range(3):
        inside = ends - back >= starts
        letter = np.where(inside, small[np.maximum(ends - back, 0)], 0)
        tail = tail * np.uint64(_PRIME) + letter.astype(np.uint64)
    tail = np.where(kind[starts] == _IDEOGRAPH, np.uint64(5), tail)
    return np.where(digit, np.uint64(1), np.where(capital, np.uint64(2), tail)), kind[starts]


def _reduce(codes: Any, starts: Any, ends: Any) -> Words:
    """Polynomial hash of every token; of very long ones only the first letters count."""
    import numpy as np

    if not len(starts):
        return np.zeros(0, np.uint64)
    powers = np.cumprod(np.full(_LONGEST_WORD, _PRIME, np.uint64))
    positions = np.arange(len(codes)) - np.repeat(
        np.concatenate([[0], starts]), np.diff(np.concatenate([[0], starts, [len(codes)]]))
    )
    weighed = (codes.astype(np.uint64) + np.uint64(1)) * powers[np.minimum(positions, _LONGEST_WORD - 1)]
    inside = np.zeros(len(codes) + 1, np.int64)
    inside[starts] += 1
    np.subtract.at(inside, ends + 1, 1)
    used = (np.cumsum(inside[:-1]) > 0) & (positions < _LONGEST_WORD)
    return _mixed(np.add.reduceat(np.where(used, weighed, np.uint64(0)), starts))


@lru_cache(maxsize=1)
def _tables() -> tuple[Any, Any]:
    """Class of every code point of the first three planes, and lower case of the first plane."""
    import numpy as np

    classes = np.full(0x30001, _PUNCTUATION, np.uint8)
    for low, high in ((0x00, 0x3400), (0xA000, 0xD7B0), (0xF900, 0x1F000)):
        part = [_class(chr(code)) for code in range(low, high)]
        classes[low:high] = part
    for low, high in ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x30000), (0xF900, 0xFB00), (0x3040, 0x3100)):
        classes[low:high] = _IDEOGRAPH
    lower = np.arange(0x10000, dtype=np.uint32)
    for code in range(0x10000):
        small = chr(code).lower()
        if len(small) == 1:
            lower[code] = ord(small)
    return classes, lower


def _class(char: str) -> int:
    if char.isspace():
        return _SPACE
    return _WORD if char.isalnum() or char in "'_" or 0x300 <= ord(char) < 0x370 else _PUNCTUATION
