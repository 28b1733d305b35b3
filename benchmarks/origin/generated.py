"""Generated against written text, by domain and generator, on ai_text test; some generators are in no training row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from auditor.data import Document, Origin, Score, Suspect
from auditor.origin import SCORES, Estimate
from auditor.scorers import OriginScorer, pooled
from auditor.segment import segment
from benchmarks.origin.material import auc, caught, rows

_NAME = SCORES["generated"]


@dataclass(frozen=True, slots=True)
class Text:
    """One scored text of the test split."""

    generator: str
    domain: str
    estimate: Estimate

    @property
    def value(self) -> float:
        """Probability that it was generated."""
        return self.estimate.probabilities.get(_NAME, 0.0)


def report(shared: Path, model: OriginScorer) -> Iterator[str]:
    """AUC and rates by domain and generator."""
    found = _scored(model, list(rows(shared / "data" / "ai_text" / "test.jsonl.gz")))
    seen = {row["generator"] for row in rows(shared / "data" / "ai_text" / "train.jsonl.gz")}
    people: dict[str, list[Text]] = defaultdict(list)
    for one in found:
        if one.generator == "human":
            people[one.domain].append(one)
    yield "## Generated text, whole documents of ai_text test"
    yield ""
    yield "| domain | generator | in training | texts | AUC | TPR at 1 % | TPR at 5 % | labelled |"
    yield "|---|---|---|---|---|---|---|---|"
    for domain, written in sorted(people.items()):
        no = np.array([one.value for one in written])
        machines = [one for one in found if one.domain == domain and one.generator != "human"]
        for generator in ["all", *sorted({one.generator for one in machines})]:
            own = [one for one in machines if generator in {"all", one.generator}]
            yes = np.array([one.value for one in own])
            known = "" if generator == "all" else "yes" if generator in seen else "no"
            figures = f"{auc(yes, no):.3f} | {caught(yes, no, 0.01):.3f} | {caught(yes, no, 0.05):.3f}"
            yield f"| {domain} | {generator} | {known} | {len(own)} | {figures} | {_labelled(own):.1%} |"
        yield f"| {domain} | human | | {len(written)} | | | | {_labelled(written):.1%} |"
    yield ""
    yield "`labelled` is the share that gets the label ai_generated at the shipped threshold; for people it is the"
    yield "rate of false accusations."
    yield ""


def _labelled(texts: list[Text]) -> float:
    return float(np.mean([one.estimate.label == "ai_generated" for one in texts])) if texts else 0.0


def _scored(model: OriginScorer, material: list[dict[str, str]]) -> list[Text]:
    """All texts at once, since small batches are filled up with nothing."""
    suspects = []
    for number, row in enumerate(material):
        page = segment(Document(str(number), row["text"], Origin("-", "txt"), declared_language="en"))
        spans = [one.span for one in page.sentences if one.span.cut(page.text).strip()]
        suspects += [Suspect(str(number), span, span.cut(page.text), (), "en") for span in spans]
    scores: dict[str, list[Score]] = defaultdict(list)
    for one in model.scores(suspects):
        scores[one.document_id].append(one)
    return [
        Text(row["generator"], row["domain"], pooled(model.calibration, "en", scores[str(number)]))
        for number, row in enumerate(material)
    ]
