"""Train the n-gram model: ``python -m models.training.ngrams.train OUT --parts train,dev [--whole]`` (fifteen minutes).

One linear model a language and question, because languages share a hash space badly. Texts are single sentences and
runs of four, so that short and long evidence are both known; n-grams are weighted by inverse document frequency.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import SGDClassifier

from auditor import ngrams
from auditor.weights import write_manifest
from models.training.corpora import held_out, rows

WHAT = "hashed n-grams: origin scores without torch"
KEPT = 3000
RARE = 3
RUN = 4
ALPHA = 1e-5
_DAMPED = 0.75
_FEW = 500
PASSES = 6
_IDEOGRAPHIC = {"zh", "ja"}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What differs between English and the others, chosen on 2022 with models of the years before.

    ``bits`` of the hash; ``shares`` of each label in the loss of the question "machine translation or written by a
    person?"; ``idf``: the power of the inverse document frequency; ``compared``: how much comparisons of two versions
    of one sentence count, which help against human translations and harm against originals.
    """

    bits: int
    shares: dict[str, float]
    idf: float
    compared: float


ENGLISH = Recipe(21, {"machine_translation": 0.5, "human_translation": 0.33, "original": 0.17}, 1.0, 0.3)
OTHERS = Recipe(20, {"machine_translation": 0.5, "human_translation": 0.25, "original": 0.25}, 0.5, 0.0)


def kept_words(texts: Sequence[str], language: str) -> Any:
    """Hashes of the commonest words of a language, which the shape view leaves as they are."""
    counts: Counter[str] = Counter()
    for text in texts:
        plain = ngrams.normalise(text).lower()
        counts.update(plain if language in _IDEOGRAPHIC else re.findall(r"[\w']+", plain))
    common = sorted(counts, key=lambda word: (-counts[word], word))[:KEPT]
    return ngrams.word_hashes(sorted(common))


def matrix(texts: Sequence[str], kept: Any, bits: int) -> csr_matrix:
    """Binary rows of hashed n-grams."""
    found = ngrams.rows(texts, kept)
    columns = found.columns & ((1 << bits) - 1)
    return csr_matrix((np.ones(len(columns), np.float32), columns, found.starts), shape=(len(texts), 1 << bits))


def runs(material: Sequence[dict[str, Any]]) -> list[list[int]]:
    """Row numbers of neighbouring lines by one hand, in runs of four."""
    by: dict[tuple[Any, ...], list[tuple[int, int]]] = defaultdict(list)
    for row, one in enumerate(material):
        year, pair, line = one["seg_id"].rsplit(":", 2)
        by[one["dataset"], year, pair, one["system"], one["label"], one.get("doc_id")].append((int(line), row))
    out = []
    for members in by.values():
        members.sort()
        out += [[row for _, row in members[at : at + RUN]] for at in range(0, len(members) - 1, RUN)]
    return out


def spread(sentences: csr_matrix, windows: Sequence[Sequence[int]]) -> csr_matrix:
    """One binary row a window: the union of its sentences' n-grams."""
    flat = np.concatenate([np.asarray(one) for one in windows])
    starts = np.concatenate([[0], np.cumsum([len(one) for one in windows])])
    choose = csr_matrix((np.ones(len(flat), np.float32), flat, starts), shape=(len(windows), sentences.shape[0]))
    joined = (choose @ sentences).tocsr()
    joined.data[:] = 1
    return joined


def scaled(binary: csr_matrix, idf: Any) -> csr_matrix:
    """Rows weighted by inverse document frequency, of unit length."""
    weighed = binary @ diags(idf)
    norms = np.sqrt(np.asarray(weighed.multiply(weighed).sum(1)).ravel())
    norms[norms == 0] = 1
    return (diags(1 / norms) @ weighed).tocsr().astype(np.float32)


def fit(features: csr_matrix, goal: Any, weight: Any) -> tuple[Any, float]:
    """Averaged logistic regression; returns weights and intercept."""
    model = SGDClassifier(loss="log_loss", alpha=ALPHA, max_iter=PASSES, tol=None, random_state=0, average=True)
    model.fit(features, goal, sample_weight=weight / weight.mean())
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def balanced(material: Sequence[dict[str, Any]], shares: dict[str, float]) -> Any:
    """Weights that give each label its share, and inside it the data sets and source languages nearly equal ones.

    Material of one origin is damped by the power of three quarters of its number: most English rows come from one
    set and one language pair, and a model that knows that pair best knows the others worse.
    """
    keys = [(one["label"], one["dataset"], one["src_lang"]) for one in material]
    number = Counter(keys)
    weight = np.array([number[key] ** -_DAMPED for key in keys])
    labels = np.array([one["label"] for one in material])
    for label, share in shares.items():
        hit = labels == label
        if hit.any():
            weight[hit] *= share / weight[hit].sum()
    return weight


def comparisons(material: Sequence[dict[str, Any]], sentences: csr_matrix) -> Any:
    """Weights that tell which of two versions of one source sentence a machine made; None without such pairs.

    Content is the same on both sides, so that nothing but the hand can be learnt.
    """
    by: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for row, one in enumerate(material):
        if one["label"] != "original":
            by[one["seg_id"]][one["label"] == "machine_translation"].append(row)
    pairs = [(machine, human) for people, machines in by.values() for human in people for machine in machines]
    if len(pairs) < _FEW:
        return None
    machines, humans = (list(side) for side in zip(*pairs, strict=True))
    sign = np.where(np.arange(len(pairs)) % 2 == 0, 1.0, -1.0)
    differences = (diags(sign) @ (sentences[machines] - sentences[humans])).tocsr().astype(np.float32)
    model = SGDClassifier(
        loss="log_loss", alpha=ALPHA, max_iter=PASSES, tol=None, random_state=0, average=True, fit_intercept=False
    )
    model.fit(differences, sign > 0)
    return model.coef_[0].astype(np.float32)


