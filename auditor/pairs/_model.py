"""Where the quality model comes from."""

from __future__ import annotations

from auditor.config import Settings
from auditor.pairs._data import PairScorer
from auditor.scorers import Models


def quality_model(settings: Settings) -> PairScorer | None:
    """The installed model that estimates quality, None where there is none: a model that offers ``score_pairs``."""
    if settings.score == "none":
        return None
    origin = Models(settings).origin()
    return origin.encoder if origin is not None else None
