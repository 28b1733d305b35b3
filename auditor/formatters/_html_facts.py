"""What rules and provenance know more, as words for a reader: data of findings, claims, word diffs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.data import Data, DocumentAudit
from auditor.formatters._html_site import Site
from auditor.formatters._html_text import TextView
from auditor.formatters._labels import language, percent, words

_FACT_CHARS = 300
_MOST_PLACES = 12
_EMPTY: tuple[object, ...] = (None, "", [], (), {})
# The key that names a claim, in order of preference; the others become its details.
_SUBJECTS = ("name", "tag", "date", "document", "method", "url")
_OPERATIONS = {"-": "del", "delete": "del", "del": "del", "+": "ins", "insert": "ins", "ins": "ins"}


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of where the text comes from. ``places`` are (anchor or None, what stands there)."""

    text: str
    href: str
    facts: tuple[tuple[str, str], ...]
    confidence: str
    places: tuple[tuple[int | None, str], ...]


def facts(data: Data, skip: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield key and value in words; empty values are left out."""
    for key, value in data.items():
        if key not in skip and value not in _EMPTY:
            yield words(str(key)), _said(str(key), value)[: _FACT_CHARS + 1]


def _said(key: str, value: object) -> str:
    if isinstance(value, str):
        if key in {"language", "tag"} or key.endswith("_language"):
            return language(value)
        return words(value) if key in {"kind", "method", "role", "relation"} else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{words(str(name))}: {_said(str(name), one)}" for name, one in value.items())
    if isinstance(value, Sequence):
        return (" → " if key == "route" else ", ").join(_said(key, one) for one in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def word_diff(value: object) -> Iterator[tuple[str, str]]:
    """Yield (``del``, ``ins`` or ``same``, text) where a rule's data hold a diff as [operation, text] pairs."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return
    for one in value:
        if isinstance(one, Sequence) and not isinstance(one, str) and len(one) == 2:
            yield _OPERATIONS.get(str(one[0]), "same"), str(one[1])


def claims(audit: DocumentAudit, text: TextView, site: Site) -> Iterator[tuple[str, tuple[Claim, ...]]]:
    """Yield the groups of provenance claims that are not empty."""
    record = audit.provenance
    groups = (
        ("Languages", record.languages),
        ("Translation", (record.translation,) if record.translation else ()),
        ("People, bodies and tools", record.agents),
        ("Sources", record.sources),
        ("Dates", record.dates),
        ("Related documents", record.links),
    )
    for name, entries in groups:
        if entries:
            yield name, tuple(_claim(entry, text, site) for entry in entries)


def _claim(entry: Data, text: TextView, site: Site) -> Claim:
    subject = next((key for key in _SUBJECTS if entry.get(key) not in _EMPTY), "")
    said = _said(subject, entry[subject]) if subject else ""
    if subject == "document":
        said = site.titles.get(said, said)
    confidence = entry.get("confidence")
    return Claim(
        text=said[:_FACT_CHARS],
        href=site.pages.get(str(entry.get("document")), ""),
        facts=tuple(facts(entry, (subject, "confidence", "evidence"))),
        confidence=percent(confidence) if isinstance(confidence, float) else "",
        places=tuple(_places(entry.get("evidence"), text)),
    )


def _places(evidence: object, text: TextView) -> Iterator[tuple[int | None, str]]:
    """Where in the text a claim rests; evidence from the file's metadata has no place in it."""
    if not isinstance(evidence, Sequence) or isinstance(evidence, str):
        return
    for one in evidence[:_MOST_PLACES]:
        if not isinstance(one, Mapping):
            continue
        start = one.get("start")
        anchor = start if isinstance(start, int) and start in text.anchors else None
        said = one.get("quote") or ("metadata: " + str(one["metadata"]) if "metadata" in one else one.get("note", ""))
        yield anchor, str(said)[: _FACT_CHARS + 1]
