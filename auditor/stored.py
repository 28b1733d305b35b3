"""Results of an earlier audit, read back one document at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.errors import UsageError
from auditor.formatters._wire import document_object
from auditor.runs import RunFolder, open_run


def stored_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the wire objects of a run directory, of ``report.jsonl``, ``report.json``, or a folder with one of them.

    Raises UsageError for anything else. Answers of ``auditor screen`` will do; those that hold an error are left out.
    """
    if (path / "run.json").is_file():
        report = open_run(RunFolder(path))
        yield from (document_object(one, report) for one in report.documents)
        return
    if path.is_dir():
        found = [path / name for name in ("report.jsonl", "report.json") if (path / name).is_file()]
        if not found:
            message = f"{path} holds no report.jsonl or report.json (audit … --report jsonl -o {path})"
            raise UsageError(message)
        path = found[0]
    try:
        yield from _whole(path) if path.suffix == ".json" else _lines(path)
    except (OSError, UnicodeDecodeError) as problem:
        message = f"cannot read {path}: {getattr(problem, 'strerror', None) or problem}"
        raise UsageError(message) from problem


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as handle:
        for number, line in enumerate(handle, start=1):
            if line.strip():
                row = _parsed(line, f"{path} line {number}")
                if "error" not in row:
                    yield row


def _whole(path: Path) -> Iterator[dict[str, Any]]:
    documents = _parsed(path.read_text("utf-8"), str(path)).get("documents")
    if not isinstance(documents, list):
        message = f"{path} is no report of this program: it has no list of documents"
        raise UsageError(message)
    yield from documents


def _parsed(text: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as problem:
        message = f"{where} is not valid JSON"
        raise UsageError(message) from problem
    if not isinstance(row, dict) or not str(row.get("schema", "")).startswith("auditor/"):
        message = f"{where} is no result of this program: schema is not auditor/1"
        raise UsageError(message)
    return row
