"""Where a wording comes from: what a page says of its translation, and which wording the others are held to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.data import SegmentedDocument
from auditor.normalize import plain
from auditor.rules._disclosure import notices
from auditor.rules._quote_align import Link, Quote
from auditor.rules._quote_words import words

# Translator's notes stand at the top or the bottom of a page.
_MARGIN = 400
_MIXED_MARKS = ("“", "”")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
# Sorts behind every date.
_NO_DATE = "~"


def disclosed(page: SegmentedDocument) -> tuple[int, str]:
    """How much speaks for the page being a translation, and from which language it says it is.

    It says so (2), or its quotation marks are mixed (1).
    """
    language = page.language.tag
    margins = plain(f"{page.text[:_MARGIN]} {page.text[-_MARGIN:]}")
    told = [notice for notice in notices(page) if notice.method != "generated"]
    says = bool(told) or any(word in margins for word in words("disclosure", language))
    opening, closing = (page.text.count(mark) for mark in _MIXED_MARKS)
    source = next((notice.data["source_language"] for notice in told if notice.data.get("source_language")), "")
    return 2 * says + (language == "en" and opening > closing + 1), source


def own_date(page: SegmentedDocument) -> str:
    """The document's own date as its row gives it (ISO 8601), empty when it has none."""
    given = str(page.document.metadata.get("date", ""))
    return given if _ISO.match(given) else ""


def likely_route(altered: Quote, reference: Quote) -> list[str]:
    """The languages that a wording seems to have gone through; empty when the altered document does not say."""
    source = str(altered.seen.data.get("from", ""))
    if not source or source == altered.language:
        return []
    way = [reference.language, source, altered.language]
    return [one for at, one in enumerate(way) if not at or way[at - 1] != one]


def best_wording(cluster: Sequence[Link]) -> tuple[Quote, bool]:
    """The quotation that the others are measured by, and whether anything but the order of documents chose it."""
    quotes = {end.place: end for link in cluster for end in (link.one, link.other)}
    rank: dict[tuple[str, int, int], tuple[float, float, str, float]] = {}
    for place, one in quotes.items():
        own = [link for link in cluster if place in (link.one.place, link.other.place)]
        agreeing = sum(not link.verdict for link in own)
        date = str(one.seen.data.get("date", "")) or _NO_DATE
        rank[place] = (
            -agreeing,
            float(str(one.seen.data["translated"])),
            date,
            -round(sum(link.score for link in own), 6),
        )
    best = min(quotes, key=lambda place: (*rank[place], place))
    decided = sum(rank[place][:3] == rank[best][:3] for place in quotes) == 1
    return quotes[best], decided
