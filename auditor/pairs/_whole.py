"""The whole of a translation: its language, and its length beside the source's."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import ClassVar

from auditor.data import Finding, RuleMeta, Severity, Span
from auditor.language import candidates, main_script, primary, script_of, second_opinion
from auditor.lexicon import rows
from auditor.pairs._view import PairCheck, Side, View

_LEAST_LETTERS = 40
_SURE = 0.85
_NOT = 0.02
# Languages that even their speakers tell apart only in longer texts.
_CLOSE = (
    frozenset({"hr", "sr", "bs", "sl", "mk", "sh"}),
    frozenset({"no", "da", "sv"}),
    frozenset({"id", "ms"}),
    frozenset({"pt", "gl", "es", "ca"}),
    frozenset({"cs", "sk"}),
    frozenset({"nl", "af"}),
    frozenset({"ru", "uk", "be", "bg"}),
    frozenset({"hi", "mr", "ne"}),
    frozenset({"zh", "ja"}),
)
# Beyond these the natural logarithm of the ratio of lengths is a fault; shorter texts scatter more.
_SPREAD = 0.62
_SPREAD_SHORT = 4.0


class WrongLanguage(PairCheck):
    """Finds a translation that is not in the language it should be in.

    Why: engines fall back into English or into the source's language, and files are mixed up.
    How: script first; then, from 40 letters on, both language identifiers must agree on another language, and the
    wanted one must be improbable.
    Limits: neighbouring languages (Croatian and Serbian, Danish and Norwegian) are not told apart.
    Data: side, language.
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TP008", "pair-wrong-language", Severity.MAJOR, "108000", "untranslated")

    def check(self, pair: View) -> Iterator[Finding]:
        """Yield the whole target where its language is wrong."""
        side, wanted = pair.target, primary(pair.target.language)
        found = _other_language(side, wanted) if wanted != "und" else ""
        if found:
            message = f"This is in another language ({found}) than the translation should be ({wanted})."
            yield self.at(pair, side, _whole(side), message, language=found, confidence=0.9)


def _other_language(side: Side, wanted: str) -> str:
    """The language of a text that is surely not the wanted one, "" where it may be."""
    if side.letters < _LEAST_LETTERS:
        return ""
    found = candidates(side.text[:1500].replace("\n", " "))
    if not found:
        return ""
    best, sure = found[0]
    share = next((value for tag, value in found if tag == wanted), 0.0)
    if best == wanted or sure < _SURE or share > _NOT or any({best, wanted} <= group for group in _CLOSE):
        return ""
    if script_of(wanted) != main_script(side.text) and script_of(best) == main_script(side.text):
        return best
    return best if second_opinion(side.text[:1500]).tag == best else ""


class Length(PairCheck):
    """Finds a translation that is far too long or far too short for its source.

    Why: half a paragraph that is missing, or a page that was made up, shows in the length before anybody reads it.
    How: letters of both sides, each divided by what its language needs for the same content (measured on human
    translations); the shorter the text, the more it may differ.
    Limits: languages without a measure are taken to need as many letters as English if their script is Latin, Cyrillic
    or Greek, and are passed over otherwise.
    Data: side, ratio (length of the translation over the expected one).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TP007", "pair-length", Severity.MAJOR, "105000", "length")

    def check(self, pair: View) -> Iterator[Finding]:
        """Yield the side that is too long beside the other."""
        before, after = pair.source.letters, pair.target.letters
        needs = density(pair.source.language), density(pair.target.language)
        if max(before, after) < _LEAST_LETTERS or not all(needs):
            return
        expected = before * needs[1] / needs[0]
        ratio = (after + 1) / (expected + 1)
        allowed = _SPREAD + _SPREAD_SHORT / math.sqrt(max(before, 1))
        if abs(math.log(ratio)) <= allowed:
            return
        if ratio > 1:
            message = f"The translation is {ratio:.1f} times as long as the source makes one expect."
            yield self.at(pair, pair.target, _whole(pair.target), message, ratio=round(ratio, 2), confidence=0.85)
        else:
            message = f"The translation has {ratio:.0%} of the length that this source makes one expect."
            yield self.at(pair, pair.source, _whole(pair.source), message, ratio=round(ratio, 2), confidence=0.85)

    def empty(self, pair: View) -> Iterator[Finding]:
        """The side that has text where the other has none."""
        for side, other, what in (
            (pair.source, pair.target, "no translation"),
            (pair.target, pair.source, "no source"),
        ):
            if side.text.strip() and not other.text.strip():
                yield self.at(pair, side, _whole(side), f"There is {what} of this.", ratio=0.0, confidence=1.0)


def _whole(side: Side) -> Span:
    return Span(0, len(side.text))


@cache
def _densities() -> dict[str, float]:
    return {row["language"]: float(row["letters"]) for row in rows("text_density")}


def density(language: str) -> float:
    """Letters that a language needs where English needs one; 0 where that is not known.

    An alphabet with vowels needs about as many as English, so 1 stands for its languages that were not measured.
    """
    tag = primary(language)
    guess = 1.0 if tag != "und" and script_of(tag) in {"Latn", "Cyrl", "Grek"} else 0.0
    return _densities().get(tag, guess)