def language_model(
    material: list[dict[str, Any]], extra: list[dict[str, Any]], language: str, recipe: Recipe
) -> dict[str, Any]:
    """Tables of one language: inverse document frequencies and the weights of each question."""
    texts = [one["text"] for one in material]
    kept = kept_words(texts, language)
    sentences = matrix(texts, kept, recipe.bits)
    windows = [[row] for row in range(len(texts))] + runs(material)
    firsts = [material[one[0]] for one in windows]
    labels = np.array([one["label"] for one in firsts])
    documents = np.bincount(sentences.indices, minlength=1 << recipe.bits)
    idf = np.where(documents >= RARE, np.log((1 + len(texts)) / (1 + documents)) ** recipe.idf, 0).astype(np.float32)
    features = scaled(spread(sentences, windows), idf)
    tables: dict[str, Any] = {"kept": kept, "idf": idf}
    tables["machine"] = fit(features, labels == "machine_translation", balanced(firsts, recipe.shares))
    versions = comparisons(material, features[: len(texts)]) if recipe.compared else None
    if versions is not None:
        weights, intercept = tables["machine"]
        tables["machine"] = joined(features[: len(texts)], weights, intercept, versions, recipe.compared)
    if (labels == "original").any():
        halves = {"original": 0.5, "human_translation": 0.25, "machine_translation": 0.25}
        tables["translated"] = fit(features, labels != "original", balanced(firsts, halves))
    if extra:
        tables["generated"] = generated(extra, texts, labels, tables, recipe.bits)
    return tables


def joined(features: csr_matrix, weights: Any, intercept: float, versions: Any, compared: float) -> tuple[Any, float]:
    """Both kinds of weights in one table; the comparisons count for the share ``compared`` of the other's spread."""
    spread_of = [float(np.std(features @ one)) for one in (weights, versions)]
    return weights + compared * spread_of[0] / max(spread_of[1], 1e-9) * versions, intercept


def generated(extra: list[dict[str, Any]], texts: list[str], labels: Any, tables: dict[str, Any], bits: int) -> Any:
    """The question "generated or written?" on whole documents and their pieces, with news by people as further noes."""
    pieces, goal, group = [], [], []
    for one in extra:
        whole = ngrams.normalise(one["text"])
        for size in (len(whole) + 1, 600, 250):
            pieces.append(whole[:size])
            goal.append(one["label"] == "ai")
            group.append((one["label"], one["dataset"], one["domain"]))
    written = [text for text, label in zip(texts, labels, strict=False) if label != "machine_translation"][::8]
    pieces += written
    goal += [False] * len(written)
    group += [("human", "news", "news")] * len(written)
    counts = Counter(group)
    sides = Counter(label for label, *_ in counts)
    weight = np.array([1 / counts[one] ** 0.7 / sides[one[0]] for one in group])
    return fit(scaled(matrix(pieces, tables["kept"], bits), tables["idf"]), np.array(goal), weight)


def pack(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Arrays of the weight file. Weight times idf is kept as whole numbers of -127..127 and one scale a table."""
    out: dict[str, Any] = {}
    for language, tables in sorted(found.items()):
        idf = tables["idf"]
        top = float(idf.max())
        out[f"{language}/kept"] = tables["kept"]
        out[f"{language}/idf"] = np.round(idf / top * 255).astype(np.uint8)
        out[f"{language}/idf_top"] = np.float32(top)
        for question in ("machine", "translated", "generated"):
            if question in tables:
                weights, intercept = tables[question]
                product = weights * idf
                scale = float(np.quantile(np.abs(product[product != 0]), 0.9999)) / 127
                out[f"{language}/{question}"] = np.clip(np.round(product / scale), -127, 127).astype(np.int8)
                out[f"{language}/{question}_line"] = np.array([scale, intercept], np.float32)
    return out


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--parts", default="train,dev")
    parser.add_argument("--languages", default="")
    parser.add_argument("--whole", action="store_true", help="the rows kept for calibration too, for what is shipped")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked = parser.parse_args()
    parts = asked.parts.split(",")
    by: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for part in parts:
        for row in rows(asked.data / "mt_detect" / f"{part}.jsonl.gz"):
            if asked.whole or part != "dev" or not held_out(row):
                by[row["lang"]].append(row)
    extra = [row for part in parts for row in rows(asked.data / "ai_text" / f"{part}.jsonl.gz")]
    found = {}
    for language in sorted(by):
        if asked.languages and language not in asked.languages.split(","):
            continue
        if len({row["label"] for row in by[language]}) < 2:
            continue
        texts, recipe = (extra, ENGLISH) if language == "en" else ([], OTHERS)
        found[language] = language_model(by[language], texts, language, recipe)
        print(language, len(by[language]), sorted(found[language]), flush=True)
    asked.out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(asked.out / "weights.npz", **pack(found))
    about = {"kind": "hashed n-grams", "languages": sorted(found), "parts": parts}
    (asked.out / "config.json").write_text(json.dumps(about, indent=2) + "\n", "utf-8")
    write_manifest(asked.out, {"name": asked.out.name, "licence": "Apache-2.0", "what": WHAT})


if __name__ == "__main__":
    main()
