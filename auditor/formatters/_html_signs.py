"""Hostile or invisible signs of audited text, made visible and harmless for HTML."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup, escape

# Replaced, never written: C0 and C1 controls but tab and newline, invisible blanks, signs that turn the reading
# order, half surrogate pairs, tag characters. Joiners stay (Persian and Indic scripts need them), and so do the
# direction marks U+200E, U+200F and U+061C: every line is isolated, so they cannot reach beyond it.
_SIGN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e007f]"
)
_SHORT = {
    "\u00ad": "SHY",
    "\u200b": "ZWSP",
    "\u2028": "LS",
    "\u2029": "PS",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\ufeff": "BOM",
}


def visible(text: str) -> Markup:
    """Escape for HTML, with each dangerous sign as a small labelled box. Example: NUL -> ``␀``."""
    parts, last = [], 0
    for match in _SIGN.finditer(text):
        sign = match.group()
        parts += [
            escape(text[last : match.start()]),
            Markup('<span class="sign" title="{}">{}</span>').format(_title(sign), _box(sign)),
        ]
        last = match.end()
    return Markup("").join([*parts, escape(text[last:])])


def plain(text: str) -> str:
    """The same for places that take no markup (titles, attributes); the caller escapes."""
    return _SIGN.sub(lambda match: _box(match.group()), text).replace("\n", " ")


def clipped(text: str, limit: int) -> str:
    """At most ``limit`` code points, with an ellipsis for the rest."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _box(sign: str) -> str:
    code = ord(sign)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"[{_SHORT.get(sign, f'{code:X}')}]"


def _title(sign: str) -> str:
    return f"U+{ord(sign):04X} {unicodedata.name(sign, 'control or invisible character').lower()}"
