"""Policies: which findings, scores and labels lead to accept, review or reject, by language and by source.

A policy reads results and never changes them, so another one can be tried on stored results without a new audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from typing import Any

from auditor.errors import UsageError

_LABELS = ("original", "human_translation", "machine_translation", "ai_generated", "mixed", "unknown")
_MADE_BY_MACHINE = ("machine_translation", "ai_generated", "mixed")


@dataclass(frozen=True, slots=True)
class Terms:
    """Conditions; any one of them that holds leads to its decision, and reject goes before review.

    Risk and shares lie in 0..1, a value above 1 never holds. ``…_rules`` are code prefixes: one finding of at least
    ``min_confidence`` is enough. ``ignore_rules`` count for nothing, not in the risk either. ``…_scores`` name
    scores of the document and the value from which they hold. ``min_probability`` is asked of labels that have a
    probability.
    """

    review_risk: float = 0.35
    reject_risk: float = 0.9
    review_boilerplate: float = 0.4
    reject_boilerplate: float = 2.0
    review_labels: tuple[str, ...] = _MADE_BY_MACHINE
    reject_labels: tuple[str, ...] = ()
    min_probability: float = 0.5
    review_rules: tuple[str, ...] = ()
    reject_rules: tuple[str, ...] = ()
    ignore_rules: tuple[str, ...] = ()
    min_confidence: float = 0.5
    review_scores: Mapping[str, float] = field(default_factory=dict)
    reject_scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Where:
    """Other terms for some documents: of these languages (primary tags) and these sources (globs); empty means any."""

    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, language: str, sources: Iterable[str]) -> bool:
        """Whether a document is meant; one of its sources (id, path, URL) must match."""
        spoken = not self.languages or language.partition("-")[0] in self.languages
        return spoken and (not self.sources or any(fnmatchcase(one, glob) for one in sources for glob in self.sources))


@dataclass(frozen=True, slots=True)
class Policy:
    """A name, terms for all documents, and exceptions that are laid over them in their order."""

    name: str = "balanced"
    terms: Terms = field(default_factory=Terms)
    where: tuple[Where, ...] = ()

    def for_document(self, language: str, sources: Iterable[str]) -> Terms:
        """The terms that hold for one document."""
        terms, named = self.terms, tuple(sources)
        for one in self.where:
            if one.holds(language, named):
                terms = replace(terms, **one.changes)
        return terms


PRESETS = {
    "strict": Policy(
        "strict",
        Terms(
            review_risk=0.1,
            reject_risk=0.6,
            review_boilerplate=0.15,
            reject_boilerplate=0.6,
            reject_labels=("ai_generated",),
            reject_rules=("LM001",),
        ),
    ),
    "balanced": Policy(),
    "permissive": Policy(
        "permissive",
        Terms(review_risk=0.7, reject_risk=0.98, review_boilerplate=0.7, review_labels=("ai_generated", "mixed")),
    ),
}


def preset(name: str) -> Policy:
    """A policy that is shipped, by name."""
    if name not in PRESETS:
        message = f"no policy {name!r}; shipped: {', '.join(PRESETS)}"
        raise UsageError(message)
    return PRESETS[name]


def parse_policy(table: Mapping[str, Any], where: str) -> Policy:
    """Read a ``[policy]`` table: ``preset`` and what differs from it. UsageError names ``where`` and the key."""
    values = dict(table)
    base = preset(_text(values.pop("preset", "balanced"), f"{where} preset"))
    name = _text(values.pop("name", base.name if not values else f"{base.name}, changed"), f"{where} name")
    exceptions = values.pop("where", [])
    if not isinstance(exceptions, list) or not all(isinstance(one, dict) for one in exceptions):
        message = f"{where}: where is a list of tables, [[policy.where]]"
        raise UsageError(message)
    made = tuple(_exception(one, f"{where} [[where]]") for one in exceptions)
    return Policy(name, replace(base.terms, **_changes(values, where)), base.where + made)


def _exception(table: Mapping[str, Any], where: str) -> Where:
    values = dict(table)
    languages, sources = (_texts(values.pop(key, []), f"{where} {key}") for key in ("languages", "sources"))
    if not languages and not sources:
        message = f"{where} names neither languages nor sources"
        raise UsageError(message)
    return Where(languages, sources, _changes(values, where))


def _changes(values: Mapping[str, Any], where: str) -> dict[str, Any]:
    default = Terms()
    known = {one.name: getattr(default, one.name) for one in fields(Terms)}
    for key in values:
        if key not in known:
            message = f"{where}: unknown key {key!r}; known: {', '.join(sorted(known))}"
            raise UsageError(message)
    return {key: _typed(known[key], value, f"{where} {key}") for key, value in values.items()}


def _typed(default: Any, value: Any, where: str) -> Any:
    if isinstance(default, tuple):
        found = _texts(value, where)
        wrong = [one for one in found if one not in _LABELS] if where.endswith("_labels") else []
        if wrong:
            message = f"{where}: no label {wrong[0]!r}; labels: {', '.join(_LABELS)}"
            raise UsageError(message)
        return found
    if isinstance(default, Mapping):
        if not isinstance(value, dict):
            message = f"{where} must be a table of score names and values, not {value!r}"
            raise UsageError(message)
        return {name: _number(one, f"{where} {name}") for name, one in value.items()}
    return _number(value, where)


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        message = f"{where} must be a number of at least 0, not {value!r}"
        raise UsageError(message)
    return float(value)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        message = f"{where} must be a string, not {value!r}"
        raise UsageError(message)
    return value


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        message = f"{where} must be a list of strings, not {value!r}"
        raise UsageError(message)
    return tuple(value)


def stored_policy(values: Mapping[str, Any] | None) -> Policy | None:
    """The policy whose fields were stored as JSON (``dataclasses.asdict``), None for None."""
    if values is None:
        return None
    where = (Where(tuple(one["languages"]), tuple(one["sources"]), _as_made(one["changes"])) for one in values["where"])
    return Policy(values["name"], Terms(**_as_made(values["terms"])), tuple(where))


def _as_made(values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON has lists where the terms have tuples."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
