"""What people have accepted: baselines, allow-lists, suppressions; and the way from the report's page to the next run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor import Settings, audit
from auditor.config import parse
from auditor.errors import UsageError
from auditor.triage import SCHEMA, Suppression, Triage, read_baseline, stored_triage

TEXT = (
    "The council of Pernbridge met on Tuesday and decided to repair the old bridge before winter comes.\n"
    "„We shall see it through“, she said, and „nobody will stop us now“, she added to the people in the hall.\n"
    "The mayor said that the work would take four months and would cost much less than people expected.\n"
    "Читайте також: погода на тиждень, курс валют, гороскоп на завтра\n"
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "in" / "old").mkdir(parents=True)
    for name in ("a.txt", "old/b.txt"):
        (tmp_path / "in" / name).write_text(TEXT, "utf-8")
    return tmp_path / "in"


def found(archive: Path, triage: Triage) -> dict[str, tuple[list[str], list[tuple[str, str]]]]:
    report = audit([str(archive)], Settings(score="none", triage=triage))
    return {
        one.document.id: (
            sorted({finding.rule for finding in one.findings}),
            sorted({(accepted.finding.rule, accepted.reason) for accepted in one.suppressed}),
        )
        for one in report.documents
    }


def test_suppressions_by_rule_and_path(archive: Path) -> None:
    before = found(archive, Triage())
    assert "MT001" in before["a.txt"][0]
    assert "BP001" in before["old/b.txt"][0]
    after = found(archive, Triage(suppressions=(Suppression("MT", reason="house style"), Suppression(path="old/*"))))
    assert "MT001" not in after["a.txt"][0]
    assert after["a.txt"][1] == [("MT001", "house style")]
    assert after["old/b.txt"][0] == []
    assert ("BP001", "suppressed in the settings") in after["old/b.txt"][1]


def test_what_is_accepted_weighs_nothing(archive: Path) -> None:
    before = audit([str(archive)], Settings(score="none")).documents[0].verdict
    after = audit([str(archive)], Settings(score="none", triage=Triage(suppressions=(Suppression("BP"),)))).documents[0]
    assert before.decision == "review"
    assert after.verdict.decision == "accept"
    assert after.verdict.risk < before.risk
    assert after.measures["boilerplate_ratio"] == 0


def test_allowed_phrases_and_names(archive: Path) -> None:
    rules = found(archive, Triage(phrases=("„WE SHALL  see it through“",)))["a.txt"]
    assert rules[1] == []
    rules = found(archive, Triage(phrases=("„WE SHALL see it through“",)))["a.txt"]
    assert rules[1] == [("MT001", "allow-list")]
    assert "MT001" in rules[0], "the other quotation is still reported"


def test_a_baseline_leaves_only_what_is_new(archive: Path, tmp_path: Path) -> None:
    first = audit([str(archive)], Settings(score="none"))
    decisions = [
        {"fingerprint": one.fingerprint, "rule": one.rule, "document": one.document_id, "decision": "accepted"}
        for document in first.documents
        for one in document.findings
    ]
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps({"schema": SCHEMA, "decisions": decisions}), "utf-8")
    (archive / "a.txt").write_text(TEXT + "Читайте також: новини спорту і культури за тиждень\n", "utf-8")
    second = audit([str(archive)], Settings(score="none", triage=Triage(baseline=read_baseline(path))))
    assert not second.documents[1].findings
    assert {one.rule for one in second.documents[0].findings} <= {"BP001"}


def test_confirmed_findings_stay(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    decisions = [
        {"fingerprint": "0" * 16, "decision": "confirmed"},
        {"fingerprint": "f" * 16, "decision": "accepted"},
        {"fingerprint": "a" * 16, "decision": "accepted"},
    ]
    path.write_text(json.dumps({"schema": SCHEMA, "decisions": decisions}), "utf-8")
    assert read_baseline(path) == ("a" * 16, "f" * 16)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"schema": "other"}', '{"schema": "auditor-baseline/1", "decisions": [1]}', "[" * 100_000,
     '{"schema": "auditor-baseline/1", "decisions": [{"fingerprint": "x", "decision": "accepted"}]}'],
)  # fmt: skip
def test_what_is_no_baseline_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match="baseline"):
        read_baseline(path)


def test_settings_name_what_is_accepted() -> None:
    table = {
        "allow": {"names": ["Jon  Doe"], "phrases": ["see you"]},
        "suppress": [{"rule": "mt001", "path": "old/*", "reason": "r"}],
    }
    triage = parse(table, "auditor.toml").triage
    assert triage.names == ("Jon Doe",)
    assert triage.suppressions == (Suppression("MT001", "old/*", "", "r"),)
    from dataclasses import asdict

    assert stored_triage(json.loads(json.dumps(asdict(triage)))) == triage


@pytest.mark.parametrize(
    "table",
    [
        {"allow": {"nmes": []}},
        {"allow": {"names": "x"}},
        {"allow": {"names": [""]}},
        {"suppress": {"rule": "MT001"}},
        {"suppress": [{}]},
        {"suppress": [{"reason": "all of it"}]},
        {"suppress": [{"rule": "everything"}]},
        {"suppress": [{"rules": "MT001"}]},
        {"suppress": [{"rule": 1}]},
        {"triage": {}},
    ],
)
def test_wrong_settings_are_refused(table: dict) -> None:
    with pytest.raises(UsageError):
        parse(table, "auditor.toml")


def test_the_command_takes_a_baseline(run, archive: Path, tmp_path: Path) -> None:
    done = run("audit", archive, "--score", "none", "--report", "jsonl", "-o", "-", "-q")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    decisions = [{"fingerprint": one["fingerprint"], "decision": "accepted"} for row in rows for one in row["findings"]]
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps({"schema": SCHEMA, "decisions": decisions}), "utf-8")
    done = run("audit", archive, "--score", "none", "--report", "jsonl", "-o", "-", "-q", "--baseline", path)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["findings"] for row in rows] == [[], []]
    assert all(one["reason"] == "baseline" for row in rows for one in row["suppressed"])
    done = run("audit", archive, "--baseline", tmp_path / "missing.json")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    done = run("audit", archive, "--report-language", "xx")
    assert done.returncode == 2
    assert "known: en, uk" in done.stderr
