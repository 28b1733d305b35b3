"""The rules of a run as SARIF reporting descriptors, related to the MQM and ITS 2.0 taxonomies."""

from __future__ import annotations

import inspect
from typing import Any

from auditor import registry
from auditor.data import Report, RuleMeta, Severity
from auditor.formatters._terms import HOMEPAGE, ITS, MQM

_LEVELS = {Severity.CRITICAL: "error", Severity.MAJOR: "error", Severity.MINOR: "warning", Severity.NEUTRAL: "none"}
_TAXONOMIES = (
    ("MQM Core", "2024-03-07", MQM, "Multidimensional Quality Metrics, identifiers of error types."),
    ("ITS", "2.0", ITS, "Internationalization Tag Set, localization quality issue types."),
)


def driver(report: Report) -> dict[str, Any]:
    """The tool with its rules."""
    texts = {rule.meta.code: inspect.cleandoc(type(rule).__doc__ or "") for rule in registry.rules()}
    parts = dict(part.split(":", 1) for part in report.signature.split("|") if ":" in part)
    return {
        "name": "auditor",
        "informationUri": HOMEPAGE,
        "version": parts.get("auditor", ""),
        "rules": [_rule(meta, texts.get(meta.code, "")) for meta in report.rules],
        "supportedTaxonomies": [{"name": name, "index": at} for at, (name, *_) in enumerate(_TAXONOMIES)],
    }


def _rule(meta: RuleMeta, text: str) -> dict[str, Any]:
    short, _, rest = text.partition("\n")
    made: dict[str, Any] = {
        "id": meta.code,
        "name": "".join(word.capitalize() for word in meta.name.split("-")),
        "shortDescription": {"text": short or meta.name},
        "fullDescription": {"text": " ".join(rest.split()) or short or meta.name},
        "defaultConfiguration": {"level": _LEVELS[meta.severity]},
        "properties": {
            "tags": [one for one in ("translation", meta.family, f"its:{meta.its}", _mqm(meta)) if one],
            "severity": meta.severity.label,
            "mqm": meta.mqm,
            "its": meta.its,
        },
    }
    related = [
        {"target": {"id": target, "toolComponent": {"name": name, "index": at}}, "kinds": ["relevant"]}
        for at, (name, target) in enumerate((("MQM Core", meta.mqm), ("ITS", meta.its)))
        if target
    ]
    return made | ({"relationships": related} if related else {})


def _mqm(meta: RuleMeta) -> str:
    return f"mqm:{meta.mqm}" if meta.mqm else ""


def taxonomies(report: Report) -> list[dict[str, Any]]:
    """MQM and ITS with the types that the rules of this run use."""
    used = (sorted({meta.mqm for meta in report.rules} - {""}), sorted({meta.its for meta in report.rules} - {""}))
    return [
        {
            "name": name,
            "version": version,
            "informationUri": address,
            "shortDescription": {"text": text},
            "taxa": [{"id": one} for one in own],
        }
        for (name, version, address, text), own in zip(_TAXONOMIES, used, strict=True)
    ]
