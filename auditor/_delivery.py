"""Hands a report over: to standard output or into files, with the summary beside it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from auditor._terminal import summary
from auditor.data import Report
from auditor.report import stream_report, write_reports


def deliver(report: Report, reports: Sequence[str], output: str, options: Mapping[str, Any]) -> None:
    """Write the reports that were asked for and print the summary, unless ``quiet``."""
    from rich.console import Console

    language = options.get("report_language") or "en"
    if output == "-":
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        stream_report(report, reports[0], sys.stdout, language)
        sys.stdout.flush()
    if not options.get("quiet"):
        summary(report, Console(stderr=output == "-", highlight=False))
    if output != "-":
        for path in write_reports(report, reports, Path(output), language):
            click.echo(f"report: {path}")
