"""What the lines of a page look like beside each other: one row of numbers a line, computed for the page at once."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from auditor.data import SegmentedDocument
from auditor.language import primary, script_of
from auditor.lines._grams import LONGEST
from auditor.native import LINES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

_REGIONS = ("navigation", "header", "footer", "aside", "dialog", "form")
_KINDS = ("main", "heading", "paragraph", "list_item", "table", "caption")
_ENDS = frozenset(".!?。！？…।॥؟:：;\"'”»)」』")
_SENTENCE_ENDS = frozenset('.!?。！？…।॥؟"”»」』')
_DENSE = frozenset({"Hani", "Kana", "Hang"})
_PROSE, _PROSE_DENSE = 60, 25
# What the n-grams say comes first; then 11 columns of the line itself, roles, 3 flags, 8 places, neighbours, densities.
_TOLD = 3
COLUMNS = _TOLD + 11 + len(_REGIONS) + len(_KINDS) + 3 + 8 + 36 + 3
# The column of the features that says whether a line is in another language than its page.
FOREIGN = 14 + len(_REGIONS) + len(_KINDS)
# How far to both sides a line is compared with its neighbours.
_REACHES = (1, 3, 8)
_FAR = 40
# How far the running text around a line is compared with the densest place of the page.
_DENSITIES = (4, 12)
# With less than this share of other lines a page is running text, of which only the ends are looked at closely.
_MIXED = 0.2
_FIRST, _LAST = 2, 3
_UPPER, _DIGIT, _PUNCTUATION, _QUOTE, _LETTER, _BLANK = range(1, 7)
_CLASSES = 7
_QUOTES = '"“”„‟«»「」『』‘’'


@dataclass(frozen=True, slots=True)
class View:
    """A page's lines as the features see them."""

    texts: tuple[str, ...]
    folded: tuple[str, ...]
    roles: tuple[str, ...]
    links: tuple[float, ...]
    foreign: tuple[bool, ...]
    other_script: tuple[bool, ...]
    borrowed: tuple[bool, ...]
    dense: bool


def view(page: SegmentedDocument) -> View:
    """Take what the features need from a page."""
    main = primary(page.language.tag)
    script = script_of(main)
    lines, text, folded = page.lines, page.text, page.folded
    tags = [primary(line.language.tag) for line in lines]
    borrowed = [line.borrowed for line in lines]
    foreign = [tag != main and not own for tag, own in zip(tags, borrowed, strict=True)]
    starts = [line.span.start for line in lines]
    spans = [(one, min(line.span.end, one + LONGEST)) for one, line in zip(starts, lines, strict=True)]
    return View(
        texts=tuple([text[start:end] for start, end in spans]),
        folded=tuple([folded[start:end] for start, end in spans]),
        roles=tuple([line.role for line in lines]),
        links=tuple([line.link_density for line in lines]),
        foreign=tuple(foreign),
        other_script=tuple([one and script_of(tag) != script for one, tag in zip(foreign, tags, strict=True)]),
        borrowed=tuple(borrowed),
        dense=script in _DENSE,
    )


@cache
def _classes() -> NDArray[np.uint8]:
    """The class of every character of the basic plane; those beyond it count as letters."""
    import numpy as np

    by_category = {"Lu": _UPPER, "Nd": _DIGIT, "Zs": _BLANK}
    table = np.zeros(0x10000, np.uint8)
    for code in range(0x10000):
        category = unicodedata.category(chr(code))
        plain = _LETTER if category[0] in "LM" else _PUNCTUATION if category[0] in "PS" else 0
        table[code] = by_category.get(category, plain)
    for char in _QUOTES:
        table[ord(char)] = _QUOTE
    return table


@cache
def _logs() -> tuple[Floats, Floats]:
    """The logarithms of 0 (as 1) to LONGEST + 1, and of one more than 0 to _FAR."""
    import numpy as np

    return np.log(np.maximum(np.arange(LONGEST + 2), 1).astype(float)), np.log1p(np.arange(_FAR + 1))


