"""Telling the names behind "Source:" and "Photo:" from clauses, and taking them apart."""

from __future__ import annotations

import re

from auditor.data import SegmentedDocument
from auditor.language import primary
from auditor.rules._credits import Credit
from auditor.rules._dates import dates
from auditor.rules._media import known

_MOST_WORDS = 14
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{3,200}|[\w-]{2,40}(?:\.[\w-]{2,30}){1,3}(?:/\S{0,200})?", re.IGNORECASE)
_QUOTES = "\"'“”„«»‘’《》「」『』<>"


def source_of(page: SegmentedDocument, credit: Credit) -> dict[str, object]:
    """The source of a credit line without its date, quotation marks and final stop; the date as ISO."""
    value = credit.value.cut(page.text)
    data: dict[str, object] = {}
    for span, iso in dates(value, primary(page.lines[credit.line].language.tag)):
        data["date"] = iso
        value = value[: span.start] + value[span.end :]
        break
    name = " ".join(value.strip(" \t.,;:|/()-–—。，；").split())
    if name[:1] in _QUOTES and name[-1:] in _QUOTES:
        name = name.strip(_QUOTES)
    data["source"] = name
    outlets = list(known(page, credit.value))
    if len(outlets) == 1:
        data["homepage"] = outlets[0].homepage
    return data


def is_picture(page: SegmentedDocument, credit: Credit) -> bool:
    """Whether the source is a picture desk, so that the line is about a photo."""
    return credit.kind == "photo" or any(one.kind == "photo" for one in known(page, credit.value))


def names_source(page: SegmentedDocument, credit: Credit, *, edge: bool) -> bool:
    """Whether a name follows the label, not a clause; in lower case only at the page's edge and not in English."""
    value = credit.value.cut(page.text)
    words = value.split()
    if len(words) > _MOST_WORDS or len(value) > 160 or value[-1] in "?!？！" or (credit.line == 0 and len(words) > 3):
        return False
    plural = credit.value.start - credit.span.start >= 8 and page.folded.startswith("sources", credit.span.start)
    if plural and len(words) > 4 and "," not in value:
        return False
    first = value.lstrip(_QUOTES)[:1]
    if first.lower() == first.upper() or first.isupper() or _ADDRESS.fullmatch(value):
        return credit.kind == "source" or len(words) <= 8
    english = primary(page.lines[credit.line].language.tag) == "en"
    return len(words) <= 8 and credit.kind == "source" and edge and value[-1] != "." and not english


def credits_picture(page: SegmentedDocument, credit: Credit) -> bool:
    """Whether a name follows the label of a picture, not a sentence about it."""
    value = credit.value.cut(page.text)
    first = value.lstrip(_QUOTES + "©@ ")[:1]
    named = not first.islower() or any(True for _ in known(page, credit.value))
    return len(value.split()) <= 10 and len(value) <= 120 and value[-1] not in "?!" and named
