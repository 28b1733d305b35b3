"""Fit the second judge of lines: a head over the shipped encoder's states, for lines that the first stage is unsure of.

    python -m models.training.lines.second --data ../shared/data --udhr FOLDER --work build/second --out models/lines

The encoder stays as it is; its mean states are kept in ``--work``. Needs the extra ``train``. Fitted on interface
strings of the training products, phrases, content blocks of the training pages and content of the training years; most
of the content is what the first stage is unsure of on made-up pages.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from auditor.lines import Head, LineModel, load
from auditor.lines._model import CONFIG
from auditor.lines._second import HEAD
from auditor.scorers import ENCODER
from auditor.transformer import Encoder, place
from auditor.weights import WEIGHTS, about, digest, require, write_manifest
from models.training.lines import corpus, pages
from models.training.lines.corpus import TRAIN, Example
from models.training.lines.train import articles

_PAGES, _LONGEST = 6000, 400
_STRINGS, _STRENGTH, _PORTION = 1.5, 3e-4, 1024
# The head's share of the log-odds, and what both stages must give together (chosen on development data, see the card).
TOGETHER = {"second_share": 0.5, "both_own": 0.95, "both_probably": 0.8, "both_foreign": 0.75, "both_keep": 0.7}
# From this probability of the first stage on a content line is one that it may doubt.
_DOUBTED = 0.05
# So many of each language: phrases, and pieces of the declaration of rights; of all: other examples.
_PHRASES, _RIGHTS, _DOUBTS, _OTHERS, _BLOCKS = 120, 70, 12000, 4000, 3500


def some(examples: Sequence[Example], most: int, chance: random.Random) -> list[Example]:
    """At most so many examples of each language."""
    groups: dict[str, list[Example]] = defaultdict(list)
    for one in examples:
        groups[one.language].append(one)
    return [one for _, own in sorted(groups.items()) for one in chance.sample(own, min(most, len(own)))]


def doubted(options: argparse.Namespace, strings: list[Example], known: set[str], model: LineModel) -> list[Example]:
    """Content lines of made-up pages that the first stage is unsure of, and as they come."""
    maker = pages.Maker(articles(options, TRAIN, 300, known), strings, 21)
    unsure, others = [], []
    for _ in range(_PAGES):
        made = maker.page()
        for line, label, value in zip(made.page.lines, made.labels, model.probabilities(made.page), strict=True):
            if label == 0:
                text = line.span.cut(made.page.text)
                own = unsure if value >= _DOUBTED else others
                own.append(Example(text, line.language.tag, chrome=False, kind="", source="doubts"))
    chance = random.Random(22)
    unsure, others = corpus.unique(iter(unsure)), corpus.unique(iter(others))
    print(len(unsure), "content lines are doubted", flush=True)
    return [
        *chance.sample(unsure, min(_DOUBTS, len(unsure))),
        *chance.sample(others, min(_OTHERS, len(others))),
    ]


def gather(options: argparse.Namespace) -> list[Example]:
    """All examples of the training part."""
    chance = random.Random(20)
    strings = corpus.unique(corpus.interface_strings(options.data, TRAIN))
    phrases = some(corpus.unique(corpus.phrases(1)), _PHRASES, chance)
    known = {one.language for one in (*strings, *phrases)}
    rights = [one for one in corpus.unique(corpus.declaration(options.udhr, 1)) if one.language in known]
    names = corpus.unique(corpus.names(options.data, 600, 1))
    every = [*strings, *phrases, *some(rights, _RIGHTS, chance), *names, *web(options, chance)]
    known |= {one.language for one in corpus.news(options.data, 10, 1, TRAIN)}
    every += doubted(options, [*strings, *phrases], known, load())
    return [one for one in corpus.unique(iter(every)) if len(one.text) <= _LONGEST]


def web(options: argparse.Namespace, chance: random.Random) -> list[Example]:
    """Content blocks of the training pages.

    Their boilerplate is left out: most of it is headlines of other articles, which read like content line by line.
    """
    rows = [row for row in corpus.blocks(options.data, TRAIN) if row["label"] == "content"]
    return [
        Example(row["text"], corpus.tag(row["lang"] or "de"), chrome=False, kind="", source="blocks")
        for row in chance.sample(rows, min(_BLOCKS, len(rows)))
    ]


def states(texts: Sequence[str], path: Path) -> np.ndarray:
    """Mean states of texts; those that a file keeps from before are not made again."""
    known: dict[str, np.ndarray] = {}
    if path.is_file():
        with np.load(path, allow_pickle=False) as stored:
            known = dict(zip(stored["texts"].tolist(), stored["states"], strict=True))
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    encoder = Encoder(require(ENCODER), place("cpu"))
    for at in range(0, len(missing), _PORTION):
        part = missing[at : at + _PORTION]
        known |= dict(zip(part, encoder.means(part).astype(np.float32), strict=True))
        print(f"{at + len(part)} of {len(missing)} texts read", flush=True)
    found = np.stack([known[text] for text in texts])
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, states=found, texts=np.array(list(texts)))
    return found


def fit(examples: Sequence[Example], vectors: np.ndarray) -> Head:
    """Logistic regression, interface text and content of one weight in each language, so that none tells the class."""
    counts = Counter((one.language, one.chrome) for one in examples)

    def weight(one: Example) -> float:
        here, other = counts[one.language, one.chrome], counts[one.language, not one.chrome]
        return float(max(1, other) / here) ** 0.5 * (_STRINGS if one.source == "strings" else 1.0)

    mean, spread = vectors.mean(0), vectors.std(0) + 1e-3
    found = LogisticRegression(C=_STRENGTH, max_iter=400, tol=1e-4)
    wanted, weights = [one.chrome for one in examples], [weight(one) for one in examples]
    found.fit((vectors - mean) / spread, wanted, sample_weight=weights)
    return Head(mean, spread, found.coef_[0], float(found.intercept_[0]), digest(require(ENCODER) / WEIGHTS))


def write(out: Path, head: Head) -> None:
    """Write the head, what it and the first stage must give together, and the manifest."""
    arrays = {name: getattr(head, name).astype(np.float32) for name in ("mean", "spread", "weights")}
    np.savez_compressed(out / HEAD, **arrays, bias=np.float32(head.bias), encoder=np.array(head.encoder))
    config = json.loads((out / CONFIG).read_text("utf-8"))
    config["thresholds"] |= TOGETHER
    (out / CONFIG).write_text(json.dumps(config, indent=1, sort_keys=True) + "\n", "utf-8")
    write_manifest(out, about(out))


def main() -> None:
    """Gather, encode, fit and write."""
    parser = argparse.ArgumentParser(description="Fit the second judge of lines")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--udhr", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder that keeps the encoder's states")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    examples = gather(options)
    print(len(examples), Counter((one.source, one.chrome) for one in examples), flush=True)
    write(options.out, fit(examples, states([one.text for one in examples], options.work / "states.npz")))


if __name__ == "__main__":
    main()
