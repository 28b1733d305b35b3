"""Stories: which documents of an archive tell of the same events, and which was made from which.

A document is reduced to a sketch (features, a MinHash of its word shingles, a few facts) of one to two kilobytes, so
that memory grows slowly with the archive and not with its text. Sketches that share rare features, or bands of the
MinHash, are candidates; their likeness is the cosine of weighted features. Clusters join from the most alike pair
down, but only where the two are alike on the whole, so that chains of half-alike documents do not become one story.

MinHash: Broder 1997, "On the resemblance and containment of documents"; banding as in Leskovec et al., "Mining of
Massive Datasets", chapter 3.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.data import Data, DocumentAudit, Finding, Span, Story
from auditor.provenance._cluster import Clusters, Index
from auditor.provenance._edges import Tie, edges, links
from auditor.provenance._features import features, shingles
from auditor.provenance._minhash import signature
from auditor.provenance._quoted import Quoted, quoted

_TITLE_CHARS = 160
_LEAST_TITLE = 12
_MOST_TIES = 24
_MOST_QUOTE = 300
_TAKEN = frozenset({"republished from", "source", "derived from"})
_QUOTES = ("QD",)


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a document to tie it to others; ``names`` are hashes of features, with their ``weights``."""

    id: str
    title: str
    group: str | None
    language: str
    date: str
    outlets: tuple[str, ...]
    taken: tuple[Data, ...]
    source_language: str
    names: array[int]
    weights: array[float]
    minhash: array[int]
    ties: tuple[Tie, ...] = ()
    quotes: tuple[Quoted, ...] = ()


def sketch(audit: DocumentAudit) -> Sketch:
    """Reduce an audited document to what ties it to others. Interface lines are no part of its story."""
    page, record = audit.page, audit.provenance
    skip = [one.span for one in audit.findings if one.rule.startswith("BP")]
    told = features(page, skip)
    names = sorted(told)
    published = [str(one["date"]) for one in record.dates if one.get("role") == "published"]
    return Sketch(
        id=page.document.id,
        title=_title(audit, skip),
        group=page.document.group,
        language=page.language.tag,
        date=min(published, default=""),
        outlets=tuple(str(one["name"]) for one in record.agents if one.get("role") == "publisher"),
        taken=tuple(one for one in record.sources if one.get("relation") in _TAKEN),
        source_language=str(record.source_language.get("tag", "und")),
        names=array("I", names),
        weights=array("f", (told[name] for name in names)),
        minhash=array("I", signature(shingles(page, skip))),
        ties=tuple(_ties(page.document.id, audit.findings))[:_MOST_TIES],
        quotes=quoted(page, skip),
    )


def _title(audit: DocumentAudit, skip: Sequence[Span]) -> str:
    given = audit.document.metadata.get("title")
    if isinstance(given, str) and given.strip():
        return " ".join(given.split())[:_TITLE_CHARS]
    for line in audit.page.lines[:8]:
        text = " ".join(line.span.cut(audit.page.text)[: 2 * _TITLE_CHARS].split())
        if len(text) >= _LEAST_TITLE and not any(line.span.overlaps(one) for one in skip):
            return text[:_TITLE_CHARS]
    return audit.document.id


def _ties(own: str, findings: Sequence[Finding]) -> Iterable[Tie]:
    """Other documents that findings name as evidence, with the places on both sides."""
    for one in findings:
        for proof in one.evidence:
            if proof.document_id != own:
                yield Tie(
                    other=proof.document_id,
                    rule=one.rule,
                    quotes=one.rule.startswith(_QUOTES),
                    confidence=one.confidence,
                    here=(one.span.start, one.span.end, one.quote[:_MOST_QUOTE]),
                    there=(proof.span.start, proof.span.end, proof.quote[:_MOST_QUOTE]),
                )


def weave(sketches: Iterable[Sketch]) -> tuple[Story, ...]:
    """Tie sketches into stories, by document id: in whatever order they come, the same links are drawn."""
    kept = sorted(sketches, key=lambda one: one.id)
    index = Index([(one.names, one.weights) for one in kept], [one.minhash for one in kept])
    clusters = Clusters(index, _bonds(kept))
    stories = []
    for number, members in enumerate(clusters.members(), 1):
        own = [kept[at] for at in members]
        drawn = edges(own, members, clusters)
        stories.append(Story(f"story-{number}", _name(own, drawn), tuple(one.id for one in own), drawn))
    return tuple(stories)


def ties_of(stories: Iterable[Story]) -> dict[str, tuple[Data, ...]]:
    """Each document's links to others of its story, by document id."""
    found: dict[str, list[Data]] = {}
    for story in stories:
        for name, link in links(story):
            found.setdefault(name, []).append(link)
    return {name: tuple(own) for name, own in found.items()}


def _bonds(kept: Sequence[Sketch]) -> dict[tuple[int, int], bool]:
    """Pairs that something else than likeness ties: True for a shared group, which is somebody's word for one story."""
    places = {one.id: at for at, one in enumerate(kept)}
    bonds: dict[tuple[int, int], bool] = {}
    groups: dict[str, int] = {}
    for at, one in enumerate(kept):
        if one.group is not None:
            first = groups.setdefault(one.group, at)
            if first != at:
                bonds[first, at] = True
        for tie in one.ties:
            other = places.get(tie.other, at)
            if other != at:
                bonds.setdefault((min(at, other), max(at, other)), False)
    return bonds


def _name(own: Sequence[Sketch], drawn: Sequence[Data]) -> str:
    """The title of the document that most edges lead to, the earliest of them."""
    counts = {one.id: 0 for one in own}
    for edge in drawn:
        for end in ("from", "to"):
            if edge[end] in counts:
                counts[str(edge[end])] += 2 if end == "to" and edge.get("directed") else 1
    best = max(counts.values())
    chosen = [one for one in own if counts[one.id] == best]
    return min(chosen, key=lambda one: one.date or "9999").title
