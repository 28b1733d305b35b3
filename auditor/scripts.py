"""Scripts and letters: which script a text is in, how many letters it has, which languages use which."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache

from auditor.native import TEXT
from auditor.tables import rows

_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("Latn", r"A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ"),
    ("Cyrl", r"Ѐ-ԯ"),
    ("Grek", r"Ͱ-Ͽἀ-῿"),
    ("Hani", r"㐀-䶿一-鿿\uf900-\ufaff"),
    ("Kana", r"ぁ-ヿㇰ-ㇿ"),
    ("Hang", r"가-힣ᄀ-ᇿ"),
    ("Arab", r"ء-ي٠-ۿݐ-ݿﭐ-﷿ﹰ-ﻼ"),
    ("Hebr", r"א-ת"),
    ("Thai", r"ก-๎"),
    ("Deva", r"ऀ-ॿ"),
    ("Armn", r"Ա-֏"),
    ("Geor", r"Ⴀ-ჿ"),
    ("Beng", r"ঀ-৿"),
    ("Taml", r"஀-௿"),
    ("Gujr", r"઀-૿"),
    ("Guru", r"਀-੿"),
    ("Telu", r"ఀ-౿"),
    ("Knda", r"ಀ-೿"),
    ("Mlym", r"ഀ-ൿ"),
    ("Sinh", r"඀-෿"),
    ("Orya", r"଀-୿"),
    ("Mymr", r"က-႟"),
    ("Khmr", r"ក-៝"),
    ("Laoo", r"ກ-ໞ"),
    ("Ethi", r"ሀ-፼"),
)
_SCRIPT = re.compile("|".join(f"(?P<{name}>[{span}])" for name, span in _SCRIPTS))
_NO_LETTERS = re.compile(r"[\W\d_]+")
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
# Scripts that one written language (of those found on the web in number) uses.
ONE_LANGUAGE = {
    "Grek": "el", "Hang": "ko", "Hebr": "he", "Thai": "th", "Armn": "hy", "Geor": "ka", "Beng": "bn", "Taml": "ta",
    "Gujr": "gu", "Guru": "pa", "Telu": "te", "Knda": "kn", "Mlym": "ml", "Sinh": "si", "Orya": "or", "Mymr": "my",
    "Khmr": "km", "Laoo": "lo", "Ethi": "am",
}  # fmt: skip
_SCRIPT_OF_ONE = {tag: name for name, tag in ONE_LANGUAGE.items()}


@cache
def _script_table() -> tuple[tuple[str, ...], bytes]:
    """The scripts in the order of their codes behind "Zyyy", and the number of each character's script (0: none)."""
    names = ("Zyyy", *sorted(name for name, _ in _SCRIPTS))
    number = {name: at for at, name in enumerate(names)}
    found = (_SCRIPT.match(chr(code)) for code in range(0x10000))
    return names, bytes(number[str(one.lastgroup)] if one else 0 for one in found)


def scripts(text: str) -> Counter[str]:
    """Count the letters of each script (ISO 15924 codes; kana as ``Kana``)."""
    counts: Counter[str] = Counter()
    if TEXT is not None:
        names, table = _script_table()
        found = TEXT.script_counts(text, table, len(names))
        counts.update({name: number for name, number in zip(names[1:], found[1:], strict=True) if number})
        return counts
    if text.isascii():
        if number := letters(text):
            counts["Latn"] = number
        return counts
    for char, number in Counter(text).items():
        if name := _script(char):
            counts[name] += number
    return counts


def _script_names(text: str) -> set[str]:
    """The scripts that a text has letters of."""
    if text.isascii():
        return {"Latn"} if any(map(str.isalpha, text)) else set()
    names = set(map(_script, set(text)))
    names.discard("")
    return names


@cache
def _script(char: str) -> str:
    """The script of one letter; empty for signs, digits and scripts outside the table."""
    found = _SCRIPT.match(char)
    return str(found.lastgroup) if found else ""


def main_script(text: str) -> str:
    """Return the script of most letters, ``Zyyy`` when there is none."""
    if TEXT is not None:
        every, table = _script_table()
        return every[int(TEXT.main_script(text, table, len(every)))]
    if len(names := _script_names(text)) < 2:
        return next(iter(names), "Zyyy")
    counts = scripts(text)
    return max(counts, key=lambda name: (counts[name], name)) if counts else "Zyyy"


def letters(text: str) -> int:
    """Number of letters in the text."""
    if TEXT is not None:
        return int(TEXT.letters(text))
    if text.isascii():
        return len(text.encode().translate(None, _NO_ASCII_LETTERS))
    return len(_NO_LETTERS.sub("", text))


@cache
def alphabets() -> dict[str, tuple[str, frozenset[str]]]:
    """Script and letters (beyond a-z for Latin) of each language, from ``knowledge/alphabets.tsv``."""
    return {row["language"]: (row["script"], frozenset(row["letters"])) for row in rows("alphabets")}


@cache
def languages_of(script: str) -> frozenset[str]:
    """The languages of ``knowledge/alphabets.tsv`` that are written in a script."""
    return frozenset(tag for tag, (own, _) in alphabets().items() if own == script)


@lru_cache(maxsize=1024)
def script_of(tag: str) -> str:
    """Main script of a language (``Latn`` when unknown)."""
    head = primary(tag)
    return _SCRIPT_OF_ONE.get(head) or alphabets().get(head, ("Latn", frozenset()))[0]


@lru_cache(maxsize=1024)
def primary(tag: str) -> str:
    """Primary subtag, with the Norwegian standards folded into the macro-language: ``nb-NO`` -> ``no``."""
    head = tag.replace("_", "-").split("-", 1)[0].lower()
    return {"nb": "no", "nn": "no", "iw": "he", "in": "id", "sh": "sr", "cmn": "zh"}.get(head, head)
