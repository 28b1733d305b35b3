"""The mark to beat: hashed character 2-5-grams and word 1-2-grams with a linear model, trained in the same run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from auditor.ngrams import normalise
from benchmarks.origin.material import M, Row


class Baseline:
    """Logistic regression on hashed n-grams of one language's sentences, labels balanced."""

    def __init__(self, material: Sequence[Row], *, plain: bool = True) -> None:
        from sklearn.linear_model import SGDClassifier

        self.plain = plain
        goal = np.array([row["label"] == M for row in material])
        weight = np.where(goal, 0.5 / goal.sum(), 0.5 / (~goal).sum()) * len(goal)
        self.model = SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=8, tol=None, random_state=0, average=True)
        self.model.fit(self._features([row["text"] for row in material]), goal, sample_weight=weight)

    def __call__(self, material: Sequence[Row]) -> Any:
        """Logits of rows."""
        return self.model.decision_function(self._features([row["text"] for row in material]))

    def _features(self, texts: Sequence[str]) -> Any:
        from scipy.sparse import hstack
        from sklearn.feature_extraction.text import HashingVectorizer

        shown = [normalise(text) for text in texts] if self.plain else list(texts)
        common = {"n_features": 2**20, "alternate_sign": False, "binary": True, "norm": "l2", "lowercase": False}
        letters = HashingVectorizer(analyzer="char", ngram_range=(2, 5), dtype=np.float32, **common)
        words = HashingVectorizer(
            analyzer="word", token_pattern=r"[\w']+|[^\w\s]", ngram_range=(1, 2), dtype=np.float32, **common
        )
        return hstack([letters.transform(shown), words.transform(shown)]).tocsr()
