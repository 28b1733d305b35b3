"""Test rows, and how single values become windows, runs and figures."""

from __future__ import annotations

import gzip
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from auditor.origin import Pooling

Row = dict[str, Any]
M, H, ORIGINAL = "machine_translation", "human_translation", "original"


def rows(path: Path) -> Iterator[Row]:
    """Objects of a gzip JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        yield from map(json.loads, handle)


def split(shared: Path, parts: Sequence[str]) -> list[Row]:
    """Rows of mt_detect."""
    return [row for part in parts for row in rows(shared / "data" / "mt_detect" / f"{part}.jsonl.gz")]


def runs(material: Sequence[Row], values: Any, length: int, *, weighed: bool = True) -> list[tuple[str, float]]:
    """(label, pooled value) of runs of neighbouring lines of one test set by one hand; nothing overlaps.

    Documents may change inside a run, because most test documents are shorter than twelve lines. ``weighed`` pools as
    the auditor does, longer sentences counting more; else all count the same.
    """
    by: dict[tuple[Any, ...], list[tuple[int, float, int]]] = defaultdict(list)
    for row, value in zip(material, values, strict=True):
        year, pair, line = row["seg_id"].rsplit(":", 2)
        by[row["label"], row["dataset"], year, pair, row["system"]].append((int(line), float(value), len(row["text"])))
    out = []
    for key, members in sorted(by.items(), key=str):
        ordered = sorted(members)
        for at in range(0, len(ordered) - length + 1, length):
            part = ordered[at : at + length]
            out.append((key[0], pooled(part) if weighed else float(np.mean([value for _, value, _ in part]))))
    return out


def pooled(part: Sequence[tuple[int, float, int]]) -> float:
    """The auditor's pooling without calibration: the weighted mean of (line, logit, length) logits."""
    sentences = [(1 / (1 + math.exp(-value)), size) for _, value, size in part]
    return Pooling(1.0, 0.0, 1.0).evidence(sentences)


def auc(yes: Any, no: Any) -> float:
    """Area under the ROC curve (probability that a yes scores above a no; ties half); NaN without both."""
    if not len(yes) or not len(no):
        return float("nan")
    order = np.argsort(np.concatenate([yes, no]), kind="stable")
    values = np.concatenate([yes, no])[order]
    ranks = np.arange(1, len(values) + 1, dtype=float)
    edges = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1], [True]]))
    for low, high in pairwise(edges):
        ranks[low:high] = (low + 1 + high) / 2
    won = ranks[np.argsort(order, kind="stable")][: len(yes)].sum() - len(yes) * (len(yes) + 1) / 2
    return float(won / (len(yes) * len(no)))


def caught(yes: Any, no: Any, rate: float) -> float:
    """Share of yes above the value that ``rate`` of the no reach."""
    if not len(yes) or not len(no):
        return float("nan")
    return float(np.mean(np.asarray(yes) > np.quantile(no, 1 - rate, method="higher")))


def balanced_accuracy(yes: Any, no: Any, cut: float) -> float:
    """Mean of both sides' shares on the right side of a cut that was set elsewhere."""
    if not len(yes) or not len(no):
        return float("nan")
    return float((np.mean(np.asarray(yes) >= cut) + np.mean(np.asarray(no) < cut)) / 2)


def paired(material: Sequence[Row], values: Any, no: str) -> float:
    """How often the machine's version of a source segment scores above the other's."""
    by: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for row, value in zip(material, values, strict=True):
        if row["label"] in {M, no}:
            by[row["seg_id"]][row["label"] == M].append(float(value))
    wins = [(m > h) + 0.5 * (m == h) for others, machines in by.values() for h in others for m in machines]
    return float(np.mean(wins)) if wins else float("nan")


def sides(pairs: Sequence[tuple[str, float]], no: str) -> tuple[Any, Any]:
    """Values of machine translations and of the other label."""
    return (
        np.array([value for label, value in pairs if label == M]),
        np.array([value for label, value in pairs if label == no]),
    )


Scorer = Callable[[Sequence[Row]], Any]
