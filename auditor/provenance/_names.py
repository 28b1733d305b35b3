"""From which language a person's name comes, by its spelling; an honest "cannot tell" for most."""

from __future__ import annotations

import re
from functools import cache

from auditor.lexicon import rows
from auditor.normalize import fold, plain

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_LONGEST_SYLLABLE = 6
_HEAD = 3


@cache
def _pinyin() -> tuple[frozenset[str], frozenset[str]]:
    """Syllables, and those that are common family names."""
    table = [(plain(row["syllable"]), row["surname"] == "1") for row in rows("pinyin")]
    return frozenset(one for one, _ in table), frozenset(one for one, surname in table if surname)


@cache
def _forms() -> tuple[dict[str, frozenset[str]], tuple[tuple[str, str], ...]]:
    given: dict[str, set[str]] = {}
    endings = []
    for row in rows("name_languages"):
        if row["kind"] == "given":
            given.setdefault(fold(row["form"]), set()).add(row["language"])
        else:
            endings.append((fold(row["form"]), row["language"]))
    return {form: frozenset(own) for form, own in given.items()}, tuple(sorted(endings))


def languages_of_name(name: str) -> frozenset[str]:
    """The languages that a person's name is spelled after; empty where the form says nothing."""
    words = [fold(word) for word in _WORD.findall(name)]
    if not 2 <= len(words) <= 4:
        return frozenset()
    given, endings = _forms()
    found = given.get(words[0], frozenset())
    ends = frozenset(tag for ending, tag in endings if words[-1].endswith(ending) and len(words[-1]) > len(ending) + 2)
    if found:
        return (found & ends) or found
    return frozenset({"zh"}) if _is_pinyin(words) else ends


def _is_pinyin(words: list[str]) -> bool:
    """A family name of one syllable, then a given name of one or two, all of pinyin; one letter proves nothing."""
    syllables, surnames = _pinyin()
    if len(words) > _HEAD or words[0] not in surnames or len(words[0]) < 2:
        return False
    given = "".join(words[1:]).replace("-", "")
    cuts = range(max(1, len(given) - _LONGEST_SYLLABLE), min(_LONGEST_SYLLABLE, len(given)) + 1)
    two = any(given[:at] in syllables and given[at:] in syllables for at in cuts if at < len(given))
    # One syllable more ("Li Na") is a name in many languages; two are as good as only Chinese.
    return len(given) > _HEAD and two


@cache
def _sounds() -> tuple[tuple[str, str, frozenset[str]], ...]:
    return tuple((row["pinyin"], row["heard"], frozenset(row["languages"].split())) for row in rows("name_sounds"))


def languages_of_sound(found: str, right: str) -> frozenset[str]:
    """The languages through which a Chinese name in pinyin became the spelling that was found."""
    wrong, true = plain(found), plain(right)
    chosen: frozenset[str] = frozenset()
    for pinyin, heard, tags in _sounds():
        if pinyin in true and heard in wrong and heard not in true and true.replace(pinyin, heard) == wrong:
            chosen = chosen | tags if chosen else tags
    return chosen
