"""Gives the documents of a run their links to each other, and the run its stories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from auditor.data import Data, DocumentAudit, Story
from auditor.provenance import sketch, ties_of, weave

# Each document's sketch is held while stories are told: of more documents the memory would grow with the archive.
_MOST = 50_000


def too_many(documents: int) -> list[str]:
    """The notice that no stories are told of so many documents; none where they are."""
    return [f"stories are told of at most {_MOST:,} documents in one run: none here"] if documents > _MOST else []


def linked(audits: Iterable[DocumentAudit]) -> tuple[tuple[DocumentAudit, ...], tuple[Story, ...]]:
    """Tie the documents of a run into stories and tell each its links to the others."""
    kept = tuple(audits)
    stories = () if too_many(len(kept)) else weave(map(sketch, kept))
    ties = ties_of(stories)
    return tuple(tied(one, ties) for one in kept), stories


def tied(audit: DocumentAudit, ties: Mapping[str, tuple[Data, ...]]) -> DocumentAudit:
    """The audit with the document's links in its provenance."""
    found = ties.get(audit.document.id, ())
    return replace(audit, provenance=replace(audit.provenance, links=found)) if found else audit
