"""Screening inside other pipelines: single texts, streams of texts, and what an earlier run lends them."""

from __future__ import annotations

from auditor.screening._auditor import Auditor, ScreeningError
from auditor.screening._mailbox import read_lines
from auditor.screening._references import Reference, load_reference
from auditor.screening._stream import ANNOTATE, ANSWER, DROP, Output, Stream, clean_fields, error_object

__all__ = [
    "ANNOTATE",
    "ANSWER",
    "DROP",
    "Auditor",
    "Output",
    "Reference",
    "ScreeningError",
    "Stream",
    "clean_fields",
    "error_object",
    "load_reference",
    "read_lines",
]
