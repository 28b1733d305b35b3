"""What rules and provenance know more, as words for a reader: data of findings, claims, differences of wording."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from auditor.data import Data, DocumentAudit
from auditor.formatters._html_site import Site
from auditor.formatters._html_text import TextView
from auditor.formatters._labels import language, percent, words

_FACT_CHARS = 300
_MOST_PLACES = 12
# The key that names a claim, in order of preference; the others become its details.
_SUBJECTS = ("name", "tag", "date", "document", "method", "url")
# Details whose value says enough by itself.
_PLAIN = ("role", "relation", "type")
_ROLES = {
    "text": "language of the text",
    "site": "language of the site's own interface",
    "declared": "declared by the page",
    "SoftwareAgent": "software",
    "Person": "person",
    "Organization": "organisation",
}
_METHODS = {"machine": "by machine", "machine_reviewed": "by machine, reviewed by a person", "human": "by a person"}
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
    subject = next((key for key in _SUBJECTS if not _is_empty(entry.get(key))), "")
    said = _said(subject, entry[subject]) if subject else ""
    if subject == "document":
        said = site.titles.get(said, said)
    elif subject == "method":
        said = _METHODS.get(str(entry[subject]), said)
    confidence = entry.get("confidence")
    return Claim(
        text=said[:_FACT_CHARS],
        href=site.pages.get(str(entry.get("document")), ""),
        facts=tuple(_details(entry, subject)),
        confidence=percent(confidence) if isinstance(confidence, float) else "",
        places=tuple(_places(entry.get("evidence"), text)),
    )


def _details(entry: Data, subject: str) -> Iterator[tuple[str, str]]:
    """What kind of claim it is, without a key; then its other details."""
    for key in _PLAIN:
        if isinstance(value := entry.get(key), str) and value:
            yield "", _ROLES.get(value, words(value))
    yield from facts(entry, (subject, "confidence", "evidence", *_PLAIN))


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
