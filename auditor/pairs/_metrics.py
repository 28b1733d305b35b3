"""BLEU, chrF and TER against a reference, by sacreBLEU and with its signatures (Post 2018).

Sentence scores are for finding pairs, corpus scores for telling systems apart; the two are not comparable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from auditor.language import primary

_TOKENIZERS = {"zh": "zh", "ja": "char", "ko": "char", "th": "char", "km": "char", "lo": "char", "my": "char"}
# TER's search for shifts is cubic in words; what is longer is no segment.
_LONGEST_TER = 2000


@dataclass(frozen=True, slots=True)
class CorpusScore:
    """A corpus-level score, its 95 % interval by bootstrap over segments (sacreBLEU's), and sacreBLEU's signature."""

    name: str
    score: float
    low: float
    high: float
    signature: str


class Metrics:
    """The three metrics for one target language."""

    def __init__(self, language: str) -> None:
        from sacrebleu.metrics import BLEU, CHRF, TER

        tokenizer = _TOKENIZERS.get(primary(language), "13a")
        asian = primary(language) in {"zh", "ja", "ko"}
        self._sentence: dict[str, Any] = {
            "bleu": BLEU(tokenize=tokenizer, effective_order=True),
            "chrf": CHRF(),
            "ter": TER(asian_support=asian, normalized=asian),
        }
        self._corpus: dict[str, Any] = {**self._sentence, "bleu": BLEU(tokenize=tokenizer)}

    def sentence(self, target: str, reference: str) -> dict[str, float]:
        """Scores of one segment; TER is left out for very long ones."""
        long = max(len(target), len(reference)) > _LONGEST_TER
        return {
            name: round(float(metric.sentence_score(target, [reference]).score), 2)
            for name, metric in self._sentence.items()
            if not (long and name == "ter")
        }

    def corpus(self, targets: Sequence[str], references: Sequence[str], resamples: int = 1000) -> list[CorpusScore]:
        """Scores of all segments together, with intervals where there are at least two."""
        scores = []
        for name, metric in self._corpus.items():
            if name == "ter" and max(map(len, (*targets, *references)), default=0) > _LONGEST_TER:
                continue
            many = resamples if len(targets) > 1 else 1
            found = metric.corpus_score(list(targets), [list(references)], n_bootstrap=many)
            value, spread = float(found.score), float(getattr(found, "_ci", 0.0) or 0.0)
            middle = float(getattr(found, "_mean", value) or value) if many > 1 else value
            low, high = round(middle - spread, 2), round(middle + spread, 2)
            scores.append(CorpusScore(name, round(value, 2), low, high, str(metric.get_signature())))
        return scores
