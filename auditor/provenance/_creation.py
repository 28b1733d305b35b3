"""How the text came about: written here, translated or generated, from what it says and what it betrays.

A text's own word (a disclosure) comes first. Else the verdict's label, where a calibrated model gave one. Else
evidence is added up in log-odds: template prose and chatbot phrases for a generated text; a likely source language for
a translation; a known outlet that publishes in the text's own language for an original, where nothing speaks for a
translation. "unknown" is an answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from auditor.data import Data, Finding, SegmentedDocument, Verdict
from auditor.language import primary
from auditor.provenance._evidence import number, place
from auditor.provenance._outlets import outlet

_METHODS = {
    "original": "original",
    "human_translation": "human",
    "machine_translation": "machine",
    "ai_generated": "generated",
}
# Log-odds (nats) before any evidence, and what each kind adds; orders of magnitude set by hand.
_GENERATED_PRIOR = -3.0
_TEMPLATE, _TEMPLATE_MORE, _TEMPLATE_MOST = 2.0, 1.0, 4
_CHATBOT = 5.0
_CONCRETE = -1.5
_ORIGINAL_PRIOR = 0.4
_OWN_OUTLET = 1.2
_OWN_VOICE = 0.5
_SURE = 0.5


def creation(
    page: SegmentedDocument, findings: Sequence[Finding], verdict: Verdict | None, claims: tuple[Data, Data]
) -> Data:
    """The claim of how the text was made; ``claims`` are the translation and the source language."""
    translation, source = claims
    said = sorted((one for one in findings if one.rule == "TD004"), key=lambda one: (-one.confidence, one.span))
    if translation:
        return {
            "method": translation["method"],
            "basis": "disclosed",
            "confidence": translation["confidence"],
            "evidence": translation["evidence"],
        }
    if said:
        return _claim("generated", "disclosed", said[0].confidence, [place(one) for one in said[:3]])
    if verdict and verdict.label in _METHODS and verdict.probability is not None:
        told = [{"note": reason} for reason in verdict.reasons[:3]]
        return _claim(_METHODS[verdict.label], "model", verdict.probability, told)
    return _inferred(page, findings, source)


def _inferred(page: SegmentedDocument, findings: Sequence[Finding], source: Data) -> Data:
    generated, marks = _generated(findings)
    translated = 1 - number(source.get("unknown", 1.0)) if source.get("basis") == "inferred" else 0.0
    if generated >= max(_SURE, translated):
        return _claim("generated", "inferred", generated, marks)
    if translated >= _SURE:
        evidence = source.get("evidence")
        return _claim("translated", "inferred", translated, list(evidence) if isinstance(evidence, list) else [])
    original, signs = _original(page, findings)
    original *= (1 - translated) * (1 - generated)
    if original >= _SURE:
        return _claim("original", "inferred", original, signs)
    return {"method": "unknown", "basis": "no evidence", "confidence": 0.0, "evidence": []}


def _claim(method: str, basis: str, confidence: float, evidence: Sequence[Data]) -> Data:
    return {"method": method, "basis": basis, "confidence": round(confidence, 4), "evidence": list(evidence)}


def _generated(findings: Sequence[Finding]) -> tuple[float, list[dict[str, object]]]:
    chat = [one for one in findings if one.rule == "LM001"]
    template = [one for one in findings if one.rule == "LM004"]
    if not (chat or template):
        return 0.0, []
    odds = _GENERATED_PRIOR + (_CHATBOT * max(one.confidence for one in chat) if chat else 0.0)
    if template:
        more = min(len(template) - 1, _TEMPLATE_MOST)
        odds += (_TEMPLATE + _TEMPLATE_MORE * more) * max(one.confidence for one in template)
    # Named sources and people who speak are what template prose lacks.
    odds += _CONCRETE if any(one.rule in {"SA001", "SA003", "SA005", "SA009", "QD001"} for one in findings) else 0.0
    return 1 / (1 + math.exp(-odds)), [place(one) for one in (*chat[:3], *template[:5])]


def _original(page: SegmentedDocument, findings: Sequence[Finding]) -> tuple[float, list[dict[str, object]]]:
    """A page of an outlet that publishes in the text's language, and that nothing else contradicts."""
    own = primary(page.language.tag)
    names = [one for one in findings if one.rule == "SA008" and one.data.get("language") == own]
    site = outlet(page.document.metadata.get("site_name"))
    if not names and not (site and site.language == own):
        return 0.0, []
    taken = any(one.rule in {"SA001", "SA003", "SA006"} and one.data.get("kind") != "data" for one in findings)
    if taken:
        return 0.0, []
    odds = _ORIGINAL_PRIOR + _OWN_OUTLET * (max(one.confidence for one in names) if names else 1.0)
    # An outlet that quotes what was said to itself was there.
    outlets = {one.data["outlet"] for one in names}
    voiced = [one for one in findings if one.rule == "SA005" and one.data.get("source") in outlets]
    odds += _OWN_VOICE if voiced else 0.0
    return 1 / (1 + math.exp(-odds)), [place(one) for one in (*names[:2], *voiced[:2])]
