"""Where a finding stands, in SARIF's terms.

Only a plain text file is read as it is, so only there do places in the text hold for the file. For rows, pages and
archives the location names the file and the document in it, and the place stands in the properties.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from auditor.data import DocumentAudit, Evidence, Finding, Span
from auditor.formatters._terms import Lines

_AS_READ = frozenset({"txt"})
_SNIPPET_CHARS = 300
_MOST_RELATED = 10


def location(audit: DocumentAudit, finding: Finding, lines: Lines) -> dict[str, Any]:
    """The location of a finding in its document."""
    origin, span = audit.document.origin, finding.span
    snippet = {"text": finding.quote[:_SNIPPET_CHARS]}
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(origin.path)}}
    if origin.format in _AS_READ and not origin.locator and lines.known:
        physical["region"] = region(span, lines) | {"snippet": snippet}
    elif origin.locator.isdigit() and int(origin.locator) > 0:
        physical["region"] = {"startLine": int(origin.locator), "snippet": snippet}
    name = {"fullyQualifiedName": audit.document.id, "kind": "resource"}
    properties = {"start": span.start, "end": span.end}
    return {"physicalLocation": physical, "logicalLocations": [name], "properties": properties}


def region(span: Span, lines: Lines) -> dict[str, int]:
    """Lines and columns from 1 (the end column is the one behind the last), and offsets from 0."""
    start, end = lines.at(span.start), lines.at(span.end)
    return {
        "startLine": start[0],
        "startColumn": start[1],
        "endLine": end[0],
        "endColumn": end[1],
        "charOffset": span.start,
        "charLength": len(span),
    }


def related(finding: Finding) -> list[dict[str, Any]]:
    """The places that support a finding."""
    return [_evidence(number, one) for number, one in enumerate(finding.evidence[:_MOST_RELATED])]


def _evidence(number: int, one: Evidence) -> dict[str, Any]:
    said = f"{one.note}: " if one.note else ""
    return {
        "id": number,
        "message": {"text": f"{said}{one.quote[:_SNIPPET_CHARS]}"},
        "logicalLocations": [{"fullyQualifiedName": one.document_id, "kind": "resource"}],
        "properties": {"start": one.span.start, "end": one.span.end},
    }


def uri(path: str) -> str:
    """A relative reference for a path. Example: ``"a b/ü.txt"`` -> ``"a%20b/%C3%BC.txt"``; ``-`` is ``stdin``."""
    if path == "-":
        return "stdin"
    try:
        # Bytes of a file name that are no UTF-8, as Python carries them.
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "backslashreplace")
    return quote(raw, safe="/")
