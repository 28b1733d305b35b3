"""Two Parquet tables for data pipelines: documents and findings."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from auditor.data import Report
from auditor.formatters._files import whole
from auditor.formatters._tables import tables
from auditor.registry import Formatter


class ParquetFormatter(Formatter):
    """``documents.parquet`` and ``findings.parquet``, with the columns of the CSV tables and text as it is."""

    name: ClassVar[str] = "parquet"

    def write(self, report: Report, target: Path) -> Path:
        """Write both tables; the findings are the main file."""
        for name, table in zip(("documents", "findings"), tables(report), strict=True):
            with whole(target / f"{name}.parquet") as draft:
                table.to_parquet(draft, engine="pyarrow", index=False)
        return target / "findings.parquet"


FORMATTERS = (ParquetFormatter(),)
