"""Chinese names in a document that no romanisation system can have produced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.data import SegmentedDocument
from auditor.normalize import fold, plain
from auditor.rules._mentions import Mention, people
from auditor.rules._names_people import Person, holds, name_words, sharing
from auditor.rules._names_roles import PUBLIC, Role
from auditor.rules._names_tables import country, is_given
from auditor.rules._romanisation import is_pinyin, is_wade_giles, restored, surnames

# Languages that write Chinese names in pinyin.
_PINYIN_USERS = frozenset(
    {"en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "fi", "pl", "ro", "id", "ms", "et", "ca", "gl"}
)
_WORD = re.compile(r"[^\W\d_]+")
_CONTEXT = 160
# Letter groups that only the detour through Cyrillic makes.
_PALLADIUS = re.compile(r"tsz|chzh|dzh|[^\W\d_]*[sxhtk]y[aeuo]|[dt]z|ks")


@dataclass(frozen=True, slots=True)
class Reading:
    """An impossible Chinese name: the word at fault, the full names it may stand for, how sure that is."""

    mention: Mention
    word: str
    candidates: tuple[str, ...]
    confirmed: bool
    certain: bool
    source: str


def impossible(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The word of a Chinese-looking name that is no pinyin, and the full names with it restored; empty when none."""
    if len(words) != 2:
        return "", ()
    for at in (1, 0):
        word, other = words[at], words[1 - at]
        other_fits = plain(other) in surnames() if at else is_pinyin(other)
        if other_fits and not is_pinyin(word) and not is_wade_giles(word) and (at or not is_given(word)):
            found = restored(word)
            if at == 0:
                found = tuple(one for one in found if one.lower() in surnames())
            names = [(other, one) if at else (one, other) for one in found]
            return (word, tuple(" ".join(name) for name in names)) if names else ("", ())
    return "", ()


def readings(page: SegmentedDocument) -> Iterator[Reading]:
    """All impossible Chinese names of a page."""
    known = people(page)
    written = {mention.key for mention in known.full}
    for mention in known.full:
        if mention.language not in _PINYIN_USERS or mention.quoted:
            continue
        word, names = impossible(mention.words)
        if not names:
            continue
        proven, holder = _proven(names, mention.role, written)
        if not holder and not (mention.role and mention.role.country == "cn") and not _china_near(page, mention):
            continue
        ordered = tuple(dict.fromkeys((*proven, *names)))[:6]
        official = bool(mention.role and mention.role.country == "cn" and mention.role.kind in PUBLIC)
        source = "ru" if _PALLADIUS.search(plain(word)) else ""
        yield Reading(mention, word, ordered, len(proven) == 1, len(proven) == 1 or official, source)


def _proven(names: tuple[str, ...], role: Role | None, written: set[str]) -> tuple[list[str], bool]:
    """Readings that the document or the table has in this very spelling, and whether the office decided.

    Spelled exactly: Palladius by sound loses the difference of n and ng, so Li Qian would pass for Li Qiang.
    """
    known = {name: _bearers(name) for name in names}
    holders = [name for name in names if any(holds(person, role) for person in known[name])]
    if holders:
        return holders, True
    return [name for name in names if plain(name) in written] or [name for name in names if known[name]], False


def _bearers(name: str) -> list[Person]:
    """Chinese public figures whose name is spelled so."""
    words = [plain(word) for word in name_words(name)]
    return [
        person
        for person in sharing(tuple(name.split()))
        if person.country == "cn" and any([plain(word) for word in form] == words for form in person.forms)
    ]


def _china_near(page: SegmentedDocument, mention: Mention) -> bool:
    low = max(0, mention.span.start - _CONTEXT)
    window = page.text[low : mention.span.end + _CONTEXT]
    return any(country(fold(word)) == "cn" for word in _WORD.findall(window) if word[0].isupper())
