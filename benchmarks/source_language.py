"""How well the likely source language of an undisclosed translation is told, and whether its confidence is right.

    python -m benchmarks.source_language [--shared ../shared] [--documents 400] [--parts dev,test] [--write]
    python -m benchmarks.source_language --fit

Documents are twelve neighbouring lines of one system's translation, or of an original (source language: none), of
mt_detect: three translations to seven originals, which is the prior of ``knowledge/source_language.tsv``. These are
bare texts: no interface lines, addresses, names of translators or outlets, so only the encoder, quotation marks,
names, figures and idioms can speak. What is printed is how often an answer is given and how often it is right, by
confidence, on the fifth of the dev year that no model was trained on, and on the test year. ``--fit`` prints the
numbers that describe the part of dev best (log loss); nothing is fitted on the test year.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

from auditor import Document, Settings, audit_documents
from auditor.data import SOURCE_SHARE, Origin, Score, Span
from auditor.origin import SCORES
from auditor.provenance._source_language import posterior, weights, witnesses_of
from auditor.scorers import Models, OriginScorer, pooled
from auditor.source_shares import Fit, Sentences, fitted, shares
from models.training.corpora import held_out

ROOT = Path(__file__).parent.parent
_LINES = 12
_BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
_TRANSLATIONS = 0.3
_SLOPES = (0.5, 0.75, 1.0, 1.5)
_DEPENDENCE = (0.1, 0.2, 0.3, 0.5)
_SHIFTS = (0.0, 0.25, 0.5, 0.75, 1.0)
_ROUNDS = 60
_NAMES = {
    "dev": "Development year 2022, on which the numbers were fitted (no model was trained on these texts)",
    "test": "Test year 2023",
}
# Language, true source language or "und", text.
Text = tuple[str, str, str]
# A text with what the models say of its sentences, and the log-odds that it was translated.
Heard = tuple[Text, tuple[Sentences, float]]


def documents(shared: Path, part: str, limit: int) -> Iterator[Text]:
    """A seeded sample, three translations to seven originals; of dev only what no model was trained on."""
    hands: dict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    with gzip.open(shared / "data/mt_detect" / f"{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["dataset"] == "HT-vs-MT" or (part == "dev" and not held_out(row)):
                continue
            year, pair, number = row["seg_id"].rsplit(":", 2)
            source = "und" if row["label"] == "original" else row["src_lang"]
            hands[row["lang"], source, year, pair, str(row["system"])].append((int(number), row["text"]))
    made: dict[bool, list[Text]] = {True: [], False: []}
    for key in sorted(hands):
        texts = [text for _, text in sorted(hands[key])]
        for at in range(0, len(texts) - _LINES, _LINES):
            made[key[1] == "und"].append((key[0], key[1], "\n".join(texts[at : at + _LINES])))
    for kind, share in ((True, 1 - _TRANSLATIONS), (False, _TRANSLATIONS)):
        yield from _evenly(made[kind], round(limit * share))


def _evenly(texts: Sequence[Text], most: int) -> list[Text]:
    """A seeded sample in which every pair of languages has as many texts as the others, as far as they go."""
    groups: dict[tuple[str, str], list[Text]] = defaultdict(list)
    for one in random.Random(1).sample(texts, len(texts)):  # noqa: S311 - a benchmark, no secret
        groups[one[:2]].append(one)
    ranked = [(place, key, one) for key, own in groups.items() for place, one in enumerate(own)]
    return [one for _, _, one in sorted(ranked, key=lambda it: it[:2])[:most]]


def measure(shared: Path, part: str, limit: int) -> Iterator[str]:
    """The figures as Markdown."""
    told = list(documents(shared, part, limit))
    pages = (Document(str(at), text, Origin(str(at), "txt")) for at, (_, _, text) in enumerate(told))
    report = audit_documents(pages, Settings(score="all", ignore=("BP", "EN", "NC", "QD", "LM")))
    seen: dict[float, list[tuple[float, bool]]] = defaultdict(list)
    answers: Counter[str] = Counter()
    for audit, (_, truth, _) in zip(report.documents, told, strict=True):
        claim = audit.provenance.source_language
        tag, confidence = str(claim["tag"]), float(str(claim["confidence"]))
        kind = "translations" if truth != "und" else "originals"
        answers[kind] += 1
        if tag != "und":
            answers[f"{kind} answered"] += 1
            answers[f"{kind} right"] += tag == truth
            seen[next(one for one in _BINS if confidence < one)].append((confidence, tag == truth))
    yield "| confidence | answers | mean confidence | right |\n|--|--|--|--|"
    for low, high in pairwise(_BINS):
        if own := seen[high]:
            mean, right = (sum(side) / len(own) for side in zip(*own, strict=True))
            yield f"| {low:.1f} to {min(high, 1.0):.1f} | {len(own)} | {mean:.2f} | {right:.2f} |"
    yield (
        f"\n{answers['translations']} translations: {answers['translations answered']} with an answer,"
        f" {answers['translations right']} of them right. {answers['originals']} originals:"
        f" {answers['originals answered']} with an answer, all of them wrong."
    )


def fit(shared: Path, limit: int) -> Iterator[str]:
    """The numbers that describe the part of dev best, and how good the best and the present ones are."""
    told = list(documents(shared, "dev", limit))
    origin = Models(Settings()).origin()
    if origin is None:
        yield "the encoder is not installed"
        return
    known = [(case, _heard(origin, case[0], case[2])) for case in told]
    candidates = [_leaning(known, Fit(slope, dependence)) for slope, dependence in product(_SLOPES, _DEPENDENCE)]
    best = min(candidates, key=lambda one: _loss(known, one, 1.0))
    yield f"encoder_slope {best.slope}, encoder_dependence {best.dependence}"
    yield ", ".join(f"encoder_en_{tag} {value:.2f}" for tag, value in sorted(best.lean.items()))
    for shift in _SHIFTS:
        yield f"translated_slope {shift}: {_loss(known, best, shift):.4f} nats"
    present = _loss(known, fitted(), weights()["translated_slope"])
    yield f"present numbers: {present:.4f} nats; prior alone: {_loss(known, Fit(0.0, 0.0), 0.0):.4f} nats"


def _leaning(known: Sequence[Heard], fit: Fit) -> Fit:
    """The fit with the leans under which each source of English texts is claimed as often as it is true."""
    english = [(case, heard) for case, heard in known if case[0] == "en" and case[1] != "und"]
    counts = Counter(truth for (_, truth, _), _ in english)
    lean = dict.fromkeys(counts, 0.0)
    for _ in range(_ROUNDS):
        fit = replace(fit, lean=lean)
        given = [shares(sentences, "en", fit) for _, (sentences, _) in english]
        lean = {
            tag: lean[tag] + 0.5 * math.log(counts[tag] / max(1e-6, sum(one[tag] for one in given))) for tag in counts
        }
    return fit


def _heard(origin: OriginScorer, language: str, text: str) -> tuple[Sentences, float]:
    """What the models say of each line, and the log-odds that the text was translated."""
    lines = text.splitlines()
    values = origin.logits([(language, line) for line in lines])
    scores = [
        Score("", Span(at, at + len(line)), SCORES["translated"], sentence[SCORES["translated"]])
        for at, (line, own) in enumerate(zip(lines, values, strict=True))
        if SCORES["translated"] in (sentence := origin.calibration.sentence(language, len(line), own))
    ]
    chance = pooled(origin.calibration, language, scores).probabilities.get(SCORES["translated"], 0.5)
    inside = min(max(chance, 1e-3), 1 - 1e-3)
    return [(own, len(line)) for own, line in zip(values, lines, strict=True)], math.log(inside / (1 - inside))


def _loss(known: Sequence[Heard], fit: Fit, shift: float) -> float:
    """Mean negative log of the probability of the truth, in nats."""
    total = 0.0
    for (language, truth, _), (sentences, odds) in known:
        given = shares(sentences, language, fit)
        heard = witnesses_of([Score("", Span(0, 0), SOURCE_SHARE + tag, one) for tag, one in given.items()])
        chances = posterior(list(heard), language, disclosed=False, shift=shift * odds)
        total -= math.log(max(1e-6, chances.get(truth, 1e-6)))
    return total / len(known)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--parts", default="dev,test", help="dev, test or both")
    parser.add_argument("--fit", action="store_true", help="print the best numbers for knowledge/source_language.tsv")
    parser.add_argument("--write", action="store_true", help="write docs/source_language.md")
    options = parser.parse_args()
    if options.fit:
        print("\n".join(fit(options.shared, options.documents)))
        return
    made = []
    for part in options.parts.split(","):
        made += [f"## {_NAMES[part]}", "", *measure(options.shared, part, options.documents), ""]
    text = "\n".join(made)
    print(text)
    if options.write:
        command = f"python -m benchmarks.source_language --parts {options.parts} --write"
        head = (
            f"# The likely source language\n\nPrinted by `{command}`. The documents are bare\n"
            "texts without a site around them, three translations to seven originals; where no row stands, no answer\n"
            "was given.\n\n"
        )
        (ROOT / "docs" / "source_language.md").write_text(head + text, "utf-8")


if __name__ == "__main__":
    main()
