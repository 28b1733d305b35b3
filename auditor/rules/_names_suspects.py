"""What the rules on names share: suspicions of a page by kind, and languages by name."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.data import SegmentedDocument
from auditor.rules._mentions import Mention, people
from auditor.rules._names_known import Suspicion, suspicion
from auditor.rules._names_misspelt import misspelt
from auditor.rules._names_short import short_suspicion

_LANGUAGES = {
    "ru": "Russian", "uk": "Ukrainian", "pl": "Polish", "cs": "Czech", "sk": "Slovak", "el": "Greek", "fi": "Finnish",
    "tr": "Turkish", "hu": "Hungarian", "bg": "Bulgarian", "hr": "Croatian", "sr": "Serbian", "et": "Estonian",
    "lt": "Lithuanian", "lv": "Latvian", "en": "English",
}  # fmt: skip
# A country's language, to choose among the languages that share an ending.
_SPOKEN = {"ua": "uk", "cz": "cs", "gr": "el", "cy": "el", "by": "ru", "rs": "sr"}


def language_of(sources: frozenset[str], country: str = "") -> str:
    """The likeliest of the languages that share an ending: the person's own, else the first."""
    own = _SPOKEN.get(country, country)
    return own if own in sources else min(sources, default="")


def language_name(code: str) -> str:
    """English name of a source language."""
    return _LANGUAGES.get(code, "foreign")


def suspected(page: SegmentedDocument, kinds: frozenset[str]) -> Iterator[tuple[Mention, Suspicion]]:
    """Mentions of a page that seem to stand for a public figure in one of some ways, full names first."""
    known = people(page)
    for mention in known.full:
        found = suspicion(mention) or misspelt(mention)
        if found and found.kind in kinds:
            yield mention, found
    for mention in known.short:
        found = short_suspicion(mention)
        if found and found.kind in kinds:
            yield mention, found
