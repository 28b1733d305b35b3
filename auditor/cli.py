"""The commands: options, exit codes, progress and printing; nothing else.

Exit status: 0 nothing at or above ``--fail-on``, 1 something, 2 wrong use or nothing readable, 130 interrupted.
Heavy imports stand inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.core import ParameterSource

from auditor._options import audit_options, codes, report_options
from auditor.commands.models import models_group
from auditor.commands.pairs import pairs_command
from auditor.commands.policy import policy_group
from auditor.commands.score import score_command
from auditor.commands.screen import screen_command
from auditor.commands.serve import serve_command
from auditor.errors import AuditorError
from auditor.normalize import harmless

if TYPE_CHECKING:
    from auditor.config import Settings

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
# Options that are settings under the same name.
_SETTINGS = (
    *("select", "ignore", "include", "exclude", "text_field", "id_field", "group_field"),
    *("score", "probes", "surprisal", "model", "device", "compile"),
)

_EXAMPLES = """\b
Examples:
  audit archive/ --report html                  report in reports/index.html
  audit a.txt b.html --report jsonl -o -        one JSON object a document on standard output
  audit 'dumps/*.jsonl.gz' --text-field body --report parquet -o out/
  audit archive/ --score none --ignore EN,LI    rules only, without two families
  audit archive/ --fail-on review               exit status 1 when a document needs a look"""


def _version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from auditor.signature import version

        click.echo(f"auditor {version()}")
        context.exit()


_version_option = click.option(
    "--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Print the version."
)


@click.group(
    context_settings=_HELP, epilog=_EXAMPLES.replace("  audit ", "  auditor audit "), invoke_without_command=True
)
@_version_option
@click.pass_context
def commands(context: click.Context) -> None:
    """Find what is foreign, machine-translated, generated or damaged in texts, and where they came from."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@commands.command("audit", epilog=_EXAMPLES)
@audit_options
@_version_option
def audit_command(**options: Any) -> None:
    """Audit files, folders, globs or - (standard input) and report what was found.

    Reads txt, md, html, jsonl, json, csv, tsv, parquet, arrow, warc, wet, tmx and xliff, also as .gz and .zst and in
    zip and tar archives; files, folders, globs and URLs. What cannot be read is counted and reported with its reason.
    """
    _audit(**options)


@commands.command("run", hidden=True, epilog=_EXAMPLES)
@audit_options
def run_command(**options: Any) -> None:
    """The same as audit."""
    _audit(**options)


def _audit(paths: tuple[str, ...], reports: tuple[str, ...], output: str, fail_on: str, **options: Any) -> None:
    from auditor import _archives as archives
    from auditor._delivery import deliver
    from auditor._terminal import progress
    from auditor.errors import UsageError
    from auditor.pipeline import audit
    from auditor.report import STREAMS, check_formats, make_target
    from auditor.totals import DECISIONS, worst

    check_formats(reports, options["report_language"])
    given = click.get_current_context().get_parameter_source("output") is not ParameterSource.DEFAULT
    if given and not reports:
        message = "-o says where reports go, but none was asked for: add --report html (auditor audit --help lists all)"
        raise UsageError(message)
    if output == "-" and (len(reports) != 1 or reports[0] not in STREAMS):
        message = f"-o - takes exactly one report that is a stream: --report {', '.join(STREAMS)}"
        raise UsageError(message)
    if reports and output != "-":
        make_target(Path(output))
    settings = _settings(options)
    show = not options["quiet"] and (options["verbose"] or sys.stderr.isatty())
    target = Path(output) if reports and output != "-" else None
    with archives.run_folder(paths, settings, options, reports, target) as folder:
        with progress(show) as on_progress:
            if folder:
                report = archives.run(paths, settings, folder, options, on_progress)
            else:
                report = audit(paths, settings, workers=options["workers"], on_progress=on_progress)
        deliver(report, reports, output, options)
    if fail_on != "never" and DECISIONS.index(worst(report)) >= DECISIONS.index(fail_on):
        raise click.exceptions.Exit(1)


