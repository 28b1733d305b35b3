"""The visible text of a page, block by block: one line a block, each with its role.

A browser's rules without style sheets: block elements and ``br`` end a line, white space collapses, inline elements
join without breaking words, hidden elements are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from auditor.data import Block, Span
from auditor.readers._markup import End, Event, Raw, Start
from auditor.readers._open import OpenElements
from auditor.readers._roles import CHROME, Attributes

_BLANKS = re.compile(r"[ \t\n\f\r]+")
_SPACE = " \t\n\f\r"
_LINE_END = re.compile(r"\r\n?|\n")
# Between what stands before and after these a reader sees a gap.
_REPLACED = frozenset({"img", "input", "embed", "object", "video", "audio", "canvas", "iframe", "picture"})
# A part that was guessed from a class name and holds more of the page than this is the page itself.
_MOST = 0.5


@dataclass(slots=True)
class _Line:
    """One line of visible text: its parts with whether each is a link."""

    parts: list[tuple[str, bool]] = field(default_factory=list)
    blank: bool = True

    def add(self, text: str, link: bool) -> None:
        """Append text whose white space is collapsed already."""
        if self.blank and text.startswith(" "):
            text = text[1:]
        if text:
            self.parts.append((text, link))
            self.blank = text.endswith(" ")

    def text(self) -> str:
        """The line as read."""
        return "".join(text for text, _ in self.parts).strip(_SPACE)

    def link_density(self) -> float:
        """Share of the letters that stand inside links."""
        linked = plain = 0
        if any(link for _, link in self.parts):
            for text, link in self.parts:
                count = sum(map(str.isalpha, text))
                linked, plain = (linked + count, plain) if link else (linked, plain + count)
        return round(linked / (linked + plain), 3) if linked else 0.0


@dataclass(frozen=True, slots=True)
class _Draft:
    text: str
    kind: str
    region: int
    link_density: float


class Page:
    """Collects the visible lines of a page from its events."""

    def __init__(self) -> None:
        self._open = OpenElements()
        self._line = _Line()
        self._link = False
        self._after_link = False
        self._drafts: list[_Draft] = []

    def feed(self, event: Event, attributes: Attributes) -> None:
        """Take the next event; ``attributes`` are those of a start tag."""
        if isinstance(event, str):
            self._text(event)
        elif isinstance(event, Start):
            self._start(event, attributes)
        elif isinstance(event, End):
            self._end(event.name)
        else:
            self._raw(event, attributes)

    def finish(self) -> tuple[str, tuple[Block, ...]]:
        """The text, one block a line, and its blocks."""
        self._flush()
        blocks = []
        at = 0
        for draft, role in zip(self._drafts, self._roles(), strict=True):
            blocks.append(Block(Span(at, at + len(draft.text)), role, draft.link_density))
            at += len(draft.text) + 1
        return "\n".join(draft.text for draft in self._drafts), tuple(blocks)

    def _text(self, text: str) -> None:
        state = self._open.state
        if state.hidden:
            return
        if state.preformatted:
            for number, line in enumerate(_LINE_END.split(text)):
                if number:
                    self._flush()
                self._line.add(line, self._link)
        else:
            text = _BLANKS.sub(" ", text)
            if text != " ":
                self._after_link = False
            self._line.add(text, self._link)

    def _start(self, tag: Start, attributes: Attributes) -> None:
        name = tag.name
        if name == "a":
            # Links that adjoin are items of a menu, never parts of one word.
            if self._after_link and not self._open.state.hidden:
                self._line.add(" ", link=False)
            self._link = "href" in attributes
        elif name in _REPLACED and not self._open.state.hidden:
            self._line.add(" ", link=False)
        if name == "br" or self._open.is_block(name):
            self._flush()
        if not tag.empty:
            self._open.push(name, attributes)

    def _end(self, name: str) -> None:
        if name == "br" or self._open.is_block(name):
            self._flush()
        if name in {"a", "td", "th", "caption"}:
            self._after_link = self._link and name == "a"
            self._link = False
        self._open.pop(name)

    def _raw(self, event: Raw, attributes: Attributes) -> None:
        """Of the elements without markup only these show their content."""
        if event.start.name in {"textarea", "xmp", "plaintext"}:
            self._start(event.start, attributes)
            self._text(event.text)
            self._end(event.start.name)

    def _flush(self) -> None:
        if self._line.parts:
            text = self._line.text()
            if text and not text.isspace():
                state = self._open.state
                self._drafts.append(_Draft(text, state.kind, state.region, self._line.link_density()))
            self._line = _Line()
        self._after_link = False

    def _roles(self) -> Iterable[str]:
        """Roles of the lines. A guessed part that holds most of the page's text is given up for the one around it."""
        regions = self._open.regions
        sizes = [0] * len(regions)
        for draft in self._drafts:
            sizes[draft.region] += len(draft.text)
        for number in range(len(regions) - 1, 0, -1):
            sizes[regions[number].parent] += sizes[number]
        trusted = [0] * len(regions)
        for number in range(1, len(regions)):
            region = regions[number]
            doubtful = region.guessed and sizes[number] > _MOST * sizes[0]
            trusted[number] = trusted[region.parent] if doubtful else number
        for draft in self._drafts:
            role = regions[trusted[draft.region]].role
            yield role if role in CHROME else draft.kind or role
