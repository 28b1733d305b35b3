"""Japanese names that came through Cyrillic (Sindzo Abe, Takaiti), Czech or Polish (Kišida) into another language.

A spelling alone proves little: Kisida and Tiba are official Japanese romanisation as well, Tizuka is a Brazilian's
name and Kodzo a Ghanaian's. So the restored name must be known, and stand beside another Japanese name or an office,
or be a place in a text on Japan; what the official systems give as well needs a known person or an office.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import product

from auditor.data import SegmentedDocument, Span
from auditor.language import primary
from auditor.lexicon import rows
from auditor.rules._carried import (
    POLITICAL,
    Carried,
    Word,
    following,
    joined,
    office,
    preceding,
    quoted,
    speaks_of,
    words,
)
from auditor.rules._names_people import Person, figures, holds, name_words
from auditor.rules._polivanov import Restored, is_foreign, is_official, kinds, letters, restored

_LANGUAGES = frozenset({"en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "fi", "pl", "cs", "ro"})
_LAND = ("jp",)
# What a page that does not name Japan must have to be worth a look; literals, because every page is asked.
_TELLING = ("dz", "kh", "phu", "dsi", "dso", "dsu", "dsa", "dse")
_PREFECTURE = r"pr[eéæä]fe(?:ct|kt|tt)u?\w*"
_IN_PREFECTURE = re.compile(rf"[ \u00a0-]{_PREFECTURE}", re.IGNORECASE)
_OF_PREFECTURE = re.compile(rf"\b{_PREFECTURE} (?:(?:of|de|d'|di|da|von|van) ?)?$", re.IGNORECASE)
_MOUNT = re.compile(r"\b(?:mount|mt\.?|mont|monte|berg|vulkan|volcano|volcan|volcán|góra|hora) $", re.IGNORECASE)
# A place of a long name is told by the spelling; a short one needs a word for places beside it.
_LONG = 7
_LONG_NAME = 10
_BORROWED = {"pl": "polish", "cs sk sl hr": "czech"}


def japanese(page: SegmentedDocument) -> Iterator[Carried]:
    """The Japanese names of a page that another writing system respelled."""
    language = primary(page.language.tag)
    spoken = speaks_of(page.folded, _LAND)
    if language not in _LANGUAGES or not (spoken or any(sign in page.folded for sign in _TELLING)):
        return
    done = 0
    for word in words(page):
        form = restored(word.text) if word.span.start >= done else None
        if form is None or language in form.source.split():
            continue
        found = _beside(page, word, form, spoken=spoken) or _alone(page, word, form, spoken=spoken)
        if found and not quoted(page.text, found.span):
            done = found.span.end
            # Czech has a spelling of its own for Japanese, which cannot be made from Hepburn without the lengths.
            yield replace(found, suggested="") if language == "cs" else found


@cache
def _persons() -> dict[frozenset[str], Person]:
    """Japanese people of public life by the letters of their two names."""
    found: dict[frozenset[str], Person] = {}
    listed = [(row["name"], row["offices"]) for row in rows("eastern_known") if row["country"] == "jp"]
    listed += [(row["name"], row["offices"]) for row in rows("eastern_figures") if row["country"] == "jp"]
    everyone = [
        Person(name, "jp", frozenset(offices.split(",")), (name_words(name),), True) for name, offices in listed
    ]
    for person in (*everyone, *(one for one in figures() if one.country == "jp")):
        for form in person.forms:
            key = frozenset(map(letters, form))
            old = found.get(key)
            offices = person.offices | (old.offices if old else frozenset())
            if len(form) == 2:
                found[key] = Person(person.name, "jp", offices, (form,), True)
    return found


def _names(word: Word) -> tuple[str, ...]:
    """The Hepburn names that a word is or leads back to."""
    form = restored(word.text)
    if form:
        return form.names
    key = letters(word.text)
    # Beside a telling word only: Nikay, as Kay and May are names of their own.
    key = key if key in kinds() else re.sub(r"(?<=[aeou])y$", "i", key)
    return (key.capitalize(),) if key in kinds() else ()


def _beside(page: SegmentedDocument, word: Word, form: Restored, *, spoken: bool) -> Carried | None:
    """A full name: a known person's, or a family name and a given name of which one is impossible."""
    pairs = [(word, after)] if (after := following(page.text, word)) else []
    pairs += [(before, word)] if (before := preceding(page.text, word)) else []
    for one, other in pairs:
        ways = [pair for pair in product(_names(one), _names(other)) if _is_person(*pair)]
        whole = _whole(one, other, form)
        # A table of the user's own may have the name as it is written.
        if not ways or _bearer(letters(one.text), letters(other.text)):
            continue
        if known := [pair for pair in ways if _bearer(*pair)]:
            return _known(page, joined(one, other), known, whole)
        role = office(page, joined(one, other))
        official = role is not None and role.country == "jp" and role.kind in POLITICAL
        if official or (whole.strong and spoken and _telling(one, other)):
            return _carried(joined(one, other), ways, whole, certain=whole.strong)
    return None


