"""DuckDB over shards, bounded in memory: what does not fit is spilled into the run directory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_MEMORY = "512MB"


@contextmanager
def connect(spill: Path, threads: int = 1) -> Iterator[Any]:
    """A DuckDB connection of its own. Every query that feeds output must have an ORDER BY."""
    import duckdb

    spill.mkdir(parents=True, exist_ok=True)
    # A folder for each connection: processes must not meet in one another's files.
    with tempfile.TemporaryDirectory(dir=spill) as own:
        options = {"memory_limit": _MEMORY, "threads": str(threads), "temp_directory": own}
        connection = duckdb.connect(config={**options, "preserve_insertion_order": "false"})
        try:
            yield connection
        finally:
            connection.close()
