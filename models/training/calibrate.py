"""Fit ``calibration.json``: ``python -m models.training.calibrate ENCODER NGRAMS [PROBES]`` (model folders).

Uses the fifth of the dev year that no model was trained on (``held_out``) and ai_text dev. Sentence probabilities are
logistic regressions on the models' logits, in English once with the probes and once without; documents are runs of
neighbouring sentences by one hand, pooled as ``auditor.origin.Pooling`` says; thresholds are quantiles of runs that
people wrote or translated.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from auditor.data import Document, Origin
from auditor.origin import CALIBRATION, Pooling, Sentence, reach
from auditor.scorers import whole_logits
from auditor.segment import segment
from auditor.stylometry import Stylometer
from models.training.corpora import held_out, rows
from models.training.logits import Material, Models, names, suffixes

# Share of each label in the loss; people's translations are what a machine's are mistaken for.
SHARES = {
    "machine": {"machine_translation": 0.5, "human_translation": 0.33, "original": 0.17},
    "translated": {"machine_translation": 0.25, "human_translation": 0.25, "original": 0.5},
    # Machine translations are like generated text, and must not be called so.
    "generated": {"ai": 0.5, "human": 0.25, "machine_translation": 0.15, "human_translation": 0.05, "original": 0.05},
}
YES = {
    "machine": {"machine_translation"},
    "translated": {"machine_translation", "human_translation"},
    "generated": {"ai"},
}
LENGTHS = (2, 4, 8, 12, 16, 24)
CUTS = (4, 8, 12, 16, 24)
_DEPENDENCE = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)
_FEW = 150
_FEW_RUNS = 100
_NEWS_LINES = 12
# Sentences of one text that are read.
_SENTENCES = 64


def logistic(features: Any, goal: Any, weight: Any, ridge: float = 1e-3) -> Any:
    """Weighted logistic regression by Newton's method; the last column must be the intercept's ones."""
    weight = weight / weight.sum()
    found = np.zeros(features.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-features @ found))
        gradient = features.T @ (weight * (chance - goal)) + ridge * found
        curve = (features * (weight * chance * (1 - chance))[:, None]).T @ features + ridge * np.eye(len(found))
        step = np.linalg.solve(curve, gradient)
        found -= step
        if np.abs(step).max() < 1e-8:
            break
    return found


def shares(labels: Any, wanted: dict[str, float]) -> Any:
    """Weights that give each label its share."""
    weight = np.zeros(len(labels))
    for label, share in wanted.items():
        if (hit := labels == label).any():
            weight[hit] = share / hit.sum()
    return weight


def fuse(found: Material, question: str, names: Sequence[str]) -> dict[str, Any]:
    """Fusion of one question: weights by feature name, and bias."""
    labels = np.array(found.labels)
    use = np.isin(labels, list(SHARES[question]))
    table = np.array([[one.get(name, 0.0) for name in names] + [1.0] for one in found.logits])[use]
    table *= np.array([reach(length) for length in found.lengths])[use][:, None]
    goal = np.isin(labels[use], list(YES[question])).astype(float)
    weights = logistic(table, goal, shares(labels[use], SHARES[question]))
    against = [name for name, value in zip(names, weights[:-1], strict=True) if value < 0]
    if against and len(names) > 1:
        # A model that would count against its own answer has nothing to add.
        return fuse(found, question, [name for name in names if name not in against])
    kept = {name: round(float(value), 4) for name, value in zip(names, weights[:-1], strict=True)}
    return {"weights": kept, "bias": round(float(weights[-1]), 4)}


def pool(
    runs: list[tuple[str, list[Sentence]]], question: str, counts: Sequence[int] | None = None
) -> dict[str, Any] | None:
    """Pooling of one question from runs of (label, sentence probabilities); None where there are too few.

    ``counts`` gives the number of sentences of runs whose values stand for more than one.
    """
    labels = np.array([label for label, _ in runs])
    goal = np.isin(labels, list(YES[question])).astype(float)
    if min(goal.sum(), (1 - goal).sum()) < _FEW_RUNS:
        return None
    weight = shares(labels, SHARES[question])
    best: tuple[float, Any, float] | None = None
    for dependence in _DEPENDENCE:
        sums = np.array([[Pooling(1.0, 0.0, dependence).evidence(values), 1.0] for _, values in runs])
        found = logistic(sums, goal, weight)
        chance = np.clip(1 / (1 + np.exp(-sums @ found)), 1e-9, 1 - 1e-9)
        cost = -float((weight * (goal * np.log(chance) + (1 - goal) * np.log(1 - chance))).sum())
        if best is None or cost < best[0] - 1e-6:
            best = (cost, found, dependence)
    if best is None or best[1][0] <= 0:
        return None
    slope, bias = (round(float(one), 4) for one in best[1])
    rule = Pooling(slope, bias, best[2])
    return {
        "slope": slope,
        "bias": bias,
        "dependence": best[2],
        "cuts": cuts(runs, question, rule, counts or [len(values) for _, values in runs]),
    }


def cuts(
    runs: list[tuple[str, list[Sentence]]], question: str, rule: Pooling, counts: Sequence[int]
) -> list[list[float]]:
    """Thresholds by length: the probability that 1 % and 5 % of the runs by people reach."""
    out = []
    for low, high in zip(CUTS, (*CUTS[1:], 10**9), strict=True):
        others = [
            values
            for (label, values), count in zip(runs, counts, strict=True)
            if label not in YES[question] and low <= count < high
        ]
        if len(others) >= _FEW_RUNS:
            reached = np.array([rule.probability(values) for values in others])
            strict, loose = (float(np.quantile(reached, share, method="higher")) for share in (0.99, 0.95))
            # Just above, so that the run that set the threshold does not pass it.
            out.append([low, round(strict + 1e-4, 4), round(loose + 1e-4, 4)])
    return out


def translations(data: Path, part: str, whole: bool) -> dict[str, list[dict[str, Any]]]:
    """The rows kept for calibration, by language."""
    by: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(data / "mt_detect" / f"{part}.jsonl.gz"):
        if whole or held_out(row):
            by[row["lang"]].append(row)
    return dict(sorted(by.items()))


def runs_of(material: list[dict[str, Any]], values: Sequence[Sentence]) -> list[tuple[str, list[Sentence]]]:
    """Runs of each length by one hand, with the probabilities of their sentences."""
    by: dict[tuple[Any, ...], list[tuple[int, Sentence]]] = defaultdict(list)
    for one, value in zip(material, values, strict=True):
        year, pair, line = one["seg_id"].rsplit(":", 2)
        by[one["label"], one["dataset"], year, pair, one["system"], int(line) // 60].append((int(line), value))
    out = []
    for (label, *_), members in sorted(by.items(), key=str):
        ordered = [value for _, value in sorted(members)]
        for length in LENGTHS:
            step = max(1, length // 2)
            out += [(label, ordered[at : at + length]) for at in range(0, len(ordered) - length + 1, step)]
    return out


def calibrate(models: Models, data: Path, part: str, whole: bool, only: Sequence[str] = ()) -> dict[str, Any]:
    """All fusions and poolings, by language; ``*`` uses the encoder alone, for languages without own rows."""
    sentence: dict[str, Any] = defaultdict(dict)
    document: dict[str, Any] = defaultdict(dict)
    every = Material()
    every_row: list[dict[str, Any]] = []
    for language, found_rows in translations(data, part, whole).items():
        if only and language not in only:
            continue
        texts, labels = [one["text"] for one in found_rows], [one["label"] for one in found_rows]
        found = Material(models.sentences(texts, language), [len(text) for text in texts], labels)
        every, every_row = every + found, every_row + found_rows
        for suffix in suffixes(language, models):
            for question in ("machine", "translated"):
                others = sum(label not in YES[question] for label in labels)
                if min(others, len(labels) - others) < _FEW:
                    continue
                rule = fuse(found, question, names(question, found.logits[0], suffix))
                sentence[language + suffix][question] = rule
                if (fitted := pool(runs_of(found_rows, found.sentences(rule)), question)) is not None:
                    document[language + suffix][question] = fitted
        if language == "en":
            groups = generated(models, data, found_rows)
            for suffix in suffixes(language, models):
                key = language + suffix
                sentence[key]["generated"], document[key]["generated"] = whole_texts(models, groups, suffix)
        print(language, len(found_rows), sorted(document[language]), flush=True)
    for question in ("machine", "translated") if not only else ():
        rule = sentence["*"][question] = fuse(every, question, [f"encoder.{question}"])
        fitted = pool(runs_of(every_row, every.sentences(rule)), question)
        if fitted is not None:
            document["*"][question] = {**fitted, "cuts": []}
    # A language whose documents could not be calibrated has no entry, which the auditor says aloud.
    return {"sentence": dict(sentence), "document": {key: value for key, value in document.items() if value}}


# A text's label, and its sentences with their logits.
Group = tuple[str, list[tuple[str, dict[str, float]]]]


def generated(models: Models, data: Path, news_rows: list[dict[str, Any]]) -> list[Group]:
    """Whole texts of ai_text dev and every fourth run of news lines by one hand, with the logits of their sentences."""
    texts: list[tuple[str, list[str]]] = []
    for number, row in enumerate(rows(data / "ai_text" / "dev.jsonl.gz")):
        page = segment(Document(str(number), row["text"], Origin("-", "txt"), declared_language="en"))
        texts.append((row["label"], [one.span.cut(page.text) for one in page.sentences[:_SENTENCES]]))
    by: dict[tuple[Any, ...], list[tuple[int, str]]] = defaultdict(list)
    for row in news_rows:
        year, pair, line = row["seg_id"].rsplit(":", 2)
        by[row["label"], year, pair, row["system"]].append((int(line), row["text"]))
    runs = []
    for (label, *_), members in sorted(by.items(), key=str):
        ordered = [text for _, text in sorted(members)]
        runs += [(label, ordered[at : at + _NEWS_LINES]) for at in range(0, len(ordered) - 3, _NEWS_LINES)]
    texts += runs[::4]
    # All at once: batches of a few sentences are filled up with nothing.
    found = iter(models.sentences([one for _, parts in texts for one in parts], "en"))
    return [(label, [(one, next(found)) for one in parts]) for label, parts in texts]


def whole_texts(models: Models, groups: list[Group], suffix: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fusion and pooling of generated text; the unit is a whole text."""
    texts = [" ".join(text for text, _ in parts) for _, parts in groups]
    style = models.ngrams.score(texts, "en")["generated"]
    means = [whole_logits([(own, len(text)) for text, own in parts]) for _, parts in groups]
    logits = [{**one, "ngrams.generated": value} for one, value in zip(means, style, strict=True)]
    whole = Material(logits, [len(text) for text in texts], [label for label, _ in groups])
    rule = fuse(whole, "generated", names("generated", logits[0], suffix))
    # Each text is one value; its number of sentences decides which threshold it helps to set.
    runs = [(label, [value]) for label, value in zip(whole.labels, whole.sentences(rule), strict=True)]
    fitted = pool(runs, "generated", [len(parts) for _, parts in groups])
    if fitted is None:
        message = "too few texts to calibrate the question of generated text"
        raise ValueError(message)
    return rule, fitted


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("ngrams", type=Path)
    parser.add_argument("probes", type=Path, nargs="?")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--whole", action="store_true", help="the whole dev year, for models trained on train alone")
    parser.add_argument("--languages", default="", help="fit these anew and keep the others as they are")
    asked = parser.parse_args()
    from auditor.transformer import Encoder, Probe, place
    from auditor.weights import about, require, write_manifest

    probe = Probe(asked.probes, require("smollm2"), place("cpu")) if asked.probes else None
    models = Models(Encoder(asked.encoder, place("cpu")), Stylometer(asked.ngrams), probe)
    only = [one for one in asked.languages.split(",") if one]
    found = calibrate(models, asked.data, "dev", asked.whole, only)
    if only:
        before = json.loads((asked.encoder / CALIBRATION).read_text("utf-8"))
        found = {part: {**before[part], **found[part]} for part in before}
    (asked.encoder / CALIBRATION).write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")
    write_manifest(asked.encoder, about(asked.encoder))


if __name__ == "__main__":
    main()
