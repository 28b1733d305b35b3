"""Blocks of a Markdown text with their roles; spans lie in the text as read, without the marks that make a block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from auditor.data import Block, Span

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Tokens of very long texts would take gigabytes; their lines are found by segmentation, without roles.
_MOST_CHARS = 4_000_000
# Containers nested deeper than this are no longer looked into (CommonMark's own implementations stop at 100 and less).
_NESTING = 20
_LINE_END = re.compile(r"\r\n?|\n")
_FRONT = re.compile(r"---[ \t]*(?:\r\n?|\n)")
_FRONT_LINES = 200
_FIELD = re.compile(r"([A-Za-z_]{1,30})[ \t]*:[ \t]+(\S.{0,500})")
_FIELDS = {
    "title": "title",
    "author": "author",
    "translator": "translator",
    "description": "description",
    "lang": "lang",
    "language": "lang",
    "date": "published",
    "published": "published",
    "updated": "modified",
    "modified": "modified",
    "lastmod": "modified",
    "canonical": "canonical",
    "canonical_url": "canonical",
}
# Marks of containers (quotation, list item) before the block's own text, then those of a heading.
_CONTAINER = re.compile(r"(?:[ \t]{0,12}(?:>|(?:[-*+]|[0-9]{1,9}[.)])(?=[ \t])))+[ \t]*")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}(?:[ \t]+|$)")
_HEADING_END = re.compile(r"[ \t]#{1,80}\s*$")
# Closing marks of a heading are looked for in so many of its last characters.
_LONG_MARK = 100
_LINK = re.compile(r"\[([^\]\[\n]{1,300})\]\([^()\[\]\s]{0,500}(?:[ \t]\"[^\"\n\[\]]{0,200}\")?\)")


def front_matter(text: str) -> tuple[dict[str, str], int]:
    r"""Known fields of the YAML block at the front, and where the text after it begins (0 without such a block).

    Only plain ``key: value`` lines are understood. Example: ``"---\ntitle: A\n---\nb"`` -> ``({"title": "A"}, 17)``.
    """
    opening = _FRONT.match(text)
    if opening is None:
        return {}, 0
    fields: dict[str, str] = {}
    at = opening.end()
    for _ in range(_FRONT_LINES):
        end = _LINE_END.search(text, at)
        line = text[at : end.start() if end else len(text)]
        if line.rstrip() in {"---", "..."}:
            return fields, end.end() if end else len(text)
        if end is None:
            break
        if (match := _FIELD.fullmatch(line.rstrip())) and match[1].lower() in _FIELDS:
            fields.setdefault(_FIELDS[match[1].lower()], match[2].strip("\"'"))
        at = end.end()
    return {}, 0


def blocks_of(text: str, start: int = 0) -> tuple[Block, ...]:
    """Blocks of the text from ``start`` on; none at all for a very long text."""
    if len(text) - start > _MOST_CHARS:
        return ()
    body = text[start:]
    lines = [0, *(match.end() for match in _LINE_END.finditer(body)), len(body)]
    found = []
    for first, last, role, contained in _leaves(_parser().parse(body)):
        span = _inner(body, lines[first], lines[min(last, len(lines) - 1)], role, contained)
        if span is not None:
            found.append(Block(Span(span.start + start, span.end + start), role, _link_density(span.cut(body))))
    return tuple(found)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": _NESTING}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _leaves(tokens: list[Token]) -> Iterator[tuple[int, int, str, bool]]:
    """Yield (first line, line after the last, role, inside a container) of each block that holds text."""
    items = containers = 0
    for token in tokens:
        if token.type == "list_item_open":
            items += 1
        elif token.type == "list_item_close":
            items -= 1
        containers += token.nesting if token.tag in {"ul", "ol", "blockquote"} else 0
        if token.map is None:
            continue
        first, last = token.map
        if token.type in {"heading_open", "paragraph_open"}:
            kind = "heading" if token.type == "heading_open" else "list_item" if items else "paragraph"
            # The second line of a heading that is underlined is no text.
            last -= kind == "heading" and token.markup in {"=", "-"}
            yield first, last, kind, containers > 0
        elif token.type in {"fence", "code_block"}:
            first += token.type == "fence"
            count = token.content.count("\n") + (not token.content.endswith("\n"))
            yield first, first + count, "code", False
        elif token.type == "tr_open":
            yield first, last, "table", containers > 0
        elif token.type == "html_block" and not token.content.lstrip().startswith("<!--"):
            yield first, last, "", containers > 0


def _inner(text: str, start: int, end: int, role: str, contained: bool) -> Span | None:
    """Cut white space and marks from both ends; None where nothing is left."""
    if contained and (match := _CONTAINER.match(text, start, end)):
        start = match.end()
    if role == "heading" and (match := _HEADING.match(text, start, end)):
        start = match.end()
        if match := _HEADING_END.search(text, max(start, end - _LONG_MARK), end):
            end = match.start()
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _link_density(text: str) -> float:
    """Share of the letters that are link text, addresses left aside."""
    if "](" not in text:
        return 0.0
    inside = sum(map(str.isalpha, "".join(_LINK.findall(text))))
    outside = sum(map(str.isalpha, _LINK.sub("", text)))
    return round(inside / (inside + outside), 3) if inside else 0.0
