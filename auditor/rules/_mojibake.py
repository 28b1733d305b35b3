"""Where text was decoded with the wrong character set, and what it should read.

A UTF-8 text read as a single-byte set shows each non-ASCII letter as a lead character and its continuations
("é" -> "Ã©", "о" -> "Рѕ"). Such sequences are found per character set by one regular expression and decoded back;
single ones, which can be honest text ("IRMÃ»"), must also look unnatural where they stand. ftfy's table of unlikely
character pairs (Speer 2019, Apache-2.0) is the second opinion.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from auditor.data import Span
from auditor.rules._damage import Repair, word_around

# Character sets that UTF-8 is mistaken for; ties go to the first.
_CODECS = ("cp1252", "cp1251", "cp1250", "cp1253", "mac_roman", "cp437", "koi8_r", "cp866")
_ONE_ALPHABET = frozenset({"cp1252", "cp1250"})
_PUNCTUATION = range(0x2010, 0x2045)
_REACH = 60
_MAX_ROUNDS = 3
# Cyrillic in windows-1251 read as windows-1252: words of nothing but accented Latin letters.
_BYTE_WORDS = re.compile("(?<![^\\W\\d_])[À-ÖØ-öø-ÿ]{1,40}(?:[ ,.:;!?-]{1,3}[À-ÖØ-öø-ÿ]{1,40}){0,200}(?![^\\W\\d_])")
_FEW = 6
_VOWEL = re.compile("[аеиоуыэюяіїє]", re.IGNORECASE)
# The last byte of a closing quotation mark, or the no-break space in "à", is often lost on the way.
_LOST = re.compile(
    "â€(?![\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122])|(?:(?<![^\\W_])|(?<=[a-z]))Ã(?= )"
)
_LOST_FIX = {"â€": "”", "Ã": "à"}
# U+FFFD, encoded as UTF-8 and read as GBK: the text itself is gone.
_GONE = re.compile("(?:锟斤拷){1,40}")


@dataclass(frozen=True, slots=True)
class _Codec:
    name: str
    pattern: re.Pattern[str]
    leads: frozenset[str]
    tails: frozenset[str]
    to_byte: dict[str, int]


@cache
def _codec(name: str) -> _Codec:
    to_byte = {bytes([byte]).decode(name, "replace"): byte for byte in range(0x80, 0x100)}
    to_byte.pop("\ufffd", None)
    # Readers let bytes that a set leaves undefined through as control characters.
    for byte in range(0x80, 0xA0):
        to_byte.setdefault(chr(byte), byte)

    def chars(low: int, high: int) -> str:
        return "".join(re.escape(char) for char, byte in sorted(to_byte.items()) if low <= byte <= high)

    tail = f"[{chars(0x80, 0xBF)}]"
    longer = f"|[{chars(0xE0, 0xEF)}]{tail}{{2}}|[{chars(0xF0, 0xF4)}]{tail}{{3}}"
    # In DOS 866 the longer sequences consist of Cyrillic letters only, as any Russian word does.
    pattern = re.compile(f"(?:[{chars(0xC2, 0xDF)}]{tail}{'' if name == 'cp866' else longer}){{1,400}}")
    leads = frozenset(char for char, byte in to_byte.items() if 0xC2 <= byte <= 0xF4)
    tails = frozenset(char for char, byte in to_byte.items() if byte <= 0xBF)
    return _Codec(name, pattern, leads, tails, to_byte)


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    fixed: str
    codec: str
    sure: bool


def find(text: str) -> list[Repair]:
    """Every misdecoded word with its repair, in reading order. Text without suspicious letters costs one pass."""
    present = frozenset(text)
    hits: list[_Hit] = []
    for name in _CODECS:
        codec = _codec(name)
        if present & codec.leads and present & codec.tails:
            hits += _decoded(text, codec)
    if "Ã" in present or "€" in present:
        # A letter by itself may be spoken of ("Ã is a letter"): it counts where other damage is near.
        alone = [m[0] == "Ã" and not text[m.start() - 1 : m.start()].isalnum() for m in _LOST.finditer(text)]
        hits += [
            _Hit(m.start(), m.end(), _LOST_FIX[m[0]], "cp1252", sure=not lone)
            for m, lone in zip(_LOST.finditer(text), alone, strict=True)
        ]
    repairs = list(_repairs(text, _chosen(hits)))
    if "锟" in present:
        repairs += [Repair(Span(*m.span()), None, "gbk") for m in _GONE.finditer(text)]
    return repairs + list(_byte_words(text, present))


def _decoded(text: str, codec: _Codec) -> Iterator[_Hit]:
    for match in codec.pattern.finditer(text):
        fixed = _decode(match[0], codec)
        if fixed is not None and all(_is_plausible(char) for char in fixed):
            sure = _is_sure(text, match.start(), match.end(), fixed, codec.name)
            yield _Hit(match.start(), match.end(), _again(fixed, codec), codec.name, sure)


def _decode(run: str, codec: _Codec) -> str | None:
    try:
        return bytes(codec.to_byte[char] for char in run).decode("utf-8")
    except UnicodeDecodeError:
        return None


def _again(fixed: str, codec: _Codec) -> str:
    """Undo further rounds of the same mistake ("ÃƒÂ©" -> "Ã©" -> "é")."""
    for _ in range(_MAX_ROUNDS):
        if not codec.pattern.fullmatch(fixed):
            break
        fixed = _decode(fixed, codec) or fixed
    return fixed


def _is_plausible(char: str) -> bool:
    """Whether a repaired character is one that texts hold."""
    code = ord(char)
    if char == "\ufeff" or 0x1F000 <= code < 0x1FB00 or 0xA0 <= code < 0x180:
        return True
    category = unicodedata.category(char)
    if code in {0x2BB, 0x2BC}:
        return True
    if 0x180 <= code < 0x370 or 0x700 <= code < 0x900:
        return 0x218 <= code <= 0x21B or 0x300 <= code < 0x310
    return category[0] in "LMNPS" or category in {"Zs", "Cf"}


def _is_sure(text: str, start: int, end: int, fixed: str, codec: str) -> bool:
    run = text[start:end]
    if len(fixed) > 1:
        # Ukrainian "її" and Russian "пё" can pass for a pair, so a run of nothing but letters must be longer.
        needed = 2 if codec == "cp1252" or ord(max(fixed)) < 0x800 else 3
        return len(fixed) >= needed and (codec != "koi8_r" or not run.isalpha())
    if ord(fixed) in _PUNCTUATION or fixed in "\ufeff™€" or ord(fixed) > 0xFFFF:
        return True
    before, after = text[max(0, start - 2) : start], text[end : end + 1]
    if len(run) == 3 or (len(before) == 2 and before.isupper() and before.isalpha()):
        return False
    if codec not in _ONE_ALPHABET:
        touches = before[-1:] + after
        return touches.isascii() and any(map(str.isalpha, touches)) and fixed.isalpha() and fixed <= "ÿ"
    if fixed.isalpha() and ord(fixed) < 0x250:
        return before[-1:].islower() or after.islower() or _is_unlikely(text[max(0, start - 8) : end + 8])
    return fixed <= "¿" and not before[-1:].isalpha() and run[0] == "Â"


def _is_unlikely(piece: str) -> bool:
    from ftfy.badness import is_bad

    return bool(is_bad(piece))


def _chosen(hits: list[_Hit]) -> list[_Hit]:
    """The sure hits, and unsure ones close to a sure one of the same character set; the longest where they overlap."""
    sure = sorted((hit for hit in hits if hit.sure), key=lambda hit: hit.start)
    kept: list[_Hit] = []
    at = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        while at < len(sure) and sure[at].end < hit.start - _REACH:
            at += 1
        near = any(one.codec == hit.codec and one.start <= hit.end + _REACH for one in sure[at : at + 8])
        near = near and (hit.codec == "cp1252" or hit.end - hit.start < 3)
        if (hit.sure or near) and (not kept or hit.start >= kept[-1].end):
            kept.append(hit)
    return kept


def _repairs(text: str, hits: list[_Hit]) -> Iterator[Repair]:
    """One repair for each word, whichever number of hits it holds."""
    at = 0
    while at < len(hits):
        first = hits[at]
        span = word_around(text, first.start, first.end)
        start, done, fixed = span.start, span.start, ""
        while at < len(hits) and hits[at].start <= span.end:
            fixed += text[done : hits[at].start] + hits[at].fixed
            done = hits[at].end
            span = word_around(text, hits[at].start, hits[at].end)
            at += 1
        yield Repair(Span(start, span.end), fixed + text[done : span.end], first.codec)


def _byte_words(text: str, present: frozenset[str]) -> Iterator[Repair]:
    if sum("À" <= char <= "ÿ" for char in present) < _FEW:
        return
    for match in _BYTE_WORDS.finditer(text):
        fixed = match[0].encode("latin-1").decode("cp1251", "replace")
        words = re.findall(r"\w+", fixed)
        shaped = all(word.islower() or word.istitle() or word.isupper() for word in words)
        # A list of letters ("àâäçéèê") is no damaged word: in it no letter comes twice.
        real = [word for word in words if 3 < len(word) < 8 + 4 * (len(set(word)) < len(word)) and _VOWEL.search(word)]
        if shaped and real and sum(map(len, words)) >= _FEW:
            yield Repair(Span(*match.span()), fixed, "cp1251 bytes")
