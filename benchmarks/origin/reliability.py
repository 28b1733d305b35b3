"""Reliability of the document probabilities: how often those who get a probability are what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from auditor.origin import SCORES
from auditor.scorers import OriginScorer
from benchmarks.origin.material import ORIGINAL, H, M, Row

_BINS = 10
_BAR = 30
_LENGTH = 12


def diagram(model: OriginScorer, language: str, material: Sequence[Row], values: Any) -> Iterator[str]:
    """Bins of the document probability of machine translation over runs of twelve, at even prior odds.

    ``values`` are sentence probabilities. People's and machines' runs are weighted to equal sums, as even odds mean.
    """
    found = _documents(model, language, material, values)
    machine = np.array([label == M for label, _ in found])
    chance = np.array([value for _, value in found])
    if min(machine.sum(), (~machine).sum()) < 50:
        return
    weight = np.where(machine, 0.5 / machine.sum(), 0.5 / (~machine).sum())
    places = np.minimum((chance * _BINS).astype(int), _BINS - 1)
    yield f"Reliability, {language}, runs of {_LENGTH}: {machine.sum()} by machines, {(~machine).sum()} by people"
    yield ""
    yield "| probability said | share | by machines | |"
    yield "|---|---|---|---|"
    gap = 0.0
    for place in range(_BINS):
        inside = places == place
        share = float(weight[inside].sum())
        if share == 0:
            continue
        seen = float(weight[inside & machine].sum()) / share
        gap += share * abs(seen - float(np.average(chance[inside], weights=weight[inside])))
        bar = "█" * round(seen * _BAR)
        yield f"| {place / _BINS:.1f} to {(place + 1) / _BINS:.1f} | {share:.1%} | {seen:.2f} | {bar} |"
    yield ""
    yield f"Expected calibration error: {gap:.3f}. {_labels(model, language, found)}"
    yield ""


def _labels(model: OriginScorer, language: str, found: Sequence[tuple[str, float]]) -> str:
    rule = model.calibration.pooling.get(language, {}).get("machine")
    cuts = [(rate, rule.cut(_LENGTH, rate) if rule else None) for rate in (0.01, 0.05)]
    said = []
    for rate, cut in cuts:
        if cut is not None:
            caught, false = (
                float(np.mean([value >= cut for label, value in found if (label == M) is side]))
                for side in (True, False)
            )
            said.append(f"at the threshold for {rate:.0%}: {false:.1%} of people's runs, {caught:.1%} of machines'")
    return "Labelled " + "; ".join(said) + "." if said else "No threshold: label unknown."


def _documents(model: OriginScorer, language: str, material: Sequence[Row], values: Any) -> list[tuple[str, float]]:
    by: dict[tuple[Any, ...], list[tuple[int, float, int]]] = defaultdict(list)
    for row, value in zip(material, values, strict=True):
        if row["label"] in {M, H, ORIGINAL}:
            year, pair, line = row["seg_id"].rsplit(":", 2)
            key = (row["label"], row["dataset"], year, pair, row["system"])
            by[key].append((int(line), float(value), len(row["text"])))
    name = SCORES["machine"]
    out = []
    for key, members in sorted(by.items(), key=str):
        ordered = sorted(members)
        for at in range(0, len(ordered) - _LENGTH + 1, _LENGTH):
            sentences = [(value, size) for _, value, size in ordered[at : at + _LENGTH]]
            out.append((key[0], model.calibration.document(language, {name: sentences}).probabilities[name]))
    return out
