"""Names that were carried letter by letter: pinyin into Cyrillic (Ксяо Киан), Cyrillic particles into Latin (fon).

Russian, Ukrainian and Bulgarian write Chinese by Palladius' system, which hears syllables, not letters: Xiao Qian is
Сяо Цянь. A spelling that Palladius cannot make and that follows pinyin letter by letter went the wrong way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from auditor.data import SegmentedDocument, Span
from auditor.language import primary
from auditor.lexicon import rows

_PAIR = re.compile(r"(?<![\w-])([А-ЯІЇЄҐ][а-яіїєґ]{1,8})[ \u00a0]([А-ЯІЇЄҐ][а-яіїєґ]{1,14})(?![\w-])")
_BY_PALLADIUS = frozenset({"ru", "uk", "be", "bg"})
_INITIALS = (
    ("zh", ("ж", "жх", "дж")), ("ch", ("ч",)), ("sh", ("ш",)), ("x", ("кс", "х", "ш")),
    ("q", ("к", "ч", "кв")), ("j", ("дж", "ж")),
    ("z", ("з",)), ("c", ("ц",)), ("s", ("с",)), ("r", ("р",)), ("y", ("й", "")), ("w", ("в", "")), ("h", ("х", "г")),
    ("b", ("б",)), ("p", ("п",)), ("m", ("м",)), ("f", ("ф",)), ("d", ("д",)), ("t", ("т",)),
    ("n", ("н",)), ("l", ("л",)),
    ("g", ("г",)), ("k", ("к",)), ("", ("",)),
)  # fmt: skip
_VOWELS = (
    ("iao", ("иао", "яо", "ьяо")),
    ("ian", ("иан", "ян")),
    ("iu", ("иу", "ю")),
    ("ia", ("иа", "я")),
    ("yi", ("йи",)),
)
_ENDINGS = ("", "а", "у", "ом", "е", "я", "ю", "ем", "єм", "ові", "еві", "ем", "ої", "ой")


@dataclass(frozen=True, slots=True)
class ByLetters:
    """A Chinese name in Cyrillic that follows pinyin by its letters, and how Palladius writes it."""

    span: Span
    right: str


@cache
def _palladius() -> dict[str, str]:
    return {row["syllable"]: row["palladius"] for row in rows("pinyin")}


@cache
def _surnames() -> frozenset[str]:
    return frozenset(row["syllable"] for row in rows("pinyin") if row["surname"] == "1")


@cache
def _naive() -> dict[str, frozenset[str]]:
    """Syllables by the Cyrillic letters that stand for their Latin ones, where Palladius writes otherwise."""
    right = set(_palladius().values())
    found: dict[str, set[str]] = {}
    for syllable in _palladius():
        start, sounds = next((start, sounds) for start, sounds in _INITIALS if syllable.startswith(start))
        for sound in sounds:
            for rest in _finals(syllable[len(start) :]):
                if sound + rest not in right and len(sound + rest) > 1:
                    found.setdefault(sound + rest, set()).add(syllable)
    return {form: frozenset(own) for form, own in found.items()}


@cache
def _finals(rest: str) -> frozenset[str]:
    letters = str.maketrans("aeiounghü", "аеиоунгхю")
    forms = {rest.translate(letters)}
    for latin, ways in _VOWELS:
        if latin in rest:
            forms |= {rest.replace(latin, way).translate(letters) for way in ways}
    return frozenset(forms)


@lru_cache(maxsize=8192)
def readings(word: str) -> tuple[tuple[str, ...], ...]:
    """Ways to read a Cyrillic word as one or two syllables, at least one of them by letters, endings cut off."""
    lowered, found = word.lower(), []
    right = {form: syllable for syllable, form in _palladius().items()}
    for ending in _ENDINGS:
        if ending and not lowered.endswith(ending):
            continue
        stem = lowered[: len(lowered) - len(ending)] if ending else lowered
        for cut in range(2, len(stem) + 1):
            parts = [part for part in (stem[:cut], stem[cut:]) if part]
            ways = [
                sorted(_naive().get(part, frozenset()) | ({right[part]} if part in right else set())) for part in parts
            ]
            if all(ways) and any(part in _naive() for part in parts):
                found.append(tuple(way[0] for way in ways))
    return tuple(sorted(dict.fromkeys(found), key=len))


def by_letters(page: SegmentedDocument) -> Iterator[ByLetters]:
    """Chinese names of a page in Cyrillic that no reader of Chinese can have written."""
    if primary(page.language.tag) not in _BY_PALLADIUS:
        return
    for match in _PAIR.finditer(page.text):
        family, given = (readings(word) for word in match.groups())
        own = next((way for way in family if len(way) == 1 and way[0] in _surnames()), None)
        if own and given:
            names = ["".join(_palladius()[part] for part in way).capitalize() for way in (own, given[0])]
            yield ByLetters(Span(*match.span()), " ".join(names))
