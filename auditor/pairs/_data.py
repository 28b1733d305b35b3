"""Records of source and translation, and what a quality model must offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from auditor.data import Data, Finding, Origin, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Where a finding stands: ``Finding.data["side"]``. Its span is a range of that side's text.
SOURCE, TARGET = "source", "target"


@dataclass(frozen=True, slots=True)
class Pair:
    """A source and its translation, with a reference translation if there is one. Languages are BCP 47 tags."""

    id: str
    source: str
    target: str
    reference: str | None = None
    source_language: str | None = None
    target_language: str | None = None
    origin: Origin = field(default_factory=lambda: Origin("-", "pair"))
    metadata: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A range of the translation that a person would likely have corrected, with the mean probability of its words."""

    span: Span
    quote: str
    probability: float


@dataclass(frozen=True, slots=True)
class PairAudit:
    """What is known of one pair.

    ``languages`` are those of source and target, declared or found. ``quality`` is the model's estimate (higher is
    better, comparable within one model only), None without a model; ``doubtful`` the words that it takes for wrong, in
    order. ``scores`` are sentence-level BLEU, chrF and TER
    against the reference, 0 to 100 and above for TER, empty without one.
    """

    pair: Pair
    languages: tuple[str, str]
    findings: tuple[Finding, ...]
    quality: float | None = None
    doubtful: tuple[Doubt, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)


@runtime_checkable
class PairScorer(Protocol):
    """A model that estimates the quality of translations without a reference, and embeds texts."""

    def score_pairs(self, sources: Sequence[str], translations: Sequence[str]) -> list[float]:
        """One value a pair, in order; higher is better."""

    def embed(self, texts: Sequence[str]) -> Sequence[NDArray[np.float32]] | Any:
        """One vector of unit length a text, in order."""


class Judged(Protocol):
    """What a model says of one pair."""

    @property
    def quality(self) -> float:
        """The estimate of ``score_pairs``."""

    @property
    def words(self) -> Sequence[tuple[int, int, float]]:
        """Start and end of each word of the translation, and the probability that it is wrong."""


@runtime_checkable
class WordScorer(Protocol):
    """A model that also judges the words of a translation."""

    def judge_pairs(self, sources: Sequence[str], translations: Sequence[str]) -> Sequence[Judged]:
        """One judgement a pair, in order."""
