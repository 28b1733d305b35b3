"""Two CSV tables for spreadsheets: documents and findings."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar, TextIO

from auditor.data import Report
from auditor.formatters._files import whole
from auditor.formatters._tables import tables
from auditor.registry import Formatter

# The first signs of a formula, in half and full width, and the blanks that some spreadsheets skip before one.
# Source: OWASP, "CSV Injection".
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


class CsvFormatter(Formatter):
    """``documents.csv`` and ``findings.csv``, UTF-8. A cell that a spreadsheet would run begins with an apostrophe."""

    name: ClassVar[str] = "csv"

    def write(self, report: Report, target: Path) -> Path:
        """Write both tables; the findings are the main file."""
        names = ("documents", "findings")
        with ExitStack() as stack:
            drafts = [stack.enter_context(whole(target / f"{name}.csv")) for name in names]
            files = [stack.enter_context(draft.open("w", encoding="utf-8", newline="")) for draft in drafts]
            for number, block in enumerate(tables(report, inert)):
                for file, table in zip(files, block, strict=True):
                    table.to_csv(file, index=False, header=number == 0, lineterminator="\n")
        return target / "findings.csv"

    def stream(self, report: Report, out: TextIO) -> None:
        """Write the findings to a stream."""
        for number, (_, findings) in enumerate(tables(report, inert)):
            findings.to_csv(out, index=False, header=number == 0, lineterminator="\n")


def inert(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula. Example: ``=1+1`` -> ``'=1+1``."""
    return "'" + cell if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA) else cell


FORMATTERS = (CsvFormatter(),)
