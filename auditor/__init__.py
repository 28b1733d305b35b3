"""Multilingual translation-quality and provenance auditor.

What a user imports::

    from auditor import audit, Settings, Auditor

    report = audit(["archive/"], Settings(score="none"), workers=2)
    for one in report.documents:
        print(one.document.id, one.verdict.decision, [finding.rule for finding in one.findings])

    auditor = Auditor()
    auditor.screen("one text").verdict.decision
    for answer in auditor.screen_many(texts): ...

Names load on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.cleaning import Cleaned as Cleaned
    from auditor.cleaning import clean_text as clean_text
    from auditor.cleaning import main_text as main_text
    from auditor.config import Settings as Settings
    from auditor.config import load as load_settings
    from auditor.data import Document as Document
    from auditor.data import DocumentAudit as DocumentAudit
    from auditor.data import Evidence as Evidence
    from auditor.data import Finding as Finding
    from auditor.data import Report as Report
    from auditor.data import Severity as Severity
    from auditor.data import Skipped as Skipped
    from auditor.data import Span as Span
    from auditor.data import Verdict as Verdict
    from auditor.errors import AuditorError as AuditorError
    from auditor.errors import UsageError as UsageError
    from auditor.pipeline import audit as audit
    from auditor.pipeline import audit_documents as audit_documents
    from auditor.report import write_reports as write_reports
    from auditor.screening import Auditor as Auditor
    from auditor.screening import load_reference as load_reference

_HOME = {
    "Auditor": "screening",
    "AuditorError": "errors",
    "Cleaned": "cleaning",
    "Document": "data",
    "DocumentAudit": "data",
    "Evidence": "data",
    "Finding": "data",
    "Report": "data",
    "Settings": "config",
    "Severity": "data",
    "Skipped": "data",
    "Span": "data",
    "UsageError": "errors",
    "Verdict": "data",
    "audit": "pipeline",
    "audit_documents": "pipeline",
    "clean_text": "cleaning",
    "load_reference": "screening",
    "load_settings": "config",
    "main_text": "cleaning",
    "write_reports": "report",
}

__all__ = [
    "Auditor",
    "AuditorError",
    "Cleaned",
    "Document",
    "DocumentAudit",
    "Evidence",
    "Finding",
    "Report",
    "Settings",
    "Severity",
    "Skipped",
    "Span",
    "UsageError",
    "Verdict",
    "audit",
    "audit_documents",
    "clean_text",
    "load_reference",
    "load_settings",
    "main_text",
    "write_reports",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        message = f"module 'auditor' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"auditor.{_HOME[name]}"), "load" if name == "load_settings" else name)


def __dir__() -> list[str]:
    return sorted(__all__)
