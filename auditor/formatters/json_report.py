"""The whole run as one JSON object."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, TextIO

from auditor.data import Report
from auditor.formatters._files import write_text
from auditor.formatters._wire import report_pieces
from auditor.registry import Formatter


class JsonFormatter(Formatter):
    """``report.json``: schema, signature, rules, documents, skipped inputs, notices and totals."""

    name: ClassVar[str] = "json"

    def write(self, report: Report, target: Path) -> Path:
        """Write ``report.json``."""
        return write_text(target / "report.json", report_pieces(report))

    def stream(self, report: Report, out: TextIO) -> None:
        """Write the object to a stream."""
        out.writelines(report_pieces(report))


FORMATTERS = (JsonFormatter(),)
