"""From sentence scores to what a document is: calibrated fusion, pooling, and labels at a stated error rate.

Three questions: was the text machine-translated (``machine``), was it translated at all (``translated``), was it
written by a language model (``generated``). A sentence's probability joins the encoder's logits with the n-gram
model's, and in English those of the probes, by a logistic regression for its language, and stands farther from even
odds the longer the sentence is. A document's joins the mean of its sentences' logits, in which longer ones weigh more;
because sentences of one text err together, ``n`` of them count as ``n / (1 + r (n - 1))`` independent ones (Kish 1965).
Every step is strictly increasing in the models' logits, so that calibration never changes a ranking.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from auditor.errors import MissingModelError

CALIBRATION = "calibration.json"
# The wire names of the questions' scores.
SCORES = {"machine": "machine_translation", "translated": "translation", "generated": "ai_generated"}
# The question that is asked of a text as a whole: a model's habits show in what it repeats, not in one sentence.
WHOLE = "generated"
# Entries of the calibration for texts that were read by probes as well.
PROBED = "+probes"
# Scores that can earn a label of the same name, the surest first.
LABELLED = ("ai_generated", "machine_translation")
# A sentence's probability and its length in code points.
Sentence = tuple[float, int]
# The longer a sentence, the more its style says: exponents chosen on the dev year with models of the years before.
_LONGER_SURER = 0.25
_LONGER_COUNTS = 0.75
_TYPICAL, _SHORTEST, _LONGEST = 100, 16, 400
# Logits beyond this are no better known than at it.
_FAR = 9.0


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights of the models' logits for one question in one language, by ``<model>.<question>``, and a bias."""

    weights: Mapping[str, float]
    bias: float

    def probability(self, logits: Mapping[str, float], length: int) -> float:
        """Probability that the answer is yes, at even prior odds; ``length`` of the sentence in code points."""
        total = self.bias + sum(weight * logits.get(name, 0.0) for name, weight in self.weights.items())
        return _sigmoid(total * reach(length))


@dataclass(frozen=True, slots=True)
class Pooling:
    """How sentences of one language add up for one question.

    ``cuts`` lists (fewest sentences, probability that 1 % of other texts reach, probability that 5 % reach).
    """

    slope: float
    bias: float
    dependence: float
    cuts: tuple[tuple[int, float, float], ...] = ()

    def probability(self, sentences: Sequence[Sentence]) -> float:
        """Document probability from the probabilities and lengths of its sentences."""
        return _sigmoid(self.slope * self.evidence(sentences) + self.bias)

    def evidence(self, sentences: Sequence[Sentence]) -> float:
        """Weighted mean of the sentences' logits times the number of independent sentences they are worth."""
        weights = [float(_span(length) ** _LONGER_COUNTS) for _, length in sentences]
        mean = sum(weight * logit(value) for weight, (value, _) in zip(weights, sentences, strict=True)) / sum(weights)
        count: float = sum(weights) ** 2 / sum(weight * weight for weight in weights)
        return mean * count / (1 + self.dependence * (count - 1))

    def cut(self, count: int, rate: float) -> float | None:
        """Smallest probability at which at most ``rate`` (0.01 or 0.05) of other texts of this length are accused."""
        fitting = [one for one in self.cuts if one[0] <= count]
        return None if not fitting else fitting[-1][1 if rate <= 0.01 else 2]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the scores say of one document: probability a question, sentences used, and a label where one is earned.

    ``cuts`` holds the probability a question from which on it may be answered with yes at the stated rate of false
    alarms; a question without calibration data for the language and length has none. ``label`` is ``unknown`` where
    no probability reaches its cut, and ``why`` says so in words.
    """

    probabilities: Mapping[str, float] = field(default_factory=dict)
    sentences: int = 0
    cuts: Mapping[str, float] = field(default_factory=dict)
    label: str = "unknown"
    why: str = ""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The numbers of ``calibration.json``: fusion and pooling by language and question."""

    fusion: Mapping[str, Mapping[str, Fusion]]
    pooling: Mapping[str, Mapping[str, Pooling]]

    def sentence(self, language: str, length: int, logits: Mapping[str, float]) -> dict[str, float]:
        """Probabilities of one sentence, under their wire names; four decimals. ``logits``: see ``Fusion``."""
        return {
            SCORES[question]: round(rule.probability(logits, length), 4)
            for question, rule in self._rules(language).items()
            if question != WHOLE
        }

    def whole(self, language: str, length: int, logits: Mapping[str, float]) -> float | None:
        """Probability that a text of this many code points was generated; None in a language without that model."""
        rule = self._rules(language).get(WHOLE)
        return None if rule is None else round(rule.probability(logits, length), 4)

    def _rules(self, language: str) -> Mapping[str, Fusion]:
        return self.fusion.get(language) or self.fusion["*"]

    def document(self, language: str, sentences: Mapping[str, Sequence[Sentence]], rate: float = 0.01) -> Estimate:
        """Pool the sentences of one document; ``sentences`` maps wire names to (probability, length) pairs."""
        count = max((len(values) for values in sentences.values()), default=0)
        if not count:
            return Estimate()
        known = self.pooling.get(language)
        rules = known or self.pooling["*"]
        found = {
            SCORES[question]: round(rule.probability(sentences[SCORES[question]]), 4)
            for question, rule in rules.items()
            if sentences.get(SCORES[question])
        }
        if known is None:
            return Estimate(found, count, why=f"no calibration data for language {language!r}")
        cuts = {SCORES[question]: cut for question, rule in known.items() if (cut := rule.cut(count, rate)) is not None}
        label, why = _label(found, cuts, count, rate)
        return Estimate(found, count, cuts, label, why)


