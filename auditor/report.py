"""Write a report in the formats that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from auditor import registry
from auditor.data import Report
from auditor.errors import UsageError
from auditor.formatters._words import speak

# Formats of one file that can go to standard output.
STREAMS = ("jsonl", "json", "sarif", "prov", "schemaorg", "junit", "github", "md")


def check_formats(names: Sequence[str], language: str = "en") -> None:
    """Raise UsageError for a format or a language of reports that is not known, before any work is done."""
    known = registry.formatters()
    with speak(language):
        pass
    for name in names:
        if name not in known:
            message = f"no report format {name!r}; known: {', '.join(known)}"
            raise UsageError(message)
        known[name].check()


def make_target(target: Path) -> None:
    """Make the folder for reports; UsageError when it cannot be one, before any work is done."""
    try:
        target.mkdir(parents=True, exist_ok=True)
    except FileExistsError as problem:
        message = f"{target} is a file; -o takes a folder"
        raise UsageError(message) from problem
    except OSError as problem:
        message = f"cannot make the folder {target}: {problem.strerror or problem}"
        raise UsageError(message) from problem


def write_reports(report: Report, names: Sequence[str], target: Path, language: str = "en") -> list[Path]:
    """Write each format under ``target`` and return the main files, in the order of ``names``.

    ``language`` is that of the interface of the reports for people; UsageError when there is no catalogue for it.
    """
    check_formats(names)
    make_target(target)
    known = registry.formatters()
    try:
        with speak(language):
            return [known[name].write(report, target) for name in dict.fromkeys(names)]
    except OSError as problem:
        message = f"cannot write to {target}: {problem.strerror or problem}"
        raise UsageError(message) from problem


def stream_report(report: Report, name: str, out: TextIO, language: str = "en") -> None:
    """Write one format of ``STREAMS`` to a stream."""
    with speak(language):
        registry.formatters()[name].stream(report, out)