def _settings(options: dict[str, Any]) -> Settings:
    from auditor.config import check, load
    from auditor.triage import read_baseline

    base: Settings = load(options["config"])
    if options.get("baseline"):
        base = replace(base, triage=replace(base.triage, baseline=read_baseline(options["baseline"])))
    # A switch that was turned off is an answer; an option that was not given is None, "" or empty.
    given = {name: options[name] for name in _SETTINGS if options[name] or options[name] is False}
    return check(replace(base, **given))


@commands.command("render", epilog="Example: auditor render run/ --report html -o reports/")
@click.argument("run", type=click.Path(path_type=Path))
@report_options
@click.option("-q", "--quiet", is_flag=True, help="No summary.")
def render_command(run: Path, reports: tuple[str, ...], output: str, **options: Any) -> None:
    """Write reports of a finished run directory without auditing again."""
    from auditor import _archives as archives
    from auditor._delivery import deliver
    from auditor.report import check_formats

    check_formats(reports, options["report_language"])
    report = archives.opened(run)
    archives.check_text(run, reports)
    deliver(report, reports, output, options)


@commands.command("diff", epilog="Example: auditor diff before/ after/")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
def diff_command(before: Path, after: Path) -> None:
    """Show what differs between two finished runs: documents, decisions, findings. Exit status 1 when anything does."""
    from auditor import _archives as archives

    different = False
    for line in archives.differences(before, after):
        different = True
        click.echo(line)
    if different:
        raise click.exceptions.Exit(1)


@commands.command("rules")
@click.option("--select", multiple=True, callback=codes, metavar="CODES", help="Only rules that begin so.")
def rules_command(select: tuple[str, ...]) -> None:
    """List the rules: code, severity, name, and what each finds."""
    from auditor.config import Settings
    from auditor.selection import chosen_rules

    for rule in chosen_rules(Settings(select=select)):
        first = (type(rule).__doc__ or "").strip().splitlines()[0]
        click.echo(f"{rule.meta.code}  {rule.meta.severity.label:8}  {rule.meta.name:32}  {first}")


@commands.command("explain")
@click.argument("code")
def explain_command(code: str) -> None:
    """Explain one rule: what it finds, why it matters, how it works and its limits."""
    from auditor.errors import UsageError
    from auditor.pages import rule_page
    from auditor.registry import rules

    known = {rule.meta.code: rule for rule in rules()}
    rule = known.get(code.upper())
    if rule is None:
        message = f"no rule {code!r}; auditor rules lists all"
        raise UsageError(message)
    click.echo(rule_page(rule))


@commands.command("doctor")
def doctor_command() -> None:
    """Show versions, models and devices, what is missing and how to get it."""
    from auditor.pages import diagnosis

    for line in diagnosis():
        click.echo(line)


for _command in (screen_command, score_command, serve_command, policy_group, pairs_command, models_group):
    commands.add_command(_command)


def _invoke(command: click.Command, name: str) -> None:
    """Run a command with our exit codes and one-line errors (click's own main would exit 1 on a closed pipe)."""
    try:
        with command.make_context(name, sys.argv[1:]) as context:
            command.invoke(context)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as problem:
        at = getattr(problem, "ctx", None)
        where = f" (see {at.command_path} --help)" if at else ""
        _fail(f"{problem.format_message()}{where}")
    except AuditorError as problem:
        _fail(str(problem))
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader has what it wanted; writing on would only raise again when Python closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as problem:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _fail(f"cannot write: {problem.strerror or problem}")


def _fail(message: str) -> NoReturn:
    """Say what is wrong in one harmless line (file names may hold terminal codes) and end with status 2."""
    click.echo(f"error: {harmless(message)}", err=True)
    sys.exit(2)


def main() -> None:
    """Console script ``auditor``."""
    _invoke(commands, "auditor")


def audit() -> None:
    """Console script ``audit``."""
    _invoke(audit_command, "audit")