def looks(lines: Sequence[str]) -> Floats:
    """Of each line: log length, log words, shares of capitals, digits, punctuation, whether it has quotation marks."""
    import numpy as np

    sizes = np.fromiter(map(len, lines), np.int64, len(lines))
    codes = np.frombuffer("".join(lines).encode("utf-32-le", "replace"), np.uint32)
    kinds = _classes()[np.minimum(codes, 0xFFFF)]
    cells = np.repeat(np.arange(len(lines)) * _CLASSES, sizes) + kinds
    counts = np.bincount(cells, minlength=len(lines) * _CLASSES).reshape(-1, _CLASSES)
    blanks, upper, digits, punctuation, quotes = counts.T[[_BLANK, _UPPER, _DIGIT, _PUNCTUATION, _QUOTE]]
    length = np.maximum(sizes, 1)
    words = blanks + 1
    logs = _logs()[0]
    shares: Floats = np.stack(
        [logs[length], logs[words], upper / words, digits / length, punctuation / length, np.minimum(quotes, 2)], 1
    )
    return shares


def features(seen: View, prose: Floats, told: Floats) -> Floats:
    """All features of a page's lines. ``told``: for each line what its n-grams say (interface, block, peak)."""
    import numpy as np

    links = np.array(seen.links, float)
    flags = _flags(seen, markup=bool(any(seen.roles) or links.any()))
    look = looks(seen.texts)
    foreign = flags[:, -3]
    around = np.stack([told[:, 0], told[:, 1], look[:, 0] / 5, prose, links, foreign], 1)
    weight = prose * np.array([len(text) for text in seen.texts]) * (1 - links)
    own = [*told.T, flags[:, 0], prose, links, *flags[:, 1:3].T, *look.T, *flags[:, 3:].T]
    return np.stack([*own, *_places(prose), *_neighbours(around), *_density(weight)], 1)


def compiled(seen: View, model: tuple[object, ...]) -> Floats:
    """The same features in one pass of the compiled loops; ``model`` as these want it."""
    import numpy as np

    names = (*_REGIONS, *_KINDS)
    out = np.zeros((len(seen.texts), COLUMNS))
    links = np.array(seen.links, float)
    roles = tuple(names.index(one) + 1 if one in names else 0 for one in seen.roles) if any(seen.roles) else ()
    copies = None if len(set(seen.folded)) == len(seen.folded) else _copies(seen.folded).tolist()
    need = _PROSE_DENSE if seen.dense else _PROSE
    limits = (need, _MIXED, _FIRST, _LAST, len(names), _REACHES, _DENSITIES)
    flags = (seen.foreign, seen.other_script, seen.borrowed, copies)
    LINES.page_values(out, seen.texts, seen.folded, links, flags, roles, _tables(), model, limits)  # type: ignore[union-attr]
    return out


@cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint8], Floats, Floats]:
    """What the compiled loops look up: classes of characters, which end a line or a sentence, and logarithms."""
    import numpy as np

    ends = np.zeros(0x10000, np.uint8)
    for char in _ENDS:
        ends[ord(char)] |= 1
    for char in _SENTENCE_ENDS:
        ends[ord(char)] |= 2
    return _classes(), ends, *_logs()


def _flags(seen: View, *, markup: bool) -> Floats:
    """Of each line: whether it ends as one, its copies, markup, roles, and whether it is foreign, apart, borrowed."""
    import numpy as np

    names = (*_REGIONS, *_KINDS)
    flags = np.zeros((len(seen.texts), 3 + len(names) + 3))
    flags[:, 0] = [text[-1:] in _ENDS for text in seen.texts]
    flags[:, 1] = _copies(seen.folded)
    flags[:, 2] = markup
    if any(seen.roles):
        flags[:, 3:-3] = [[role == name for name in names] for role in seen.roles]
    if any(seen.foreign) or any(seen.borrowed):
        flags[:, -3:] = np.array([seen.foreign, seen.other_script, seen.borrowed], float).T
    return flags


