"""Sentences with what the models say of them, as the calibration needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.origin import PROBED, Fusion, Sentence
from auditor.stylometry import Stylometer

# What tells translations from originals carries over worse from year to year than what tells machines from people
# (topics and outlets change), so it has no say in the first question although it would help on the held-out rows.
FEATURES = {
    "machine": ("encoder.machine", "ngrams.machine", "probes.machine"),
    "translated": ("encoder.translated", "ngrams.translated", "probes.translated"),
    "generated": ("encoder.generated", "ngrams.generated", "probes.generated"),
}


@dataclass(slots=True)
class Material:
    """Sentences with the models' logits, their lengths in code points, and labels."""

    logits: list[dict[str, float]] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    def __add__(self, other: Material) -> Material:
        return Material(self.logits + other.logits, self.lengths + other.lengths, self.labels + other.labels)

    def part(self, places: Sequence[int]) -> Material:
        """Some of the sentences."""
        logits, lengths = [self.logits[at] for at in places], [self.lengths[at] for at in places]
        return Material(logits, lengths, [self.labels[at] for at in places])

    def sentences(self, rule: dict[str, Any]) -> list[Sentence]:
        """Probabilities and lengths, as the auditor computes them."""
        fusion = Fusion(**rule)
        return [
            (round(fusion.probability(one, length), 4), length)
            for one, length in zip(self.logits, self.lengths, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Models:
    """What gives logits; the probes read English only, and may be absent."""

    encoder: Any
    ngrams: Stylometer
    probe: Any

    def sentences(self, texts: Sequence[str], language: str) -> list[dict[str, float]]:
        """Logits of sentences, by ``<model>.<question>``."""
        out = [{f"encoder.{name}": value for name, value in one.origin.items()} for one in self.encoder.encode(texts)]
        for name, values in self.ngrams.score(texts, language).items():
            for one, value in zip(out, values, strict=True):
                one[f"ngrams.{name}"] = value
        if self.probe is not None and language == "en":
            for one, found in zip(out, self.probe.logits(texts), strict=True):
                one |= {f"probes.{name}": value for name, value in found.items()}
        return out


def names(question: str, logits: dict[str, float], suffix: str) -> list[str]:
    """Features of one question: what there are logits of, without the probes unless ``suffix`` asks for them."""
    usable = [name for name in FEATURES[question] if name in logits]
    return [name for name in usable if suffix or not name.startswith("probes.")]


def suffixes(language: str, models: Models) -> list[str]:
    """One calibration without probes; where there are probes, another one with them."""
    return ["", PROBED] if language == "en" and models.probe is not None else [""]
