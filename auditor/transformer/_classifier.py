"""Any sequence-classification checkpoint in the place of the shipped model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from auditor.transformer._batching import Model
from auditor.transformer._placement import Placement


class ClassifierScorer(Model):
    """Probability of one label of a sequence-classification checkpoint."""

    def __init__(self, folder: Path, placement: Placement, label: str = "machine_translation") -> None:
        super().__init__(folder, placement)
        self._load("AutoModelForSequenceClassification")
        self._compile()
        names = {str(name).lower(): int(number) for number, name in self.network.config.id2label.items()}
        self.label = label if label in names else max(names, key=lambda name: names[name])
        self._column = names[self.label]

    def score(self, texts: Sequence[str]) -> list[float]:
        """Return the label's probability for each text."""
        import torch

        encoded = self._encode(texts, special=True)
        out = [0.0] * len(texts)
        for rows, ids, mask in self._batches(encoded):
            logits = self._logits(ids, mask).double()
            for at, row in enumerate(rows):
                one = logits[at]
                value = torch.sigmoid(one[0]) if len(one) == 1 else torch.softmax(one, dim=-1)[self._column]
                out[row] = round(float(value), 4)
        return out
