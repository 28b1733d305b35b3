"""``auditor screen``: rows on standard input, answers on standard output, as they come."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from auditor.commands._shared import options_of_audit, settings_of

if TYPE_CHECKING:
    from auditor.screening import Stream

_EXAMPLES = """\b
Examples:
  producer | auditor screen > answers.jsonl                    one answer a row, in order
  producer | auditor screen --drop | consumer                  rows without those to be rejected
  producer | auditor screen --drop --min-decision review --emit clean-text | consumer
  producer | auditor screen --annotate --reference archive.jsonl | consumer
  producer | auditor screen --min-decision review              answers to suspect rows only"""


@click.command("screen", epilog=_EXAMPLES)
@click.option("--drop", is_flag=True, help="Pass rows on unchanged, but for those that are caught.")
@click.option("--annotate", is_flag=True, help="Pass rows on with the answer under the key audit.")
@click.option("--emit", type=click.Choice(["clean-text"]), help="Also give the text without boilerplate.")
@click.option(
    "--min-decision",
    type=click.Choice(["review", "reject"]),
    help="Decision from which a row is caught: --drop leaves caught rows out (default: reject); "
    "otherwise only caught rows are answered (default: all are).",
)
@click.option("--reference", metavar="PATH", help="Earlier run or documents that lend evidence to the stream.")
@click.option(
    "--batch",
    type=click.IntRange(min=1),
    default=32,
    show_default=True,
    metavar="N",
    help="Most rows that are audited at once; rows that come slowly are answered at once.",
)
@options_of_audit("config", "select", "ignore", "text_field", "id_field", "group_field", "score", "model", "device")
@options_of_audit("fail_on", "quiet")
def screen_command(**options: Any) -> None:
    """Screen rows of JSON from standard input and answer each in order on standard output.

    A row that cannot be audited is answered with its line number and an error, in every mode, and the rest goes on.
    """
    from auditor.errors import NothingReadableError, UsageError
    from auditor.screening import Auditor, Stream, load_reference, read_lines

    if options["drop"] and options["annotate"]:
        message = "--drop and --annotate exclude each other"
        raise UsageError(message)
    settings = settings_of(options)
    reference = load_reference(options["reference"], settings) if options["reference"] else None
    stream = Stream(Auditor(settings, reference), _output(options))
    # Besides its text a row holds other fields, and JSON may write a character with six bytes.
    mailbox = read_lines(sys.stdin.fileno(), 6 * settings.max_document_chars + (1 << 20))
    out = sys.stdout.buffer
    for batch in mailbox.batches(options["batch"]):
        for line in stream.answers(batch):
            out.write(line)
        out.flush()
    if not options["quiet"]:
        _say(stream)
    if stream.counts["error"] and stream.counts.total() == stream.counts["error"]:
        message = f"none of {stream.counts['error']} lines could be audited; the answers say why"
        raise NothingReadableError(message)
    if _failed(stream, options["fail_on"]):
        raise click.exceptions.Exit(1)


def _output(options: dict[str, Any]) -> Any:
    from auditor.screening import ANNOTATE, ANSWER, DROP, Output

    mode = DROP if options["drop"] else ANNOTATE if options["annotate"] else ANSWER
    return Output(mode, options["emit"] == "clean-text", options["min_decision"] or "")


def _say(stream: Stream) -> None:
    """Counts and notices, on standard error."""
    from auditor.normalize import harmless

    counts = ", ".join(f"{number} {name}" for name, number in sorted(stream.counts.items())) or "nothing"
    click.echo(f"screened: {counts}", err=True)
    for notice in stream.auditor.notices[:25]:
        click.echo(f"note: {harmless(notice)[:200]}", err=True)


def _failed(stream: Stream, least: str) -> bool:
    from auditor.totals import DECISIONS

    return least != "never" and any(stream.counts[name] for name in DECISIONS[DECISIONS.index(least) :])
