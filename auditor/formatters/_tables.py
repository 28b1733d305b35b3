"""Two flat tables of a run, one row a document and one row a finding, with the same columns in CSV and Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from auditor.data import DocumentAudit, Report, Severity
from auditor.formatters._wire import document_object, dumps

if TYPE_CHECKING:
    from pandas import DataFrame

# So many documents are held as tables at a time, so that memory does not grow with the run.
_BLOCK = 5_000
_TEXT, _WHOLE, _REAL = "string", "Int64", "Float64"

DOCUMENT_COLUMNS = {
    "id": _TEXT,
    "path": _TEXT,
    "group": _TEXT,
    "language": _TEXT,
    "label": _TEXT,
    "probability": _REAL,
    "decision": _TEXT,
    "risk": _REAL,
    "reasons": _TEXT,
    "characters": _WHOLE,
    "findings": _WHOLE,
    **{severity.label: _WHOLE for severity in reversed(Severity)},
    "scores": _TEXT,
    "provenance": _TEXT,
    "signature": _TEXT,
}
FINDING_COLUMNS = {
    "document": _TEXT,
    "rule": _TEXT,
    "name": _TEXT,
    "family": _TEXT,
    "severity": _TEXT,
    "confidence": _REAL,
    "start": _WHOLE,
    "end": _WHOLE,
    "quote": _TEXT,
    "message": _TEXT,
    "suggestion": _TEXT,
    "mqm": _TEXT,
    "its": _TEXT,
    "fingerprint": _TEXT,
    "data": _TEXT,
    "evidence": _TEXT,
}


def tables(report: Report, clean: Callable[[str], str] = str) -> Iterator[tuple[DataFrame, DataFrame]]:
    """Yield documents and findings of some thousand documents at a time, at least once.

    ``clean`` goes over every cell of text. Nested values are JSON text.
    """
    documents: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    number = 0
    # Only cells are held, not the documents with their texts, which may be long.
    for number, audit in enumerate(report.documents, 1):
        one = document_object(audit, report)
        documents.append(_document(audit, one))
        findings.extend(_finding(one["id"], finding) for finding in one["findings"])
        if not number % _BLOCK:
            yield _frame(documents, DOCUMENT_COLUMNS, clean), _frame(findings, FINDING_COLUMNS, clean)
            documents, findings = [], []
    if documents or not number:
        yield _frame(documents, DOCUMENT_COLUMNS, clean), _frame(findings, FINDING_COLUMNS, clean)


def _document(audit: DocumentAudit, one: dict[str, Any]) -> dict[str, Any]:
    severities = [finding["severity"] for finding in one["findings"]]
    row = (
        one
        | {
            "reasons": "; ".join(one["reasons"]),
            "characters": len(audit.document.text),
            "findings": len(severities),
        }
        | {severity.label: severities.count(severity.label) for severity in Severity}
        | {name: dumps(one[name]) for name in ("scores", "provenance")}
    )
    return {name: row[name] for name in DOCUMENT_COLUMNS}


def _finding(document: str, one: dict[str, Any]) -> dict[str, Any]:
    row = one | {"document": document} | {name: dumps(one[name]) for name in ("data", "evidence")}
    return {name: row[name] for name in FINDING_COLUMNS}


def _frame(rows: Sequence[dict[str, Any]], columns: dict[str, str], clean: Callable[[str], str]) -> DataFrame:
    """Every column has its type even when there are no rows, so that files of several runs can be joined."""
    import pandas as pd

    series = {}
    for name, kind in columns.items():
        cells = [row[name] for row in rows]
        if kind == _TEXT:
            cells = [None if cell is None else clean(_utf8(str(cell))) for cell in cells]
        series[name] = pd.Series(cells, dtype=kind)
    return pd.DataFrame(series)


def _utf8(cell: str) -> str:
    """Half a surrogate pair, which neither format can hold, becomes its escape."""
    return cell.encode("utf-8", "backslashreplace").decode("utf-8")
