"""Korean names in Latin letters: which syllables they have, and which came out of Cyrillic (Kontsevich's system).

Russian and its neighbours write 재 as чжэ, 혜 as хе and 근 as кын; turned into Latin letters by sound that gives
"Chzhe", "Khe" and "Kyn", which no Korean romanisation has: neither the Revised one nor McCune-Reischauer nor what
families are used to. The table of syllables gives the way back.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import product

from auditor.lexicon import rows
from auditor.rules._polivanov import letters

# How Latin letters render the Cyrillic of Korean syllables; longer groups first.
_SOUNDS = {
    "чж": "chzh,chj,czh,dzh,dz", "дж": "dzh,dj,dz", "чх": "chkh,chh,ch", "кх": "kkh,kh,k", "тх": "tkh,th,t",
    "пх": "pkh,ph,p", "ый": "yy,yi,y", "ыи": "yi", "ль": "l", "ц": "ts", "ч": "ch,tch,tsch", "х": "kh,h", "в": "v,w",
    "ё": "yo,io,ye,e", "я": "ya,ia", "ю": "yu,iu", "э": "e", "е": "e,ye", "ы": "y", "и": "i", "й": "y,i",
    "а": "a", "о": "o", "у": "u", "б": "b", "г": "g", "д": "d", "к": "k", "л": "l", "м": "m", "н": "n", "п": "p",
    "р": "r", "с": "s", "т": "t",
}  # fmt: skip
_PIECE = re.compile("|".join(_SOUNDS))
# Letter groups of no Korean romanisation.
_IMPOSSIBLE = re.compile(r"chzh|chj|czh|dz|tsch|kh|tkh|pkh|v|[bcdfghjklmnprst]y(?![aeou])|[bcdghjkmnprst]ye")
_LONGEST = 9


@cache
def spellings() -> dict[str, frozenset[str]]:
    """Syllables (in Revised Romanisation) by all spellings that Korean names have."""
    found: dict[str, set[str]] = {}
    for row in rows("korean"):
        for form in (row["revised"], *row["other"].split(",")):
            found.setdefault(form, set()).add(row["revised"])
    found.pop("", None)
    return {form: frozenset(own) for form, own in found.items()}


@cache
def _foreign() -> dict[str, frozenset[str]]:
    """Syllables by the spellings that the way through Cyrillic gives, also another syllable's own: дон is dong."""
    found: dict[str, set[str]] = {}
    for row in rows("korean"):
        for cyrillic in row["kontsevich"].split(","):
            choices = [_SOUNDS[piece].split(",") for piece in _PIECE.findall(cyrillic)]
            # The nasal of -ng is a plain н; who knows the Korean ending puts the g back.
            ends = ("", "g") if row["revised"].endswith("ng") else ("",)
            for form in map("".join, product(*choices, ends)):
                found.setdefault(form, set()).add(row["revised"])
    return {form: frozenset(own) for form, own in found.items()}


@cache
def families() -> dict[str, str]:
    """Family names as English papers write them, by syllable."""
    return {row["revised"]: row["surname"] for row in rows("korean") if row["surname"]}


@lru_cache(maxsize=16384)
def readings(word: str) -> tuple[tuple[frozenset[str], ...], ...]:
    """The ways to read a word as one or two Korean syllables, each as all that it may stand for.

    Example: ``Chzhe-in`` -> (({"jae", "je"}, {"in", ...}),).
    """
    key = letters(word)
    if not 0 < len(key) <= 2 * _LONGEST:
        return ()
    cuts = [(key,), *((key[:at], key[at:]) for at in range(1, len(key)))]
    parts = re.split("[-‐‑]", word)
    if len(parts) == 2:
        cuts = [(letters(parts[0]), letters(parts[1]))]
    return tuple(found for cut in cuts if all(found := tuple(_syllable(part) for part in cut)))


def _syllable(part: str) -> frozenset[str]:
    return spellings().get(part, frozenset()) | _foreign().get(part, frozenset())


@lru_cache(maxsize=16384)
def is_strange(word: str) -> bool:
    """Whether a word reads as Korean syllables only by way of Cyrillic."""
    return bool(readings(word)) and not _is_right(word)


def _is_right(word: str) -> bool:
    key = letters(word)
    return key in spellings() or any(key[:at] in spellings() and key[at:] in spellings() for at in range(1, len(key)))


@lru_cache(maxsize=16384)
def is_impossible(word: str) -> bool:
    """Whether a strange word has letters that no Korean romanisation puts together."""
    return is_strange(word) and _IMPOSSIBLE.search(letters(word)) is not None
