"""Two Parquet tables for data pipelines: documents and findings."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

from auditor.data import Report
from auditor.formatters._files import whole
from auditor.formatters._tables import tables
from auditor.registry import Formatter


class ParquetFormatter(Formatter):
    """``documents.parquet`` and ``findings.parquet``, with the columns of the CSV tables and text as it is."""

    name: ClassVar[str] = "parquet"

    def write(self, report: Report, target: Path) -> Path:
        """Write both tables; the findings are the main file."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        with ExitStack() as stack:
            drafts = [stack.enter_context(whole(target / f"{name}.parquet")) for name in ("documents", "findings")]
            writers: list[Any] = []
            for block in tables(report):
                parts = [pa.Table.from_pandas(frame, preserve_index=False) for frame in block]
                if not writers:
                    pairs = zip(drafts, parts, strict=True)
                    writers = [stack.enter_context(pq.ParquetWriter(draft, part.schema)) for draft, part in pairs]
                for writer, part in zip(writers, parts, strict=True):
                    writer.write_table(part.cast(writer.schema))
        return target / "findings.parquet"


FORMATTERS = (ParquetFormatter(),)
