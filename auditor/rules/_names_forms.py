"""Public figures in katakana and in Arabic letters, with the family name a sign or two off: ゼレンスコホ大統領.

Names in other scripts are rendered anew by every translator, but those of people in the news have one form in each
language. A known first name (or, in Japanese, the office behind the name) and a family name that is close to the
known one and no other known person's say who is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from auditor.data import SegmentedDocument, Span
from auditor.language import primary
from auditor.lexicon import rows
from auditor.rules._names_fold import distance

_JAPANESE = re.compile(
    r"(?:(?P<given>[ァ-ヴー]{2,12})[・＝])?(?P<surname>[ァ-ヴー]{3,14})(?P<role>前大統領|元大統領|大統領|首相|外相|国防相|国務長官|市長|事務総長)?"
)
_ARABIC = re.compile(r"(?<!\w)(?P<given>[\u0621-\u064a]{2,14})(?= (?P<surname>[\u0621-\u064a]{3,14})(?!\w))")
_ROLES = {
    "大統領": "president", "前大統領": "president", "元大統領": "president", "首相": "prime-minister",
    "外相": "foreign-minister", "国防相": "defence-minister", "国務長官": "secretary-of-state", "市長": "mayor",
    "事務総長": "secretary-general",
}  # fmt: skip
_MOST = 200
# Signs that renderings of foreign names take for one another, and those that they leave out.
_RENDERED = (
    ("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ"), ("ティ", "チ"), ("ディ", "ジ"),
    ("トゥ", "ト"), ("ドゥ", "ド"), ("ウォ", "オ"), ("ウィ", "イ"), ("ウェ", "エ"),
)  # fmt: skip
_FREE = re.compile("[ーッ・\u0627\u0623\u0625\u0622\u0648\u064a\u0649\u0640\u064b-\u0652]")
_ONE_SOUND = str.maketrans("ァィゥェォقجكزصةطپڤ", "アイウエオغغغسسهتبف")


@dataclass(frozen=True, slots=True)
class Form:
    """A figure's name in one language."""

    name: str
    offices: frozenset[str]
    given: str
    surname: str


@dataclass(frozen=True, slots=True)
class Misformed:
    """A name at ``span`` that stands for a figure, and how the language writes it."""

    span: Span
    right: str
    name: str


@cache
def _forms(language: str) -> tuple[Form, ...]:
    return tuple(
        Form(row["name"], frozenset(row["offices"].split(",")), row["given"], row["surname"])
        for row in rows("name_forms")
        if row["language"] == language
    )


def misformed(page: SegmentedDocument) -> Iterator[Misformed]:
    """The names of a page that are nearly those of public figures."""
    language = primary(page.language.tag)
    pattern = {"ja": _JAPANESE, "ar": _ARABIC}.get(language)
    if pattern is None:
        return
    for number, match in enumerate(pattern.finditer(page.text)):
        if number > _MOST * 50:
            return
        role = _ROLES.get(match.groupdict().get("role") or "", "")
        given = match["given"] or ""
        if not given and not role:
            continue
        if found := _meant(language, given, match["surname"], role):
            span = Span(match.start("given") if given else match.start("surname"), match.end("surname"))
            shown = found.surname if not given else f"{given}{'・' if language == 'ja' else ' '}{found.surname}"
            yield Misformed(span, shown, found.name)


def _meant(language: str, given: str, surname: str, role: str) -> Form | None:
    """The one figure that first name, office and a near family name point to."""
    forms = _forms(language)
    bare = surname.removeprefix("ال") if language == "ar" else surname
    if any(one.surname == bare or sounds(one.surname) == sounds(surname) for one in forms):
        return None
    fitting = [
        one
        for one in forms
        if (not given or one.given == given) and (not role or role in one.offices) and _near(bare, one.surname, role)
    ]
    return fitting[0] if len(fitting) == 1 else None


def sounds(word: str) -> str:
    """What renderings of one foreign name share: Arabic without long vowels, kana without length and small signs.

    Example: ``ترامب``, ``ترمب`` -> ``ترمب``; ``ヴィクトル``, ``ビクトール`` -> ``ビクトル``.
    """
    for written, sound in _RENDERED:
        word = word.replace(written, sound)
    return _FREE.sub("", word).translate(_ONE_SOUND)


def _near(mine: str, theirs: str, role: str) -> bool:
    """One sign off (two in a long name), or all but the ending in common where the office stands beside."""
    if mine[:1] != theirs[:1] or len(theirs) < 3:
        return False
    shared = next(
        (at for at, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), min(len(mine), len(theirs))
    )
    if role and shared >= 4 and abs(len(mine) - len(theirs)) < 3:
        return True
    return distance(mine, theirs, 2) <= (1 if len(theirs) < 7 else 2) and len(mine) > 2
