"""Find the threshold from which a plain line is left out of the main text, on the development pages.

    python -m models.training.lines.main_text --data ../shared/data [--lines FOLDER]

Prints the F1 of the content of both block sets, and their mean, for each threshold; ``main_plain`` in ``config.json``
is the best mean. As in ``auditor.main_text``, what BP rules report is left out besides. Needs no extra.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.cleaning import without
from auditor.data import Document, Origin, SegmentedDocument, Span
from auditor.lines import LineModel, load
from auditor.rules import _chrome_judged, _passages, boilerplate, chrome_kinds
from auditor.segment import segment
from benchmarks._blocks import holder
from models.training.lines.corpus import DEV, blocks

THRESHOLDS = (0.5, 0.6, 0.7, 0.74, 0.76, 0.78, 0.8, 0.82, 0.84, 0.86, 0.88, 0.9, 0.92, 0.94)


@dataclass(slots=True)
class Read:
    """A page with its labelled blocks, what the rules report, and what the classifier gives each line."""

    rows: list[dict[str, Any]]
    page: SegmentedDocument
    reported: list[Span]
    probabilities: list[float]


def read(rows: list[dict[str, Any]], model: LineModel) -> Read:
    """Read one page's blocks as plain lines."""
    text = "\n".join(" ".join(row["text"].split()) for row in rows)
    page = segment(Document("a", text, Origin("a", "txt")))
    found = [one.span for rule in (*boilerplate.RULES, *chrome_kinds.RULES) for one in rule.check(page)]
    return Read(rows, page, found, model.probabilities(page))


def score(pages: Sequence[Read], threshold: float) -> float:
    """F1 of the content blocks that are kept."""
    kept = lost = left = 0
    for one in pages:
        chrome = [
            line.span for line, value in zip(one.page.lines, one.probabilities, strict=True) if value >= threshold
        ]
        clean = without(one.page.text, [*one.reported, *chrome])
        holds = holder("\n".join(one.page.text[start : start + size] for _, start, size in clean.pieces))
        for row in one.rows:
            held, content = holds(row["text"]), row["label"] == "content"
            if held is not None:
                kept, lost, left = kept + (content and held), lost + (content and not held), left + (held > content)
    precision, recall = kept / max(1, kept + left), kept / max(1, kept + lost)
    return 2 * precision * recall / max(1e-9, precision + recall)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="The threshold of the main text in plain lines")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--lines", type=Path, help="folder of other weights")
    options = parser.parse_args()
    model = load(options.lines)
    _chrome_judged.model = _passages.model = lambda: model  # type: ignore[assignment]
    groups: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in blocks(options.data, DEV):
        groups[row["dataset"]][row["doc_id"]].append(row)
    sets = [[read(rows, model) for rows in own.values()] for _, own in sorted(groups.items())]
    print("threshold", *sorted(groups), "mean")
    for threshold in THRESHOLDS:
        found = [score(pages, threshold) for pages in sets]
        print(threshold, *(f"{one:.4f}" for one in found), f"{sum(found) / len(found):.4f}")


if __name__ == "__main__":
    main()
