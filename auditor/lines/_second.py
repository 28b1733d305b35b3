"""The second judge of lines: a linear head over the mean states of the shipped encoder.

The head belongs to one encoder, known by the digest of its weights: over the states of another its numbers mean
nothing, so there it is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from auditor.errors import MissingModelError
from auditor.lines._model import folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HEAD = "encoder_head.npz"


class Encodes(Protocol):
    """An encoder that gives the vectors its heads read."""

    def means(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """One vector a text (texts x size), in order."""


@dataclass(frozen=True)
class Head:
    """Logistic regression on standardised states; ``encoder`` is the SHA-256 of the weights that it belongs to."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float
    encoder: str

    def probabilities(self, states: NDArray[np.float64]) -> list[float]:
        """The probability (0..1) that each row of states (lines x size) is of interface text."""
        import numpy as np

        # Sums row by row, so that the number of rows cannot change a result.
        values = (((states - self.mean) / self.spread) * self.weights).sum(1) + self.bias
        found: list[float] = np.round(1 / (1 + np.exp(-np.clip(values, -30, 30))), 4).tolist()
        return found


@dataclass(frozen=True)
class EncoderJudge:
    """Head and encoder together."""

    head: Head
    encoder: Encodes

    def judge(self, lines: Sequence[str]) -> list[float]:
        """The probability that each line is interface text and no content, in order."""
        return self.head.probabilities(self.encoder.means(lines)) if lines else []


@cache
def load_head(path: Path | None = None) -> Head | None:
    """The shipped head, or that of another folder; None where there is none. MissingModelError for a broken one."""
    import numpy as np

    place = (path or folder()) / HEAD
    if not place.is_file():
        return None
    try:
        with np.load(place, allow_pickle=False) as stored:
            mean, spread, weights = (stored[name].astype(np.float64) for name in ("mean", "spread", "weights"))
            return Head(mean, spread, weights, float(stored["bias"]), str(stored["encoder"]))
    except (OSError, ValueError, KeyError) as problem:
        message = f"the head for unsure lines cannot be read from {place}: {problem}"
        raise MissingModelError(message) from problem
