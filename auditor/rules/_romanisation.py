"""Chinese names in Latin letters: which syllables pinyin has, and what an impossible one was before.

A name that went through Russian, Ukrainian or Bulgarian carries the Palladius system (цзянь) back into Latin letters
by sound: "tszyan", "chzhan", "syao". The table of pinyin syllables with their Palladius forms gives the way back.
Wade-Giles (Chiang, Hsien, Tsai) is made from pinyin by its rules and is never touched.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import product

from auditor.lexicon import rows
from auditor.normalize import plain

# How Latin-script languages write the Cyrillic letters of Palladius' syllables when they know no better.
_SOUNDS = {
    "цз": "tsz,tz,cz,dz,zz", "чж": "chzh,chj,czh,dzh,tschsch,tj", "ц": "ts,c,tz,z", "ч": "ch,tsch,cz,tch",
    "ш": "sh,sch,sz,ch", "ж": "zh,j,sch,z", "х": "kh,h,ch", "с": "s,ss,ks", "я": "ya,ia,ja", "ю": "yu,iu,ju,ü",
    "юэ": "yue,iue,jue", "уэ": "ue", "е": "e,ye,ie,je", "э": "e", "ы": "y,i", "й": "y,i,j", "ь": "", "б": "b",
    "п": "p", "м": "m", "ф": "f", "д": "d", "т": "t", "н": "n", "л": "l", "г": "g", "к": "k", "а": "a",
    "о": "o", "у": "u,ou", "и": "i", "в": "v,w", "р": "r",
}  # fmt: skip
# Pinyin letters read as if they were another language's: x as ks, q as k, ian as ien, as Bulgarian and Polish hear it.
_READINGS = (("x", ("ks", "kx")), ("q", ("kv", "kw")), ("ian", ("ien", "yen", "jen")), ("zh", ("zx", "jh")))
_WADE_START = (
    ("zh", "ch"), ("ch", "ch"), ("sh", "sh"), ("b", "p"), ("p", "p"), ("d", "t"), ("t", "t"), ("g", "k"), ("k", "k"),
    ("j", "ch"), ("q", "ch"), ("z", "ts"), ("c", "ts"), ("x", "hs"), ("r", "j"),
    ("m", "m"), ("f", "f"), ("n", "n"), ("l", "l"), ("h", "h"), ("s", "s"), ("", ""),
)  # fmt: skip
_LONGEST = 24


@cache
def syllables() -> frozenset[str]:
    """All pinyin syllables, ü as u, v and yu as well."""
    found = {plain(row["syllable"]) for row in rows("pinyin")}
    return frozenset(found | {row["syllable"].replace("ü", "v") for row in rows("pinyin")} | {"lyu", "nyu", "lyue"})


@cache
def surnames() -> frozenset[str]:
    """Pinyin syllables that are common family names."""
    return frozenset(plain(row["syllable"]) for row in rows("pinyin") if row["surname"] == "1")


@cache
def _strange() -> dict[str, frozenset[str]]:
    """Impossible spellings with the pinyin syllables they may stand for."""
    found: dict[str, set[str]] = {}
    for row in rows("pinyin"):
        own = plain(row["syllable"])
        for form in _by_sound(row["palladius"]) | _by_reading(own):
            if form not in syllables() and form not in wade_giles():
                found.setdefault(form, set()).add(own)
    return {form: frozenset(own) for form, own in found.items()}


def _by_sound(cyrillic: str) -> set[str]:
    pieces, at = [], 0
    while at < len(cyrillic):
        step = 2 if cyrillic[at : at + 2] in _SOUNDS else 1
        pieces.append(_SOUNDS[cyrillic[at : at + step]].split(","))
        at += step
    return {"".join(letters) for letters in product(*pieces)}


def _by_reading(syllable: str) -> set[str]:
    found = set()
    for letters, readings in _READINGS:
        if letters in syllable:
            found |= {syllable.replace(letters, reading) for reading in readings}
    return found


# Finals that Wade-Giles writes otherwise, without an initial and after one.
_WADE_BARE = {"yan": "yen", "you": "yu", "ye": "yeh", "yong": "yung", "yi": "i"}
_WADE_FINAL = {"ian": "ien", "uo": "o", "ong": "ung", "e": "o", "ie": "ieh", "ue": "ueh", "ui": "uei", "iong": "iung"}
_HUSHING = frozenset({"zh", "ch", "sh", "r"})
# Irregular syllables, and spellings of well-known names beside the system.
_WADE_EXTRA = frozenset(
    {"tzu", "szu", "ssu", "erh", "hsu", "hsi", "kuo", "lee", "yew", "hui", "hsin", "chih", "shih", "jih", "jen", "jo"}
)


@cache
def wade_giles() -> frozenset[str]:
    """Wade-Giles syllables without apostrophes, made from pinyin by rule."""
    return frozenset(form for syllable in syllables() for form in _wade(syllable)) | _WADE_EXTRA


@cache
def _wade(syllable: str) -> frozenset[str]:
    """The Wade-Giles forms of one pinyin syllable. Example: ``zhang`` -> ``chang``."""
    start, other = next((start, other) for start, other in _WADE_START if syllable.startswith(start))
    rest = syllable[len(start) :]
    if not start:
        final = _WADE_BARE.get(rest, rest)
    elif rest == "i":
        final = "ih" if start in _HUSHING else "u" if start in {"z", "c", "s"} else "i"
    else:
        final = _WADE_FINAL.get(rest, rest)
    return frozenset({other + final, other + rest})


@lru_cache(maxsize=16384)
def one_syllable_name(one: str, other: str) -> bool:
    """Whether two words are one Chinese syllable in pinyin and in Wade-Giles: Zhang and Chang."""
    a, b = plain(one), plain(other)
    return any(here in syllables() and there in _wade(here) for here, there in ((a, b), (b, a)))


def _cuts(word: str, parts: frozenset[str], most: int = 3) -> list[tuple[str, ...]]:
    """Ways to cut a word into at most three of some parts; a part inside the word begins with a consonant (Xi'an)."""
    found: list[tuple[str, ...]] = []
    stack: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    while stack:
        at, before = stack.pop()
        if at == len(word):
            found.append(before)
        elif len(before) < most:
            ends = range(at + 1, min(len(word), at + 9) + 1) if not at or word[at] not in "aeo" else ()
            stack.extend((end, (*before, word[at:end])) for end in ends if word[at:end] in parts)
    return sorted(found)


@lru_cache(maxsize=16384)
def is_pinyin(word: str) -> bool:
    """Whether a word, hyphen aside, is one to three pinyin syllables."""
    return _all_parts(word, syllables())


@lru_cache(maxsize=16384)
def is_wade_giles(word: str) -> bool:
    """Whether a word reads as Wade-Giles."""
    return _all_parts(word, wade_giles() | syllables())


def _all_parts(word: str, known: frozenset[str]) -> bool:
    parts = plain(word).replace("-", "'").split("'")
    return len(word) <= _LONGEST and all(part and _cuts(part, known) for part in parts)


def _nasal(part: str) -> set[str]:
    """Palladius tells final n and ng apart by a soft sign, which is lost by sound: пин is ping."""
    return {part, part + "g"} & syllables() if part.endswith("n") else {part}


@lru_cache(maxsize=16384)
def restored(word: str) -> tuple[str, ...]:
    """Pinyin spellings that an impossible word may stand for, best first; empty when it has no such reading.

    Example: ``Tszyan`` -> ``Jian``, ``Jiang``; ``Syao`` -> ``Xiao``.
    """
    bare = plain(word).replace("-", "").replace("'", "")
    if not 2 < len(bare) <= _LONGEST or is_pinyin(word) or is_wade_giles(word):
        return ()
    ways = _cuts(bare, syllables() | frozenset(_strange()))
    fewest = min((len(way) for way in ways), default=0)
    found: dict[str, None] = {}
    for way in ways:
        if len(way) == fewest:
            choices = [sorted(_strange().get(part) or _nasal(part), key=lambda own: (len(own), own)) for part in way]
            for letters in product(*(choice[:4] for choice in choices)):
                found["".join(letters).capitalize()] = None
    return tuple(found)


@lru_cache(maxsize=16384)
def pinyin_cuts(word: str) -> tuple[tuple[str, ...], ...]:
    """The ways to read a word as pinyin syllables, at most three."""
    return tuple(_cuts(plain(word), syllables()))
