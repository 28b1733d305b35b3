"""DuckDB over shards, bounded in memory: what does not fit is spilled into the run directory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# All of it is used before anything is spilled, so this and not the archive sets the peak of the process that asks.
_MEMORY = "192MB"


@contextmanager
def connect(spill: Path, memory: str = _MEMORY) -> Iterator[Any]:
    """A DuckDB connection of its own. Every query that feeds output must have an ORDER BY."""
    import duckdb

    spill.mkdir(parents=True, exist_ok=True)
    # A folder for each connection: processes must not meet in one another's files.
    with tempfile.TemporaryDirectory(dir=spill) as own:
        options = {"memory_limit": memory, "threads": "1", "temp_directory": own}
        connection = duckdb.connect(config={**options, "preserve_insertion_order": "false"})
        try:
            yield connection
        finally:
            connection.close()
