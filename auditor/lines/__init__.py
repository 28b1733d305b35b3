"""Which lines of a page are interface text: a small classifier over hashed n-grams and the look of the page.

The first stage needs no model runtime and looks at every line that might be interface text. What it is unsure of can be
put to a second, slower judge (``LineJudge``); ``combined`` weighs both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from auditor.lines._model import LineModel as LineModel
from auditor.lines._model import Thresholds as Thresholds
from auditor.lines._model import load as load
from auditor.lines._second import EncoderJudge as EncoderJudge
from auditor.lines._second import Head as Head
from auditor.lines._second import load_head as load_head

# Log-odds of one judge count no more than this, so that neither can overrule the other alone.
_MOST = 6.0
_EDGE = 1e-6


class LineJudge(Protocol):
    """A second opinion on lines, for instance an encoder with a head for boilerplate."""

    def judge(self, lines: Sequence[str]) -> Sequence[float]:
        """The probability (0..1) that each line is interface text and no content, in order."""


def combined(first: float, second: float, *, weight: float = 0.5) -> float:
    """The probability that two judges give together; ``weight`` (0..1) is the second one's share of the log-odds."""
    odds = (1 - weight) * _log_odds(first) + weight * _log_odds(second)
    return round(1 / (1 + math.exp(-odds)), 4)


def _log_odds(probability: float) -> float:
    value = math.log(max(probability, _EDGE) / max(1 - probability, _EDGE))
    return max(-_MOST, min(_MOST, value))
