"""What the rules on names share: suspicions of a page by kind, and languages by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.data import SegmentedDocument
from auditor.rules._memo import once_a_page
from auditor.rules._mentions import Mention, People, people
from auditor.rules._names_known import Suspicion, suspicion
from auditor.rules._names_misspelt import misspelt
from auditor.rules._names_near import LANGUAGES, near_person, near_surname, repeated, speaking_place
from auditor.rules._names_resembling import resembling
from auditor.rules._names_short import short_suspicion
from auditor.rules._names_story import name_words
from auditor.rules._names_variants import same_word

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
    return (pair for pair in _suspected(page) if pair[1].kind in kinds)


@once_a_page
def _suspected(page: SegmentedDocument) -> tuple[tuple[Mention, Suspicion], ...]:
    known = people(page)
    full = (
        (one, suspicion(one) or misspelt(one) or near_person(one, page) or resembling(one, page)) for one in known.full
    )
    short = ((one, short_suspicion(one)) for one in known.short)
    found = [(mention, one) for mention, one in (*full, *short) if one]
    return (*found, *_alone(page, known, found))


def _alone(
    page: SegmentedDocument, known: People, found: list[tuple[Mention, Suspicion]]
) -> Iterator[tuple[Mention, Suspicion]]:
    """Surnames by themselves: repeated from a suspected name, or close to a long surname of a politician."""
    taken = {mention.span for mention, _ in found}
    words = list(name_words(page)) if page.language.tag in LANGUAGES else []
    for mention, one in tuple(found):
        wrong = mention.words[-1]
        if one.kind == "blend" and one.other is None and not same_word(wrong, one.person.surname):
            for again in repeated(words, wrong, list(known.full)):
                if again.span not in taken:
                    taken.add(again.span)
                    yield again, replace(one, suggestion=one.person.surname)
    for word in words:
        if person := near_surname(word, page) or speaking_place(word, page):
            for place in word.places:
                if place.span not in taken:
                    taken.add(place.span)
                    mention = Mention(place.span, (word.word,), word.language)
                    yield mention, Suspicion("blend", person, person.surname, certain=False)
