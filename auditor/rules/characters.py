"""Characters that nobody sees or that stand for lost ones: invisible, replacement, control and private-use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity, Span
from auditor.language import main_script
from auditor.registry import Rule
from auditor.rules import _mojibake
from auditor.rules._damage import line_of, word_around

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\u3164\ufeff\ufff9-\ufffb]{1,40}|[\u202d\u202e]"
    "|[\U000e0000-\U000e007f]{1,4000}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,4000}"
)
_SIGNS = (
    "\u00ad\u034f\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\u202c\u202d\u202e"
)
_DROP = dict.fromkeys(map(ord, _SIGNS))
# Scripts that need no joiners and mark no word breaks; in others these signs are spelling.
_PLAIN_SCRIPTS = frozenset({"Latn", "Cyrl", "Grek", "Armn", "Geor"})
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FLAG = "\U0001f3f4"
_LOST = re.compile("[^\\W_]{0,40}\ufffd{1,40}(?:[^\\W_]{1,40}\ufffd{0,40}){0,4}")
_ASKED = re.compile(r"(?<![\w?/&=.%#])[^\W\d_]{1,30}\?[^\W\d_]{1,30}(?![\w?=&/])")
_APOSTROPHE = re.compile(
    r"[a-z]{2,6}n\?t|(?:it|that|he|she|there|what|let)\?s|(?:they|we|you)\?(?:re|ve|ll|d)|i\?(?:m|ve|ll|d)"
)
# The words that may fit a damaged one are looked for in this much of the text; so many question marks are tried.
_READ = 1_000_000
_TRIED = 200
_WORD = re.compile(r"[^\W\d_]{2,60}")
_CONTROL = re.compile(
    "\x1b\\[[0-9;]{0,12}[A-Za-z]|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]{1,200}|[\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]{1,200}"
)
_PRIVATE = re.compile("[\ue000-\uf8fe\U000f0000-\U000ffffd\U00100000-\U0010fffd]{1,200}")


@dataclass(frozen=True, slots=True)
class InvisibleCharacter(Rule):
    """An invisible character inside a word or number, a hidden message, or a change of the writing direction.

    Why: "password" with a zero-width space in it looks right but is found by no search, splits into other tokens, and
    may be a watermark or hidden instruction; a direction override shows other text than the file holds.

    How: zero-width spaces, joiners, marks and soft hyphens are reported between two letters of a script that never
    needs them (Latin, Cyrillic, Greek, Armenian, Georgian) or between two digits; so are direction overrides in text
    without right-to-left letters, tag characters outside flags, and long runs of variation selectors.

    Limits: silent for joiners in Persian, Arabic, Indic and Thai text and in emoji, for soft hyphens inside words
    (honest hyphenation), for non-joiners in German, at the edges of words, for a byte-order mark at the start, and for
    U+FEFF followed by variation selectors, which may be a signed C2PA manifest. At most ``limit`` findings a document.

    Data: kind (zero-width, soft-hyphen, override, tags, selectors), characters (their code points), hidden (what tag
    characters spell).
    """

    limit: int = 20
    meta: ClassVar[RuleMeta] = RuleMeta("EN003", "invisible-character", Severity.MINOR, "212000", "characters")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each word with an invisible character."""
        if not page.text.isascii():
            yield from islice(self._found(page), self.limit)

    def _found(self, page: SegmentedDocument) -> Iterator[Finding]:
        done = 0
        for match in _INVISIBLE.finditer(page.text):
            kind = _kind(page, match)
            if kind is None or match.start() < done:
                continue
            span = Span(*match.span())
            if kind in {"zero-width", "soft-hyphen"}:
                span = word_around(page.text, *match.span(), extra=_SIGNS)
            done = span.end
            quote = span.cut(page.text)
            data: dict[str, object] = {"kind": kind, "characters": [f"U+{ord(char):04X}" for char in match[0][:8]]}
            if kind == "tags":
                data["hidden"] = "".join(chr(ord(char) & 0x7F) for char in match[0]).strip("\x01\x7f")
            fixed = quote.translate(_DROP) if span != Span(*match.span()) else ""
            yield self.finding(page, span, _MESSAGES[kind], confidence=0.9, suggestion=fixed, data=data)


_MESSAGES = {
    "zero-width": "An invisible character stands inside this word or number; searches and models see another word.",
    "soft-hyphen": "A soft hyphen stands inside this number; it may break or be read as another number.",
    "override": "An invisible character reverses the direction of the text after it, so readers see another order.",
    "tags": "Invisible tag characters spell a hidden message here.",
    "selectors": "A long run of invisible variation selectors stands here; it may hide data.",
}


def _kind(page: SegmentedDocument, match: re.Match[str]) -> str | None:
    text, (start, end) = page.text, match.span()
    char = match[0][0]
    before, after = text[start - 1 : start], text[end : end + 1]
    if "\U000e0000" <= char <= "\U000e007f":
        return None if before == _FLAG else "tags"
    if char in "\u202d\u202e":
        return None if _RIGHT_TO_LEFT.search(line_of(text, start).cut(text)) else "override"
    if "\ufe00" <= char <= "\ufe0f" or char >= "\U000e0100":
        return None if before == "\ufeff" else "selectors"
    if before.isdecimal() and after.isdecimal():
        return "soft-hyphen" if set(match[0]) == {"\u00ad"} else "zero-width"
    if not (before.isalpha() and after.isalpha()) or "\u00ad" in match[0]:
        return None
    if main_script(before) not in _PLAIN_SCRIPTS or main_script(after) not in _PLAIN_SCRIPTS:
        return None
    return None if set(match[0]) == {"\u200c"} and page.language.tag == "de" else "zero-width"


