"""Run transformer models: the shipped encoder, causal language models, sequence classifiers.

The only package that imports torch and transformers. Results do not depend on what else is in a batch. The encoder
packs texts without padding; other models pad a text to a multiple of 16 of its own length, and batches of one length
have one shape. Sums run row by row in float64, and values are rounded to four decimals. On CUDA the same holds within
that rounding for one device type.
"""

from __future__ import annotations

from auditor.transformer._classifier import ClassifierScorer
from auditor.transformer._encoder import Encoded, Encoder, JudgedPair
from auditor.transformer._language_model import SurprisalScorer, convert_gguf
from auditor.transformer._placement import Placement, place, share_processors
from auditor.transformer._probe import Probe

__all__ = [
    "ClassifierScorer",
    "Encoded",
    "Encoder",
    "JudgedPair",
    "Placement",
    "Probe",
    "SurprisalScorer",
    "convert_gguf",
    "place",
    "share_processors",
]
