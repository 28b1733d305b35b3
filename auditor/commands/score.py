"""``auditor score``: model scores for rows of JSON; no rules."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

_EXAMPLES = """\b
Examples:
  auditor score < rows.jsonl > scored.jsonl               {"text": ...} gets {"scores": {...}}
  auditor score rows.jsonl --surprisal                    also nats per token of a language model
  echo '{"text": "…", "source": "…"}' | auditor score     with a source: also quality as a translation"""


@click.command("score", epilog=_EXAMPLES)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="[FILE]...")
@click.option("--surprisal", is_flag=True, help="Also score with the causal language model (slow; English).")
@click.option("--model", metavar="FOLDER|NAME", help="Another encoder folder with heads.")
@click.option("--device", metavar="auto|cpu|cuda[:i]", help="Where models run (default: auto).")
@click.option(
    "--batch", type=click.IntRange(min=1), default=256, show_default=True, metavar="N", help="Rows scored together."
)
def score_command(paths: tuple[str, ...], batch: int, **options: Any) -> None:
    """Score rows of JSON (text, and where known source, lang, source_lang) in order, without rules.

    Probabilities of machine translation, of translation and of generated text at even prior odds; with a source the
    quality of the translation in standard deviations of human assessment. A row that cannot be read is answered with
    its error and stops nothing.
    """
    from auditor.config import check, load
    from auditor.formatters._wire import dumps
    from auditor.rowscores import RowScorer

    chosen = {name: value for name, value in options.items() if value}
    scorer = RowScorer(check(replace(load(), **chosen)))
    for answer in scorer.lines(_lines(paths or ("-",)), batch):
        sys.stdout.buffer.write(dumps(answer).encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()
    for notice in scorer.models.notices():
        click.echo(f"note: {notice}", err=True)


def _lines(paths: tuple[str, ...]) -> Iterator[str]:
    """Lines of files or of standard input; bytes that are no UTF-8 become replacement characters."""
    for path in paths:
        if path == "-":
            yield from (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
        else:
            with Path(path).open("rb") as handle:
                yield from (line.decode("utf-8", "replace") for line in handle)
