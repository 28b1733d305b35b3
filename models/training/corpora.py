"""Reading the labelled corpora, and the part of them that is kept for calibration."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Objects of a gzip JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for line in handle:
            yield json.loads(line)


def held_out(row: dict[str, Any]) -> bool:
    """Whether a row of the dev year is kept for calibration: a fifth of the source texts, all their versions."""
    year, pair, line = row["seg_id"].rsplit(":", 2)
    source = pair.split("-")[0]
    return crc32(f"{year}:{source}:{int(line) // 60}".encode()) % 5 == 0
