"""Where a text comes from: languages, translation, people and engines, sources and dates, each with its evidence.

Language tags follow BCP 47 with extension T (RFC 6497): ``en-t-zh`` is English transformed from Chinese,
``en-t-zh-t0-und`` the same by a machine whose vendor is not specified.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.data import Data, Finding, ProvenanceRecord, SegmentedDocument

_MACHINE = ("machine", "machine_reviewed")


def trace(page: SegmentedDocument, findings: Sequence[Finding]) -> ProvenanceRecord:
    """Collect the claims that disclosures, attributions, metadata and languages support."""
    disclosures = [one for one in findings if one.rule.startswith("TD")]
    attributions = [one for one in findings if one.rule.startswith("SA")]
    translation = _translation(disclosures)
    return ProvenanceRecord(
        languages=tuple(_languages(page, findings, translation)),
        translation=translation,
        agents=tuple(_agents(page, disclosures, attributions)),
        sources=tuple(_sources(attributions)),
        dates=tuple(_dates(page, attributions)),
        links=tuple(_links(page, findings)),
    )


def _evidence(finding: Finding) -> Data:
    return {
        "rule": finding.rule,
        "start": finding.span.start,
        "end": finding.span.end,
        "quote": finding.quote,
    }


def _translation(disclosures: Sequence[Finding]) -> Data:
    """The surest disclosure that the text is a translation; details from the others fill its gaps."""
    told = [one for one in disclosures if one.data.get("method") in {*_MACHINE, "human"}]
    if not told:
        return {}
    told.sort(key=lambda one: (-one.confidence, one.span, one.rule))
    claim: dict[str, object] = {"confidence": told[0].confidence, "evidence": [_evidence(one) for one in told]}
    for one in told:
        for key in ("method", "engine", "translator", "reviewer", "source_language"):
            if one.data.get(key) and key not in claim:
                claim[key] = one.data[key]
    return claim


def _languages(page: SegmentedDocument, findings: Sequence[Finding], translation: Data) -> list[Data]:
    tag = page.language.tag
    claims: list[Data] = [{"tag": tag, "role": "text", "confidence": page.language.confidence, "evidence": []}]
    source = translation.get("source_language")
    if source:
        transformed = f"{tag}-t-{source}" + ("-t0-und" if translation.get("method") in _MACHINE else "")
        claims.append(
            {
                "tag": transformed,
                "role": "translation",
                "confidence": translation["confidence"],
                "evidence": translation["evidence"],
            }
        )
    declared = page.document.declared_language
    if declared:
        claims.append({"tag": declared, "role": "declared", "confidence": 1.0, "evidence": []})
    claims += _site_languages(findings)
    return claims


def _site_languages(findings: Sequence[Finding]) -> list[Data]:
    """Foreign boilerplate is evidence of the language of the site that published the text."""
    seen: dict[str, list[Finding]] = {}
    for one in findings:
        language = one.data.get("language")
        if one.rule == "BP001" and isinstance(language, str):
            seen.setdefault(language, []).append(one)
    return [
        {
            "tag": tag,
            "role": "site",
            "confidence": max(one.confidence for one in own),
            "evidence": [_evidence(one) for one in own[:3]],
        }
        for tag, own in sorted(seen.items())
    ]


def _agents(page: SegmentedDocument, disclosures: Sequence[Finding], attributions: Sequence[Finding]) -> list[Data]:
    claims: dict[tuple[str, str], dict[str, object]] = {}
    roles = {
        "translator": "translator",
        "reviewer": "reviewer",
        "engine": "translation engine",
        "author": "author",
        "agency": "agency",
    }
    for one in (*disclosures, *attributions):
        for key, role in roles.items():
            name = one.data.get(key)
            if isinstance(name, str) and name:
                kind = {"engine": "SoftwareAgent", "agency": "Organization"}.get(key, "Person")
                claim = claims.setdefault(
                    (role, name),
                    {"name": name, "role": role, "type": kind, "confidence": one.confidence, "evidence": []},
                )
                _append(claim, one)
    for key, role in (("author", "author"), ("site_name", "publisher")):
        name = page.document.metadata.get(key)
        if isinstance(name, str) and name:
            kind = "Person" if key == "author" else "Organization"
            claims.setdefault(
                (role, name),
                {"name": name, "role": role, "type": kind, "confidence": 0.9, "evidence": [{"metadata": key}]},
            )
    return [claims[key] for key in sorted(claims)]


def _append(claim: dict[str, object], finding: Finding) -> None:
    places = claim["evidence"]
    if isinstance(places, list) and len(places) < 10:
        places.append(_evidence(finding))
    claim["confidence"] = max(float(str(claim["confidence"])), finding.confidence)


def _sources(attributions: Sequence[Finding]) -> list[Data]:
    claims: dict[str, dict[str, object]] = {}
    for one in attributions:
        name = one.data.get("source")
        if isinstance(name, str) and name:
            claim = claims.setdefault(
                name, {"name": name, "relation": _relation(one.rule), "confidence": 0.0, "evidence": []}
            )
            if one.rule < "SA005":
                claim["relation"] = _relation(one.rule)
            if one.data.get("date"):
                claim["date"] = one.data["date"]
            _append(claim, one)
    return [claims[name] for name in sorted(claims)]


def _relation(rule: str) -> str:
    return {"SA001": "source", "SA003": "agency", "SA004": "photo", "SA006": "republished from"}.get(rule, "cited")


def _dates(page: SegmentedDocument, attributions: Sequence[Finding]) -> list[Data]:
    claims: list[Data] = []
    for key in ("published", "modified"):
        value = page.document.metadata.get(key)
        if isinstance(value, str) and value:
            claims.append({"date": value, "role": key, "confidence": 0.9, "evidence": [{"metadata": key}]})
    for one in attributions:
        value = one.data.get("date")
        if isinstance(value, str) and value:
            role = "source" if one.data.get("source") else "dateline"
            claims.append({"date": value, "role": role, "confidence": one.confidence, "evidence": [_evidence(one)]})
    return claims


def _links(page: SegmentedDocument, findings: Sequence[Finding]) -> list[Data]:
    """Other documents of the archive that findings point to."""
    seen: dict[str, set[str]] = {}
    for one in findings:
        for proof in one.evidence:
            if proof.document_id != page.document.id:
                seen.setdefault(proof.document_id, set()).add(one.rule)
    return [
        {"document": name, "relation": "same story", "confidence": 0.6, "rules": sorted(codes)}
        for name, codes in sorted(seen.items())
    ]
