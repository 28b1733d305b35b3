"""Japanese names in Latin letters: what is Hepburn, and what came out of Cyrillic, Czech or Polish spelling.

Russian writes Japanese in Polivanov's system (си, ти, дзи), Ukrainian and Bulgarian in it or near it; turned into
Latin letters by sound it gives "Sindzo", "Takaiti", "Khirosima". The spellings of all known names are worked out
from a table of syllables, so that only what leads back to a known name counts. Part of them (Kisida, Tiba) is what
the official Kunrei system gives as well.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, product

from auditor.lexicon import rows

# Spellings kept of one name: long names of many open syllables have more than anybody will write.
_MOST = 160
_HEPBURN = (
    r"[kgnbmpr]y?[auo]|[kgnbmpr][ie]|s[aueo]|sh[aiueo]|z[aueo]|j[aiueo]|t[aeo]|ch[aiueo]|tsu|d[aeo]|h[aieo]|hy[auo]|fu"
    r"|y[auo]|w[ao]|[aiueo]|n(?![aiueoy])|m(?=[bpm])|([kpts])(?=\1)|s(?=sh)|t(?=ch)|(?<=[ou])h(?![aiueoy])"
    r"|(?<=[aeou])y$"
)
_IS_HEPBURN = re.compile(f"(?:{_HEPBURN})+")
# Kunrei and the older system of the state, also mixed with Hepburn as emigrants' names are (Shiniti).
_KUNREI = f"{_HEPBURN}|[sztdh]y?[auo]|[sztdh][ie]|kw[ao]"
_IS_KUNREI = re.compile(f"(?:{_KUNREI})+")
# Beside them what emigrants' names may have as well: Kavasaki, Keyko.
_IS_LOOSE = re.compile(f"(?:{_KUNREI}|va|(?<=[aeou])y(?![aiueo]))+")
# Nineteenth-century Hepburn, alive in the names of families and firms: Koidzumi, Shimadzu.
_IS_OLD = re.compile(f"(?:{_HEPBURN}|dzu)+")
_BY_POLIVANOV = re.compile(r"si|ti|[st]y|[st]i[auo]")
_HUSHING = re.compile(r"sh|ch")
_LONG_VOWELS = frozenset({"\u0304", "\u0302"})
# How Czech and its neighbours, and Polish, write what Hepburn writes with sh, ch, j, y and ts.
_CZECH = re.compile(r"[ščž]")
_POLISH = re.compile(r"sz|cz|dż")
_CZECH_LETTERS = (("j", "y"), ("dž|ž", "j"), ("š", "sh"), ("c(?!h)", "ts"), ("č", "ch"))
_POLISH_LETTERS = (("j", "y"), ("dż", "j"), ("sz", "sh"), ("c(?![hz])", "ts"), ("cz", "ch"))


@dataclass(frozen=True, slots=True)
class Restored:
    """Names in Hepburn that a spelling leads back to, and the languages whose letters it shows.

    ``strong`` when nobody of Japanese name can be written so, ``official`` when a system of the Japanese state gives
    it, today's or an old one; ``borrowed`` when it is right in a language that writes Japanese in its own letters.
    """

    names: tuple[str, ...]
    source: str
    strong: bool = False
    official: bool = False
    borrowed: bool = False


@cache
def kinds() -> dict[str, frozenset[str]]:
    """What a name in Hepburn is (surname, given, place, prefecture), by its letters."""
    found: dict[str, set[str]] = {}
    listed = [(row["name"], row["kind"]) for row in rows("japanese_names")]
    listed += [(row["name"], row["kind"]) for row in rows("eastern_known") if row["country"] == "jp"]
    listed += [(row["name"], "place") for row in rows("large_towns") if row["country"] == "jp"]
    for name, kind in listed:
        if kind != "person" and name.isascii() and name.isalpha():
            found.setdefault(name.lower(), set()).add(kind)
    for row in rows("eastern_known"):
        if row["kind"] == "person" and row["country"] == "jp":
            for word, kind in zip(row["name"].split(), ("given", "surname"), strict=True):
                found.setdefault(word.lower(), set()).add(kind)
    return {name: frozenset(many) for name, many in found.items()}


@cache
def _heard() -> dict[str, tuple[str, ...]]:
    return {row["mora"]: tuple(row["heard"].split(",")) for row in rows("polivanov")}


@cache
def _mora() -> re.Pattern[str]:
    moras = sorted((mora for mora in _heard() if mora[0] != "-"), key=lambda mora: (-len(mora), mora))
    return re.compile("|".join((*moras, "[kpstm]")))


def by_sound(name: str) -> frozenset[str]:
    """What the Polivanov form of a name in Hepburn becomes in Latin letters; empty where it is no Hepburn."""
    pieces: list[tuple[str, ...]] = []
    at = 0
    while at < len(name):
        found = _mora().match(name, at)
        if found is None:
            return frozenset()
        mora, last = found.group(), name[at - 1 : at]
        if mora == "i" and last and last in "aeou":
            pieces.append(_heard()["-i"])
        elif mora == "n" and name[at + 1 : at + 2] in {"b", "p", "m"}:
            pieces.append(("n", "m"))
        else:
            pieces.append(_heard().get(mora, (mora,)))
        at = found.end()
    return frozenset(map("".join, islice(product(*pieces), _MOST)))


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """Known names by the spellings that Hepburn cannot have produced."""
    found: dict[str, list[str]] = {}
    for name in sorted(kinds()):
        for spelling in by_sound(name):
            if spelling not in kinds() and not _IS_HEPBURN.fullmatch(spelling):
                found.setdefault(spelling, []).append(name.capitalize())
    return {spelling: tuple(names) for spelling, names in found.items()}


@lru_cache(maxsize=16384)
def letters(word: str) -> str:
    """The bare letters of a word, marks of length and hyphens left out; empty when it has other marks."""
    if word.isascii():
        return word.lower().replace("-", "").replace("'", "")
    bare = "".join(
        char for char in unicodedata.normalize("NFD", word.lower()) if char not in _LONG_VOWELS and char not in "-‐‑'’ʼ"
    )
    return bare if bare.isascii() and bare.isalpha() else ""


def is_foreign(key: str) -> bool:
    """Whether nobody of Japanese name is written so; also for the letters of a full name together."""
    return not _IS_LOOSE.fullmatch(key) and not _IS_OLD.fullmatch(key)


def is_official(key: str) -> bool:
    """Whether a system of the Japanese state gives these letters."""
    return bool(_IS_KUNREI.fullmatch(key) or _IS_OLD.fullmatch(key))


@lru_cache(maxsize=16384)
def restored(word: str) -> Restored | None:
    """What an impossible spelling leads back to. Example: ``Takaiti`` -> Takaichi; None for Hepburn and the unknown."""
    key = letters(word)
    if not key:
        return _borrowed(word, _CZECH, _CZECH_LETTERS, "cs sk sl hr") or _borrowed(word, _POLISH, _POLISH_LETTERS, "pl")
    names = _spellings().get(key, ())
    if not names or key in kinds():
        return _borrowed(word, _POLISH, _POLISH_LETTERS, "pl")
    hushing = "bg uk ru" if _HUSHING.search(key) else "ru uk bg"
    source = "ru uk" if _BY_POLIVANOV.search(key) else hushing
    return Restored(names, source, strong=is_foreign(key), official=is_official(key))


def _borrowed(word: str, mark: re.Pattern[str], table: tuple[tuple[str, str], ...], source: str) -> Restored | None:
    """A name in the spelling of a language that writes Japanese in its own letters."""
    own = word.lower()
    if not mark.search(own):
        return None
    for pattern, by in table:
        own = re.sub(pattern, by, own)
    bare = "".join(char for char in unicodedata.normalize("NFD", own) if char.isascii() and char.isalpha())
    return Restored((bare.capitalize(),), source, borrowed=True) if bare in kinds() else None
