"""HTML as a stream of tags and texts, in time linear in the page whatever it holds.

The tokenizer follows the HTML standard (https://html.spec.whatwg.org/multipage/parsing.html#tokenization) for tags,
attributes, comments, raw text and CDATA. It stands in for a tree builder because those are quadratic in the depth of
the tree and in the number of attributes: Lexbor takes 22 s for 100,000 nested ``div`` (half a megabyte). Which text is
visible, and in which block, needs no tree; tests compare the result with Lexbor's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

_SPACE = r" \t\n\f\r"
_ATTRIBUTE = (
    rf"[^{_SPACE}/>][^{_SPACE}/>=]*+"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"[^\"]*+\"?|'[^']*+'?|[^{_SPACE}>\"'][^{_SPACE}>]*+)?+)?+"
)
_NEXT = re.compile(r"<(?:(/?)[a-zA-Z]|[!?/])")
_TAG = re.compile(rf"</?([a-zA-Z][^{_SPACE}/>]*+)((?:[{_SPACE}/]++|{_ATTRIBUTE})*+)(>?)")
_PARTS = re.compile(
    rf"([^{_SPACE}/>][^{_SPACE}/>=]*+)"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"([^\"]*+)\"?|'([^']*+)'?|([^{_SPACE}>\"'][^{_SPACE}>]*+))?+)?+"
)
_COMMENT_END = re.compile(r"--!?>")
_LONG_NUMBER = re.compile(r"&#(?:([xX])([0-9a-fA-F]{8,}+)|([0-9]{8,}+));?")
# Elements whose content is text up to their end tag (``noscript`` where scripts run, as in every browser).
_RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "textarea", "title"})
# In these character references are decoded.
_DECODED = frozenset({"textarea", "title"})
_FOREIGN = frozenset({"svg", "math"})
# An honest element has a few dozen attributes.
_MOST_ATTRIBUTES = 200
_VOID = frozenset(
    {"area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link"}
    | {"meta", "param", "source", "track", "wbr"}
)


@dataclass(frozen=True, slots=True)
class Start:
    """A start tag. ``empty`` when nothing can stand inside it."""

    name: str
    raw: str
    empty: bool

    def attributes(self) -> dict[str, str]:
        """Attributes by lower-case name; of equal names the first counts, as in browsers."""
        found: dict[str, str] = {}
        for match in islice(_PARTS.finditer(self.raw), _MOST_ATTRIBUTES):
            value = match[2] or match[3] or match[4] or ""
            found.setdefault(match[1].lower(), unescape(value))
        return found


@dataclass(frozen=True, slots=True)
class End:
    """An end tag."""

    name: str


@dataclass(frozen=True, slots=True)
class Raw:
    """The whole content of an element that holds no markup (``script``, ``title``, …), with its start tag."""

    start: Start
    text: str


Event = Start | End | Raw | str


def unescape(text: str) -> str:
    """Decode character references once, as browsers do."""
    if "&" not in text:
        return text
    # html.unescape raises for numbers of thousands of digits.
    return html.unescape(_LONG_NUMBER.sub(_short_number, text) if "&#" in text else text)


def _short_number(match: re.Match[str]) -> str:
    digits = (match[2] or match[3]).lstrip("0") or "0"
    return f"&#{match[1] or ''}{digits};" if len(digits) < 8 else "\ufffd"


def events(page: str) -> Iterator[Event]:
    """Yield tags, raw elements and texts (references decoded) of a page in order. Total: any text gives a result."""
    at = foreign = 0
    while match := _NEXT.search(page, at):
        if match.start() > at:
            yield unescape(page[at : match.start()])
        if match[1] is None:
            text, at = _declaration(page, match.start(), foreign > 0)
            if text:
                yield text
            continue
        event, at = _tag(page, match.start(), foreign > 0)
        if event is None:
            return
        if isinstance(event, End):
            foreign -= foreign > 0 and event.name in _FOREIGN
        elif isinstance(event, Start):
            foreign += event.name in _FOREIGN and not event.empty
        yield event
    if at < len(page):
        yield unescape(page[at:])


def _tag(page: str, at: int, foreign: bool) -> tuple[Start | End | Raw | None, int]:
    """Read the tag that begins at ``at``, with its content where that is raw; None where the page ends inside it."""
    tag = _TAG.match(page, at)
    if tag is None or not tag[3]:
        return None, len(page)
    name = tag[1].lower()
    if page[at + 1] == "/":
        return End(name), tag.end()
    closed = tag[2].endswith("/") and (foreign or name in _FOREIGN)
    start = Start(name, tag[2], name in _VOID or closed)
    if name == "plaintext":
        return Raw(start, page[tag.end() :]), len(page)
    if name not in _RAW or start.empty:
        return start, tag.end()
    text, end = _raw(page, tag.end(), name)
    return Raw(start, unescape(text) if name in _DECODED else text), end


def _declaration(page: str, at: int, foreign: bool) -> tuple[str, int]:
    """Skip a comment, doctype, processing instruction or broken end tag; CDATA inside SVG or MathML is text."""
    if page.startswith("<!--", at):
        if page.startswith((">", "->"), at + 4):
            return "", page.index(">", at) + 1
        end = _COMMENT_END.search(page, at + 4)
        return "", end.end() if end else len(page)
    if foreign and page.startswith("<![CDATA[", at):
        end_at = page.find("]]>", at)
        return page[at + 9 : end_at if end_at >= 0 else len(page)], end_at + 3 if end_at >= 0 else len(page)
    end_at = page.find(">", at)
    return "", end_at + 1 if end_at >= 0 else len(page)


@cache
def _end_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE)


def _raw(page: str, at: int, name: str) -> tuple[str, int]:
    """Return the text up to the element's end tag and the place after that."""
    end = _end_of(name).search(page, at)
    if end is None:
        return page[at:], len(page)
    tag = _TAG.match(page, end.start())
    return page[at : end.start()], tag.end() if tag else len(page)
