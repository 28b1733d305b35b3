"""Letters and words of another alphabet: look-alikes inside a word, and words that were not translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import ClassVar

from auditor.data import Finding, Line, RuleMeta, SegmentedDocument, Severity, Span
from auditor.language import main_script, script_of
from auditor.lexicon import rows
from auditor.registry import Rule

_LATIN, _CYRILLIC, _GREEK = "A-Za-zÀ-ÖØ-öø-ɏ", "Ѐ-ԯ", "Ͱ-Ͽἀ-῿"
_MIXED = re.compile(f"[{_LATIN}][{_CYRILLIC}{_GREEK}]|[{_CYRILLIC}][{_LATIN}{_GREEK}]|[{_GREEK}][{_LATIN}{_CYRILLIC}]")
_RUN_LIMIT = 40
# Roman numeral or Latin stem with a Cyrillic ending; Greek sign of science before or after a Latin word.
_ON_PURPOSE = re.compile(
    f"[IVXLCDM]{{1,8}}[а-яёіїєґ]{{1,3}}|[{_LATIN}]*[DFGIJLNQRSUVWZbdfghklmnqrtuvwz][{_LATIN}]*[а-яёіїєґ]{{1,3}}"
    f"|[α-ωΑ-Ω][{_LATIN}]+|[{_LATIN}]+[α-ω]"
)
# Caucasian languages write the palochka, for want of a key, as a Latin capital I inside Cyrillic words.
_PALOCHKA = re.compile("[а-яё]I|I[а-яё]")
_HABIT = "iIïÏ"
_FOREIGN_WORD = {
    "Latn": re.compile(f"(?<![^\\W_])(?:[{_CYRILLIC}]{{3,30}}|[{_GREEK}]{{3,30}})(?![^\\W_])"),
    "Cyrl": re.compile(f"(?<![^\\W_])(?:[a-z]{{2,12}}|[{_GREEK}]{{3,30}})(?![^\\W_])"),
    "Grek": re.compile(f"(?<![^\\W_])(?:[a-z]{{2,12}}|[{_CYRILLIC}]{{3,30}})(?![^\\W_])"),
}
_WORD_BEFORE = re.compile(r"(?<![^\W_])([^\W\d_]{1,40}) ?,? $")
_WORD_AFTER = re.compile(r"^(?:,? )([^\W\d_]{1,40})|^[.!?](?:\s|$)")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,40}")
_REACH = 60
_TALK = 3


@cache
def _lookalikes(source: str, target: str) -> dict[str, str]:
    return {row[source]: row[target] for row in rows("lookalikes") if row[source] and row[target]}


@dataclass(frozen=True, slots=True)
class MixedScriptWord(Rule):
    """A word in which letters of another alphabet stand in for look-alikes: "Mосква" with a Latin M.

    Why: such a word looks right and is another word to every search, filter and model; it comes from character
    recognition, from careless keyboards, and from people who hide words from filters.

    How: a run of letters that holds two of the Latin, Cyrillic and Greek alphabets, and that is a word of one of them
    once the letters of the other are replaced by their look-alikes (Unicode's table of confusables).

    Limits: silent for words joined on purpose (iPhone + ending, roman numeral + ending), where the foreign letters have
    no look-alike; for runs under three letters; for the palochka of Caucasian languages. At most ``limit`` findings.

    A Latin i in Cyrillic words is minor: writers of Ukrainian and Belarusian type it for want of the right key.

    Data: script (of the word), letters (the ones that do not belong).
    """

    limit: int = 20
    meta: ClassVar[RuleMeta] = RuleMeta("MT002", "mixed-script-word", Severity.MAJOR, "212000", "characters")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each such word."""
        if not page.text.isascii():
            yield from islice(self._found(page), self.limit)

    def _found(self, page: SegmentedDocument) -> Iterator[Finding]:
        done = 0
        home = script_of(page.language.tag)
        for match in _MIXED.finditer(page.text):
            if match.start() < done:
                continue
            span = _run(page.text, *match.span())
            done = span.end
            if not 3 <= len(span) < _RUN_LIMIT:
                continue
            word = span.cut(page.text)
            repaired = _repaired(word, home)
            if repaired is None or _ON_PURPOSE.fullmatch(word) or _PALOCHKA.search(word):
                continue
            odd = "".join(one for one, other in zip(word, repaired, strict=True) if one != other)
            script = main_script(repaired)
            letters = ", ".join(dict.fromkeys(odd))
            message = f"This {_NAMES[script]} word holds letters of another alphabet that only look right: {letters}."
            severity = Severity.MINOR if script == "Cyrl" and not odd.strip(_HABIT) else Severity.MAJOR
            data = {"script": script, "letters": odd}
            yield self.finding(page, span, message, confidence=0.95, severity=severity, suggestion=repaired, data=data)


_NAMES = {"Latn": "Latin", "Cyrl": "Cyrillic", "Grek": "Greek"}


def _run(text: str, start: int, end: int) -> Span:
    """The run of letters (no digits, no hyphens) around a range."""
    low, high = max(0, start - _RUN_LIMIT), min(len(text), end + _RUN_LIMIT)
    while start > low and text[start - 1].isalpha():
        start -= 1
    while end < high and text[end].isalpha():
        end += 1
    return Span(start, end)


def _repaired(word: str, home: str) -> str | None:
    """The word in one script, if look-alikes are all that stands in the way; the fewest changes win."""
    present = sorted({main_script(char) for char in word} & set(_NAMES))
    if len(present) != 2:
        return None
    best: tuple[int, bool, str] | None = None
    for target, source in (present, present[::-1]):
        table = _lookalikes(source, target)
        fixed = "".join(table.get(char, char) for char in word)
        if {main_script(char) for char in fixed} != {target}:
            continue
        changes = sum(one != other for one, other in zip(word, fixed, strict=True))
        # "Бренд Beko" glued together is no look-alike: a word is mostly in its own script, or in the text's.
        if changes * 2 < len(word) or target == home:
            candidate = (changes, target != home, fixed)
            best = candidate if best is None or candidate < best else best
    return best[2] if best else None


@dataclass(frozen=True, slots=True)
class UntranslatedWord(Rule):
    """A lower-case word of another alphabet inside a sentence: "the повторно decision was taken".

    Why: machine translation drops words that it does not know into the result as they are.

    How: in Latin-script sentences a Cyrillic or Greek word of three letters or more, in Cyrillic and Greek ones an
    English function word, that stands between lower-case words of the sentence, without quotation marks, brackets or a
    hyphen around it.

    Limits: words of the same alphabet are not found, nor Latin content words in other scripts (they may be loans,
    trade names, code). Silent in lines that speak about words, and in documents with more than ``most`` such words,
    which teach or discuss a language.

    Data: script (of the word).
    """

    most: int = 6
    meta: ClassVar[RuleMeta] = RuleMeta("MT003", "untranslated-word", Severity.MINOR, "108000", "untranslated")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each such word."""
        if page.text.isascii():
            return
        found = list(islice((span for line in page.lines for span in _untranslated(page, line)), self.most + 1))
        if len(found) > self.most:
            return
        for span in found:
            script = main_script(span.cut(page.text))
            message = f"This {_NAMES[script]} word was likely left untranslated in the middle of the sentence."
            yield self.finding(page, span, message, confidence=0.85, data={"script": script})


def _untranslated(page: SegmentedDocument, line: Line) -> Iterator[Span]:
    home = script_of(line.language.tag)
    pattern = _FOREIGN_WORD.get(home)
    if pattern is None or line.language.tag == "und":
        return
    text = page.text
    hits = [
        Span(*match.span())
        for match in pattern.finditer(text, line.span.start, line.span.end)
        if match[0].islower() and (main_script(match[0]) != "Latn" or match[0] in _function_words())
    ]
    # A second Latin word makes it a title, a trade name or a lesson.
    if home != "Latn" and len(list(islice(_LATIN_WORD.finditer(text, line.span.start, line.span.end), 2))) > 1:
        return
    if not 0 < len(hits) <= _TALK or _speaks_of_words(page.folded[line.span.start : line.span.end], line.language.tag):
        return
    for span in hits:
        before = _WORD_BEFORE.search(text[max(line.span.start, span.start - _REACH) : span.start])
        after = _WORD_AFTER.search(text[span.end : min(line.span.end, span.end + _REACH)])
        if before and after and _is_plain(before[1], home) and (after[1] is None or _is_plain(after[1], home)):
            yield span


def _is_plain(word: str, script: str) -> bool:
    return word.islower() and main_script(word) == script


@cache
def _function_words() -> frozenset[str]:
    return frozenset(row["pattern"] for row in rows("leftover_words") if row["kind"] == "function")


@cache
def _talk(language: str) -> re.Pattern[str]:
    known = [row for row in rows("leftover_words") if row["kind"] == "talk" and row["language"] in {language, "en"}]
    stems = [re.escape(row["pattern"]) for row in known]
    return re.compile(r"(?<!\w)(?:" + "|".join(stems) + ")")


def _speaks_of_words(folded: str, language: str) -> bool:
    return _talk(language).search(folded) is not None


RULES = (MixedScriptWord(), UntranslatedWord())
