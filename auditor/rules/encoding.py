"""Damage from character sets and escaping: mojibake and entities left visible."""

from __future__ import annotations

import html
import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity, Span
from auditor.registry import Rule
from auditor.rules import _mojibake
from auditor.rules._damage import Repair, joined, line_of, word_around

_GAP = 15
_MOST = 1000
_ENTITY = re.compile(r"&(?:amp;){0,3}(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});|&nbsp(?![\w;=])")
_ESCAPE = re.compile(r"(?:\\u00[a-f][0-9a-f]|\\u0[1-6][0-9a-f]{2}|\\u20[1-4][0-9a-f]){1,200}", re.IGNORECASE)
# A line that talks about character sets or markup shows such things on purpose.
_ABOUT_SETS = re.compile(
    r"utf-?8|mojibake|windows-12|cp12\d\d|latin-?1|iso-?8859|unicode|кодировк|кодуванн", re.IGNORECASE
)
_ABOUT_MARKUP = re.compile(
    r"html|xml|markup|javascript|\bentit|\bescap|\bencod|сущност|сутност|</?[a-z]{1,12}[ />]|[{};]\s*$|`", re.IGNORECASE
)
_LINK = re.compile(r"(?:https?://|www\.|[?&][\w%]{1,40}=)[^\s]{0,400}$", re.IGNORECASE)
_FENCE = re.compile(r"^(?:```|~~~)", re.MULTILINE)
_QUOTED = "\"'“”‘’«»„`"


@dataclass(frozen=True, slots=True)
class Mojibake(Rule):
    """Text decoded with the wrong character set: "sÃ©vÃ¨res", "РѕРєРѕР»Рѕ", "donâ€™t".

    Why: readers cannot read it, search cannot find it, and models trained on it learn garbage. It shows that the page
    went through a careless pipeline, where other parts may be damaged too.

    How: sequences that are UTF-8 once encoded back as windows-1252, 1251, 1250, 1253, Mac Roman, DOS 437 or 866, or
    KOI8-R are decoded, repeatedly if need be. A single such sequence counts only where it looks unnatural, so that
    "IRMÃ»" or "café…”" stay silent. Damaged words close together are one finding; the suggestion is the repaired text.

    Limits: lines that speak of character sets are left out. East Asian sets (GBK, Shift JIS, EUC-KR) are not undone,
    and of single-byte mix-ups only windows-1251 read as Latin-1 is. At most ``limit`` findings a document.

    Data: encoding (the set the text was mistaken for), count (damaged places in the document).
    """

    limit: int = 50
    meta: ClassVar[RuleMeta] = RuleMeta("EN001", "mojibake", Severity.MINOR, "212000", "characters")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each run of damaged words."""
        text = page.text
        if text.isascii():
            return
        found = [one for one in joined(text, _mojibake.find(text), _GAP) if not _speaks(_ABOUT_SETS, text, one.span)]
        for one in found[: self.limit]:
            message = f"These characters look damaged: the text was likely read as {one.kind} although it is UTF-8."
            if one.kind == "cp1251 bytes":
                message = "These letters look damaged: Cyrillic text was likely read as Western European."
            if one.kind == "gbk":
                message = "These characters stand for text that was lost in a wrong conversion to Chinese GBK."
            data = {"encoding": one.kind, "count": len(found)}
            yield self.finding(page, one.span, message, confidence=0.95, suggestion=one.fixed, data=data)


@dataclass(frozen=True, slots=True)
class EscapedEntity(Rule):
    r"""An HTML entity or an escape sequence left visible in the text: "M&eacute;xico", "&amp;nbsp;", "caf\u00e9".

    Why: readers see code where a letter should be, and the text was likely escaped twice on its way here.

    How: names come from the HTML standard's own list; the suggestion is the text with the entities resolved, also when
    they are escaped twice. Entities close together are one finding.

    Limits: silent in lines that show code or speak of markup, in links, and where the entity itself is quoted.

    Data: kind (entity or escape), count (places in the document).
    """

    limit: int = 50
    meta: ClassVar[RuleMeta] = RuleMeta("EN002", "escaped-entity", Severity.MINOR, "212000", "characters")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding for each run of entities."""
        text = page.text
        if "&" not in text and "\\u" not in text:
            return
        found = list(joined(text, islice(_escapes(text), _MOST), _GAP))
        for one in found[: self.limit]:
            message = "An HTML entity was left in the text instead of the character it stands for."
            if one.kind == "escape":
                message = "An escape sequence was left in the text instead of the letter it stands for."
            data = {"kind": one.kind, "count": len(found)}
            yield self.finding(page, one.span, message, confidence=0.9, suggestion=one.fixed, data=data)


def _speaks(about: re.Pattern[str], text: str, span: Span) -> bool:
    return about.search(line_of(text, span.start).cut(text)) is not None


def _escapes(text: str) -> Iterator[Repair]:
    fences = [match.start() for match in _FENCE.finditer(text)]
    for pattern, kind in ((_ENTITY, "entity"), (_ESCAPE, "escape")):
        for match in pattern.finditer(text):
            fixed = _unescaped(match[0]) if kind == "entity" else match[0].encode("ascii").decode("unicode_escape")
            if fixed is None or not _is_prose(text, match, fences):
                continue
            span = word_around(text, match.start(), match.end())
            if kind == "escape" and len(span) == match.end() - match.start():
                continue
            whole = text[span.start : match.start()] + fixed + text[match.end() : span.end]
            yield Repair(span, whole, kind)


def _unescaped(entity: str) -> str | None:
    """The characters an entity stands for, or None when the HTML standard has no such entity."""
    before, now = "", entity
    while now != before and "&" in now:
        before, now = now, html.unescape(now)
    return None if now == entity or (len(now) > 2 and now.endswith(";")) else now


def _is_prose(text: str, match: re.Match[str], fences: list[int]) -> bool:
    start, end = match.span()
    if bisect(fences, start) % 2:
        return False
    if text[start - 1 : start] in _QUOTED and text[end : end + 1] in _QUOTED and start and end < len(text):
        return False
    line = line_of(text, start)
    rest = text[line.start : start] + " " + text[end : line.end]
    return not _ABOUT_MARKUP.search(_ENTITY.sub(" ", rest)) and not _LINK.search(text[line.start : start])


RULES = (Mojibake(), EscapedEntity())
