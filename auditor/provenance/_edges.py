"""What ties the documents of one story: copies, derivations, shared quotations, with evidence and direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.data import Data, Story
from auditor.language import primary
from auditor.provenance._cluster import COPY, Clusters
from auditor.provenance._evidence import number

if TYPE_CHECKING:
    from auditor.provenance._quoted import Quoted
    from auditor.provenance._stories import Sketch

SOURCE = "source:"
_NEIGHBOURS = 3
_TRANSLATION_LIKENESS = 0.3
_MOST_EDGES = 400
_SAME_WORDS = 0.9
_DERIVED = {"republished from": 0.9, "source": 0.85, "derived from": 0.8}


@dataclass(frozen=True, slots=True)
class Tie:
    """Evidence in another document: rule ("" without one), and (start, end, quote) on both sides."""

    other: str
    rule: str
    quotes: bool
    confidence: float
    here: tuple[int, int, str]
    there: tuple[int, int, str]


def edges(own: Sequence[Sketch], members: Sequence[int], clusters: Clusters) -> tuple[Data, ...]:
    """All edges of a story, in a fixed order; at most 400, the surest first."""
    copies = list(_copies(own, members, clusters))
    found = [*copies, *_derivations(own), *_translations(own, members, clusters)]
    found += _ties(own, {frozenset((one["from"], one["to"])) for one in copies})
    told = {frozenset((one["from"], one["to"])) for one in found}
    found += [one for one in _same(own, members, clusters) if frozenset((one["from"], one["to"])) not in told]
    found.sort(key=lambda one: (-number(one["confidence"]), str(one["from"]), str(one["to"]), str(one["relation"])))
    return tuple(found[:_MOST_EDGES])


def _edge(one: str, other: str, relation: str, confidence: float, **more: object) -> dict[str, object]:
    made = {"from": one, "to": other, "relation": relation, "directed": False, "confidence": round(confidence, 4)}
    return made | {"evidence": []} | more


def _copies(own: Sequence[Sketch], members: Sequence[int], clusters: Clusters) -> Iterator[dict[str, object]]:
    """Near-duplicates; where both are dated, the later one was made from the earlier."""
    for here, there in _pairs(members, clusters):
        share = clusters.index.resemblance(members[here], members[there])
        if share >= COPY:
            one, other = own[here], own[there]
            dated = bool(one.date and other.date and one.date != other.date)
            if dated and one.date < other.date:
                one, other = other, one
            note = f"{share:.0%} of the word sequences are the same" + (
                f"; {one.date} after {other.date}" if dated else ""
            )
            yield _edge(one.id, other.id, "near-duplicate of", share, directed=dated, evidence=[{"note": note}])


def _derivations(own: Sequence[Sketch]) -> Iterator[dict[str, object]]:
    """What a document says it was taken from: another document of that outlet, else the work outside the archive."""
    publishers: dict[str, list[Sketch]] = {}
    for one in own:
        for name in one.outlets:
            publishers.setdefault(name, []).append(one)
    for one in own:
        for source in one.taken:
            name = str(source["name"])
            relation = str(source["relation"]).replace("source", "derived from")
            confidence = _DERIVED[str(source["relation"])] * number(source.get("confidence"))
            known = [other for other in publishers.get(name, []) if other.id != one.id and not _later(other, one)]
            more = {"directed": True, "evidence": source.get("evidence", [])}
            if source.get("date"):
                more["date"] = source["date"]
            for other in known[:_NEIGHBOURS]:
                yield _edge(one.id, other.id, relation, confidence / len(known[:_NEIGHBOURS]), **more)
            if not known:
                yield _edge(one.id, SOURCE + name, relation, confidence, **more)


def _later(one: Sketch, other: Sketch) -> bool:
    return bool(one.date and other.date and one.date > other.date)


def _translations(own: Sequence[Sketch], members: Sequence[int], clusters: Clusters) -> Iterator[dict[str, object]]:
    """A document whose source language is that of a much alike one in the story, published no later."""
    for here, one in enumerate(own):
        tag = primary(one.source_language)
        if tag == "und":
            continue
        alike = [
            (clusters.index.likeness(members[here], members[there]), there)
            for there, other in enumerate(own[:200])
            if there != here and primary(other.language) == tag and not _later(other, one)
        ]
        likeness, best = max(alike, default=(0.0, -1))
        if likeness >= _TRANSLATION_LIKENESS:
            note = f"translated from {tag}; the same names and figures ({likeness:.2f} alike)"
            confidence = min(0.9, 0.4 + likeness / 2)
            yield _edge(one.id, own[best].id, "translation of", confidence, directed=True, evidence=[{"note": note}])


def _ties(own: Sequence[Sketch], copies: set[frozenset[object]]) -> Iterator[dict[str, object]]:
    """Quotations that two documents share, in other words or in the same; one edge a pair with all its quotations.

    Copies of one text share all of theirs, so that says nothing more of them.
    """
    inside = {one.id for one in own}
    joined: dict[tuple[str, str], list[tuple[str, Tie]]] = {}
    for one in own:
        for tie in one.ties:
            if tie.quotes and tie.other in inside:
                low, high = sorted((one.id, tie.other))
                joined.setdefault((low, high), []).append((one.id, tie))
    for name, tie in _same_words(own):
        if frozenset((name, tie.other)) not in copies:
            joined.setdefault((name, tie.other), []).append((name, tie))
    for (low, high), ties in sorted(joined.items()):
        evidence = [
            ({"rule": tie.rule} if tie.rule else {"note": "the same words"})
            | {
                "document": name,
                "start": tie.here[0],
                "end": tie.here[1],
                "quote": tie.here[2],
                "other": {"document": tie.other, "start": tie.there[0], "end": tie.there[1], "quote": tie.there[2]},
            }
            for name, tie in ties[:10]
        ]
        yield _edge(low, high, "shares quotations with", max(tie.confidence for _, tie in ties), evidence=evidence)


def _same_words(own: Sequence[Sketch]) -> Iterator[tuple[str, Tie]]:
    """Passages that two documents quote in the same words, each with its next neighbours by document id."""
    holders: dict[int, list[tuple[str, Quoted]]] = {}
    for one in sorted(own, key=lambda one: one.id):
        for passage in one.quotes:
            holders.setdefault(passage.words, []).append((one.id, passage))
    for _, found in sorted(holders.items()):
        for at, (name, here) in enumerate(found):
            for other, there in found[at + 1 : at + 1 + _NEIGHBOURS]:
                places = (here.start, here.end, here.text), (there.start, there.end, there.text)
                yield name, Tie(other, "", True, _SAME_WORDS, *places)


def _same(own: Sequence[Sketch], members: Sequence[int], clusters: Clusters) -> Iterator[dict[str, object]]:
    """Each document with those that it is most alike."""
    best: dict[int, list[tuple[float, int, int]]] = {}
    for here, there in _pairs(members, clusters):
        value = clusters.alike[members[here], members[there]]
        for end in (here, there):
            best.setdefault(end, []).append((value, here, there))
    kept = {
        (here, there, value)
        for ranked in best.values()
        for value, here, there in sorted(ranked, key=lambda one: (-one[0], one[1:]))[:_NEIGHBOURS]
    }
    for here, there, value in sorted(kept):
        one, other = own[here], own[there]
        group = one.group is not None and one.group == other.group
        note = f"{value:.2f} alike in names, figures and rare words" + (f"; group {one.group}" if group else "")
        confidence = 0.95 if group else min(0.95, 0.35 + value)
        yield _edge(one.id, other.id, "same story", confidence, evidence=[{"note": note}])


def _pairs(members: Sequence[int], clusters: Clusters) -> Iterator[tuple[int, int]]:
    """Places in the story of the pairs that were compared."""
    places = {at: place for place, at in enumerate(members)}
    if len(members) ** 2 < len(clusters.alike):
        compared = [(a, b) for at, a in enumerate(members) for b in members[at + 1 :] if (a, b) in clusters.alike]
    else:
        compared = sorted(pair for pair in clusters.alike if pair[0] in places and pair[1] in places)
    for one, other in compared:
        yield places[one], places[other]


def links(story: Story) -> Iterator[tuple[str, Data]]:
    """Each document's links to others of its story, as its provenance record tells them."""
    inside = set(story.documents)
    inverse = {
        "derived from": "source of",
        "republished from": "republished as",
        "translation of": "translated as",
    }
    for edge in story.edges:
        one, other, relation = str(edge["from"]), str(edge["to"]), str(edge["relation"])
        more = {"story": story.id, "confidence": edge["confidence"], "evidence": edge["evidence"]}
        if other in inside:
            yield one, {"document": other, "relation": relation, **more}
            yield other, {"document": one, "relation": inverse.get(relation, relation), **more}
        else:
            yield one, {"source": other.removeprefix(SOURCE), "relation": relation, **more}
