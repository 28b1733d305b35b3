"""The outlets and agencies of ``knowledge/media.tsv`` as they are named in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from auditor.data import SegmentedDocument, Span
from auditor.lexicon import Entry, Lexicon, rows
from auditor.normalize import fold

# A line is read up to this length: attributions further inside a line of megabytes are no loss.
LONGEST_LINE = 20_000
_SHORT_NAME = 4


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet under its usual name; ``marked`` names are common words too and need a closer frame.

    ``lower`` names are written without capitals by their owners (dpa).
    """

    name: str
    kind: str
    marked: bool = False
    homepage: str = ""
    lower: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an outlet is named."""

    span: Span
    outlet: Outlet


@cache
def _table() -> tuple[Lexicon, dict[str, Outlet]]:
    entries, outlets = [], {}
    for row in rows("media"):
        pattern = fold(row["pattern"])
        entries.append(Entry("mul", row["kind"], pattern))
        marked, lower = row["use"].startswith("marked"), row["use"].endswith("lower")
        outlets[pattern] = Outlet(row["name"], row["kind"], marked, row["homepage"], lower, row["language"])
    return Lexicon(tuple(entries)), outlets


def mentions(page: SegmentedDocument, span: Span) -> list[Mention]:
    """Return the outlets named in a stretch of the text, in order; the longest where names overlap."""
    lexicon, outlets = _table()
    end = min(span.end, span.start + LONGEST_LINE)
    found: list[Mention] = []
    for match in lexicon.within(page.folded, span.start, end):
        place = match.span
        outlet = outlets[match.entry.pattern]
        if _is_name(place.cut(page.text), outlet) and not (found and found[-1].span.overlaps(place)):
            found.append(Mention(place, outlet))
    return found


def _is_name(quote: str, outlet: Outlet) -> bool:
    """Whether the letters are written as a name: capital first, short abbreviations and common words more strictly."""
    letters = [char for char in quote if char.lower() != char.upper()]
    if not letters or outlet.lower or "." in quote:
        return True
    if outlet.marked and len(quote) <= _SHORT_NAME and quote.isascii() and " " not in quote:
        return quote.isupper() or outlet.kind not in {"agency", "broadcaster", "photo"}
    if outlet.marked:
        return quote[quote.rfind(" ") + 1].isupper()
    return any(char.isupper() for char in letters)


def known(page: SegmentedDocument, span: Span) -> Iterator[Outlet]:
    """Yield the outlets named in a stretch, each once, in order."""
    seen: set[str] = set()
    for one in mentions(page, span):
        if one.outlet.name not in seen:
            seen.add(one.outlet.name)
            yield one.outlet


@cache
def _by_name() -> dict[str, Outlet]:
    """Outlets of one word by their own name, for frames where the pattern asks for more (an address, a frame)."""
    return {name: one for one in _table()[1].values() if (name := fold(one.name)).isalpha() and len(name) > _SHORT_NAME}


_WORD = re.compile(r"[^\W\d_]{5,30}")


def named(page: SegmentedDocument, span: Span) -> Iterator[Mention]:
    """Yield outlets that a short line of the page's frame names by their bare name as its last word."""
    words = list(_WORD.finditer(page.folded, span.start, span.end))
    last = words[-1] if words else None
    if last is None or page.text[last.start()].islower() or page.text[last.end() : span.end].strip():
        return
    outlet = _by_name().get(last.group())
    place = Span(*last.span())
    # A common word at a line's end is no name, whoever else is called so.
    if outlet and not outlet.marked and not any(one.span.overlaps(place) for one in mentions(page, span)):
        yield Mention(place, outlet)
