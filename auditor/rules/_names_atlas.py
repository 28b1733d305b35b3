"""The index of known names: places, public persons and the words of their names, looked up by bisection.

``knowledge/atlas.tsv.gz`` is unpacked at the first question (a tenth of a second, some 20 MB); names of users' own
files (``[names] files`` in the settings) are kept beside it.
"""

from __future__ import annotations

import gzip
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from auditor.rules._names_fold import plain_key
from auditor.rules._names_user import user_rows

_SOURCES = {
    "G": "GeoNames", "F": "CIA World Factbook", "U": "congress-legislators", "W": "Wikidata", "R": "rigour",
    "C": "CLDR", "O": "own",
}  # fmt: skip


# From a hundred thousand inhabitants on a place is well known enough to be meant by a garbled word.
SUGGESTED = 5.0


@dataclass(frozen=True, slots=True)
class Known:
    """One meaning of a name: P (place), H (person), O (organisation) or W (a word of persons' names), its ``kind``.

    ``weight`` is the decimal logarithm of a place's inhabitants (6 for countries), or how many persons have the word;
    ``given`` is how many of them have it in front.
    """

    kind: str
    country: str
    weight: float
    name: str
    source: str
    given: int = 0


@cache
def _lines() -> list[str]:
    packed = files("auditor.knowledge").joinpath("atlas.tsv.gz").read_bytes()
    return gzip.decompress(packed).decode().split("\n")[:-1]


@lru_cache(maxsize=65536)
def known(key: str) -> tuple[Known, ...]:
    """What a name may be; ``key`` is ``keyed(name)``. Empty when no table has it."""
    lines, head = _lines(), f"{key}\t"
    at = bisect_left(lines, head)
    found = list(_users().get(key, ()))
    while at < len(lines) and lines[at].startswith(head):
        found.append(_read(lines[at]))
        at += 1
    return tuple(found)


@cache
def _users() -> dict[str, list[Known]]:
    """The user's own places and organisations, and the words of the people's names."""
    found: dict[str, list[Known]] = {}
    for row in user_rows():
        for name in (row["name"], *filter(None, row["aliases"].split(";"))):
            kind = {"place": "P", "person": "H"}.get(row["kind"], "O")
            found.setdefault(keyed(name.split()), []).append(
                Known(kind, row["country"], SUGGESTED, row["name"], "user")
            )
            if kind == "H":
                for at, word in enumerate(name.split()):
                    found.setdefault(plain_key(word), []).append(Known("W", "", 1, "", "user", int(not at)))
    return found


def _read(line: str) -> Known:
    _, kind, country, weight, name, source = line.split("\t")
    first, comma, rest = weight.partition(",")
    number = float(first) + float(rest or 0)
    return Known(kind, country, number, name, _SOURCES[source], int(first) if comma else 0)


def keyed(words: Iterable[str]) -> str:
    """The key of a name, from its words."""
    return " ".join(filter(None, (plain_key(part) for word in words for part in word.replace("-", " ").split())))


def places(key: str) -> tuple[Known, ...]:
    """The places of a name."""
    return tuple(one for one in known(key) if one.kind == "P")


def is_name(word: str) -> bool:
    """Whether a single word is known as a place or as a part of a person's name."""
    return bool(known(plain_key(word)) or known(keyed([word])))


@lru_cache(maxsize=65536)
def same_place(one: str, other: str) -> bool:
    """Whether two words are names of one place: Plzeň and Pilsen, Kharkov and Kharkiv."""
    mine, theirs = ({(a.name, a.country) for a in places(keyed([word]))} for word in (one, other))
    return bool(mine & theirs)
