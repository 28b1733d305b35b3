"""Train the probes: ``python -m models.training.probes.train OUT --work DIR [--whole]`` (half an hour).

Reads English sentences with the frozen language model (``auditor models pull smollm2``), keeps their mean hidden
states in ``--work`` (a part at a time, so that a stopped run goes on where it was), and fits one logistic regression a
question. Of several machine translations of one source sentence one is used, which one is drawn.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from auditor.data import Document, Origin
from auditor.segment import segment
from auditor.weights import require, write_manifest
from models.training.corpora import held_out, rows

BASE = "smollm2"
LAYERS = (8, 11, 14, 17, 20)
QUESTIONS = ("machine", "translated", "generated")
WHAT = "probes on smollm2: origin scores of English sentences"
# Machine translations of one source sentence, and sentences of one document, that are used.
_SYSTEMS = 1
_SENTENCES = 4
_TEXTS = 3000
_PART = 4000
# Inverse strength of the ridge, for weights that add up to the number of rows; the first was chosen on 2022 after
# training to 2021, the others stand near it.
STRENGTH = {"machine": 3e-3, "translated": 1e-3, "generated": 1e-3}
_DAMPED = 0.75


def material(data: Path, parts: Sequence[str]) -> list[dict[str, Any]]:
    """English sentences, each with label, part, and the group whose number damps its weight."""
    chance = random.Random(0)
    out = []
    for part in parts:
        versions: Counter[str] = Counter()
        found = [row for row in rows(data / "mt_detect" / f"{part}.jsonl.gz") if row["lang"] == "en"]
        chance.shuffle(found)
        for row in found:
            versions[row["seg_id"]] += row["label"] == "machine_translation"
            if row["label"] == "machine_translation" and versions[row["seg_id"]] > _SYSTEMS:
                continue
            group = f"{row['label']}|{row['dataset']}|{row['src_lang']}"
            kept = part == "dev" and held_out(row)
            out.append({"text": row["text"], "label": row["label"], "group": group, "held": kept})
        out += generated(data, part, chance)
    return out


def generated(data: Path, part: str, chance: random.Random) -> list[dict[str, Any]]:
    """Sentences of texts by people and by language models; the dev part is left for calibration."""
    texts = list(rows(data / "ai_text" / f"{part}.jsonl.gz")) if part == "train" else []
    out = []
    for row in chance.sample(texts, min(_TEXTS, len(texts))):
        page = segment(Document("", row["text"][:6000], Origin("-", "txt"), declared_language="en"))
        found = [one.span.cut(page.text) for one in page.sentences]
        for text in chance.sample(found, min(_SENTENCES, len(found))):
            group = f"{row['label']}|{row['dataset']}|{row['domain']}"
            out.append({"text": text, "label": row["label"], "group": group, "held": False})
    return out


def states(texts: Sequence[str], work: Path) -> Any:
    """Mean hidden states of all texts (float16), computed a part at a time and kept in ``work``."""
    work.mkdir(parents=True, exist_ok=True)
    reader = None
    parts = []
    for at in range(0, len(texts), _PART):
        path = work / f"{at:07d}.npy"
        if not path.is_file():
            reader = reader or _blank()
            np.save(path.with_suffix(".tmp.npy"), reader.states(texts[at : at + _PART]).astype(np.float16))
            path.with_suffix(".tmp.npy").rename(path)
            print(f"read {at + _PART} of {len(texts)}", flush=True)
        parts.append(np.load(path))
    return np.concatenate(parts)


def _blank() -> Any:
    """A model whose probes are not trained yet."""
    import tempfile

    from auditor.transformer import Probe, place

    with tempfile.TemporaryDirectory() as folder:
        width = json.loads((require(BASE) / "config.json").read_text("utf-8"))["hidden_size"] * len(LAYERS)
        save(Path(folder), np.zeros((len(QUESTIONS), width)), np.zeros(len(QUESTIONS)))
        return Probe(Path(folder), require(BASE), place("cpu"))


def save(folder: Path, weight: Any, bias: Any) -> None:
    """Write the probes and what they belong to."""
    import torch
    from safetensors.torch import save_file

    from auditor.transformer._probe import PROBES

    folder.mkdir(parents=True, exist_ok=True)
    tensors = {"weight": torch.tensor(weight, dtype=torch.float32), "bias": torch.tensor(bias, dtype=torch.float32)}
    save_file(tensors, folder / PROBES)
    about = {"kind": "probes", "base": BASE, "layers": LAYERS, "questions": QUESTIONS}
    (folder / "config.json").write_text(json.dumps(about, indent=2) + "\n", "utf-8")


def fit(features: Any, goal: Any, weight: Any, strength: float) -> tuple[Any, float]:
    """Logistic regression on standardised features; weights and intercept for the features as they are."""
    from sklearn.linear_model import LogisticRegression

    middle, spread = features.mean(0), features.std(0) + 1e-3
    model = LogisticRegression(C=strength, max_iter=150, tol=1e-3)
    model.fit((features - middle) / spread, goal, sample_weight=weight * len(goal) / weight.sum())
    found = model.coef_[0] / spread
    return found, float(model.intercept_[0] - found @ middle)


def balanced(groups: Sequence[str], goal: Any) -> Any:
    """Weights that give both answers one half, and inside them groups of sources nearly equal parts."""
    number = Counter(groups)
    weight = np.array([number[one] ** -_DAMPED for one in groups])
    for answer in (True, False):
        weight[goal == answer] *= 0.5 / weight[goal == answer].sum()
    return weight


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--parts", default="train,dev")
    parser.add_argument("--whole", action="store_true", help="the rows kept for calibration too, for what is shipped")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked = parser.parse_args()
    found = material(asked.data, asked.parts.split(","))
    features = states([one["text"] for one in found], asked.work)
    labels = np.array([one["label"] for one in found])
    held = np.array([one["held"] for one in found]) & (not asked.whole)
    asks = {
        "machine": (("machine_translation",), ("human_translation",)),
        "translated": (("machine_translation", "human_translation"), ("original",)),
        "generated": (("ai",), ("human", "human_translation", "original", "machine_translation")),
    }
    probes = []
    for question in QUESTIONS:
        yes, no = asks[question]
        use = np.flatnonzero(np.isin(labels, [*yes, *no]) & ~held)
        goal = np.isin(labels[use], yes)
        weight = balanced([found[at]["group"] for at in use], goal)
        probes.append(fit(features[use].astype(np.float32), goal, weight, STRENGTH[question]))
        print(question, len(use), flush=True)
    save(asked.out, np.stack([one for one, _ in probes]), np.array([bias for _, bias in probes]))
    write_manifest(asked.out, {"name": asked.out.name, "licence": "Apache-2.0", "what": WHAT})


if __name__ == "__main__":
    main()
