"""The elements that are open at a place of a page, kept so that every tag costs constant time.

Start tags close what the HTML standard says they imply the end of (a paragraph, a list item, a cell); an end tag that
matches nothing in scope is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from auditor.readers._roles import Attributes, is_hidden, kind_of, region_of


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


_HEADINGS = _set("h1 h2 h3 h4 h5 h6")
_CELLS = ("td", "th")
_SECTIONS = ("tbody", "thead", "tfoot")
# These end an open paragraph.
_CLOSE_P = _HEADINGS | _set(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form header "
    "hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul xmp dd dt"
)
_BLOCKS = _CLOSE_P | _set(
    "html body head legend caption colgroup tbody thead tfoot tr td th option optgroup select button textarea "
    "frameset template text marquee"
)
# What an end tag outside cannot reach into, and what a start tag inside does not close.
_BARRIERS = frozenset({"table", "td", "th", "caption", "template", "object", "applet", "marquee", "svg", "math"})
_TABLE = frozenset({"table", "caption", "tr", *_CELLS, *_SECTIONS})
# An item ends the item before it, if nothing but these and inline elements has been opened since.
_ITEMS = {"li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}}
_TRANSPARENT = frozenset({"address", "div", "p"})
# Start tag -> elements that it ends, and those that they must lie within.
_IMPLIED = {
    "option": (("option",), ("select",)),
    "optgroup": (("option", "optgroup"), ("select",)),
    "button": (("button",), ()),
    "td": ((*_CELLS, "caption"), ("table", "tr")),
    "th": ((*_CELLS, "caption"), ("table", "tr")),
    "tr": (("tr", "caption"), ("table",)),
    **dict.fromkeys(_SECTIONS, ((*_SECTIONS, "tr", "caption"), ("table",))),
}
# Formatting that nobody closes in old pages; without effect on what is read here, unless hidden.
_FORMATTING = _set("b big code em font i nobr s small strike strong tt u")
_PREFORMATTED = frozenset({"pre", "textarea", "listing", "xmp", "plaintext"})
_SECTIONING = frozenset({"article", "section", "main", "aside", "nav"})
# Content that browsers of today do not show.
_UNSEEN = _set(
    "noscript template datalist video audio canvas object applet defs desc metadata annotation annotation-xml"
)
# Only memory sets this bound.
_DEEPEST = 1_000_000
# On lines of their own, but for the end tags of inline elements as if they were not there.
_WEAK = frozenset({"option", "optgroup", "legend", "text"})


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the page; ``parent`` is the number of the part around it."""

    role: str
    parent: int
    guessed: bool


@dataclass(frozen=True, slots=True)
class State:
    """What holds for text at a place."""

    hidden: bool = False
    kind: str = ""
    region: int = 0
    preformatted: bool = False
    in_section: bool = False


