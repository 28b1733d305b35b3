"""Japanese, Korean and Vietnamese names read as Chinese: Lin Fangzheng for Yoshimasa Hayashi, Cunshan for Murayama.

What is written in characters has another sound in each language; a translation from Chinese, or by way of it, gives
the Chinese one. Whole names of public figures are held against a table; a family name only before or behind a given
name that is Japanese, with Japan in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from auditor.data import SegmentedDocument
from auditor.lexicon import rows
from auditor.rules._mentions import Mention, people
from auditor.rules._names_fold import is_latin, plain_key
from auditor.rules._names_near import lands
from auditor.rules._romanisation import is_pinyin, pinyin_cuts

_LATIN = frozenset({"en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "fi", "pl", "cs", "ro"})
_HOMES = {"jp": "Japanese", "kr": "Korean", "kp": "Korean", "vn": "Vietnamese"}


@dataclass(frozen=True, slots=True)
class Misread:
    """A name in its Chinese reading, the name as it is, and its language in words."""

    mention: Mention
    right: str
    language: str
    certain: bool


@cache
def _persons() -> dict[str, tuple[str, str, frozenset[str]]]:
    """Name, country and offices of the figures by the key of their Chinese reading."""
    homes = {row["name"]: (row["country"], frozenset(row["offices"].split(","))) for row in rows("eastern_figures")}
    return {
        row["reading"]: (row["name"], *homes[row["name"]]) for row in rows("japanese_names") if row["kind"] == "person"
    }


@cache
def _surnames() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for row in rows("japanese_names"):
        if row["kind"] == "surname":
            found.setdefault(row["reading"], {})[row["name"]] = None
    return {reading: tuple(names) for reading, names in found.items()}


@cache
def _given() -> frozenset[str]:
    return frozenset(plain_key(row["name"]) for row in rows("japanese_names") if row["kind"] == "given")


def misread(page: SegmentedDocument) -> Iterator[Misread]:
    """The names of a page that are a Chinese reading of another language's name."""
    if page.language.tag not in _LATIN:
        return
    written = {plain_key(word) for mention in people(page).full for word in mention.words}
    for mention in people(page).full:
        fits = len(mention.words) == 2 and all(map(is_latin, mention.words)) and not mention.quoted
        found = (_whole(mention, page) or _part(mention, page, written)) if fits else None
        if found:
            yield found


def _whole(mention: Mention, page: SegmentedDocument) -> Misread | None:
    """A public figure; the office or the country must fit, because Chinese people bear such names as well."""
    known = _persons().get(" ".join(plain_key(word) for word in mention.words))
    if known is None:
        return None
    name, country, offices = known
    role = mention.role
    if role and role.kind in offices and role.country in {"", country} and (role.country or "cn" not in lands(page)):
        return Misread(mention, name, _HOMES[country], certain=role.country == country or "cn" not in lands(page))
    return None


def _foreign(key: str) -> bool:
    """Whether a given name is none of one or two Chinese syllables."""
    return min(map(len, pinyin_cuts(key)), default=3) > 2


def _part(mention: Mention, page: SegmentedDocument, written: set[str]) -> Misread | None:
    """A Japanese given name beside the Chinese reading of a family name of two characters."""
    keys = [plain_key(word) for word in mention.words]
    for at in (0, 1):
        names = _surnames().get(keys[at], ())
        other = keys[1 - at]
        if names and other in _given() and _foreign(other) and is_pinyin(keys[at]):
            own = [name for name in names if plain_key(name) in written]
            right = own or (list(names) if len(names) == 1 else [])
            words = list(mention.words)
            if right:
                words[at] = right[0]
            if own or "jp" in lands(page):
                return Misread(mention, " ".join(words) if right else "", "Japanese", certain=bool(right))
    return None