def asked(seen: View, prose: Floats) -> Ints:
    """The lines whose n-grams are worth looking at: on a page of running text only what is none, and both ends."""
    import numpy as np

    sizes = np.array([len(text) for text in seen.texts], float)
    wanted = prose == 0
    if sizes[wanted].sum() > _MIXED * sizes.sum():
        return np.arange(len(prose))
    wanted[:_FIRST] = True
    wanted[-_LAST:] = True
    return np.flatnonzero(wanted)


def prose_lines(seen: View) -> Floats:
    """Which lines are running text by their look: long, in the page's language, ended like a sentence."""
    import numpy as np

    need = _PROSE_DENSE if seen.dense else _PROSE
    return np.array(
        [
            len(text) >= need and not foreign and link < 0.5 and (text[-1] in _SENTENCE_ENDS or len(text) >= LONGEST)
            for text, foreign, link in zip(seen.texts, seen.foreign, seen.links, strict=True)
        ],
        float,
    )


def _copies(folded: Sequence[str]) -> Floats:
    """How often a line stands on the page, as a logarithm."""
    import numpy as np

    if len(set(folded)) == len(folded):
        return np.zeros(len(folded))
    counts: dict[str, int] = {}
    for line in folded:
        counts[line] = counts.get(line, 0) + 1
    copies: Floats = np.log(np.array([counts[line] for line in folded], float))
    return copies


def _places(prose: Floats) -> list[Floats]:
    """Where each line stands: before, after or between the running text, how far from it, and the page's size."""
    import numpy as np

    count = len(prose)
    at = np.arange(count)
    found = np.flatnonzero(prose)
    above, below = np.full(count, _FAR), np.full(count, _FAR)
    if len(found):
        right = np.searchsorted(found, at, "right")
        has_above, has_below = right > 0, np.searchsorted(found, at, "left") < len(found)
        above[has_above] = (at - found[np.maximum(right - 1, 0)])[has_above]
        left = np.minimum(np.searchsorted(found, at, "left"), len(found) - 1)
        below[has_below] = (found[left] - at)[has_below]
    logs = _logs()[1]
    near = [logs[np.minimum(above, _FAR)], logs[np.minimum(below, _FAR)]]
    edges = [logs[np.minimum(at, _FAR)], logs[np.minimum(count - 1 - at, _FAR)]]
    outside = [(above >= _FAR).astype(float), (below >= _FAR).astype(float)]
    return [*near, *edges, *outside, np.full(count, prose.sum() / count), np.full(count, math.log1p(count))]


def _neighbours(values: Floats) -> list[Floats]:
    """Means over the lines before and after, for a few reaches; nothing beyond the page's ends."""
    import numpy as np

    count = len(values)
    running = np.zeros((count + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=running[1:])
    out: list[Floats] = []
    for low, high, before, after in _windows(count):
        out += [*((running[:count] - running[low]) / before).T, *((running[high] - running[1:]) / after).T]
    return out


@lru_cache(maxsize=64)
def _windows(count: int) -> list[tuple[Ints, Ints, Floats, Floats]]:
    """For each reach where the lines before and after begin and end, and how many they are (one at least)."""
    import numpy as np

    at = np.arange(count)
    found = []
    for reach in _REACHES:
        low, high = np.maximum(at - reach, 0), np.minimum(at + 1 + reach, count)
        found.append((low, high, np.maximum(at - low, 1)[:, None], np.maximum(high - at - 1, 1)[:, None]))
    return found


def _density(weight: Floats) -> list[Floats]:
    """How much running text stands around each line, as a share of what stands around the fullest one."""
    import numpy as np

    count = len(weight)
    running = np.concatenate([[0.0], np.cumsum(weight)])
    at = np.arange(count)
    out = []
    for reach in _DENSITIES:
        around = running[np.minimum(at + reach + 1, count)] - running[np.maximum(at - reach, 0)]
        out.append(around / max(float(around.max()), 1.0))
    return [*out, np.full(count, math.log1p(running[-1]))]
