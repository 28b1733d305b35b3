"""Report formats for machines: the wire format against its schema and documentation, and the tables."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest
from referencing import Registry, Resource

from auditor import registry
from auditor.data import Score
from auditor.formatters._wire import document_object
from auditor.formatters.csv_report import inert
from tests.conftest import ROOT
from tests.reports import sample

SCHEMA = json.loads((ROOT / "auditor" / "knowledge" / "report.schema.json").read_text("utf-8"))


def validate(value: Any, part: str = "#") -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    known = Registry().with_resource(SCHEMA["$id"], Resource.from_contents(SCHEMA))
    jsonschema.Draft202012Validator({"$ref": SCHEMA["$id"] + part}, registry=known).validate(value)


def test_every_format_is_found() -> None:
    assert {"csv", "html", "json", "jsonl", "parquet"} <= set(registry.formatters())


@pytest.mark.parametrize("name", ["csv", "html", "json", "jsonl", "parquet"])
def test_main_file_is_under_the_target_and_a_rerun_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    main = registry.formatters()[name].write(sample(), tmp_path / "out")
    first = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    registry.formatters()[name].write(sample(), tmp_path / "out")
    assert main in first
    assert first == {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}


def test_jsonl_objects_keep_the_contract(tmp_path: Path) -> None:
    path = registry.formatters()["jsonl"].write(sample(), tmp_path)
    raw = path.read_bytes().decode("utf-8")
    assert len(raw.splitlines()) == 4, "a line of text is a line for every reader"
    rows = [json.loads(line) for line in raw.splitlines()]
    for row, audit in zip(rows, sample().documents, strict=True):
        validate(row)
        assert list(row) == [name for name in SCHEMA["properties"] if name in row]
        for finding in row["findings"]:
            assert list(finding) == list(SCHEMA["$defs"]["finding"]["properties"])
            assert finding["quote"] == audit.document.text[finding["start"] : finding["end"]]
    assert [row["id"] for row in rows] == [audit.document.id for audit in sample().documents]
    assert rows[0]["metadata"] == {"title": "Harbour <b>town</b>", "site": "x"}
    assert "metadata" not in rows[1]
    assert [one["score"] for one in rows[1]["sentences"]] == [2.0, 3.0, 4.0], "scores of names are not of sentences"
    assert rows[2]["scores"] == {"x": None}
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028]", raw)


def test_sentences_are_told_by_the_most_telling_scorer() -> None:
    audit = sample().documents[1]
    span = audit.page.sentences[0].span
    more = (*audit.scores, Score(audit.document.id, span, "machine_translation", 0.7))
    row = document_object(replace(audit, scores=more), sample())
    assert row["sentences"] == [{"start": span.start, "end": span.end, "score": 0.7}]


def test_json_is_the_whole_run(tmp_path: Path) -> None:
    path = registry.formatters()["json"].write(sample(), tmp_path)
    whole = json.loads(path.read_text("utf-8"))
    validate(whole, "#/$defs/report")
    assert list(whole) == list(SCHEMA["$defs"]["report"]["properties"])
    assert whole["totals"]["decisions"] == {"accept": 1, "review": 1, "reject": 2}
    assert whole["totals"]["severities"] == {"neutral": 1, "minor": 2, "major": 3, "critical": 1}
    assert whole["skipped"] == [{"path": "broken.html", "format": "html", "locator": "7", "reason": "<b>not HTML</b>"}]


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_stream_is_the_file(name: str, tmp_path: Path) -> None:
    formatter = registry.formatters()[name]
    out = io.StringIO()
    formatter.stream(sample(), out)
    assert out.getvalue() == formatter.write(sample(), tmp_path).read_text("utf-8")


@pytest.mark.parametrize("change", [{"label": "robot"}, {"extra": 1}, {"risk": 2}, {"findings": [{}]}, {"id": None}])
def test_the_schema_refuses_what_is_no_contract(change: dict[str, Any]) -> None:
    row = document_object(sample().documents[0], sample())
    with pytest.raises(jsonschema.ValidationError):
        validate(row | change)


def test_documentation_names_every_field_of_the_schema() -> None:
    docs = (ROOT / "docs" / "schema.md").read_text("utf-8")
    names: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            names.update(node.get("properties", {}))
            for one in node.values():
                walk(one)

    walk(SCHEMA)
    assert len(names) > 40
    assert not {name for name in names if f"`{name}`" not in docs}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n@x", "＝1"])
def test_formulas_are_inert(cell: str) -> None:
    assert inert(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "a=b", "1-2", "«–»", "plain"])
def test_other_cells_stay(cell: str) -> None:
    assert inert(cell) == cell


def test_csv_tables(tmp_path: Path) -> None:
    registry.formatters()["csv"].write(sample(), tmp_path)
    documents = pd.read_csv(tmp_path / "documents.csv", keep_default_na=False)
    findings = pd.read_csv(tmp_path / "findings.csv", keep_default_na=False)
    assert list(documents["id"])[3] == "'=empty.txt"
    assert list(documents["findings"]) == [1, 3, 3, 0]
    assert list(documents["major"]) == [1, 2, 0, 0]
    assert list(findings["document"].value_counts()) == [3, 3, 1]
    assert findings["quote"][2] == "Solvag"
    for name in ("documents.csv", "findings.csv"):
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            assert not any(cell.startswith(("=", "+", "@")) for row in csv.reader(file) for cell in row)


def test_parquet_tables_hold_text_as_it_is(tmp_path: Path) -> None:
    registry.formatters()["parquet"].write(sample(), tmp_path)
    documents = pd.read_parquet(tmp_path / "documents.parquet")
    findings = pd.read_parquet(tmp_path / "findings.parquet")
    assert documents["id"][3] == "=empty.txt"
    assert findings["quote"][0] == "Читайте також: погода на тиждень"
    assert json.loads(findings["evidence"][2])[0]["document"] == "news/harbour.txt"


def test_tables_keep_their_types_when_empty(tmp_path: Path) -> None:
    full, empty = sample(), replace(sample(), documents=())
    registry.formatters()["parquet"].write(full, tmp_path / "full")
    registry.formatters()["parquet"].write(empty, tmp_path / "empty")
    for name in ("documents.parquet", "findings.parquet"):
        assert dict(pd.read_parquet(tmp_path / "full" / name).dtypes) == dict(
            pd.read_parquet(tmp_path / "empty" / name).dtypes
        )


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path) -> None:
    formatter = registry.formatters()["jsonl"]
    formatter.write(sample(), tmp_path)
    before = (tmp_path / "report.jsonl").read_bytes()
    broken = replace(sample(), documents=(*sample().documents, None))
    with pytest.raises(AttributeError):
        formatter.write(broken, tmp_path)
    assert (tmp_path / "report.jsonl").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["report.jsonl"]