@dataclass(frozen=True, slots=True)
class ReplacementCharacter(Rule):
    """A character that was lost in conversion: "met\ufffd", or a question mark where a letter or apostrophe stood.

    Why: the original letter is gone; only the source has it.

    How: every run of U+FFFD with the word around it. A question mark inside a word counts only where the document
    has the same word once with a non-ASCII letter in its place, or, in English, where an apostrophe must stand
    ("don?t") and that at least twice. Where exactly one word of the document fits, it is the suggestion.

    Limits: silent in lines that speak of Unicode; a question mark elsewhere stays a question mark.

    Data: kind (replacement or question-mark), count (places in the document).
    """

    limit: int = 50
    meta: ClassVar[RuleMeta] = RuleMeta("EN004", "replacement-character", Severity.MINOR, "212000", "characters")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each damaged word."""
        text = page.text
        lost = list(_LOST.finditer(text)) if "\ufffd" in text else []
        asked = list(islice(_ASKED.finditer(text), _TRIED)) if "?" in text else []
        if not lost and not asked:
            return
        words = sorted({match[0] for match in _WORD.finditer(text[:_READ])})
        lost = [match for match in lost[: self.limit * 2] if not _speaks_of_unicode(text, match.start())]
        found = [(match, _fitting(match[0], "\ufffd", words), "replacement") for match in lost]
        found += [(match, fixed, "question-mark") for match, fixed in _questions(asked, words, page.language.tag)]
        found.sort(key=lambda one: one[0].start())
        for match, fixed, kind in found[: self.limit]:
            message = "A character of this word was lost in conversion; only the source can say which."
            data = {"kind": kind, "count": len(found)}
            yield self.finding(page, Span(*match.span()), message, confidence=0.95, suggestion=fixed, data=data)


def _questions(asked: list[re.Match[str]], words: list[str], language: str) -> Iterator[tuple[re.Match[str], str]]:
    for match in asked:
        fixed = _fitting(match[0], "?", words)
        if fixed is not None:
            yield match, fixed
    tails = [match for match in asked if language == "en" and _APOSTROPHE.fullmatch(match[0].lower())]
    if len(tails) > 1:
        yield from ((match, match[0].replace("?", "’")) for match in tails)


def _speaks_of_unicode(text: str, at: int) -> bool:
    return "unicode" in line_of(text, at).cut(text).lower() or "U+FFFD" in line_of(text, at).cut(text)


def _fitting(damaged: str, sign: str, words: list[str]) -> str | None:
    """The one word of the document that reads like the damaged one with letters in place of the sign."""
    if sum(char != sign for char in damaged) < 3:
        return None
    parts = [re.escape(part) for part in re.split(re.escape(sign) + "+", damaged)]
    # Only letters beyond ASCII get lost in this way.
    pattern = re.compile("[^\\W\\d_\x01-\x7f]{1,2}".join(parts), re.IGNORECASE)
    fitting = {word.lower() for word in words if pattern.fullmatch(word)}
    return min(word for word in words if word.lower() in fitting) if len(fitting) == 1 else None


@dataclass(frozen=True, slots=True)
class ControlCharacter(Rule):
    """A control character, a character without meaning outside one font, or a code point that is no character at all.

    Why: such characters are remains of a terminal, an icon font or a wrong character set; they show as boxes, break
    JSON and XML tools, and are noise to a model.

    How: control characters but tabs and line ends; colour codes of terminals; private-use characters (icon fonts);
    surrogates and non-characters. A control character of U+0080 to U+009F gets the windows-1252 sign it likely was.

    Limits: control characters that belong to mojibake are reported there; Apple's logo (U+F8FF) is left alone. At most
    ``limit`` findings a document.

    Data: kind (control or private-use), characters (their code points), count (places in the document).
    """

    limit: int = 20
    meta: ClassVar[RuleMeta] = RuleMeta("EN005", "control-character", Severity.MINOR, "212000", "characters")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each run of such characters."""
        text = page.text
        found = [(match, "control") for match in _CONTROL.finditer(text)]
        if any("\x80" <= match[0][0] <= "\x9f" for match, _ in found):
            damaged = [one.span for one in _mojibake.find(text)]
            found = [one for one in found if not any(span.contains(Span(*one[0].span())) for span in damaged)]
        if not text.isascii():
            found += [(match, "private-use") for match in _PRIVATE.finditer(text)]
        found.sort(key=lambda one: one[0].start())
        for match, kind in found[: self.limit]:
            message = "A control character that readers cannot see was left in the text."
            if kind == "private-use":
                message = "This character has a meaning only in one font, likely an icon, and shows as a box elsewhere."
            data = {"kind": kind, "characters": [f"U+{ord(char):04X}" for char in match[0][:8]], "count": len(found)}
            span = Span(*match.span())
            yield self.finding(page, span, message, confidence=0.9, suggestion=_windows(match[0]), data=data)


def _windows(run: str) -> str:
    return "".join(bytes([ord(char)]).decode("cp1252", "ignore") for char in run if "\x80" <= char <= "\x9f")


RULES = (InvisibleCharacter(), ReplacementCharacter(), ControlCharacter())
