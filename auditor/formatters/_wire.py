"""The wire format ``auditor/1``: one JSON object a document, and the object of a whole run (``docs/schema.md``)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from auditor.data import (
    ASIDE,
    SURPRISAL,
    Document,
    DocumentAudit,
    Evidence,
    Finding,
    Report,
    RuleMeta,
    Score,
    Story,
)
from auditor.formatters._sentences import account
from auditor.formatters._words import speak
from auditor.totals import totals

SCHEMA = "auditor/1"
_RECORD = (
    *("languages", "translation", "agents", "sources", "dates", "links"),
    *("creation", "source_language", "route", "credentials"),
)

# Of several scorers that looked at sentences the first of these is told as `sentences`, else the first by name.
_SENTENCE_SCORERS = ("machine_translation", SURPRISAL)
# Written as JSON escapes although JSON does not ask for it: signs that end a line for some readers of JSON lines,
# drive a terminal, or turn the reading order.
_ESCAPES = {
    code: f"\\u{code:04x}"
    for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def document_object(audit: DocumentAudit, report: Report) -> dict[str, Any]:
    """Return the wire object of one document, its keys in their fixed order."""
    document, verdict = audit.document, audit.verdict
    names = {meta.code: meta for meta in report.rules}
    found = {
        "schema": SCHEMA,
        "id": document.id,
        "path": document.origin.path,
        "group": document.group,
        "language": audit.page.language.tag,
        "label": verdict.label,
        "probability": _json(verdict.probability),
        "decision": verdict.decision,
        "risk": _json(verdict.risk),
        "reasons": list(verdict.reasons),
        "scores": _json(audit.measures),
        "findings": [_finding(finding, names.get(finding.rule)) for finding in audit.findings],
        "suppressed": [
            {"reason": one.reason, "finding": _finding(one.finding, names.get(one.finding.rule))}
            for one in audit.suppressed
        ],
        "sentences": [
            {"start": score.span.start, "end": score.span.end, "score": _json(score.value)}
            for score in sentence_scores(audit)
        ],
        "provenance": _provenance(audit),
        "signature": report.signature,
    }
    return found | _metadata(document)


def sentence_scores(audit: DocumentAudit) -> tuple[Score, ...]:
    """Return the scores of sentences by one scorer, in reading order. Scores of names are not of sentences."""
    names = sorted({score.scorer for score in audit.scores if not score.scorer.startswith(ASIDE)})
    chosen = next((name for name in _SENTENCE_SCORERS if name in names), names[0] if names else "")
    return tuple(sorted((score for score in audit.scores if score.scorer == chosen), key=lambda score: score.span))


def _metadata(document: Document) -> dict[str, Any]:
    """The other fields of an input row, passed through; the key is left out where there are none."""
    return {"metadata": _json(document.metadata)} if document.metadata else {}


def _finding(finding: Finding, meta: RuleMeta | None) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "name": meta.name if meta else finding.rule,
        "family": finding.rule[:2],
        "severity": finding.severity.label,
        "confidence": _json(finding.confidence),
        "start": finding.span.start,
        "end": finding.span.end,
        "quote": finding.quote,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "mqm": meta.mqm if meta else "",
        "its": meta.its if meta else "",
        "fingerprint": finding.fingerprint,
        "data": _json(finding.data),
        "evidence": [_evidence(evidence) for evidence in finding.evidence],
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "document": evidence.document_id,
        "start": evidence.span.start,
        "end": evidence.span.end,
        "quote": evidence.quote,
        "note": evidence.note,
    }


def _provenance(audit: DocumentAudit) -> dict[str, Any]:
    """The record with its account in one line, which is English whatever language a report is read in."""
    with speak("en"):
        summary = account(audit)
    return {"summary": summary} | {name: _json(getattr(audit.provenance, name)) for name in _RECORD}


def story_object(story: Story) -> dict[str, Any]:
    """The wire object of a story."""
    return {
        "id": story.id,
        "title": story.title,
        "documents": list(story.documents),
        "edges": _json(story.edges),
    }


def _json(value: object) -> Any:
    """Make any value one that JSON can hold: numbers that JSON lacks (NaN, infinity) become null."""
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, Evidence):
        return _evidence(value)
    if isinstance(value, Mapping):
        return {str(key): _json(one) for key, one in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((_json(one) for one in value), key=str)
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_json(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (str, int)) else str(value)


def dumps(value: object) -> str:
    """Serialise to one line of JSON that any UTF-8 stream can take.

    Half a surrogate pair, which Python strings may hold and UTF-8 may not, becomes its JSON escape.
    """
    line = json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_ESCAPES)
    return line.encode("utf-8", "backslashreplace").decode("utf-8")


def _list(values: Iterable[object]) -> Iterator[str]:
    """What ``dumps`` makes of a list, whose entries are held one at a time."""
    yield "["
    for number, one in enumerate(values):
        yield (", " if number else "") + dumps(one)
    yield "]"


def report_pieces(report: Report) -> Iterator[str]:
    """Yield the JSON text of a whole run piece by piece, so that only one document is held as text at a time."""
    rules = [
        {
            "code": meta.code,
            "name": meta.name,
            "family": meta.family,
            "severity": meta.severity.label,
            "mqm": meta.mqm,
            "its": meta.its,
            "since": meta.since,
        }
        for meta in report.rules
    ]
    skipped = (
        {"path": one.origin.path, "format": one.origin.format, "locator": one.origin.locator, "reason": one.reason}
        for one in report.skipped
    )
    yield f'{{"schema": {dumps(SCHEMA)},\n"signature": {dumps(report.signature)},\n'
    yield f'"rules": {dumps(rules)},\n"documents": ['
    for number, audit in enumerate(report.documents):
        yield ("\n" if number == 0 else ",\n") + dumps(document_object(audit, report))
    yield '],\n"stories": '
    yield from _list(map(story_object, report.stories))
    yield ',\n"skipped": '
    yield from _list(skipped)
    yield f',\n"notices": {dumps(list(report.notices))},\n'
    yield f'"totals": {dumps(totals(report))}}}\n'
