"""What people have accepted already: baselines, allow-lists, suppressions. Such findings weigh nothing any more.

Nothing inside an audited text can suppress anything: texts are hostile, so only the settings and the baseline speak.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from auditor.data import Document, Finding, Suppressed
from auditor.errors import UsageError
from auditor.normalize import fold

SCHEMA = "auditor-baseline/1"
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_CODE = re.compile(r"[A-Z]{2}\d{0,3}")
_KEYS = ("rule", "path", "quote", "reason")


@dataclass(frozen=True, slots=True)
class Suppression:
    """An entry of ``[[suppress]]``: findings of a rule (code prefix), in files of a path (glob), with a quote.

    Empty parts match everything; ``quote`` matches where it stands in the finding's quote, case and accents folded.
    """

    rule: str = ""
    path: str = ""
    quote: str = ""
    reason: str = ""

    def covers(self, finding: Finding, document: Document) -> bool:
        """Whether a finding of a document is accepted."""
        if not finding.rule.startswith(self.rule):
            return False
        if self.path and not fnmatchcase(document.origin.path, self.path):
            return False
        return not self.quote or fold(self.quote) in fold(finding.quote)


@dataclass(frozen=True, slots=True)
class Triage:
    """All that is accepted. ``names`` are right names (for rules of names), ``phrases`` right passages (for all)."""

    names: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    baseline: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.phrases or self.suppressions or self.baseline)

    def split(
        self, findings: Sequence[Finding], document: Document
    ) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
        """Findings that still count, and those that are accepted, with the reason."""
        if not self:
            return tuple(findings), ()
        known = frozenset(self.baseline)
        names, phrases = frozenset(map(fold, self.names)), frozenset(map(fold, self.phrases))
        kept, accepted = [], []
        for one in findings:
            quote = fold(" ".join(one.quote.split()))
            if one.fingerprint in known:
                accepted.append(Suppressed(one, "baseline"))
            elif (one.rule.startswith("NM") and quote in names) or quote in phrases:
                accepted.append(Suppressed(one, "allow-list"))
            elif match := next((rule for rule in self.suppressions if rule.covers(one, document)), None):
                accepted.append(Suppressed(one, match.reason or "suppressed in the settings"))
            else:
                kept.append(one)
        return tuple(kept), tuple(accepted)


def parse_triage(values: dict[str, Any], name: str) -> Triage:
    """Take ``[allow]`` and ``[[suppress]]`` out of a parsed settings table; UsageError names what is wrong."""
    allow = values.pop("allow", {})
    if not isinstance(allow, dict) or set(allow) - {"names", "phrases"}:
        message = f"{name}: [allow] holds the lists names and phrases"
        raise UsageError(message)
    entries = values.pop("suppress", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        message = f"{name}: suppress is a list of tables: [[suppress]]"
        raise UsageError(message)
    return Triage(
        names=_strings(allow.get("names", []), f"{name} [allow] names"),
        phrases=_strings(allow.get("phrases", []), f"{name} [allow] phrases"),
        suppressions=tuple(_suppression(one, f"{name} [[suppress]] {at}") for at, one in enumerate(entries, 1)),
    )


def stored_triage(value: Mapping[str, Any]) -> Triage:
    """What ``dataclasses.asdict`` and JSON made of a triage, as it was."""
    return Triage(
        names=tuple(value.get("names", ())),
        phrases=tuple(value.get("phrases", ())),
        suppressions=tuple(Suppression(**one) for one in value.get("suppressions", ())),
        baseline=tuple(value.get("baseline", ())),
    )


def _strings(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        message = f"{where} must be a list of strings that are not empty"
        raise UsageError(message)
    return tuple(" ".join(one.split()) for one in value)


def _suppression(entry: Mapping[str, Any], where: str) -> Suppression:
    unknown = sorted(set(entry) - set(_KEYS))
    if unknown or not all(isinstance(value, str) for value in entry.values()):
        message = f"{where}: known keys are {', '.join(_KEYS)}, all strings"
        raise UsageError(message)
    rule = entry.get("rule", "").strip().upper()
    if rule and not _CODE.fullmatch(rule):
        message = f"{where}: {rule!r} is no rule code or beginning of one (NM, MT001)"
        raise UsageError(message)
    if not (rule or entry.get("path") or entry.get("quote")):
        message = f"{where} would suppress everything; give rule, path or quote"
        raise UsageError(message)
    return Suppression(rule, entry.get("path", ""), entry.get("quote", ""), entry.get("reason", ""))


def read_baseline(path: Path) -> tuple[str, ...]:
    """The fingerprints that a baseline accepts, sorted. Decisions that confirm a finding accept nothing.

    Raises UsageError for a file that cannot be read or is no baseline.
    """
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as problem:
        message = f"cannot read the baseline {path}: {problem}"
        raise UsageError(message) from problem
    listed = value.get("decisions") if isinstance(value, dict) and value.get("schema") == SCHEMA else None
    if not isinstance(listed, list) or not all(_is_decision(one) for one in listed):
        message = f"{path} is no baseline ({SCHEMA}): download one from a page of the html report"
        raise UsageError(message)
    return tuple(sorted({one["fingerprint"] for one in listed if one["decision"] == "accepted"}))


def _is_decision(value: object) -> bool:
    if not isinstance(value, dict) or value.get("decision") not in {"accepted", "confirmed"}:
        return False
    return bool(_FINGERPRINT.fullmatch(str(value.get("fingerprint", ""))))