class OpenElements:
    """The stack of open elements, with the places of each name in it."""

    def __init__(self) -> None:
        self.regions = [Region("", 0, guessed=False)]
        self._stack: list[tuple[str, State]] = []
        self._places: dict[str, list[int]] = {}
        self._barriers = [-1]
        self._blocks = [-1]
        self._solid = [-1]
        self._too_deep: dict[str, int] = {}

    @property
    def state(self) -> State:
        """What holds for text here."""
        return self._stack[-1][1] if self._stack else _OUTSIDE

    def is_block(self, name: str) -> bool:
        """Whether the element stands on lines of its own."""
        return name in _BLOCKS

    def push(self, name: str, attributes: Attributes) -> None:
        """Open an element after closing what its start tag ends."""
        self._close_implied(name)
        if name in {"html", "body", "head"} or (name == "form" and self._places.get(name)):
            # Pages that hide themselves until a script has run are meant to be seen; the head shows nothing anyway;
            # a form cannot stand in a form.
            return
        if name in _TABLE and name != "table" and not self._places.get("table"):
            return
        hidden = name in _UNSEEN or is_hidden(attributes)
        if name in _FORMATTING and not hidden:
            return
        if len(self._stack) >= _DEEPEST:
            self._too_deep[name] = self._too_deep.get(name, 0) + 1
            return
        place = len(self._stack)
        self._places.setdefault(name, []).append(place)
        if name in _BARRIERS:
            self._barriers.append(place)
        if name in _BLOCKS and name not in _WEAK:
            self._blocks.append(place)
        if name in _BARRIERS or (name in _BLOCKS and name not in _TRANSPARENT):
            self._solid.append(place)
        self._stack.append((name, self._inside(name, attributes, hidden)))

    def pop(self, name: str) -> None:
        """Close an element with all that is open inside it, if it is open and in scope."""
        if self._too_deep.get(name):
            self._too_deep[name] -= 1
            return
        if name in _HEADINGS:
            # Any heading's end tag ends any heading.
            name = max(_HEADINGS, key=lambda one: (self._last(one), one))
        place = self._last(name)
        if name == "table":
            limit = 0
        elif name in _TABLE:
            limit = self._last("table")
        else:
            limit = self._barriers[-1] if name in _BLOCKS or name in _BARRIERS else self._blocks[-1]
        if place >= max(limit, 0):
            self._close_from(place)

    def _inside(self, name: str, attributes: Attributes, hidden: bool) -> State:
        """What holds inside the element that is opened here."""
        now = self.state
        if now.hidden or (name not in _BLOCKS and not hidden):
            return now
        if name not in _BLOCKS:
            return replace(now, hidden=True)
        kind = kind_of(name, attributes, now.kind)
        region = self._region(name, attributes, now)
        preformatted = now.preformatted or name in _PREFORMATTED
        in_section = now.in_section or name in _SECTIONING
        if (hidden, kind, region, preformatted, in_section) == (
            False,
            now.kind,
            now.region,
            now.preformatted,
            now.in_section,
        ):
            return now
        return State(hidden, kind, region, preformatted, in_section)

    def _region(self, name: str, attributes: Attributes, now: State) -> int:
        role, guessed = region_of(name, attributes, inside_section=now.in_section)
        if name == "article" and self.regions[now.region].guessed:
            # An article outweighs a guess that was made of the name of something around it.
            role, guessed = "main", True
        if not role:
            return now.region
        self.regions.append(Region(role, now.region, guessed))
        return len(self.regions) - 1

    def _close_implied(self, name: str) -> None:
        if name in _CLOSE_P and self._last("p") > max(self._barriers[-1], self._last("button")):
            self._close_from(self._last("p"))
        if name in _HEADINGS and self._stack and self._stack[-1][0] in _HEADINGS:
            self._close_from(len(self._stack) - 1)
        solid = self._solid[-1]
        if name in _ITEMS and solid >= 0 and self._stack[solid][0] in _ITEMS[name]:
            self._close_from(solid)
        if name == "table" and self._last(name) > max(map(self._last, (*_CELLS, "caption"))):
            # A table directly in a table, outside its cells, ends it.
            self._close_from(self._last(name))
        if name in _IMPLIED:
            ended, within = _IMPLIED[name]
            limit = max((self._last(one) for one in within), default=-1)
            if name not in _TABLE:
                limit = max(limit, self._barriers[-1])
            for one in ended:
                if self._last(one) > limit:
                    self._close_from(self._last(one))

    def _last(self, name: str) -> int:
        places = self._places.get(name)
        return places[-1] if places else -1

    def _close_from(self, place: int) -> None:
        while len(self._stack) > place:
            name, _ = self._stack.pop()
            self._places[name].pop()
            if self._barriers[-1] >= len(self._stack):
                self._barriers.pop()
            if self._blocks[-1] >= len(self._stack):
                self._blocks.pop()
            if self._solid[-1] >= len(self._stack):
                self._solid.pop()


_OUTSIDE = State()
