"""The options of ``audit``, apart from the command so that both stay short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click


def codes(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Split ``NM,BP001`` and repeated options into single code prefixes."""
    return tuple(code.strip().upper() for one in value for code in one.split(",") if code.strip())


_REPORTS = (
    click.option(
        "--report",
        "reports",
        multiple=True,
        metavar="FORMAT",
        help="html, json, jsonl, csv, parquet, sarif, prov, schemaorg, junit, github or md; repeatable.",
    ),
    click.option(
        "-o",
        "--output",
        default="reports",
        show_default=True,
        metavar="DIR",
        help="Folder for reports; - writes one report of one file to standard output.",
    ),
    click.option(
        "--report-language",
        default="en",
        show_default=True,
        metavar="TAG",
        help="Language of the html and md reports' own words (en, uk).",
    ),
)
_OPTIONS = (
    click.argument("paths", nargs=-1, required=True, metavar="PATH..."),
    *_REPORTS,
    click.option(
        "--baseline",
        type=click.Path(path_type=Path),
        help="File of accepted findings, which count no more (the html report's pages export one).",
    ),
    click.option(
        "--config",
        type=click.Path(path_type=Path),
        help="Settings file (default: auditor.toml or pyproject.toml here).",
    ),
    click.option(
        "--select", multiple=True, callback=codes, metavar="CODES", help="Only rules that begin so, e.g. NM,BP001."
    ),
    click.option("--ignore", multiple=True, callback=codes, metavar="CODES", help="Leave these rules out."),
    click.option("--include", multiple=True, metavar="GLOB", help="Only files whose relative path matches."),
    click.option("--exclude", multiple=True, metavar="GLOB", help="Leave files out whose relative path matches."),
    click.option("--text-field", metavar="F", help="Field of the text in rows (default: text)."),
    click.option("--id-field", metavar="F", help="Field of the id in rows (default: id)."),
    click.option("--group-field", metavar="F", help="Field that names a row's story (default: group)."),
    click.option(
        "--score",
        type=click.Choice(["suspects", "all", "none"]),
        help="Sentences that a model scores (default: suspects).",
    ),
    click.option(
        "--probes/--no-probes",
        default=None,
        help="Read English with the language model too, where it is installed (default: yes; surer, slower).",
    ),
    click.option(
        "--surprisal/--no-surprisal",
        default=None,
        help="Also score with the causal language model (slow; English; default: no).",
    ),
    click.option("--model", metavar="FOLDER|NAME", help="Another model folder for scoring."),
    click.option("--device", metavar="auto|cpu|cuda[:i]", help="Where models run (default: auto)."),
    click.option(
        "--compile/--no-compile",
        default=None,
        help="Compile the models first (default: no; pays in long runs; needs a C++ compiler, on a GPU Triton).",
    ),
    click.option(
        "--workers",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        metavar="N",
        help="Processes for the rules.",
    ),
    click.option(
        "--run-dir",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Keep each stage's shards here; the same command goes on where it stopped.",
    ),
    click.option("--no-text", is_flag=True, help="Keep no text in the run directory once the run is finished."),
    click.option(
        "--engine",
        type=click.Choice(["local", "ray"]),
        default="local",
        show_default=True,
        help="Processes on this machine, or Ray (needs --run-dir on a file system that all nodes see).",
    ),
    click.option("--address", default="", metavar="A", help="Ray cluster, e.g. auto (default: Ray on this machine)."),
    click.option(
        "--fail-on",
        type=click.Choice(["never", "reject", "review"]),
        default="never",
        show_default=True,
        help="Decision that makes the exit status 1.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="No summary and no progress."),
    click.option("-v", "--verbose", is_flag=True, help="Progress even where standard error is no terminal."),
)


def audit_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of ``audit``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which reports go where."""
    for option in reversed(_REPORTS):
        command = option(command)
    return command
