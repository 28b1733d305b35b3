"""From the encoder's shares of source languages, a sentence at a time, to those of a document.

A sentence says little of the language that it was translated from, and sentences of one text err together. So the
logarithms of a text's shares are averaged, longer sentences weighing more, and count as ``slope`` times the number of
sentences that they are worth: ``n / (1 + r (n - 1))`` (Kish 1965). The encoder saw far more English that was translated
from German than from any other language and leans that way; ``lean`` takes it back, a tag at a time. All numbers stand
in ``knowledge/source_language.tsv``; ``python -m benchmarks.source_language --fit`` fits them on the development year.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from auditor.data import SOURCE_SHARE
from auditor.language import primary
from auditor.lexicon import rows

_SMALLEST = 1e-4
# Languages that no English training text was translated from.
_UNSEEN = -4.0
_LEAN = "encoder_en_"
# Sentences with their values by name, and their length in code points.
Sentences = Sequence[tuple[Mapping[str, float], int]]


@dataclass(frozen=True, slots=True)
class Fit:
    """The fitted numbers; ``lean``: nats to add for a language where the text is English."""

    slope: float
    dependence: float
    lean: Mapping[str, float] = field(default_factory=dict)


@cache
def fitted() -> Fit:
    """The numbers of the table."""
    table = {row["kind"]: float(row["weight"]) for row in rows("source_language")}
    lean = {kind.removeprefix(_LEAN): weight for kind, weight in table.items() if kind.startswith(_LEAN)}
    return Fit(table["encoder_slope"], table["encoder_dependence"], lean)


def shares(sentences: Sentences, own: str, fit: Fit | None = None) -> dict[str, float]:
    """Share of each source language, by tag, given that the text is a translation; they sum to one.

    Of a sentence's values those named ``source_language:<tag>`` are read. ``own``: the text's language, from which it
    cannot have been translated. Empty without such values.
    """
    numbers, language = fit or fitted(), primary(own)
    names = {name for values, _ in sentences for name in values if name.startswith(SOURCE_SHARE)}
    tags = sorted({name.removeprefix(SOURCE_SHARE) for name in names} - {language})
    if not tags:
        return {}
    weights = [float(max(1, length) ** 0.75) for _, length in sentences]
    count = sum(weights) ** 2 / sum(weight * weight for weight in weights)
    worth = numbers.slope * count / (1 + numbers.dependence * (count - 1)) / sum(weights)
    leans = {tag: numbers.lean.get(tag, _UNSEEN) for tag in tags} if numbers.lean and language == "en" else {}
    sums = {
        tag: leans.get(tag, 0.0)
        + worth
        * sum(
            weight * math.log(max(_SMALLEST, values.get(SOURCE_SHARE + tag, 0.0)))
            for weight, (values, _) in zip(weights, sentences, strict=True)
        )
        for tag in tags
    }
    top = max(sums.values())
    whole = sum(math.exp(value - top) for value in sums.values())
    return {tag: round(math.exp(value - top) / whole, 4) for tag, value in sums.items()}
