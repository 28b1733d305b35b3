"""Screening inside other pipelines: single texts, streams of texts, and what an earlier run lends them."""

from __future__ import annotations

from auditor.screening._auditor import Auditor, ScreeningError
from auditor.screening._references import Reference, load_reference

__all__ = ["Auditor", "Reference", "ScreeningError", "load_reference"]
