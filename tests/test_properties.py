"""Whatever the text: no rule fails, every quote is cut from its place, and the result is the same twice."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor import Document, Settings, audit_documents
from auditor.data import Origin
from auditor.pipeline import Detector

CASES = Path(__file__).parent / "rules"


def lines() -> list[str]:
    """Lines of all rule cases: text that rules look at closely."""
    found = set()
    for path in sorted(CASES.glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        for case in (*table["fires"], *table["silent"]):
            for one in case.get("documents") or [case]:
                found.update(one["text"].replace("⟦", "").replace("⟧", "").splitlines())
    return sorted(line for line in found if line.strip())


NOISE = st.text(
    alphabet=st.one_of(
        st.characters(blacklist_categories=["Cs"]),
        st.sampled_from(
            list("\n\r\t\u2028\u200b\u202e\ufeff\ufffd“”„“«»'\"()[]{}<>&;:.,!?-–—•*#0123456789%$€£ЇїІёЯ中文。、عب٣İǅﬁ")
        ),
    ),
    max_size=60,
)
TEXTS = st.lists(st.one_of(st.sampled_from(lines()), NOISE), max_size=12).map("\n".join)
SETTINGS = Settings(score="none")


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(SETTINGS)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(text=TEXTS)
def test_rules_are_total_and_quotes_are_exact(detector: Detector, text: str) -> None:
    document = Document("a", text, Origin("a", "txt"))
    found = detector.detect(document)
    assert found.failures == ()
    for one in found.findings:
        assert one.quote == text[one.span.start : one.span.end]
        assert len(one.span) > 0
        assert 0 <= one.confidence <= 1
        assert one.message
        for proof in one.evidence:
            assert proof.quote == text[proof.span.start : proof.span.end]
    for seen in found.observations:
        assert seen.quote == text[seen.span.start : seen.span.end]
    assert detector.detect(document) == found


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(texts=st.lists(TEXTS, min_size=2, max_size=4), group=st.sampled_from([None, "story"]))
def test_comparing_documents_is_total_and_does_not_depend_on_order(texts: list[str], group: str | None) -> None:
    documents = [
        Document(f"d{number}", text, Origin(f"d{number}", "txt"), group=group) for number, text in enumerate(texts)
    ]
    report = audit_documents(documents, SETTINGS)
    assert report.notices == ()
    by_id = {one.id: one.text for one in documents}
    for audited in report.documents:
        for one in audited.findings:
            assert one.quote == by_id[one.document_id][one.span.start : one.span.end]
            for proof in one.evidence:
                assert proof.quote == by_id[proof.document_id][proof.span.start : proof.span.end]
    backwards = audit_documents(list(reversed(documents)), SETTINGS)
    assert sorted(backwards.documents, key=lambda one: one.document.id) == list(report.documents)
