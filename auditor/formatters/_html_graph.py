"""The provenance graph of a story as boxes and curves for an inline SVG: what was made from what, from left to right.

networkx (BSD-3-Clause) gives the layers (topological generations of the directed edges) and the places
(``multipartite_layout``); this file only turns places into boxes and curves. Undirected ties do not move boxes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Any

from auditor.data import Data, Story
from auditor.formatters._html_signs import clipped, plain
from auditor.formatters._words import _

WIDE, HIGH = 230, 74
_GAP_X, _GAP_Y, _MARGIN = 120, 34, 16
# Room on the right for bows inside the last column and their words.
_WORDS = 230
_MOST_NODES = 24
_MOST_EDGES = 60
_TITLE_SIGNS, _TITLE_LINES = 29, 2
_SOURCE = "source:"
# Relations by the class that draws them; what is not named is drawn as "same story".
KINDS = {
    "derived from": "derived",
    "republished from": "derived",
    "agency": "derived",
    "translation of": "translated",
    "near-duplicate of": "copy",
    "shares quotations with": "quotes",
    "same story": "same",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A box: its place, the lines of its title, a line below, where it leads."""

    x: int
    y: int
    lines: tuple[str, ...]
    below: str
    href: str
    kind: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A tie of two boxes: its path, class, words and the place of these; with an arrow towards what came first."""

    path: str
    kind: str
    said: str
    x: int
    y: int
    arrow: bool
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class GraphView:
    """The drawing, and how many documents and ties were left out of it."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    curves: tuple[Curve, ...]
    left_out: int
    said: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a box says of a document: title, a line below, link."""

    title: str
    below: str
    href: str


def draw(story: Story, looks: Mapping[str, Look]) -> GraphView:
    """Lay out a story's graph; of a large story the documents with the most ties."""
    names, edges = _chosen(story)
    places = _places(names, edges)
    nodes = {name: _node(name, places[name], looks) for name in names}
    curves = tuple(_curve(edge, nodes) for edge in edges)
    width = max((one.x for one in nodes.values()), default=0) + WIDE + _MARGIN + _WORDS
    height = max((one.y for one in nodes.values()), default=0) + HIGH + _MARGIN
    left_out = len({*story.documents}) - sum(not name.startswith(_SOURCE) for name in names)
    return GraphView(width, height, tuple(nodes.values()), curves, left_out, _said(story))


def _chosen(story: Story) -> tuple[list[str], list[Data]]:
    ties: dict[str, int] = dict.fromkeys(story.documents, 0)
    for edge in story.edges:
        for end in (str(edge["from"]), str(edge["to"])):
            ties[end] = ties.get(end, 0) + (3 if edge["relation"] != "same story" else 1)
    order = {name: at for at, name in enumerate(ties)}
    kept = sorted(ties, key=lambda name: (-ties[name], order[name]))[:_MOST_NODES]
    inside = set(kept)
    edges = [one for one in story.edges if one["from"] in inside and one["to"] in inside]
    edges.sort(key=lambda one: (one["relation"] == "same story", -float(str(one["confidence"]))))
    return sorted(kept, key=lambda name: order[name]), edges[:_MOST_EDGES]


def _places(names: Sequence[str], edges: Sequence[Data]) -> dict[str, tuple[int, float]]:
    """Column and row of each box. Rings of directed edges, which claims may hold, stand in one column."""
    import networkx as nx

    directed = nx.DiGraph()
    directed.add_nodes_from(names)
    # What came first stands left.
    directed.add_edges_from((str(one["to"]), str(one["from"])) for one in edges if one.get("directed"))
    whole = nx.condensation(directed)
    column: dict[str, int] = {}
    for layer, rings in enumerate(nx.topological_generations(whole)):
        for ring in rings:
            column.update(dict.fromkeys(whole.nodes[ring]["members"], layer))
    outside = any(name.startswith(_SOURCE) for name in names)
    for name in names:
        # Documents without an ancestor stand beside the others, not among the works outside the archive.
        if outside and column[name] == 0 and not name.startswith(_SOURCE):
            column[name] = 1
    rows = _rows(names, column, edges)
    laid = nx.Graph()
    laid.add_nodes_from(names)
    # Given by name only, the library would make sets of the layers, whose order differs from process to process.
    layers: dict[int, list[str]] = {}
    for name in sorted(names, key=lambda one: rows[one]):
        layers.setdefault(column[name], []).append(name)
    layout: Any = nx.multipartite_layout(laid, subset_key=layers, align="vertical")
    return {name: (column[name], row) for name, row in _scaled(layout, column).items()}


