"""Print how well the origin of a text is told on the test years, beside the n-gram baseline of the same run.

    python -m benchmarks.origin [--shared ../shared] [--languages en,de] [--write docs/origin_figures.md]

Nothing was tuned on these rows. English is read by the probes too where the language model is installed (``auditor
models pull smollm2``), and then shown with and without them. ``baseline`` is a linear model on hashed n-grams trained
here on the same rows as the shipped models (train and dev years, all labels, punctuation normalised); needs scikit-
learn (extra ``train``).
"""

from __future__ import annotations

import argparse
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from auditor.config import Settings
from auditor.errors import MissingModelError
from auditor.ngrams import normalise
from auditor.origin import SCORES, Calibration, logit
from auditor.scorers import ENCODER, Models, OriginScorer, calibration
from benchmarks.origin import documents, generated, reliability
from benchmarks.origin.baseline import Baseline
from benchmarks.origin.material import ORIGINAL, H, M, Row, auc, balanced_accuracy, caught, paired, runs, sides, split

_LENGTHS = (1, 4, 12)
_HEAD = "| language | rows | against | n | model | AUC | balanced accuracy | TPR at 1 % | TPR at 5 % | paired |"


def ours(model: OriginScorer, material: Sequence[Row], plain: Calibration) -> dict[str, Any]:
    """Logits of the two questions for rows of one language; in English also without the probes."""
    found = model.logits([(row["lang"], row["text"]) for row in material])
    names = {"ours": ("machine", model.calibration), "ours: translated?": ("translated", model.calibration)}
    if any(name.startswith("probes.") for name in found[0]):
        names["ours, no language model"] = ("machine", plain)
    return {
        name: np.array(
            [logit(_answer(known, row, own)[SCORES[question]]) for row, own in zip(material, found, strict=True)]
        )
        for name, (question, known) in names.items()
    }


def _answer(known: Calibration, row: Row, logits: Mapping[str, float]) -> dict[str, float]:
    return known.sentence(row["lang"], len(row["text"]), logits)


def table(language: str, material: Sequence[Row], scored: dict[str, Any]) -> Iterator[str]:
    """Rows of the main table for one language; sets with their own source language only are not mixed in."""
    for no in (H, ORIGINAL):
        for length in _LENGTHS:
            for name, values in scored.items():
                if no == H and name == "ours: translated?":
                    continue
                pairs = runs(material, values, length, weighed=name.startswith("ours"))
                yes, others = sides(pairs, no)
                if len(yes) < 20 or len(others) < 20:
                    continue
                figures = [auc(yes, others), balanced_accuracy(yes, others, 0.0)]
                figures += [caught(yes, others, 0.01), caught(yes, others, 0.05)]
                figures.append(paired(material, values, no) if length == 1 else float("nan"))
                cells = " | ".join("" if math.isnan(one) else f"{one:.3f}" for one in figures)
                side = "human translation" if no == H else "original"
                yield f"| {language} | {len(yes)}+{len(others)} | {side} | {length} | {name} | {cells} |"


def breakdown(material: Sequence[Row], values: Any, keys: Sequence[str]) -> Iterator[str]:
    """AUC of single sentences, machine against human translation, by some field."""
    for key in keys:
        groups: dict[str, list[int]] = defaultdict(list)
        for at, row in enumerate(material):
            groups[_group(row, key)].append(at)
        for name, places in sorted(groups.items()):
            labels = np.array([material[at]["label"] for at in places])
            found = np.asarray(values)[places]
            yes = found[labels == M]
            # Of one system, set against all human translations of the language.
            others = np.asarray(values)[[at for at, row in enumerate(material) if row["label"] == H]]
            others = others if key == "system" else found[labels == H]
            if len(yes) >= 100 and len(others) >= 100:
                yield f"| {key} | {name} | {len(yes)}+{len(others)} | {auc(yes, others):.3f} |"


def _group(row: Row, key: str) -> str:
    if key == "length":
        words = len(row["text"].split())
        return "under 10 words" if words < 10 else "10 to 24 words" if words < 25 else "25 words and more"
    return str(row[key])


def report(shared: Path, languages: Sequence[str], every: int) -> Iterator[str]:
    """All tables, line by line."""
    model = Models(Settings(device="cpu")).origin()
    if model is None:
        yield "the shipped encoder is not installed"
        return
    plain = calibration(Settings(probes=False))
    if plain is None:
        raise MissingModelError(ENCODER)
    test, known = split(shared, ["test"]), split(shared, ["train", "dev"])
    yield "## Sentences and runs of sentences by one hand, test year 2023"
    yield ""
    yield _HEAD
    yield "|" + "---|" * 10
    english: tuple[list[Row], Any] | None = None
    diagrams: list[str] = []
    for language in languages or sorted({row["lang"] for row in test}):
        material = [row for row in test if row["lang"] == language and row["dataset"] != "HT-vs-MT"][::every]
        began = time.monotonic()
        scored = ours(model, material, plain)
        spent = time.monotonic() - began
        training = [row for row in known if row["lang"] == language]
        if len({row["label"] == M for row in training}) == 2:
            scored["baseline"] = Baseline(training)(material)
            if language == "en":
                scored["baseline, punctuation as found"] = Baseline(training, plain=False)(material)
        yield from table(language, material, scored)
        chars = sum(len(row["text"]) for row in material)
        print(f"{language}: {len(material)} rows, {chars / spent / 1e3:.0f} kB/s", flush=True)  # progress
        chances = 1 / (1 + np.exp(-scored["ours"]))
        diagrams += list(reliability.diagram(model, language, material, chances))
        if language == "en":
            english = material, scored["ours"]
    yield ""
    yield "## Reliability"
    yield ""
    yield from diagrams
    if english:
        yield from _english(*english, model)
    yield from documents.report(shared, model)
    yield from generated.report(shared, model)


def _english(material: list[Row], values: Any, model: OriginScorer) -> Iterator[str]:
    yield "## English sentences, machine against human translation, in parts"
    yield ""
    yield "| by | which | rows | AUC |"
    yield "|---|---|---|---|"
    yield from breakdown(material, values, ["src_lang", "system", "year", "length", "domain"])
    yield ""
    curly = [{**row, "text": row["text"].replace('"', "”").replace("'", "’").replace(" - ", " — ")} for row in material]
    changed = ours(model, curly[:4000], model.calibration)["ours"]
    same = float(np.mean(np.abs(changed - np.asarray(values)[:4000]) < 1e-9))
    plain = float(np.mean([normalise(a["text"]) == normalise(b["text"]) for a, b in zip(material, curly, strict=True)]))
    yield f"Scores that stay the same when quotation marks and dashes are changed: {same:.1%} ({plain:.1%} of the texts"
    yield "are the same after normalisation)."
    yield ""


def main() -> None:
    """Print the tables; with ``--write`` also put them into a file."""
    parser = argparse.ArgumentParser(description="Origin of texts on the test years")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[3] / "shared")
    parser.add_argument("--languages", default="")
    parser.add_argument("--every", type=int, default=1, help="use every n-th row, for a quick look")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    lines = []
    for line in report(asked.shared, [one for one in asked.languages.split(",") if one], asked.every):
        print(line, flush=True)
        lines.append(line)
    if asked.write:
        asked.write.write_text("\n".join(["# Origin of texts: figures", "", *lines]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
