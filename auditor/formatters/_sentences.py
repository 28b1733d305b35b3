"""What is known of a document's origin in one line, for people who read only that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from auditor.data import Data, DocumentAudit
from auditor.formatters._labels import language_name
from auditor.formatters._terms import credible
from auditor.formatters._words import _

_MOST_NAMES = 3


def account(audit: DocumentAudit) -> str:
    """Example: ``English, machine-translated and reviewed, source BBC 2025-03-10, …, route en -> zh -> en``."""
    return ", ".join(part for part in _parts(audit) if part)


def _parts(audit: DocumentAudit) -> Iterator[str]:
    record = audit.provenance
    yield language_name(audit.page.language.tag)
    yield _made(record.creation)
    yield from _agents(record.agents, "author", _("by {}"))
    yield from _agents(record.agents, "publisher", _("published by {}"))
    yield from _sources(record.sources)
    yield from _agents(record.agents, "translator", _("translator {}"))
    yield from _agents(record.agents, "reviewer", _("reviewer {}"))
    yield _likely(record.source_language)
    steps = record.route.get("languages")
    if isinstance(steps, Sequence) and len(steps) > 1:
        likely = "" if record.source_language.get("basis") == "disclosed" else _("likely ")
        yield _("{}route {}").format(likely, " -> ".join(map(str, steps)))


def _made(creation: Data) -> str:
    told = {
        "machine": _("machine-translated"),
        "machine_reviewed": _("machine-translated and reviewed"),
        "human": _("translated by a person"),
        "generated": _("generated"),
        "translated": _("translated"),
        "original": _("original"),
    }.get(str(creation.get("method")), "")
    if not told:
        return _("origin unknown")
    return told if creation.get("basis") == "disclosed" else _("likely {}").format(told)


def _agents(agents: Sequence[Data], role: str, frame: str) -> Iterator[str]:
    names = [str(one["name"]) for one in credible(agents) if one.get("role") == role]
    if names:
        yield frame.format(", ".join(names[:_MOST_NAMES]))


def _sources(sources: Sequence[Data]) -> Iterator[str]:
    frames: Mapping[str, str] = {
        "source": _("source {}"),
        "derived from": _("derived from {}"),
        "republished from": _("first published by {}"),
        "agency": _("agency {}"),
    }
    for one in credible(sources):
        frame = frames.get(str(one.get("relation")))
        if frame:
            yield frame.format(" ".join(str(one[key]) for key in ("name", "date") if one.get(key)))


def _likely(claim: Data) -> str:
    if claim.get("basis") == "disclosed":
        return _("from {}").format(language_name(str(claim["tag"])))
    several = claim.get("one_of")
    if isinstance(several, Sequence) and several:
        return _("likely source language {}").format(_(" or ").join(language_name(str(tag)) for tag in several))
    if claim.get("basis") == "inferred" and claim.get("tag") != "und":
        return _("likely source language {}").format(language_name(str(claim["tag"])))
    return ""
