"""In which language a line that reads like interface text is, where its own evidence is too weak for segmentation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.data import Line, SegmentedDocument
from auditor.language import candidates, letters, main_script, primary, script_of, scripts
from auditor.rules._chrome_text import other_standard, siblings

# How it is known that a line is in another language: by itself, by its letters, or only probably.
CLEAR, LETTERS, PROBABLY, OWN = "clear", "letters", "probably", "own"
_WORD = re.compile(r"[^\W\d_]+")
_ASCII_WORD = re.compile(r"[A-Za-z]+")
_FEWEST, _TELLING = 3, 6
_LIKELY, _UNLIKELY = 0.45, 0.12
_AS_WELL = 0.25
_DENSE = frozenset({"Hani", "Kana", "Hang"})
_ALSO = {"ja": frozenset({"Hani", "Kana"}), "ko": frozenset({"Hani", "Hang"})}


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language, how that is known, and what it may be instead."""

    language: str
    evidence: str
    alternatives: tuple[str, ...] = ()


def tongue(page: SegmentedDocument, line: Line, text: str) -> Tongue:
    """The language of a line that is taken for interface text."""
    main, own = primary(page.language.tag), primary(line.language.tag)
    if own != main and not line.borrowed:
        return Tongue(own, CLEAR, _alternatives(candidates(text), own, main))
    if strange := _strange_part(text, main):
        found = candidates(strange)
        best = found[0][0] if found else "und"
        sure = PROBABLY if _may_be_names(strange) else LETTERS
        return Tongue(best, sure, _alternatives(found, best, main)) if best != main else Tongue(main, OWN)
    if main == "zh" and (variant := other_standard(text, page)):
        return Tongue(variant, CLEAR)
    if letters(text) >= _TELLING:
        found = candidates(text)
        likely = bool(found) and found[0][0] != main and found[0][1] >= _LIKELY
        if likely and dict(found).get(main, 0.0) < _UNLIKELY:
            return Tongue(found[0][0], PROBABLY, _alternatives(found, found[0][0], main))
    return Tongue(main, OWN)


def other_script(text: str, main: str) -> bool:
    """Whether most letters of a text are of a script that the page's language is not written in."""
    script = main_script(text)
    return script != "Zyyy" and script not in _ALSO.get(main, {script_of(main)})


def _strange_part(text: str, main: str) -> str:
    """What of a line is in another script than its page; "" for a few letters and what may be a brand."""
    known = _ALSO.get(main, frozenset({script_of(main)}))
    counts = scripts(text)
    strange = {name: number for name, number in counts.items() if name not in known}
    # A letter of these scripts is a syllable or a word.
    dense = sum(number for name, number in strange.items() if name in _DENSE)
    if sum(strange.values()) + (dense > 1) < _FEWEST:
        return ""
    if "Latn" in known and _marked_letters(text) >= sum(strange.values()):
        return ""
    if "Latn" in known or sum(strange.values()) > strange.get("Latn", 0):
        return _ASCII_WORD.sub(" ", text)
    if len(counts) > len(strange) or "Latn" not in strange:
        return "" if len(counts) > len(strange) else text
    return text


def _marked_letters(text: str) -> int:
    """The letters of Latin words with marks on some of them, which are of the page's language; others may be brands."""
    return sum(len(word) for word in _WORD.findall(text) if not word.isascii() and set(scripts(word)) == {"Latn"})


def _may_be_names(text: str) -> bool:
    """Whether all words of a text in plain Latin letters are capitalised, as those of names and brands."""
    return text.isascii() and all(word[0].isupper() for word in _WORD.findall(text))


def _alternatives(found: Sequence[tuple[str, float]], own: str, main: str) -> tuple[str, ...]:
    best = next((value for tag, value in found if tag == own), 0.0)
    return tuple(
        tag for tag, value in found if tag not in {own, main} and siblings(tag, own) and value >= _AS_WELL * best > 0
    )
