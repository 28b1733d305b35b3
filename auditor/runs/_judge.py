"""Scoring and judging a shard, and the tables of documents and findings that a run leaves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from auditor.config import Settings
from auditor.data import UNSURE_LINE, DocumentAudit, Finding, RuleMeta, Score, Severity, Span
from auditor.pipeline import Detected, finish, score_all
from auditor.resolve import settle
from auditor.runs._detect import documents
from auditor.runs._folder import RunFolder
from auditor.runs._notices import since
from auditor.runs._resolve import corpus_findings
from auditor.scorers import Models
from auditor.selection import chosen_rules
from auditor.store.rows import findings_of, page_of, plain_json, storable
from auditor.store.shards import counters, read_rows, write_rows

_SCORE = {"row": "whole", "start": "whole", "end": "whole", "scorer": "text", "value": "real"}
DOCUMENTS = {
    **dict.fromkeys(("shard", "id", "path", "locator", "group", "language", "label", "decision"), "text"),
    **dict.fromkeys(("row", "characters", "findings", *(one.label for one in reversed(Severity))), "whole"),
    **dict.fromkeys(("probability", "risk"), "real"),
    **dict.fromkeys(("reasons", "scores", "provenance", "suppressed"), "text"),
}
FINDINGS = {
    **dict.fromkeys(("shard", "document", "language", "rule", "name", "family", "severity"), "text"),
    **dict.fromkeys(("row", "start", "end"), "whole"),
    "confidence": "real",
    **dict.fromkeys(("quote", "message", "suggestion", "mqm", "its", "fingerprint", "data", "evidence"), "text"),
}


def load(folder: RunFolder, shard: str) -> tuple[list[int], list[Detected], list[list[Finding]]]:
    """A shard's documents after detection and resolution: rows, pages with their own findings, settled findings."""
    rows: list[int] = []
    detected: list[Detected] = []
    settled: list[list[Finding]] = []
    found = corpus_findings(folder, shard)
    pages = {row["row"]: row for row in read_rows(folder.shard("detect", shard))}
    for row, document in documents(folder, shard):
        page = pages[row]
        if page["skipped"] is not None:
            continue
        own = findings_of(json.loads(page["findings"]))
        rows.append(row)
        detected.append(Detected(page_of(page, document), tuple(own), ()))
        settled.append(settle([*own, *found.get(row, ())]))
    return rows, detected, settled


class ScoreShard:
    """A worker: keeps the models and scores a shard."""

    def __init__(self, folder: RunFolder, settings: Settings) -> None:
        self._folder = folder
        self._settings = settings
        self._models = Models(settings)

    def __call__(self, shard: str) -> dict[str, Any]:
        """Score one shard; returns counters, the names of the models, and what they had to say."""
        rows, detected, settled = load(self._folder, shard)
        before, read = self._models.notices(), _tokens(self._models)
        scored = score_all(self._settings, self._models, detected, settled)
        out = [
            {"row": row, "start": one.span.start, "end": one.span.end, "scorer": one.scorer, "value": one.value}
            for row, scores in zip(rows, scored, strict=True)
            for one in scores
        ]
        counts: dict[str, Any] = {
            "documents": len(rows),
            "scores": len(out),
            "lines_asked": sum(one["scorer"] == UNSURE_LINE for one in out),
            "chars": sum(len(one.page.text) for one in detected),
            "tokens": _tokens(self._models) - read,
            "models": self._models.names(),
            "notices": since(before, self._models.notices()),
        }
        write_rows(self._folder.shard("score", shard), _SCORE, out, counts)
        return counts


def _tokens(models: Models) -> int:
    """How many tokens the encoder has read so far; 0 where another model scores."""
    origin = models.origin()
    return origin.encoder.tokens if origin else 0


def scores_of(folder: RunFolder, shard: str) -> dict[int, list[Score]]:
    """The scores of a shard by row, without document ids where there are none."""
    if not folder.has("score", shard):
        return {}
    rows = read_rows(folder.shard("score", shard))
    return {
        row: [Score("", Span(one["start"], one["end"]), one["scorer"], one["value"]) for one in own]
        for row, own in groupby(rows, key=lambda one: one["row"])
    }


@dataclass
class JudgeShard:
    """A worker: judges a shard and writes its tables; ``documents/`` is written last."""

    folder: RunFolder
    settings: Settings

    def __call__(self, shard: str) -> dict[str, int]:
        """Judge one shard; returns counters."""
        metas = {rule.meta.code: rule.meta for rule in chosen_rules(self.settings)}
        rows, detected, settled = load(self.folder, shard)
        scores = scores_of(self.folder, shard)
        audits: list[DocumentAudit] = []
        for row, one, findings in zip(rows, detected, settled, strict=True):
            own = [Score(one.page.document.id, it.span, it.scorer, it.value) for it in scores.get(row, ())]
            audits.append(finish(self.settings, one, findings, own))
        places = list(zip(rows, audits, strict=True))
        found = [_finding(shard, row, one, it, metas) for row, one in places for it in one.findings]
        counts = {"documents": len(rows), "findings": len(found), "chars": sum(len(one.page.text) for one in detected)}
        write_rows(self.folder.shard("findings", shard), FINDINGS, found, counts)
        write_rows(self.folder.shard("documents", shard), DOCUMENTS, [_document(shard, *it) for it in places], counts)
        return counts


def _document(shard: str, row: int, one: DocumentAudit) -> dict[str, Any]:
    verdict, document = one.verdict, one.document
    severities = [finding.severity for finding in one.findings]
    return {
        "shard": shard,
        "row": row,
        "id": document.id,
        "path": document.origin.path,
        "locator": document.origin.locator,
        "group": document.group,
        "language": one.page.language.tag,
        "label": verdict.label,
        "probability": verdict.probability,
        "decision": verdict.decision,
        "risk": verdict.risk,
        "reasons": plain_json(verdict.reasons),
        "characters": len(document.text),
        "findings": len(severities),
        **{severity.label: severities.count(severity) for severity in Severity},
        "scores": plain_json(one.measures),
        "provenance": plain_json(
            {name: getattr(one.provenance, name) for name in type(one.provenance).__dataclass_fields__}
        ),
        "suppressed": plain_json(
            [{"reason": it.reason, "finding": _finding(shard, row, one, it.finding, {})} for it in one.suppressed]
        ),
    }


def _finding(shard: str, row: int, audit: DocumentAudit, one: Finding, metas: dict[str, RuleMeta]) -> dict[str, Any]:
    meta = metas.get(one.rule)
    return {
        "shard": shard,
        "row": row,
        "document": one.document_id,
        "language": audit.page.language.tag,
        "rule": one.rule,
        "name": meta.name if meta else one.rule,
        "family": one.rule[:2],
        "severity": one.severity.label,
        "confidence": one.confidence,
        "start": one.span.start,
        "end": one.span.end,
        "quote": one.quote,
        "message": storable(one.message),
        "suggestion": one.suggestion and storable(one.suggestion),
        "mqm": meta.mqm if meta else "",
        "its": meta.its if meta else "",
        "fingerprint": one.fingerprint,
        "data": plain_json(one.data),
        "evidence": plain_json(one.evidence),
    }


def model_names(folder: RunFolder, shards: Sequence[str]) -> list[str]:
    """The models that scored the run, by name, device and dtype. Several of one name are several entries."""
    found = [tuple(counters(folder.shard("score", one))["models"]) for one in shards if folder.has("score", one)]
    return list(dict.fromkeys(name for names in found for name in names))
