"""The classifier's weights and how they are applied to a page. Needs numpy; loads once a process."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.data import SegmentedDocument
from auditor.errors import MissingModelError
from auditor.lines._features import View, asked, compiled, features, prose_lines, view
from auditor.lines._grams import line_sums
from auditor.native import LINES
from auditor.normalize import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Weights = NDArray[np.float32]

WEIGHTS = "weights.npz"
CONFIG = "config.json"
# What is taken for said of lines that are plainly running text and were not looked at.
PLAIN = (-4.0, -4.0, -2.0)
# Features are scaled, and cut off so many standard deviations from the mean.
_CUT = 8.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities from which a line counts as interface text, each set on development data (see the model's card).

    ``own``: lines in the page's language in plain text; ``foreign``: lines in another language; ``markup``: pages that
    came with their markup; ``text``: sentences judged by their letters alone. ``main_plain`` and ``main_markup`` are
    for the main text of a whole page, where losing a line costs as much as keeping one too many. ``second_share`` is
    the second judge's share of the log-odds of unsure lines; what both must give together: ``both_own`` for lines in
    the page's language, ``both_probably`` where the language is only probably another one, ``both_foreign`` elsewhere.
    ``both_keep``: what both must give a foreign line together for the first one's word to stand.
    """

    own: float
    foreign: float
    markup: float
    text: float = 1.0
    main_plain: float = 0.84
    main_markup: float = 0.74
    second_share: float = 0.5
    both_own: float = 0.99
    both_probably: float = 0.95
    both_foreign: float = 0.9
    both_keep: float = 0.0


@dataclass(frozen=True)
class LineModel:
    """Weights of the n-grams (interface text, page blocks), of their kinds, and the layers over a page's features."""

    bits: int
    weights: Weights
    bias: tuple[float, float]
    kind_bits: int
    kind_weights: Weights
    kind_bias: Weights
    kinds: tuple[str, ...]
    mean: Floats
    spread: Floats
    layers: tuple[tuple[Weights, Weights], ...]
    thresholds: Thresholds

    def probabilities(self, page: SegmentedDocument) -> list[float]:
        """For each line of a page the probability (0..1) that it is interface text and no content.

        It is 0 for what is plainly running text, on a page of it: of such lines hardly one in 2,000 gets 0.25.
        """
        import numpy as np

        if not page.lines:
            return []
        values = self.features(view(page))
        probabilities = np.zeros(len(values))
        looked_at = np.flatnonzero(values[:, 0] != PLAIN[0])
        if len(looked_at):
            odds = self.layered(values[looked_at])
            probabilities[looked_at] = np.round(1 / (1 + np.exp(-odds)), 4)
        found: list[float] = probabilities.tolist()
        return found

    def by_text(self, texts: Sequence[str]) -> list[float]:
        """The probability that each text is interface text, from its letters alone."""
        import numpy as np

        if not texts:
            return []
        sums, _ = line_sums([fold(text) for text in texts], self.bits, self.weights)
        return [float(value) for value in np.round(1 / (1 + np.exp(-(sums[:, 0] + self.bias[0]))), 4)]

    def features(self, seen: View) -> Floats:
        """The features of a page's lines, n-grams included."""
        import numpy as np

        if LINES is not None:
            return compiled(seen, (self.weights, self.bits, *self.bias, PLAIN))
        prose = prose_lines(seen)
        wanted = asked(seen, prose)
        told = np.tile(np.array(PLAIN), (len(prose), 1))
        if len(wanted):
            sums, peaks = line_sums([seen.folded[at] for at in wanted.tolist()], self.bits, self.weights)
            told[wanted] = np.concatenate([sums + np.array(self.bias), peaks[:, None]], 1)
        return features(seen, prose, told)

    def layered(self, values: Floats) -> Floats:
        """Log-odds of interface text from features, row by row."""
        import numpy as np

        if LINES is not None:
            current = np.empty(values.shape, np.float32)
            LINES.standardise(values, self.mean, self.spread, _CUT, current)
        else:
            current = np.clip((values - self.mean) / self.spread, -_CUT, _CUT).astype(np.float32)
        for number, (weights, bias) in enumerate(self.layers):
            current = current @ weights + bias
            if number + 1 < len(self.layers):
                np.maximum(current, 0, out=current)
        result: Floats = current[:, 0].astype(np.float64)
        return result

    def kinds_of(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """The likeliest kind of each interface line, with its probability among the kinds."""
        import numpy as np

        if not texts:
            return []
        sums, _ = line_sums([fold(text) for text in texts], self.kind_bits, self.kind_weights)
        values = sums + self.kind_bias
        values = np.exp(values - values.max(1, keepdims=True))
        shares = values / values.sum(1, keepdims=True)
        best = shares.argmax(1)
        return [(self.kinds[at], round(float(shares[row, at]), 4)) for row, at in enumerate(best)]


def folder() -> Path:
    """Where the weights are: inside the wheel, or the repository's folder in an editable install."""
    package = Path(__file__).parent.parent
    inside = package / "models" / "lines"
    return inside if inside.is_dir() else package.parent / "models" / "lines"


@cache
def load(path: Path | None = None) -> LineModel:
    """Load the shipped weights, or those in another folder. MissingModelError when they are not there."""
    import numpy as np

    home = path or folder()
    try:
        config = json.loads((home / CONFIG).read_text("utf-8"))
        with np.load(home / WEIGHTS, allow_pickle=False) as stored:
            arrays = {name: stored[name].astype(np.float32) for name in stored.files}
    except (OSError, ValueError, KeyError) as problem:
        message = f"the line classifier's weights cannot be read from {home}: {problem}"
        raise MissingModelError(message) from problem
    count = config["layers"]
    return LineModel(
        bits=config["bits"],
        weights=_with_zero(arrays["weights"]),
        bias=tuple(config["bias"]),
        kind_bits=config["kind_bits"],
        kind_weights=_with_zero(arrays["kind_weights"]),
        kind_bias=arrays["kind_bias"],
        kinds=tuple(config["kinds"]),
        mean=arrays["mean"].astype(np.float64),
        spread=arrays["spread"].astype(np.float64),
        layers=tuple((arrays[f"layer{at}"], arrays[f"bias{at}"]) for at in range(count)),
        thresholds=Thresholds(**config["thresholds"]),
    )


def _with_zero(weights: Weights) -> Weights:
    """Add the row that stands for no n-gram."""
    import numpy as np

    return np.concatenate([weights, np.zeros((1, weights.shape[1]), np.float32)])
