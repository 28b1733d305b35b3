"""Words of a translation that are likely wrong: the units that a pair's tokens make up, and the head that judges them.

A unit is a word, a sign, or in scripts without blanks a token. The head sees the mean states of a unit's tokens in the
last and the middle layer and the mean of the whole pair, and was fitted to words that people corrected (``word_tags``
of mlqe-pe, Fomicheva et al. 2022).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.ngrams import PLAIN

if TYPE_CHECKING:
    import torch

_WORD = re.compile(r"\S+")
# Letters of scripts without blanks between words.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_PARTS = ("words.norm.weight", "words.norm.bias", "words.weight", "words.bias", "words.out.weight", "words.out.bias")


@dataclass(frozen=True, slots=True)
class Unit:
    """A range of the text as given, and the numbers of the tokens that it is made of."""

    start: int
    end: int
    tokens: tuple[int, ...]


def places(text: str) -> list[tuple[int, int]]:
    """Start and end in the text as given of each character of the normalised text (see ``ngrams.normalise``)."""
    plain = text.translate(PLAIN)
    found: list[tuple[int, int]] = []
    for word in _WORD.finditer(plain):
        if found:
            found.append((found[-1][1], word.start()))
        at = word.start()
        while at < word.end():
            end = at + (3 if plain.startswith("...", at, word.end()) else 1)
            found.append((at, end))
            at = end
    return found


def units(text: str, offsets: Sequence[tuple[int, int]]) -> list[Unit]:
    """The units of a text from the offsets of its tokens in the normalised text."""
    back = places(text)
    found: list[Unit] = []
    for number, (low, high) in enumerate(offsets):
        inside = [at for at in range(low, high) if not text[back[at][0]].isspace()]
        if not inside:
            continue
        start, end = back[inside[0]][0], back[high - 1][1]
        last = found[-1] if found else None
        if last and last.end == start and _is_one(text, start):
            found[-1] = Unit(last.start, end, (*last.tokens, number))
        else:
            found.append(Unit(start, end, (number,)))
    return found


def _is_one(text: str, at: int) -> bool:
    """Whether the characters on both sides of a place belong to one unit."""
    before, after = text[at - 1], text[at]
    return before.isalnum() == after.isalnum() and not (_UNSPACED.match(before) or _UNSPACED.match(after))


def features(last: torch.Tensor, middle: torch.Tensor, edge: int, found: Sequence[Unit]) -> torch.Tensor:
    """What the head sees of each unit (units x three times the size) of one pair, whose target begins at ``edge``."""
    import torch

    states = torch.cat([last, middle], dim=1).double().cpu()
    whole = states[:, : last.shape[1]].mean(0)
    rows = [torch.cat([states[[edge + token for token in one.tokens]].mean(0), whole]) for one in found]
    return torch.stack(rows)


def is_complete(heads: Mapping[str, Any]) -> bool:
    """Whether the heads of a model folder can judge words."""
    return all(name in heads for name in _PARTS)


def probabilities(heads: Mapping[str, Any], seen: torch.Tensor) -> list[float]:
    """The probability that a person would have corrected each unit."""
    import torch

    norm = [heads[name] for name in _PARTS[:2]]
    wide = torch.nn.functional.layer_norm(seen, seen.shape[1:], *norm)
    wide = torch.nn.functional.gelu(torch.nn.functional.linear(wide, heads["words.weight"], heads["words.bias"]))
    given = torch.nn.functional.linear(wide, heads["words.out.weight"], heads["words.out.bias"])
    return [round(float(one), 4) for one in torch.sigmoid(given[:, 0])]
