"""Measure how many letters languages need for the same content, for the length check of pairs.

    python tools/build_density.py [--shared ../shared] > auditor/knowledge/text_density.tsv

Source segments with their human translations (WMT, training part only) and, for languages that these lack, machine
translations that people rated at least 70 of 100 (MLQE-PE and the WMT quality estimation task, training part). Of each
direction the median of log(letters of target / letters of source) is taken; densities are the least-squares fit to
these medians, weighted by the root of the number of segments, with English at 1.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from auditor.language import letters, primary

_LEAST = 60
_GOOD = 70


def rows(path: Path) -> Iterator[dict]:
    """Objects of a compressed file of lines."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        yield from map(json.loads, handle)


def pairs(shared: Path) -> Iterator[tuple[str, str, str, str]]:
    """Yield source language, target language, source, target."""
    sources, targets = {}, []
    for row in rows(shared / "data" / "mt_detect" / "train.jsonl.gz"):
        if row["label"] == "original":
            sources[row["seg_id"]] = row
        elif row["label"] == "human_translation":
            targets.append(row)
    for row in targets:
        source = sources.get(row["seg_id"])
        if source and source["lang"] == row["src_lang"]:
            yield source["lang"], row["lang"], source["text"], row["text"]
    for row in rows(shared / "data" / "qe" / "train.jsonl.gz"):
        if (row.get("da_mean") or 0) >= _GOOD:
            yield row["src_lang"], row["tgt_lang"], row["source"], row["translation"]


def fit(ratios: dict[tuple[str, str], list[float]]) -> dict[str, float]:
    """Log density of each language, English 0."""
    names = sorted({name for pair in ratios for name in pair})
    matrix, wanted = [], []
    for (source, target), found in ratios.items():
        weight = math.sqrt(math.sqrt(len(found)))
        row = [0.0] * len(names)
        row[names.index(target)], row[names.index(source)] = weight, -weight
        matrix.append(row)
        wanted.append(weight * statistics.median(found))
    anchor = [1000.0 * (name == "en") for name in names]
    solved = np.linalg.lstsq(np.array([*matrix, anchor]), np.array([*wanted, 0.0]), rcond=None)[0]
    return dict(zip(names, solved, strict=True))


def main() -> None:
    """Print the table; spread of the directions around it goes to standard error."""
    parser = argparse.ArgumentParser(description="Letters by language")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    ratios: dict[tuple[str, str], list[float]] = defaultdict(list)
    for source_language, target_language, source, target in pairs(parser.parse_args().shared):
        before, after = letters(source), letters(target)
        if before >= _LEAST / 3 and after >= _LEAST / 3 and max(before, after) >= _LEAST:
            ratios[primary(source_language), primary(target_language)].append(math.log(after / before))
    found = fit({pair: own for pair, own in ratios.items() if len(own) >= 100})
    for (source, target), own in sorted(ratios.items()):
        if len(own) >= 100:
            rest = sorted(one - found[target] + found[source] for one in own)
            print(
                f"{source}-{target}: {len(own)}, 0.1 % and 99.9 % at {rest[len(rest) // 1000]:.2f} "
                f"{rest[-1 - len(rest) // 1000]:.2f}, middle {statistics.median(rest):.2f}",
                file=sys.stderr,
            )
    print("# Letters that a language needs for what takes one letter in English. Made by tools/build_density.py.")
    print("language\tletters\tsource\tlicence")
    for name, value in sorted(found.items()):
        print(f"{name}\t{math.exp(value):.3f}\tmeasured on segments of WMT 2008-2021, MLQE-PE and WMT QE\tApache-2.0")


if __name__ == "__main__":
    main()
