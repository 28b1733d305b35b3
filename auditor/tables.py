"""The tables of ``auditor/knowledge``, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def rows(table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of ``auditor/knowledge/<table>.tsv``; lines that begin with ``#`` are comments."""
    text = files("auditor.knowledge").joinpath(f"{table}.tsv").read_text("utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("# "))
    columns = next(lines, "").split("\t")
    for line in lines:
        yield dict(zip(columns, line.split("\t"), strict=True))
