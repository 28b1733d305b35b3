"""Reading a written-out date, for instance the one in "Source: BBC, March 10, 2025", as an ISO date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache

from auditor.data import Span
from auditor.lexicon import rows
from auditor.normalize import fold

_MONTH = r"([^\W\d_]{3,14})"
_YEAR = r"((?:19|20)\d\d)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (order, re.compile(pattern))
    for order, pattern in (
        ("ymd", rf"\b{_YEAR}-(\d\d)-(\d\d)\b"),
        ("ymd", rf"{_YEAR}\s?[年년]\s?(\d{{1,2}})\s?[月월]\s?(\d{{1,2}})\s?[日일]"),
        ("dmy", rf"(\d{{1,2}})\s+tháng\s+(\d{{1,2}}),?\s+(?:năm\s+)?{_YEAR}"),
        ("dmy", rf"\b(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?{_YEAR}\b"),
        ("slash", rf"\b(\d{{1,2}})/(\d{{1,2}})/{_YEAR}\b"),
        (
            "dMy",
            rf"\b(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.|-го)?\s(?:de\s|of\s)?{_MONTH}\.?,?\s(?:del?\s)?{_YEAR}(?:\s(?:года|году|г\.|року|р\.))?",
        ),
        ("Mdy", rf"\b{_MONTH}\.?\s(\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}\b"),
        ("yMd", rf"\b{_YEAR}\.?\s{_MONTH}\.?\s(\d{{1,2}})\b"),
    )
)


@cache
def _months() -> dict[str, dict[str, int]]:
    """Month number of each month name, by language."""
    found: dict[str, dict[str, int]] = {}
    for row in rows("attribution"):
        if row["kind"].startswith("month-"):
            found.setdefault(fold(row["pattern"]), {})[row["language"]] = int(row["kind"][-2:])
    return found


def _month(name: str, language: str) -> int:
    known = _months().get(name, {})
    numbers = set(known.values())
    return known.get(language) or (numbers.pop() if len(numbers) == 1 else 0)


def _iso(order: str, parts: tuple[str, ...], language: str) -> str | None:
    if order == "slash":
        order = "mdy" if language == "en" and int(parts[1]) > 12 else "dmy"
        if language == "en" and int(parts[0]) <= 12 and int(parts[1]) <= 12 and parts[0] != parts[1]:
            return None
    fields = dict(zip(order, parts, strict=True))
    month = _month(fields["M"], language) if "M" in fields else int(fields["m"])
    try:
        return dt.date(int(fields["y"]), month, int(fields["d"])).isoformat()
    except ValueError:
        return None


def dates(text: str, language: str) -> Iterator[tuple[Span, str]]:
    """Yield the dates of a short text with their ISO form; ambiguous ones (3/4/2025 in English) are left out."""
    folded = fold(text)
    for order, pattern in _PATTERNS:
        for hit in pattern.finditer(folded):
            iso = _iso(order, hit.groups(), language)
            if iso:
                yield Span(*hit.span()), iso
