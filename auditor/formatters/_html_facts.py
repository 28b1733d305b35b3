"""What rules and provenance know more, as words for a reader: data of findings, claims, differences of wording."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from auditor.data import Data, DocumentAudit
from auditor.formatters._html_graph import relation
from auditor.formatters._html_site import Site
from auditor.formatters._html_text import TextView
from auditor.formatters._labels import language, percent, words
from auditor.formatters._words import _

_FACT_CHARS = 300
_MOST_PLACES = 12
# The key that names a claim, in order of preference; the others become its details.
_SUBJECTS = ("name", "tag", "date", "place", "document", "source", "method", "url", "standard")
# Details whose value says enough by itself.
_PLAIN = ("role", "relation", "type")
# Told elsewhere on the page, or of no use to a reader.
_LEFT_OUT = ("story", "basis", "verified", "bytes", "unknown", "candidates", "homepage", "country")
# Words, or single signs of scripts that write no blanks.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|\s+|[^\w\s]")
_DIFF_CHARS = 400
_ALIKE = 0.4


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
        if key not in skip and not _is_empty(value):
            yield words(str(key)), _said(str(key), value)[: _FACT_CHARS + 1]


def _is_empty(value: object) -> bool:
    """Whether there is nothing to say; 0 is something."""
    return value is None or value is False or value in ("", [], (), {})


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


def word_diff(here: str, there: str) -> tuple[tuple[str, str], ...]:
    """Two wordings as stretches (``same``, ``del`` only here, ``ins`` only there); empty where they share too little.

    Only the first ``_DIFF_CHARS`` of each are compared, which bounds the work.
    """
    before, after = _TOKEN.findall(here[:_DIFF_CHARS]), _TOKEN.findall(there[:_DIFF_CHARS])
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return ()
    found = []
    for kind, low, high, start, end in matcher.get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(before[low:high])))
            continue
        found += [("del", "".join(before[low:high]))] if high > low else []
        found += [("ins", "".join(after[start:end]))] if end > start else []
    return tuple(found)


def claims(audit: DocumentAudit, text: TextView, site: Site) -> Iterator[tuple[str, tuple[Claim, ...]]]:
    """Yield the groups of provenance claims that are not empty."""
    record = audit.provenance
    # What the text itself says of its translation is told as the translation.
    creation = record.creation if record.creation.get("method") not in {None, "unknown"} else {}
    creation = {} if record.translation else creation
    groups = (
        (_("How it was made"), (creation,) if creation else ()),
        (_("Translation"), (record.translation,) if record.translation else ()),
        (_("People, bodies and tools"), record.agents),
        (_("Sources"), record.sources),
        (_("Dates and places"), record.dates),
        (_("Manifests and markup"), record.credentials),
        (_("Languages"), tuple(one for one in record.languages if one.get("role") != "ancestor")),
    )
    yield from _told(groups, text, site)


def ties(audit: DocumentAudit, text: TextView, site: Site) -> tuple[Claim, ...]:
    """The document's ties to others, the ones that say most first."""
    links = sorted(audit.provenance.links, key=lambda one: one.get("relation") == "same story")
    return tuple(_claim(entry, text, site) for entry in links)


def _told(
    groups: Iterable[tuple[str, Sequence[Data]]], text: TextView, site: Site
) -> Iterator[tuple[str, tuple[Claim, ...]]]:
    for name, entries in groups:
        if entries:
            yield name, tuple(_claim(entry, text, site) for entry in entries)


def _claim(entry: Data, text: TextView, site: Site) -> Claim:
    subject = next((key for key in _SUBJECTS if not _is_empty(entry.get(key))), "")
    said = _said(subject, entry[subject]) if subject else ""
    if subject == "document":
        said = site.titles.get(said, said)
    elif subject == "method":
        said = _method(str(entry[subject]))
    confidence = entry.get("confidence")
    return Claim(
        text=said[:_FACT_CHARS],
        href=site.pages.get(str(entry.get("document")), ""),
        facts=tuple(_details(entry, subject)),
        confidence=percent(confidence) if isinstance(confidence, float) else "",
        places=tuple(_places(_cited(entry), text)),
    )


def _cited(entry: Data) -> object:
    """What a source is cited for says more than the words that cite it."""
    return entry.get("cited_for") or entry.get("evidence")


def _details(entry: Data, subject: str) -> Iterator[tuple[str, str]]:
    """What kind of claim it is, without a key; then its other details."""
    for key in _PLAIN:
        if isinstance(value := entry.get(key), str) and value:
            yield "", _role(value)
    basis = entry.get("basis")
    if isinstance(basis, str):
        yield "", {"disclosed": _("as the text says"), "inferred": _("inferred from evidence")}.get(basis, basis)
    yield from facts(entry, (subject, "confidence", "evidence", "cited_for", *_PLAIN, *_LEFT_OUT))


def _role(name: str) -> str:
    found = {
        "text": _("language of the text"),
        "site": _("language of the site's own interface"),
        "declared": _("declared by the page"),
        "translation": _("as a translation"),
        "SoftwareAgent": _("software"),
        "Person": _("person"),
        "Organization": _("organisation"),
        "author": _("author"),
        "editor": _("editor"),
        "publisher": _("publisher"),
        "translator": _("translator"),
        "reviewer": _("reviewer"),
        "agency": _("agency"),
        "translation engine": _("translation engine"),
        "source": _("source"),
        "cited": _("cited"),
        "photo": _("picture"),
        "published": _("published"),
        "modified": _("changed"),
        "dateline": _("dateline"),
        "official statement": _("official statement"),
    }.get(name)
    return found or (_("data") if name == "data" else words(relation(name)))


def _method(name: str) -> str:
    return {
        "machine": _("by machine"),
        "machine_reviewed": _("by machine, reviewed by a person"),
        "human": _("translated by a person"),
        "translated": _("translated"),
        "generated": _("generated"),
        "original": _("original"),
    }.get(name, words(name))


def _places(evidence: object, text: TextView) -> Iterator[tuple[int | None, str]]:
    """Where in the text a claim rests; evidence from the file's metadata has no place in it."""
    listed = evidence if isinstance(evidence, Sequence) and not isinstance(evidence, str) else ()
    for one in listed[:_MOST_PLACES]:
        if not isinstance(one, Mapping):
            continue
        anchor = _anchor(one.get("start"), one.get("end"), text)
        told = f"{one['metadata']}: {one.get('note', '')}" if "metadata" in one else one.get("note", "")
        said = one.get("quote") or told
        yield anchor, str(said)[: _FACT_CHARS + 1]


def _anchor(start: object, end: object, text: TextView) -> int | None:
    """The anchor at a place, or the first inside it (a sentence that holds a finding)."""
    if not isinstance(start, int) or start in text.anchors:
        return start if isinstance(start, int) else None
    last = end if isinstance(end, int) else start
    return min((one for one in text.anchors if start <= one < last), default=None)
