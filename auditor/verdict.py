"""One document's label, decision and reasons, from its findings and scores.

Evidence is not counted twice: of each rule only the most confident finding weighs fully, every further one a tenth,
and minor findings together cannot pass a cap. The label says what the text discloses or betrays of its origin; else
what the calibrated scores say, moved by the findings in log-odds: each family of rules counts once, with the weight
that ``knowledge/evidence.tsv`` gives it. Where neither reaches the threshold of its language and length the label is
``unknown``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from auditor import lexicon
from auditor.data import NAME_RATIO, Decision, Finding, Score, SegmentedDocument, Severity, Span, Verdict
from auditor.origin import LABELLED, Estimate, logit

# Weight of one certain finding in the risk, by MQM severity.
_WEIGHT = {Severity.NEUTRAL: 0.0, Severity.MINOR: 0.06, Severity.MAJOR: 0.45, Severity.CRITICAL: 0.8}
_MINOR_CAP = 0.25
_AGAIN = 0.1
# How far one language-model comparison may move a finding: at most this many nats of log-odds.
_RATIO_WEIGHT = 0.15
_RATIO_CAP = 2.0
_SURE = 0.5
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Origin:
    label: str
    probability: float | None
    reason: str


def adjust(findings: Sequence[Finding], scores: Sequence[Score]) -> tuple[Finding, ...]:
    """Move the confidence of name findings by the language model's likelihood ratio; on copies, creating nothing."""
    ratios = {(one.span, one.scorer): one.value for one in scores if one.scorer.startswith(NAME_RATIO)}
    return tuple(_moved(one, ratios.get((one.span, f"{NAME_RATIO}:{one.rule}"))) for one in findings)


def _moved(finding: Finding, ratio: float | None) -> Finding:
    if ratio is None or not finding.rule.startswith("NM") or not finding.suggestion:
        return finding
    odds = math.log(max(finding.confidence, 1e-3) / max(1 - finding.confidence, 1e-3))
    odds += max(-_RATIO_CAP, min(_RATIO_CAP, ratio * _RATIO_WEIGHT))
    confidence = round(min(0.999, 1 / (1 + math.exp(-odds))), 4)
    return replace(finding, confidence=confidence, data={**finding.data, "name_ratio": ratio})


def measures(page: SegmentedDocument, findings: Sequence[Finding]) -> dict[str, float]:
    """Document measures from the findings: ``boilerplate_ratio`` = share of the text's letters inside BP spans."""
    spans = sorted(one.span for one in findings if one.rule.startswith("BP"))
    covered, end = 0, 0
    for span in spans:
        start = max(span.start, end)
        if span.end > start:
            covered += _size(Span(start, span.end).cut(page.text))
            end = span.end
    total = _size(page.text)
    return {"boilerplate_ratio": round(covered / total, 4) if total else 0.0}


def _size(text: str) -> int:
    """Number of letters and digits."""
    return len(_NO_LETTERS.sub("", text))


def judge(
    findings: Sequence[Finding],
    measured: Mapping[str, float],
    decision: Decision,
    estimate: Estimate | None = None,
) -> Verdict:
    """Weigh one document. ``findings`` are already adjusted by scores; ``estimate`` is what the scores alone say."""
    risk = _risk(findings)
    origin = _origin(findings)
    if origin.label == "unknown" and estimate is not None:
        origin = _scored(findings, estimate)
    reasons = _reasons(findings)
    outcome = "accept"
    flagged = (decision.review_machine_translation and origin.label in {"machine_translation", "mixed"}) or (
        decision.review_generated and origin.label == "ai_generated"
    )
    if origin.reason:
        reasons.insert(0, origin.reason)
    share = measured.get("boilerplate_ratio", 0.0)
    if share >= decision.review_boilerplate:
        reasons.append(f"{share:.0%} of the text is boilerplate")
    if risk >= decision.review_risk or flagged or share >= decision.review_boilerplate:
        outcome = "review"
    if risk >= decision.reject_risk:
        outcome = "reject"
    return Verdict(origin.label, origin.probability, outcome, round(risk, 4), tuple(reasons))


