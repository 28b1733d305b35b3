"""The object of one pair as it is written (``docs/pairs.md``)."""

from __future__ import annotations

from functools import cache
from typing import Any

from auditor.data import Finding, RuleMeta
from auditor.pairs._audit import check_metas
from auditor.pairs._data import PairAudit

SCHEMA = "auditor/pair/1"


@cache
def _metas() -> dict[str, RuleMeta]:
    return {meta.code: meta for meta in check_metas()}


def pair_object(one: PairAudit) -> dict[str, Any]:
    """One pair; spans are half-open ranges of code points in the side that a finding names."""
    pair = one.pair
    return {
        "schema": SCHEMA,
        "id": pair.id,
        "path": pair.origin.path,
        "source_language": one.languages[0],
        "target_language": one.languages[1],
        "quality": one.quality,
        "doubtful": [
            {"start": doubt.span.start, "end": doubt.span.end, "quote": doubt.quote, "probability": doubt.probability}
            for doubt in one.doubtful
        ],
        "scores": dict(one.scores),
        "findings": [_finding(finding) for finding in one.findings],
    }


def _finding(one: Finding) -> dict[str, Any]:
    meta = _metas()[one.rule]
    return {
        "rule": one.rule,
        "name": meta.name,
        "severity": one.severity.label,
        "confidence": one.confidence,
        "side": one.data["side"],
        "start": one.span.start,
        "end": one.span.end,
        "quote": one.quote,
        "message": one.message,
        "suggestion": one.suggestion,
        "mqm": meta.mqm,
        "its": meta.its,
        "fingerprint": one.fingerprint,
        "data": {key: value for key, value in one.data.items() if key != "side"},
        "evidence": [
            {"side": proof.note, "start": proof.span.start, "end": proof.span.end, "quote": proof.quote}
            for proof in one.evidence
        ],
    }
