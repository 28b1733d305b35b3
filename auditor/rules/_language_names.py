"""English names of languages, for messages."""

from __future__ import annotations

from functools import cache

from auditor.lexicon import rows


@cache
def english_names() -> dict[str, str]:
    """English names by BCP 47 tag."""
    named: dict[str, str] = {}
    for row in rows("language_names"):
        if row["language"] == "en":
            named.setdefault(row["kind"], row["pattern"].title())
    return named
