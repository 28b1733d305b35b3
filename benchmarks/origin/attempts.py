"""What was tried for the n-gram model, and what it gave on the dev year: ``python -m benchmarks.origin.attempts``.

Trained on the English rows of the years to 2021, measured on those of 2022 (every fourth system of a pair): sentence
AUC and runs of twelve against human translations, runs of twelve against originals. Needs scikit-learn (extra
``train``) and about ten minutes. Choices were made on this table, never on the test years.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.origin.material import ORIGINAL, H, M, Row, auc, runs, sides, split
from models.training.ngrams import train as recipe


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to train: what it is called, and which parts of the recipe it changes."""

    name: str
    labels: tuple[str, ...] = (M, H, ORIGINAL)
    windows: bool = True
    idf: bool = True
    even_sources: bool = True
    comparisons: bool = True
    weighed: bool = True


ATTEMPTS = (
    Attempt("the shipped recipe"),
    Attempt("sentences of a run count the same, whatever their length", weighed=False),
    Attempt("without comparing versions of one source", comparisons=False, weighed=False),
    Attempt("and without evening out the sources", even_sources=False, comparisons=False, weighed=False),
    Attempt("and without inverse document frequency", idf=False, even_sources=False, comparisons=False, weighed=False),
    Attempt("and with single sentences alone", (M, H, ORIGINAL), False, False, False, False, False),
    Attempt("and with machine and human translations alone", (M, H), False, False, False, False, False),
)


def measured(attempt: Attempt, known: Sequence[Row], later: Sequence[Row]) -> tuple[float, float, float]:
    """Train as the attempt says and measure on the later rows."""
    material = [row for row in known if row["label"] in attempt.labels]
    texts = [row["text"] for row in material]
    kept = recipe.kept_words(texts, "en")
    sentences = recipe.matrix(texts, kept, 21)
    documents = np.bincount(sentences.indices, minlength=1 << 21)
    idf = np.where(documents >= recipe.RARE, np.log((1 + len(texts)) / (1 + documents)), 0).astype(np.float32)
    idf = idf if attempt.idf else np.ones_like(idf)
    windows = [[at] for at in range(len(texts))] + (recipe.runs(material) if attempt.windows else [])
    firsts = [material[one[0]] for one in windows]
    features = recipe.scaled(recipe.spread(sentences, windows), idf)
    shown = {label: share for label, share in recipe.ENGLISH.shares.items() if label in attempt.labels}
    weight = recipe.balanced(firsts, shown) if attempt.even_sources else _plain(firsts, shown)
    weights, line = recipe.fit(features, np.array([one["label"] == M for one in firsts]), weight)
    if attempt.comparisons and (versions := recipe.comparisons(material, features[: len(texts)])) is not None:
        weights, line = recipe.joined(features[: len(texts)], weights, line, versions, recipe.ENGLISH.compared)
    values = recipe.scaled(recipe.matrix([row["text"] for row in later], kept, 21), idf) @ weights + line
    return _figures(later, values, weighed=attempt.weighed)


def _plain(material: Sequence[Row], shares: dict[str, float]) -> Any:
    labels = np.array([row["label"] for row in material])
    weight = np.zeros(len(labels))
    for label, share in shares.items():
        weight[labels == label] = share / (labels == label).sum()
    return weight


def _figures(material: Sequence[Row], values: Any, *, weighed: bool) -> tuple[float, float, float]:
    single, twelve = runs(material, values, 1), runs(material, values, 12, weighed=weighed)
    return auc(*sides(single, H)), auc(*sides(twelve, H)), auc(*sides(twelve, ORIGINAL))


def report(shared: Path, say: Callable[[str], None]) -> None:
    """Print the table."""
    known = [row for row in split(shared, ["train"]) if row["lang"] == "en"]
    later = [row for row in split(shared, ["dev"]) if row["lang"] == "en" and row["dataset"] != "HT-vs-MT"]
    later = list(_thinned(later))
    say("| n-gram model | sentence, human translation | runs of 12, human translation | runs of 12, original |")
    say("|---|---|---|---|")
    for attempt in ATTEMPTS:
        say(f"| {attempt.name} | " + " | ".join(f"{one:.3f}" for one in measured(attempt, known, later)) + " |")


def _thinned(material: Sequence[Row]) -> Iterator[Row]:
    systems: dict[str, set[str]] = {}
    for row in material:
        if row["label"] == M:
            systems.setdefault(row["seg_id"].rpartition(":")[0], set()).add(row["system"])
    chosen = {pair: set(sorted(names)[::4]) for pair, names in systems.items()}
    yield from (
        row for row in material if row["label"] != M or row["system"] in chosen[row["seg_id"].rpartition(":")[0]]
    )


def main() -> None:
    """Print the table; with ``--write`` also put it into a file."""
    parser = argparse.ArgumentParser(description="What was tried for the n-gram model")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[3] / "shared")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    lines: list[str] = []

    def say(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    report(asked.shared, say)
    if asked.write:
        asked.write.write_text("\n".join(["# Attempts on the dev year", "", *lines]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