def _label(found: Mapping[str, float], cuts: Mapping[str, float], count: int, rate: float) -> tuple[str, str]:
    """The first label whose threshold is passed; generated text first, because its scores are the surest."""
    for name in LABELLED:
        if name in cuts and found.get(name, 0.0) >= cuts[name]:
            return (
                name,
                f"score {found[name]:.2f} over {count} sentences; {rate:.0%} of other texts reach {cuts[name]:.2f}",
            )
    if not cuts:
        return "unknown", f"{count} sentences are too few for a label"
    return "unknown", f"no score passes its threshold for {rate:.0%} false alarms"


_Rule = TypeVar("_Rule", Fusion, Pooling)


def read_calibration(folder: Path, probes: bool = False) -> Calibration:
    """Read a model folder's calibration; ``probes``: the one for texts that were read by probes as well.

    Raises MissingModelError when it is missing or malformed.
    """
    path = folder / CALIBRATION
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        fusion = {
            language: {question: Fusion(**one) for question, one in questions.items()}
            for language, questions in found["sentence"].items()
        }
        pooling = {
            language: {question: _pooling(one) for question, one in questions.items()}
            for language, questions in found["document"].items()
        }
        return Calibration({"*": {}, **_chosen(fusion, probes)}, {"*": {}, **_chosen(pooling, probes)})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        message = f"{path} is not a readable calibration: {problem}"
        raise MissingModelError(message) from problem


def _chosen(found: dict[str, dict[str, _Rule]], probes: bool) -> dict[str, dict[str, _Rule]]:
    """Entries of plain languages, replaced by those of ``<language>+probes`` where there are any and they count."""
    plain = {language: rules for language, rules in found.items() if not language.endswith(PROBED)}
    read = {language.removesuffix(PROBED): rules for language, rules in found.items() if language not in plain}
    return {language: {**rules, **(read.get(language, {}) if probes else {})} for language, rules in plain.items()}


def _pooling(one: Mapping[str, Any]) -> Pooling:
    cuts = tuple(sorted((int(count), float(strict), float(loose)) for count, strict, loose in one["cuts"]))
    return Pooling(float(one["slope"]), float(one["bias"]), float(one["dependence"]), cuts)


def reach(length: int) -> float:
    """Factor on the logit of a sentence of this many code points; 1 at a hundred."""
    return float((_span(length) / _TYPICAL) ** _LONGER_SURER)


def _span(length: int) -> int:
    return max(_SHORTEST, min(_LONGEST, length))


def weighted_mean(sentences: Sequence[Sentence]) -> float:
    """Mean of values over sentences given with their lengths, in which longer ones weigh more."""
    weights = [float(_span(length) ** _LONGER_COUNTS) for _, length in sentences]
    return sum(weight * value for weight, (value, _) in zip(weights, sentences, strict=True)) / sum(weights)


def logit(probability: float) -> float:
    """Log-odds of a probability, in nats, kept within reach of rounding."""
    if probability <= 0 or probability >= 1:
        return math.copysign(_FAR, probability - 0.5)
    return max(-_FAR, min(_FAR, math.log(probability / (1 - probability))))


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))