def _scaled(layout: Mapping[str, Sequence[float]], column: Mapping[str, int]) -> dict[str, float]:
    """Heights in rows from 0: the library centres each layer and scales the whole to a unit of its own."""
    heights = {name: float(place[1]) for name, place in layout.items()}
    layers: dict[int, list[float]] = {}
    for name, height in heights.items():
        layers.setdefault(column[name], []).append(height)
    steps = [abs(b - a) for own in layers.values() for a, b in pairwise(sorted(own)) if abs(b - a) > 1e-9]
    step, low = min(steps, default=1.0), min(heights.values(), default=0.0)
    return {name: round((height - low) / step, 3) for name, height in heights.items()}


def _rows(names: Sequence[str], column: Mapping[str, int], edges: Sequence[Data]) -> dict[str, int]:
    """Rows in each column by the mean row of the neighbours in other columns (barycentre), there and back."""
    rows = {name: at for at, name in enumerate(names)}
    near: dict[str, list[str]] = {name: [] for name in names}
    for one in edges:
        near[str(one["from"])].append(str(one["to"]))
        near[str(one["to"])].append(str(one["from"]))
    layers = sorted(set(column.values()))
    for layer in (*layers, *reversed(layers), *layers):
        own = [name for name in names if column[name] == layer]
        own.sort(key=lambda name: (_mean([rows[one] for one in near[name] if column[one] != layer]), rows[name]))
        rows.update({name: at for at, name in enumerate(own)})
    return rows


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values) if values else 99.0


def _node(name: str, place: tuple[int, float], looks: Mapping[str, Look]) -> Node:
    outside = name.startswith(_SOURCE)
    look = looks.get(name) or Look(name.removeprefix(_SOURCE), _("outside the archive") if outside else "", "")
    lines = wrap(plain(look.title), _TITLE_SIGNS, max_lines=_TITLE_LINES, placeholder="…") or [name]
    x = _MARGIN + place[0] * (WIDE + _GAP_X)
    y = _MARGIN + round(place[1] * (HIGH + _GAP_Y))
    return Node(x, y, tuple(lines), clipped(plain(look.below), 36), look.href, "source" if outside else "document")


def _curve(edge: Data, nodes: Mapping[str, Node]) -> Curve:
    """From the right side of what came first to the left side of what was made of it; in one column, a bow."""
    late, early = nodes[str(edge["from"])], nodes[str(edge["to"])]
    kind = KINDS.get(str(edge["relation"]), "same")
    said = relation(str(edge["relation"])) if kind != "same" else ""
    if late.x < early.x:
        late, early = early, late
    y1, y2 = early.y + HIGH // 2, late.y + HIGH // 2
    if late.x == early.x:
        x, bow = early.x + WIDE, 26 + abs(late.y - early.y) // 6
        path = f"M{x} {y1}C{x + bow} {y1} {x + bow} {y2} {x} {y2}"
        return Curve(path, kind, said, x + bow * 3 // 4 + 6, (y1 + y2) // 2, bool(edge.get("directed")), "start")
    x1, x2 = early.x + WIDE, late.x
    middle = (x1 + x2) // 2
    path = f"M{x2} {y2}C{middle} {y2} {middle} {y1} {x1} {y1}"
    return Curve(path, kind, said, middle, (y1 + y2) // 2 - 6, bool(edge.get("directed")))


def relation(name: str) -> str:
    """A relation in the reader's language."""
    return {
        "derived from": _("derived from"),
        "republished from": _("republished from"),
        "translation of": _("translation of"),
        "near-duplicate of": _("near-duplicate of"),
        "shares quotations with": _("shares quotations with"),
        "same story": _("same story"),
        "source of": _("source of"),
        "republished as": _("republished as"),
        "translated as": _("translated as"),
    }.get(name, name)


def _said(story: Story) -> str:
    return _("Graph of {} documents and {} ties; the table below says the same in words.").format(
        len(story.documents), len(story.edges)
    )
