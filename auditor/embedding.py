"""The shipped encoder as a judge of meaning, for rules that compare documents: loaded only when a rule asks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import weights
from auditor.config import Settings
from auditor.registry import Embed

if TYPE_CHECKING:
    from auditor.transformer import Encoder


def embedder(settings: Settings) -> Embed | None:
    """What turns texts into vectors in a run that an encoder scores; None in a run without one.

    Nothing is imported or loaded before the first text. Whatever the engine and the device of the run, the encoder
    stands on the processor here and computes in one dtype, because a finding hangs on the result.
    """
    folder = _folder(settings) if settings.score != "none" else None
    return _Embedder(folder) if folder else None


def _folder(settings: Settings) -> Path | None:
    """The encoder that scores the run: the model named in the settings if it has our heads, else the shipped one."""
    whole = settings.model or weights.find(weights.NGRAMS)
    found = weights.find(settings.model or weights.ENCODER) if whole else None
    return found if found and (found / weights.HEADS).is_file() else None


class _Embedder:
    """An encoder that is loaded at the first call. Each is for one thread at a time, as its tokenizer is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._encoder: Encoder | None = None

    def __call__(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One vector of unit length a text."""
        if self._encoder is None:
            from auditor.transformer import Encoder, Placement, share_processors

            share_processors()
            self._encoder = Encoder(self._folder, Placement("cpu", "float32"))
        vectors: list[list[float]] = self._encoder.embed(texts).tolist()
        return vectors
