"""Every rule against its cases (``tests/rules/<CODE>.toml``): where it must fire, and where it must not."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from auditor import registry
from auditor.data import Document, Finding, Observation, Origin, Span
from auditor.registry import BaseRule, CorpusRule, Rule
from auditor.segment import segment

CASES = Path(__file__).parent / "rules"
RULES = {rule.meta.code: rule for rule in registry.rules()}
_MARK = re.compile("[⟦⟧]")


def unmark(marked: str) -> tuple[str, list[Span]]:
    """Take the marks out of a text and return where they stood."""
    spans, starts, clean = [], [], ""
    for piece in re.split("([⟦⟧])", marked):
        if piece == "⟦":
            starts.append(len(clean))
        elif piece == "⟧":
            spans.append(Span(starts.pop(), len(clean)))
        else:
            clean += piece
    return clean, sorted(spans)


def cases(kind: str) -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8")).get(kind, []):
            found.append(pytest.param(path.stem, case, id=f"{path.stem}-{case['name']}"))
    return found


def run(rule: BaseRule, case: dict[str, Any]) -> tuple[list[Finding], list[tuple[str, Span]], dict[str, str]]:
    documents = case.get("documents") or [{"id": "a", **case}]
    findings: list[Finding] = []
    expected: list[tuple[str, Span]] = []
    observed: dict[str, list[Observation]] = defaultdict(list)
    texts = {}
    for given in documents:
        text, spans = unmark(given["text"])
        texts[given["id"]] = text
        expected += [(given["id"], span) for span in spans]
        document = Document(
            given["id"],
            text,
            Origin(given["id"], given.get("format", "txt")),
            declared_language=given.get("declared_language"),
            group=given.get("group"),
            metadata=given.get("metadata", {}),
        )
        page = segment(document)
        if isinstance(rule, Rule):
            findings += rule.check(page)
        if isinstance(rule, CorpusRule):
            for seen in rule.observe(page):
                observed[seen.key].append(seen)
    for key in sorted(observed):
        assert isinstance(rule, CorpusRule)
        findings += rule.resolve(sorted(observed[key], key=lambda o: (o.document_id, o.span, o.quote)))
    return findings, expected, texts


def meets(finding: Finding, document: str, span: Span) -> bool:
    """Whether a finding stands at the marked place: half of the shorter span is shared."""
    shared = min(finding.span.end, span.end) - max(finding.span.start, span.start)
    return finding.document_id == document and shared * 2 >= max(1, min(len(finding.span), len(span)))


@pytest.mark.parametrize(("code", "case"), cases("fires"))
def test_fires_at_the_marked_places(code: str, case: dict[str, Any]) -> None:
    findings, expected, texts = run(RULES[code], case)
    assert expected, "a case that must fire marks the place"
    for document, span in expected:
        assert any(meets(one, document, span) for one in findings), (texts[document][span.start : span.end], findings)
    for one in findings:
        assert one.quote == one.span.cut(texts[one.document_id])
        assert any(meets(one, document, span) for document, span in expected), f"stray: {one}"
    for key in ("severity", "suggestion"):
        if key in case:
            values = {one.severity.label if key == "severity" else one.suggestion for one in findings}
            assert case[key] in values
    for key, value in case.get("data", {}).items():
        assert any(one.data.get(key) == value for one in findings), [dict(one.data) for one in findings]


@pytest.mark.parametrize(("code", "case"), cases("silent"))
def test_silent_on_near_misses(code: str, case: dict[str, Any]) -> None:
    findings, expected, _ = run(RULES[code], case)
    assert not expected, "a silent case has no marks"
    assert not findings


def test_every_rule_has_cases_and_as_many_near_misses() -> None:
    for code in RULES:
        path = CASES / f"{code}.toml"
        assert path.exists(), f"no cases for {code}"
        table = tomllib.loads(path.read_text("utf-8"))
        assert len(table["fires"]) >= 1
        assert len(table["silent"]) >= len(table["fires"]), code


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_rule_is_documented(rule: BaseRule) -> None:
    text = type(rule).__doc__ or ""
    for heading in ("Why:", "How:", "Limits:"):
        assert heading in text, f"{rule.meta.code} has no {heading!r} in its docstring"
    assert re.fullmatch(r"[A-Z]{2}\d{3}", rule.meta.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.meta.name)


def test_codes_and_names_are_unique() -> None:
    names = [rule.meta.name for rule in registry.rules()]
    codes = [rule.meta.code for rule in registry.rules()]
    assert len(set(names)) == len(names)
    assert len(set(codes)) == len(codes)
