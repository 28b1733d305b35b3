"""Gives the documents of a run their links to each other, and the run its stories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auditor.data import DocumentAudit, Story
from auditor.provenance import sketch, weave


def linked(audits: Iterable[DocumentAudit]) -> tuple[tuple[DocumentAudit, ...], tuple[Story, ...]]:
    """Tie the documents of a run into stories and tell each its links to the others."""
    kept = tuple(audits)
    woven = weave(map(sketch, kept))
    told = (replace(one.provenance, links=woven.links.get(one.document.id, ())) for one in kept)
    return tuple(replace(one, provenance=record) for one, record in zip(kept, told, strict=True)), woven.stories
