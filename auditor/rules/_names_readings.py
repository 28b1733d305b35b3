"""One name as several languages transcribe it: Zourabichvili, Surabischwili, Zurabiszwili, Zurabishvili.

Each language writes the sounds of other alphabets by its own rules: sh is ch in French, sch in German, sz in Polish,
sj in Dutch. A word is read by the rules of every system; two words that share a reading may be one name.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from auditor.lexicon import rows
from auditor.rules._names_fold import is_latin, plain_key, skeleton

# Short words share readings by chance: Chen and Shen are two families.
_SHORTEST = 6


@cache
def _systems() -> tuple[tuple[re.Pattern[str], dict[str, str]], ...]:
    found: dict[str, dict[str, str]] = {}
    for row in rows("name_transcriptions"):
        found.setdefault(row["system"], {})[row["spelling"]] = row["sound"]
    return tuple(
        (re.compile("|".join(sorted(map(re.escape, sounds), key=len, reverse=True))), sounds)
        for sounds in found.values()
    )


@lru_cache(maxsize=65536)
def readings(word: str) -> frozenset[str]:
    """The skeletons of a Latin word under each transcription system, its own skeleton among them."""
    own = skeleton(word)
    if len(word) < _SHORTEST or not is_latin(word):
        return frozenset({own})
    lowered = unicodedata.normalize("NFC", word).lower()
    return frozenset({own, *(skeleton(_read(lowered, pattern, sounds)) for pattern, sounds in _systems())})


def _read(word: str, pattern: re.Pattern[str], sounds: dict[str, str]) -> str:
    """A word with each spelling of one system put as English transcription puts its sound."""
    return pattern.sub(lambda found: sounds[found.group()], word)


def transcribed_alike(one: str, other: str) -> bool:
    """Whether some system's reading of one word is a reading of the other."""
    if min(len(plain_key(one)), len(plain_key(other))) < _SHORTEST - 1:
        return False
    return bool(readings(one) & readings(other))
