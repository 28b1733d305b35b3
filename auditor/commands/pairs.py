"""``auditor pairs``: source and translation in, quality and checks out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from auditor._options import codes
from auditor.commands._shared import options_of_audit, settings_of

if TYPE_CHECKING:
    from auditor.pairs import PairOptions

_EXAMPLES = """\b
Examples:
  auditor pairs memory.tmx -o reports/              pairs.jsonl and pairs.summary.json
  auditor pairs news.tsv --source-lang en --target-lang uk -o - | jq 'select(.findings != [])'
  auditor pairs system.jsonl                        the summary only; BLEU, chrF, TER where there are references"""


@click.command("pairs", epilog=_EXAMPLES)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-o", "--output", metavar="DIR", help="Folder for pairs.jsonl and pairs.summary.json; - writes the pairs."
)
@click.option("--format", "form", type=click.Choice(["tsv", "jsonl", "tmx", "xliff"]), help="Where names do not say.")
@click.option("--columns", metavar="NAMES", help="Columns of TSV without a header (default: source,target,reference).")
@click.option("--source-lang", default="", metavar="TAG", help="Of pairs that declare none (default: found).")
@click.option("--target-lang", default="", metavar="TAG", help="Of pairs that declare none (default: found).")
@click.option("--select", multiple=True, callback=codes, metavar="CODES", help="Only checks that begin so, e.g. TP002.")
@click.option("--ignore", multiple=True, callback=codes, metavar="CODES", help="Leave these checks out.")
@click.option("--no-metrics", is_flag=True, help="No BLEU, chrF and TER against references.")
@click.option("--fail-on-major", is_flag=True, help="Exit status 1 when a pair has a finding of severity major.")
@options_of_audit("config", "include", "exclude", "score", "model", "device", "quiet")
def pairs_command(paths: tuple[str, ...], output: str | None, form: str | None, **options: Any) -> None:
    """Check translations against their sources, and estimate their quality where a quality model is installed.

    Reads TSV, JSON lines, TMX and XLIFF. Prints a summary; -o keeps one object a pair.
    """
    from auditor.data import Severity, Skipped
    from auditor.errors import NothingReadableError
    from auditor.formatters._wire import dumps
    from auditor.pairs import Summary, audit_pairs, pair_object, quality_model, read_pairs

    settings = settings_of({**options, "select": (), "ignore": ()})
    scorer = quality_model(settings)
    if scorer is None:
        click.echo("note: no quality model is installed: no estimates, and no additions or omissions", err=True)
    names = [one for one in (options["columns"] or "").split(",") if one]
    summary, severe = Summary(), False
    with _target(output) as out:
        for one in audit_pairs(read_pairs(paths, settings, names, form or ""), _options(options), scorer):
            summary.add(one)
            if isinstance(one, Skipped):
                continue
            severe = severe or any(finding.severity >= Severity.MAJOR for finding in one.findings)
            if out:
                out.write(dumps(pair_object(one)) + "\n")
    if not summary.pairs:
        first = next(iter(summary.skipped), "no line")
        message = f"no pair could be read ({summary.skipped.total()} skipped; {first})"
        raise NothingReadableError(message)
    _finish(summary.as_object(), output, quiet=options["quiet"])
    if severe and options["fail_on_major"]:
        raise click.exceptions.Exit(1)


def _options(options: dict[str, Any]) -> PairOptions:
    from auditor.errors import UsageError
    from auditor.pairs import PairOptions, check_metas

    known = [meta.code for meta in check_metas()]
    for prefix in (*options["select"], *options["ignore"]):
        if not any(code.startswith(prefix) for code in known):
            message = f"no check begins with {prefix!r}; known: {', '.join(known)}"
            raise UsageError(message)
    return PairOptions(
        source_language=options["source_lang"],
        target_language=options["target_lang"],
        select=options["select"],
        ignore=options["ignore"],
        metrics=not options["no_metrics"],
    )


@contextmanager
def _target(output: str | None) -> Iterator[IO[str] | None]:
    """Where the pairs go: nowhere, standard output, or a file that has its name only once it is whole."""
    from auditor.report import make_target

    if output is None:
        yield None
    elif output == "-":
        yield sys.stdout
        sys.stdout.flush()
    else:
        make_target(Path(output))
        draft = Path(output) / ".pairs.jsonl.part"
        try:
            with draft.open("w", encoding="utf-8", newline="\n") as handle:
                yield handle
            draft.replace(Path(output) / "pairs.jsonl")
        finally:
            draft.unlink(missing_ok=True)


def _finish(summary: dict[str, Any], output: str | None, *, quiet: bool) -> None:
    """Write the summary beside the pairs, and print it: on standard error when the pairs have standard output."""
    if output not in {None, "-"}:
        text = json.dumps(summary, indent=1, ensure_ascii=False) + "\n"
        (Path(str(output)) / "pairs.summary.json").write_text(text, "utf-8")
    if not quiet:
        for line in _lines(summary):
            click.echo(line, err=output == "-")


def _lines(summary: dict[str, Any]) -> Iterator[str]:
    from auditor.normalize import harmless

    yield f"{summary['pairs']} pairs, {summary['skipped']} skipped"
    for reason, number in list(summary["skipped_reasons"].items())[:10]:
        yield f"  skipped {number}: {harmless(reason)[:150]}"
    yield f"with major findings: {_share(summary['with_major_findings'])}"
    for code, one in summary["findings"].items():
        if one["count"]:
            yield f"  {code} {one['name']:20} MQM {one['mqm']}  {_share(one)}"
    for direction, one in summary["quality"].items():
        interval = "" if one["low"] is None else f" (95 %: {one['low']:.3f} to {one['high']:.3f})"
        yield f"quality {harmless(direction)}: mean {one['mean']:.3f}{interval}, {one['pairs']} pairs"
    for direction, scores in summary["metrics"].items():
        for one in scores:
            interval = f"(95 %: {one['low']:.1f} to {one['high']:.1f})"
            yield f"{one['name']} {harmless(direction)}: {one['score']:.1f} {interval}  {one['signature']}"


def _share(one: dict[str, Any]) -> str:
    return f"{one['count']} ({one['share']:.2%}; 95 %: {one['low']:.2%} to {one['high']:.2%})"
