"""Policies: what they read, what they decide, and two of them on stored results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor import Auditor, Document, Settings, UsageError, audit
from auditor.comparison import compare
from auditor.config import parse
from auditor.data import Finding, Origin, Severity, Span
from auditor.decisions import Facts, decide, facts_of_audit, facts_of_row
from auditor.policy import PRESETS, Policy, parse_policy, preset
from auditor.stored import stored_rows

RULES_ONLY = Settings(score="none")
CLEAN = "The council of the small harbour town voted on Tuesday to repair the old pier before the autumn storms."
LEFTOVER = f"{CLEAN}\nВаш браузер застарів. Оновіть його, щоб сайт працював правильно."


def finding(rule: str = "NM001", severity: Severity = Severity.MAJOR, confidence: float = 0.9) -> Finding:
    return Finding(rule, "d", Span(0, 1), "x", "", severity, confidence)


def facts(**changes: object) -> Facts:
    values = {
        "language": "en",
        "sources": ("d", "in/d.txt"),
        "label": "unknown",
        "probability": None,
        "risk": 0.0,
        "scores": {},
        "findings": (),
    }
    return Facts(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("table", "given", "decision", "words"),
    [
        ({}, {}, "accept", ""),
        ({}, {"risk": 0.35}, "review", "risk 0.35"),
        ({}, {"risk": 0.9}, "reject", "risk 0.90"),
        ({}, {"scores": {"boilerplate_ratio": 0.4}}, "review", "40% of the text"),
        ({}, {"label": "machine_translation", "probability": 0.6}, "review", "label machine_translation"),
        ({}, {"label": "machine_translation", "probability": 0.4}, "accept", ""),
        ({}, {"label": "mixed"}, "review", "label mixed"),
        ({"reject_boilerplate": 0.3}, {"scores": {"boilerplate_ratio": 0.4}}, "reject", "40%"),
        ({"reject_labels": ["mixed"]}, {"label": "mixed"}, "reject", "mixed"),
        ({"review_labels": []}, {"label": "mixed"}, "accept", ""),
        ({"reject_rules": ["NM"]}, {"findings": [finding()]}, "reject", "finding of NM001"),
        ({"reject_rules": ["NM"], "min_confidence": 0.95}, {"findings": [finding()]}, "accept", ""),
        ({"review_scores": {"machine_translation": 0.8}}, {"scores": {"machine_translation": 0.8}}, "review", "0.80"),
        ({"review_scores": {"machine_translation": 0.8}}, {"scores": {"surprisal": 9.0}}, "accept", ""),
        ({"ignore_rules": ["NM"]}, {"findings": [finding()], "risk": 0.4}, "accept", ""),
        (
            {"ignore_rules": ["NM"]},
            {"findings": [finding(), finding("BP001", confidence=1.0)], "risk": 0.6},
            "review",
            "risk 0.45",
        ),
        ({"where": [{"languages": ["en"], "review_risk": 0.1}]}, {"risk": 0.2}, "review", "risk 0.20"),
        ({"where": [{"languages": ["uk"], "review_risk": 0.1}]}, {"risk": 0.2}, "accept", ""),
        ({"where": [{"languages": ["pt"], "review_risk": 0.1}]}, {"risk": 0.2, "language": "pt-BR"}, "review", ""),
        ({"where": [{"sources": ["in/*"], "review_risk": 0.1}]}, {"risk": 0.2}, "review", ""),
        ({"where": [{"sources": ["out/*"], "review_risk": 0.1}]}, {"risk": 0.2}, "accept", ""),
        (
            {"where": [{"languages": ["en"], "review_risk": 0.1}, {"sources": ["in/*"], "review_risk": 0.9}]},
            {"risk": 0.2},
            "accept",
            "",
        ),
    ],
)
def test_terms(table: dict, given: dict, decision: str, words: str) -> None:
    found, reason, _ = decide(parse_policy(table, "x"), facts(**given))
    assert found == decision
    assert words in reason
    assert bool(reason) == (decision != "accept")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"preset": "lax"}, "no policy 'lax'"),
        ({"preset": 3}, "must be a string"),
        ({"review_rsk": 1}, "unknown key 'review_rsk'"),
        ({"review_risk": "high"}, "must be a number"),
        ({"review_risk": True}, "must be a number"),
        ({"review_risk": float("nan")}, "must be a number"),
        ({"review_labels": ["robot"]}, "no label 'robot'"),
        ({"review_rules": "NM"}, "list of strings"),
        ({"review_scores": 3}, "table of score names"),
        ({"review_scores": {"x": "y"}}, "must be a number"),
        ({"where": {}}, "list of tables"),
        ({"where": [{"review_risk": 0.1}]}, "neither languages nor sources"),
        ({"where": [{"languages": ["en"], "bad": 1}]}, "unknown key 'bad'"),
    ],
)
def test_bad_policies_name_the_key(table: dict, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        parse_policy(table, "auditor.toml [policy]")


def test_policy_stands_in_the_settings_and_in_the_place_of_decision() -> None:
    settings = parse({"score": "none", "policy": {"preset": "strict", "reject_risk": 0.3}}, "auditor.toml")
    assert settings.policy is not None
    assert settings.policy.name == "strict, changed"
    result = Auditor(settings).screen(LEFTOVER)
    assert result.verdict.decision == "reject"
    assert "policy strict, changed: risk" in result.verdict.reasons[-1]
    assert Auditor(RULES_ONLY).screen(LEFTOVER).verdict.decision == "review"
    with pytest.raises(UsageError, match="give one of them"):
        parse({"policy": {}, "decision": {}}, "auditor.toml")
    with pytest.raises(UsageError, match="must be a table"):
        parse({"policy": 3}, "auditor.toml")


def test_signature_tells_policies_apart() -> None:
    names = {Auditor(Settings(score="none", policy=policy)).signature for policy in (None, *PRESETS.values())}
    assert len(names) == 4


def test_exceptions_see_the_source_of_a_row() -> None:
    policy = parse_policy({"where": [{"sources": ["*mill.example*"], "reject_risk": 0.1}]}, "x")
    auditor = Auditor(Settings(score="none", policy=policy))
    for url, decision in (("https://mill.example/a", "reject"), ("https://else.example/a", "review")):
        document = Document("d", LEFTOVER, Origin("-", "txt"), metadata={"url": url})
        assert auditor.screen(document).verdict.decision == decision


def test_balanced_is_what_is_decided_without_a_policy(seeds: Path) -> None:
    report = audit([str(seeds)], RULES_ONLY)
    for one in report.documents:
        assert decide(preset("balanced"), facts_of_audit(one))[0] == one.verdict.decision
    strict, lax = (
        [decide(PRESETS[name], facts_of_audit(one))[0] for one in report.documents] for name in ("strict", "permissive")
    )
    order = ("accept", "review", "reject")
    assert all(order.index(a) >= order.index(b) for a, b in zip(strict, lax, strict=True))
    assert strict != lax


@pytest.fixture(scope="module")
def stored(tmp_path_factory, seeds: Path) -> Path:
    from auditor import write_reports

    folder = tmp_path_factory.mktemp("stored")
    write_reports(audit([str(seeds)], RULES_ONLY), ["json", "jsonl"], folder)
    return folder


def test_stored_results_give_the_same_facts(stored: Path, seeds: Path) -> None:
    fresh = {one.document.id: facts_of_audit(one) for one in audit([str(seeds)], RULES_ONLY).documents}
    for path in (stored, stored / "report.json", stored / "report.jsonl"):
        rows = list(stored_rows(path))
        assert len(rows) == len(fresh)
        for row in rows:
            for policy in PRESETS.values():
                assert decide(policy, facts_of_row(row)) == decide(policy, fresh[row["id"]])


def test_comparison_counts_what_changes(stored: Path) -> None:
    found = compare(stored_rows(stored), preset("permissive"), preset("strict")).as_object()
    assert found["documents"] == sum(sum(row.values()) for row in found["decisions"].values())
    assert found["changed"] == len(found["changed_documents"]) > 0
    assert all(one["before"] != one["after"] for one in found["changed_documents"])
    same = compare(stored_rows(stored), preset("strict"), preset("strict")).as_object()
    assert same["changed"] == 0


def test_a_run_directory_keeps_its_policy_and_can_be_compared(tmp_path: Path, seeds: Path) -> None:
    from auditor.runs import Engine, RunFolder, audit_archive, open_run

    table = {"preset": "strict", "review_scores": {"x": 1}, "where": [{"languages": ["en"], "ignore_rules": ["SA"]}]}
    settings = Settings(score="none", policy=parse_policy(table, "x"))
    root = tmp_path / "run"
    report = audit_archive([str(seeds)], settings, root, Engine(workers=1), on_progress=lambda _: None)
    decisions = [one.verdict.decision for one in report.documents]
    assert RunFolder(root).settings().policy == settings.policy
    assert [one.verdict.decision for one in open_run(RunFolder(root)).documents] == decisions
    assert [one.verdict.decision for one in audit([str(seeds)], settings).documents] == decisions
    found = compare(stored_rows(root), preset("permissive"), preset("strict")).as_object()
    assert found["documents"] == len(decisions)
    assert found["changed"] > 0


def test_command(run, stored: Path, tmp_path: Path) -> None:
    done = run("policy", "compare", "balanced", "strict", "--on", stored, "--list")
    assert done.returncode == 0, done.stderr
    assert "rows: balanced, columns: strict" in done.stdout
    own = tmp_path / "own.toml"
    own.write_text('[policy]\nname = "ours"\n[[policy.where]]\nlanguages = ["en"]\nreview_risk = 0.01\n', "utf-8")
    found = json.loads(run("policy", "compare", "balanced", own, "--on", stored / "report.json", "--json").stdout)
    assert found["policies"] == ["balanced", "ours"]
    assert set(run("policy", "show").stdout.split()) >= {"[strict]", "[balanced]", "[permissive]"}
    assert "review_risk = 0.01" not in run("policy", "show", own).stdout
    assert "0.01" in run("policy", "show", own).stdout


@pytest.mark.parametrize(
    ("first", "content", "words"),
    [
        ("nothing", "", "no policy 'nothing'"),
        ("missing.toml", "", "cannot read missing.toml"),
        ("balanced", "{bad", "line 1 is not valid JSON"),
        ("balanced", '{"schema": "other/1"}', "no result of this program"),
        ("balanced", '{"schema": "auditor/1", "id": "x"}', "no whole result"),
        ("balanced", '{"schema": "auditor/1", "id": "x", "line": 1, "error": "y"}', ""),
    ],
)
def test_wrong_use(run, tmp_path: Path, first: str, content: str, words: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(content, "utf-8")
    done = run("policy", "compare", first, "strict", "--on", path)
    assert done.returncode == (2 if words else 0)
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == bool(words)
    assert run("policy", "compare", "strict", "balanced", "--on", tmp_path / "none").returncode == 2
    (tmp_path / "empty").mkdir()
    assert "holds no report" in run("policy", "compare", "strict", "balanced", "--on", tmp_path / "empty").stderr


def test_names() -> None:
    assert {name: one.name for name, one in PRESETS.items()} == {name: name for name in PRESETS}
    assert Policy() == preset("balanced")
    assert parse_policy({}, "x") == preset("balanced")