def _risk(findings: Sequence[Finding]) -> float:
    """Noisy-or over rules: 1 minus the product of what each rule leaves of the trust in the text."""
    trust, minor = 1.0, 0.0
    for rule in sorted({one.rule for one in findings}):
        own = sorted((one for one in findings if one.rule == rule), key=lambda one: (-one.severity, -one.confidence))
        weights = [_WEIGHT[one.severity] * one.confidence for one in own]
        weight = min(0.95, weights[0] + _AGAIN * sum(weights[1:]))
        if own[0].severity <= Severity.MINOR:
            minor += weight
        else:
            trust *= 1 - weight
    return 1 - trust * (1 - min(minor, _MINOR_CAP))


def _origin(findings: Sequence[Finding]) -> _Origin:
    """What the text says or betrays of its own making, the surest evidence first."""
    best: dict[str, Finding] = {}
    for one in findings:
        label = _betrays(one)
        if label and one.confidence >= _SURE and (label not in best or one.confidence > best[label].confidence):
            best[label] = one
    machine, generated = best.get("machine_translation"), best.get("ai_generated")
    if machine and generated and generated.severity >= Severity.MAJOR:
        return _Origin("mixed", None, f"machine-translated ({machine.rule}) and generated ({generated.rule}) parts")
    order = ("machine_translation", "ai_generated", "human_translation")
    for label in order:
        if label in best:
            one = best[label]
            return _Origin(label, one.confidence, f"{one.rule}: {_short(one.quote)}")
    return _Origin("unknown", None, "")


def _scored(findings: Sequence[Finding], estimate: Estimate) -> _Origin:
    """The label that the scores earn, each moved by the evidence of the findings (sum of log likelihood ratios)."""
    families = {one.rule[:2] for one in findings if one.confidence >= _SURE and one.severity > Severity.NEUTRAL}
    for name in LABELLED:
        if name in estimate.cuts and name in estimate.probabilities:
            moved = logit(estimate.probabilities[name])
            told = [family for family in sorted(families) if _evidence_weight(family, name)]
            moved += sum(_evidence_weight(family, name) for family in told)
            if moved >= logit(estimate.cuts[name]):
                probability = round(1 / (1 + math.exp(-moved)), 4)
                backing = f", with findings of {', '.join(told)}" if told else ""
                return _Origin(name, probability, f"style over {estimate.sentences} sentences{backing}")
    return _Origin("unknown", None, "")


@cache
def _weights() -> dict[tuple[str, str], float]:
    return {(row["family"], row["question"]): float(row["nats"]) for row in lexicon.rows("evidence")}


def _evidence_weight(family: str, question: str) -> float:
    """Log likelihood ratio of a family's findings for a question; 0 where none was measured."""
    return _weights().get((family, question), 0.0)


def _betrays(finding: Finding) -> str:
    """Which origin label a finding is evidence for, "" for none."""
    method = finding.data.get("method")
    if finding.rule.startswith("TD"):
        if method in {"machine", "machine_reviewed"}:
            return "machine_translation"
        return {"human": "human_translation", "generated": "ai_generated"}.get(str(method), "")
    # A placeholder (LM002) may be a person's draft as well; a chatbot's phrase is a model's.
    return "ai_generated" if finding.rule == "LM001" else ""


def _reasons(findings: Sequence[Finding]) -> list[str]:
    """The surest finding of each strong rule in words, with the number of its like; then the count of minor ones."""
    strong = [one for one in findings if one.severity >= Severity.MAJOR]
    strong.sort(key=lambda one: (-one.severity, -one.confidence, one.span, one.rule))
    first: dict[str, Finding] = {}
    for one in strong:
        first.setdefault(one.rule, one)
    reasons = []
    for rule, one in first.items():
        more = sum(other.rule == rule for other in strong) - 1
        reasons.append(f"{rule} ({one.severity.label}): {one.message}" + (f" And {more} more." if more else ""))
    minor = sum(one.severity == Severity.MINOR for one in findings)
    if minor:
        reasons.append(f"{minor} minor finding{'s' if minor > 1 else ''}")
    return reasons


def _short(quote: str) -> str:
    flat = " ".join(quote.split())
    return flat if len(flat) <= 80 else flat[:79] + "…"