def _bearer(one: str, other: str) -> Person | None:
    return _persons().get(frozenset((one.lower(), other.lower())))


def _known(page: SegmentedDocument, span: Span, names: list[tuple[str, str]], form: Restored) -> Carried | None:
    """A person of public life, where the spelling cannot be his own: a scholar may go by Kunrei, politicians do not."""
    people = [person for name in names if (person := _bearer(*name))]
    role = office(page, span)
    holding = any(holds(person, role) for person in people)
    if form.official and not holding and not any(person.offices & POLITICAL for person in people):
        return None
    return _carried(span, names, form, certain=holding or not form.official)


def _telling(one: Word, other: Word) -> bool:
    """Whether two names are long enough to be nobody else's: not Kodzo Abe of Ghana or Maya Khara of India."""
    changed = [word.text for word in (one, other) if restored(word.text)]
    if len(one.text) + len(other.text) < _LONG_NAME:
        return False
    return len(changed) > 1 or len(changed[0]) >= _LONG or "dz" in changed[0].lower()


def _whole(one: Word, other: Word, form: Restored) -> Restored:
    """What a full name shows: the languages of both words, and strong also where the words go by two systems."""
    forms = [found for found in (restored(one.text), restored(other.text)) if found]
    shared = [tag for tag in form.source.split() if all(tag in found.source.split() for found in forms)]
    borrowed = any(found.borrowed for found in forms)
    strong = not borrowed and (any(found.strong for found in forms) or is_foreign(letters(one.text + other.text)))
    official = not borrowed and is_official(letters(one.text + other.text))
    return Restored(form.names, " ".join(shared) or form.source, strong, official, borrowed)


def _is_person(one: str, other: str) -> bool:
    """Whether one word is a family name and the other a given name."""
    mine, theirs = (kinds().get(name.lower(), frozenset()) for name in (one, other))
    return ("given" in mine and "surname" in theirs) or ("surname" in mine and "given" in theirs)


def _alone(page: SegmentedDocument, word: Word, form: Restored, *, spoken: bool) -> Carried | None:
    """A single word: the family name of an office holder, or a place."""
    return _holder(page, word, form) or (_place(page, word, form) if spoken else None)


def _holder(page: SegmentedDocument, word: Word, form: Restored) -> Carried | None:
    families = [name for name in form.names if "surname" in kinds()[name.lower()]]
    role = office(page, word.span) if families else None
    if role is None or role.country != "jp" or role.kind not in POLITICAL:
        return None
    holding = [name for name in families if any(holds(person, role) for person in _bearers(name))]
    if not holding and (not form.strong or _other_name(page, word)):
        return None
    return _carried(word.span, [(name,) for name in holding or families], form, certain=True)


def _other_name(page: SegmentedDocument, word: Word) -> bool:
    """Whether a capitalised word that is no Japanese name stands beside: the name of somebody from elsewhere."""
    after = following(page.text, word)
    return after is not None and not _names(after)


@cache
def _bearers(name: str) -> tuple[Person, ...]:
    return tuple(person for person in _persons().values() if person.forms[0][-1] == name)


def _place(page: SegmentedDocument, word: Word, form: Restored) -> Carried | None:
    """A prefecture beside that word; a place that no Japanese system spells so, long or beside a word for mountains."""
    text, (low, end) = page.text, (word.span.start, word.span.end)
    before = text[max(0, low - 40) : low]
    prefectures = [(name,) for name in form.names if "prefecture" in kinds()[name.lower()]]
    if prefectures and (_IN_PREFECTURE.match(text, end) or _OF_PREFECTURE.search(before)):
        return _carried(word.span, prefectures, form, certain=form.strong)
    places = [(name,) for name in form.names if kinds()[name.lower()] & {"place", "prefecture"}]
    if form.strong and places and (len(word.text) >= _LONG or _MOUNT.search(before)) and not _other_name(page, word):
        return _carried(word.span, places, form, certain=True)
    return None


def _carried(span: Span, ways: Sequence[tuple[str, ...]], form: Restored, *, certain: bool) -> Carried:
    names = tuple(dict.fromkeys(" ".join(way) for way in ways))
    system = _BORROWED.get(form.source) or ("kunrei" if form.official else "polivanov")
    suggested = names[0] if len(names) == 1 else ""
    confidence = 0.9 if form.strong and certain else 0.8 if certain else 0.6
    return Carried(span, names[:4], suggested, certain, confidence, system, form.source)
