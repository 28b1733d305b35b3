"""Verdict and provenance: what evidence leads to which decision, label and claim."""

from __future__ import annotations

import pytest

from auditor.data import NAME_RATIO, Decision, Document, Finding, Origin, Score, Severity, Span
from auditor.provenance import trace
from auditor.segment import segment
from auditor.verdict import adjust, judge, measures

TEXT = "The council voted on Tuesday. Translated by a machine from Ukrainian. Menu"


def finding(rule: str, severity: Severity, confidence: float = 0.9, start: int = 0, **data: object) -> Finding:
    suggestion = data.pop("suggestion", None)
    span = Span(start, start + 4)
    return Finding(rule, "a", span, TEXT[start : start + 4], "why", severity, confidence, suggestion, (), data)


def page(text: str = TEXT, **more: object):
    return segment(Document("a", text, Origin("a", "txt"), **more))


def test_clean_text_is_accepted_and_unknown() -> None:
    verdict = judge((), {}, Decision())
    assert (verdict.label, verdict.probability, verdict.decision, verdict.risk) == ("unknown", None, "accept", 0.0)


def test_minor_findings_alone_never_lead_to_review() -> None:
    many = [finding(f"MT{number:03}", Severity.MINOR, 1.0) for number in range(1, 30)]
    assert judge(many, {}, Decision()).decision == "accept"


def test_neutral_findings_weigh_nothing() -> None:
    assert judge([finding("SA001", Severity.NEUTRAL, 1.0)], {}, Decision()).risk == 0.0


def test_one_sure_major_finding_is_reviewed_and_many_are_rejected() -> None:
    one = judge([finding("NM001", Severity.MAJOR)], {}, Decision())
    assert one.decision == "review"
    assert one.reasons == ("NM001 (major): why",)
    rules = ("NM001", "QD001", "NC001", "BP001", "LM001")
    assert judge([finding(rule, Severity.MAJOR, 1.0) for rule in rules], {}, Decision()).decision == "reject"


def test_one_rule_repeated_is_not_counted_like_many_rules() -> None:
    repeated = [finding("BP001", Severity.MAJOR, 1.0, at) for at in range(5)]
    several = [finding(f"{family}001", Severity.MAJOR, 1.0) for family in ("BP", "NM", "QD", "NC", "LM")]
    assert judge(repeated, {}, Decision()).risk < judge(several, {}, Decision()).risk


@pytest.mark.parametrize(
    ("found", "label", "decision"),
    [
        ([("TD001", "machine")], "machine_translation", "review"),
        ([("TD001", "machine_reviewed")], "machine_translation", "review"),
        ([("TD002", "human")], "human_translation", "accept"),
        ([("TD004", "generated")], "ai_generated", "review"),
        ([("TD002", "human"), ("TD001", "machine")], "machine_translation", "review"),
    ],
)
def test_disclosures_give_the_label(found: list[tuple[str, str]], label: str, decision: str) -> None:
    findings = [finding(rule, Severity.NEUTRAL, 0.9, method=method) for rule, method in found]
    verdict = judge(findings, {}, Decision())
    assert (verdict.label, verdict.decision) == (label, decision)
    assert verdict.probability == 0.9


def test_weak_disclosure_gives_no_label() -> None:
    assert judge([finding("TD001", Severity.NEUTRAL, 0.3, method="machine")], {}, Decision()).label == "unknown"


def test_boilerplate_share_leads_to_review() -> None:
    assert judge((), {"boilerplate_ratio": 0.6}, Decision()).decision == "review"
    text = "Menu" + " word" * 4
    own = Finding("BP101", "a", Span(0, 4), "Menu", "m", Severity.MINOR, 1.0)
    twice = Finding("BP102", "a", Span(0, 4), "Menu", "m", Severity.MINOR, 1.0)
    assert measures(page(text), [own, twice]) == {"boilerplate_ratio": 0.2}
    assert measures(page(""), []) == {"boilerplate_ratio": 0.0}


def test_language_model_moves_confidence_on_a_copy_only() -> None:
    named = finding("NM001", Severity.MAJOR, 0.8, suggestion="Other")
    other = finding("QD001", Severity.MAJOR, 0.8, suggestion="Other")
    for value, check in ((8.0, lambda after: after > 0.8), (-8.0, lambda after: after < 0.8)):
        scores = [Score("a", Span(0, 4), f"{NAME_RATIO}:NM001", value)]
        moved, same = adjust([named, other], scores)
        assert check(moved.confidence)
        assert moved.data["name_ratio"] == value
        assert same is other
    assert named.confidence == 0.8


def test_provenance_writes_bcp47_t_with_evidence() -> None:
    start = TEXT.index("Translated")
    told = finding("TD001", Severity.NEUTRAL, 0.9, start, method="machine", source_language="uk", engine="DeepL")
    site = finding("BP001", Severity.MAJOR, 0.9, TEXT.index("Menu"), language="bg", kind="navigation")
    source = finding("SA001", Severity.NEUTRAL, 0.8, source="BBC", date="2025-03-10")
    record = trace(page(declared_language="en-GB", metadata={"published": "2025-03-11"}), [source, told, site])
    tags = {claim["role"]: claim["tag"] for claim in record.languages}
    assert tags == {"text": "en", "translation": "en-t-uk-t0-und", "declared": "en-GB", "site": "bg", "ancestor": "uk"}
    assert record.translation["engine"] == "DeepL"
    assert {agent["name"]: agent["type"] for agent in record.agents} == {"DeepL": "SoftwareAgent"}
    assert record.sources[0]["name"] == "BBC"
    assert [claim["date"] for claim in record.dates] == ["2025-03-10", "2025-03-11"]
    assert record.translation["evidence"][0]["start"] == start


def test_provenance_of_a_plain_text_is_its_language() -> None:
    record = trace(page(), [])
    assert [claim["tag"] for claim in record.languages] == ["en"]
    assert (record.translation, record.agents, record.sources, record.dates, record.links) == ({}, (), (), (), ())
