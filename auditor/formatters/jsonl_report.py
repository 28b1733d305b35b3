"""One JSON object a document, one document a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, TextIO

from auditor.data import Report
from auditor.formatters._files import write_text
from auditor.formatters._wire import document_object, dumps
from auditor.registry import Formatter


class JsonlFormatter(Formatter):
    """``report.jsonl``: the documents in input order. What was skipped is in ``report.json`` and in the HTML report."""

    name: ClassVar[str] = "jsonl"

    def write(self, report: Report, target: Path) -> Path:
        """Write ``report.jsonl``."""
        return write_text(target / "report.jsonl", _lines(report))

    def stream(self, report: Report, out: TextIO) -> None:
        """Write the lines to a stream."""
        out.writelines(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    for audit in report.documents:
        yield dumps(document_object(audit, report)) + "\n"


FORMATTERS = (JsonlFormatter(),)
