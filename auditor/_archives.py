"""What the commands ask of run directories: which one, opened for reports, compared with another."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from auditor.config import Settings
from auditor.data import Report
from auditor.errors import UsageError
from auditor.normalize import harmless
from auditor.pipeline import Progress
from auditor.readers import list_inputs

# More than this on disk is not held in memory: the run gets a directory of its own for as long as it lasts.
_LARGE = 200 << 20
_WITH_TEXT = frozenset({"html"})
_SHOWN = 100


@contextmanager
def run_folder(
    paths: Sequence[str], settings: Settings, options: Mapping[str, Any], reports: Sequence[str], output: Path | None
) -> Iterator[Path | None]:
    """The run directory that was asked for, a temporary one for a large archive, else None.

    Raises UsageError for options that do not go together.
    """
    chosen: Path | None = options["run_dir"]
    if chosen is None and (options["engine"] == "ray" or options["no_text"]):
        message = f"{'--no-text' if options['no_text'] else '--engine ray'} needs --run-dir"
        raise UsageError(message)
    if options["no_text"]:
        _refuse_text(reports)
    if options["address"] and options["engine"] != "ray":
        message = "--address is that of a Ray cluster: add --engine ray"
        raise UsageError(message)
    if chosen is not None and output is not None and chosen.resolve().is_relative_to(output.resolve()):
        message = f"the run directory {chosen} lies under the reports' folder {output}: name another one"
        raise UsageError(message)
    if chosen is not None or not _is_large(paths, settings):
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="auditor-run-") as folder:
        yield Path(folder)


def _is_large(paths: Sequence[str], settings: Settings) -> bool:
    total = 0
    for one in list_inputs(paths, settings.include, settings.exclude):
        path = Path(one.path)
        total += path.stat().st_size if not one.problem and path.is_file() else 0
        if total > _LARGE:
            return True
    return False


def run(
    paths: Sequence[str],
    settings: Settings,
    folder: Path,
    options: Mapping[str, Any],
    on_progress: Callable[[Progress], None],
) -> Report:
    """Audit into a run directory."""
    from auditor.runs import Engine, audit_archive

    engine = Engine(options["engine"], options["workers"], options["address"])
    return audit_archive(paths, settings, folder, engine, text=not options["no_text"], on_progress=on_progress)


def opened(folder: Path) -> Report:
    """The report of a finished run."""
    from auditor.runs import RunFolder, open_run

    return open_run(RunFolder(folder))


def check_text(folder: Path | None, reports: Sequence[str]) -> None:
    """Raise UsageError for a report that shows the text of a run that keeps none."""
    from auditor.runs import RunFolder

    if folder is not None and not RunFolder(folder).head.get("text", True):
        _refuse_text(reports)


def _refuse_text(reports: Sequence[str]) -> None:
    if _WITH_TEXT & set(reports):
        message = "this run keeps no text (--no-text), and html shows it: take jsonl, json, csv or parquet"
        raise UsageError(message)


def differences(before: Path, after: Path) -> Iterator[str]:
    """The lines of ``auditor diff``."""
    from auditor.runs import RunFolder, diff_runs, open_run

    folders = [RunFolder(one) for one in (before, after)]
    signatures = [open_run(one).signature for one in folders]
    if signatures[0] != signatures[1]:
        yield f"signature: {signatures[0]} -> {signatures[1]}"
    for one in diff_runs(*folders):
        told = f"{one.before} -> {one.after}" if one.kind == "decision" else one.after or one.before
        parts = [one.kind, one.document, one.rule, told[:_SHOWN]]
        yield harmless("  ".join(part for part in parts if part))
