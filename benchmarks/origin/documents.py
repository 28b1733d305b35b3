"""The published WMT19 set-up: whole documents, human translation against one system, German to English."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from auditor.data import Document, Origin
from auditor.origin import SCORES, logit
from auditor.scorers import OriginScorer
from auditor.segment import segment
from benchmarks.origin.material import H, M, auc, rows

# Accuracies in per cent from the log files of van der Werff, van Noord and Toral (EAMT 2022), averaged over seeds.
PUBLISHED = {
    "deepl": {"SVM": 60.7, "DeBERTa-v3-large, majority of sentences": 72.5, "Longformer": 82.0},
    "google": {"SVM": 64.8, "DeBERTa-v3-large, majority of sentences": 67.6, "Longformer": 63.2},
}


def report(shared: Path, model: OriginScorer) -> Iterator[str]:
    """Sentence and document accuracy on WMT19 at even odds, as the auditor judges them; no cut is fitted."""
    yield "## WMT19, German to English, the published set-up"
    yield ""
    yield "| level | system | rows | AUC | accuracy | published |"
    yield "|---|---|---|---|---|---|"
    for system, published in PUBLISHED.items():
        test = _documents(shared, "test", system, model)
        known = "; ".join(f"{name} {value}" for name, value in published.items())
        yes, no = np.array(test[M]), np.array(test[H])
        right = float((np.sum(yes >= 0.5) + np.sum(no < 0.5)) / (len(yes) + len(no)))
        yield f"| document | {system} | {len(yes)}+{len(no)} | {auc(yes, no):.3f} | {right:.1%} | {known} |"
        right, area, size = _sentences(shared, system, model)
        yield f"| sentence | {system} | {size} | {area:.3f} | {right:.1%} | SVM 54.9; DeBERTa-v3-large 66.1 / 64.9 |"
    yield ""


def _documents(shared: Path, part: str, system: str, model: OriginScorer) -> dict[str, list[float]]:
    """Probability of every document, by label; all are read at once."""
    documents: list[tuple[str, list[str]]] = []
    for number, row in enumerate(rows(shared / "data" / "mt_detect" / f"docs_{part}.jsonl.gz")):
        if row["label"] == H or row["system"] == system:
            page = segment(Document(str(number), row["text"], Origin("-", "txt"), declared_language="en"))
            documents.append((row["label"], [one.span.cut(page.text) for one in page.sentences]))
    name = SCORES["machine"]
    values = iter(_judged(model, [text for _, texts in documents for text in texts]))
    found: dict[str, list[float]] = defaultdict(list)
    for label, texts in documents:
        sentences = [(next(values)[name], len(text)) for text in texts]
        found[label].append(model.calibration.document("en", {name: sentences}).probabilities[name])
    return found


def _judged(model: OriginScorer, texts: list[str]) -> list[dict[str, float]]:
    return model.judge([("en", text) for text in texts])


def _sentences(shared: Path, system: str, model: OriginScorer) -> tuple[float, float, str]:
    material = [
        row
        for row in rows(shared / "data" / "mt_detect" / "test.jsonl.gz")
        if row["dataset"] == "HT-vs-MT" and (row["label"] == H or row["system"] == system)
    ]
    found = _judged(model, [row["text"] for row in material])
    values = np.array([logit(one[SCORES["machine"]]) for one in found])
    machine = np.array([row["label"] == M for row in material])
    right = float(np.mean((values >= 0) == machine))
    return right, auc(values[machine], values[~machine]), f"{machine.sum()}+{(~machine).sum()}"
