"""Gives the documents of a run their links to each other, and the run its stories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from auditor.data import Data, DocumentAudit, Story
from auditor.provenance import sketch, ties_of, weave


def linked(audits: Iterable[DocumentAudit]) -> tuple[tuple[DocumentAudit, ...], tuple[Story, ...]]:
    """Tie the documents of a run into stories and tell each its links to the others."""
    kept = tuple(audits)
    stories = weave(map(sketch, kept))
    ties = ties_of(stories)
    return tuple(tied(one, ties) for one in kept), stories


def tied(audit: DocumentAudit, ties: Mapping[str, tuple[Data, ...]]) -> DocumentAudit:
    """The audit with the document's links in its provenance."""
    found = ties.get(audit.document.id, ())
    return replace(audit, provenance=replace(audit.provenance, links=found)) if found else audit
