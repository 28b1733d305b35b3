"""The command line as a user meets it: help, errors, exit codes, bad input, interruption."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from auditor.cli import _settings, audit_command
from auditor.config import Settings
from tests.conftest import ROOT

CLEAN = (
    "The council of the small harbour town voted on Tuesday to repair the old pier before the autumn storms. "
    "Work will begin in June and is expected to last about four months, the mayor's office said."
)
LEFTOVER = "\nВаш браузер застарів. Оновіть його, щоб сайт працював правильно."


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_help_is_quick_and_has_examples(run) -> None:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        done = run("--help")
        times.append(time.perf_counter() - start)
    assert done.returncode == 0
    assert "Examples:" in done.stdout
    assert min(times) < 0.4
    assert run().stdout == done.stdout
    for command in ("audit", "rules", "explain", "models", "doctor"):
        assert command in done.stdout
        assert run(command, "--help").returncode == 0


def test_audit_writes_the_reports_that_were_asked_for(run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(CLEAN, "utf-8")
    (tmp_path / "in" / "b.txt").write_text(CLEAN + LEFTOVER, "utf-8")
    formats = ("html", "json", "jsonl", "csv", "parquet")
    done = run("audit", tmp_path / "in", "-o", tmp_path / "out", *(f"--report={name}" for name in formats))
    assert done.returncode == 0, done.stderr
    for name in ("index.html", "report.json", "report.jsonl", "documents.csv", "findings.csv", "findings.parquet"):
        assert (tmp_path / "out" / name).stat().st_size > 0
    rows = lines((tmp_path / "out" / "report.jsonl").read_text("utf-8"))
    assert [row["id"] for row in rows] == ["a.txt", "b.txt"]
    assert [row["decision"] for row in rows] == ["accept", "review"]
    rules = {finding["rule"] for finding in rows[1]["findings"]}
    assert "BP001" in rules
    assert "b.txt" in done.stdout
    assert "signature" not in done.stderr


def test_standard_output_carries_results_only(run) -> None:
    done = run("audit", "-", "--report", "jsonl", "-o", "-", stdin=CLEAN + LEFTOVER)
    assert done.returncode == 0, done.stderr
    (row,) = lines(done.stdout)
    for finding in row["findings"]:
        assert finding["quote"] == (CLEAN + LEFTOVER)[finding["start"] : finding["end"]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["audit"], "Missing argument"),
        (["audit", "missing-folder"], "missing-folder"),
        (["audit", "--no-such-option", "."], "No such option"),
        (["audit", ".", "--report", "pdf"], "no report format 'pdf'"),
        (["audit", ".", "--select", "ZZ"], "no rule begins with 'ZZ'"),
        (["audit", ".", "-o", "-", "--report", "html"], "-o -"),
        (["audit", ".", "--config", "nowhere.toml"], "cannot read nowhere.toml"),
        (["audit", ".", "--workers", "0"], "workers"),
        (["explain", "ZZ999"], "no rule 'ZZ999'"),
        (["models", "pull", "nothing"], "no model 'nothing'"),
        (["no-such-command"], "No such command"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(run, arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_missing_model_is_wrong_use_only_when_asked_for(run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CLEAN, "utf-8")
    asked = run("audit", tmp_path / "a.txt", "--model", "nothing-here")
    assert asked.returncode == 2
    assert "auditor models list" in asked.stderr
    silent = run("audit", tmp_path / "a.txt")
    assert silent.returncode == 0
    assert "auditor-encoder is not installed" in silent.stdout


def test_fail_on(run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CLEAN + LEFTOVER, "utf-8")
    assert run("audit", tmp_path / "a.txt", "--score", "none").returncode == 0
    assert run("audit", tmp_path / "a.txt", "--score", "none", "--fail-on", "review").returncode == 1
    assert run("audit", tmp_path / "a.txt", "--score", "none", "--fail-on", "reject").returncode == 0


def test_bad_inputs_are_skipped_with_reason_and_the_rest_is_kept(run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(CLEAN, "utf-8")
    (folder / "empty.txt").write_text("", "utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 50)
    (folder / "broken.txt.gz").write_bytes(gzip.compress(os.urandom(50_000))[:20_000])
    (folder / "rows.jsonl").write_text(
        json.dumps({"id": "r1", "text": CLEAN}) + '\n{"id": \n{"id": "r3"}\n' + json.dumps({"id": "r4", "text": CLEAN}),
        "utf-8",
    )
    (folder / "huge.txt").write_text("word " * 10_500_000, "utf-8")  # one line of 50 MiB
    done = run("audit", folder, "--report", "json", "-o", tmp_path / "out", "--score", "none")
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert [row["id"] for row in report["documents"]] == ["empty.txt", "good.txt", "r1", "r4"]
    empty = report["documents"][0]
    assert (empty["language"], empty["decision"], empty["findings"]) == ("und", "accept", [])
    skipped = sorted(row["path"] for row in report["skipped"])
    assert skipped == ["binary.txt", "broken.txt.gz", "huge.txt", "rows.jsonl", "rows.jsonl"]
    assert all(row["reason"] for row in report["skipped"])
    assert "skipped binary.txt" in done.stdout


def test_nothing_readable_is_status_2(run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(bytes(range(256)) * 50)
    done = run("audit", tmp_path / "a.txt")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def process(*arguments: object, **more) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "auditor", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, **more)


@pytest.mark.parametrize("workers", [1, 2])
def test_interrupt_is_status_130_without_a_traceback(tmp_path: Path, workers: int) -> None:
    rows = "\n".join(json.dumps({"id": str(number), "text": CLEAN * 30}) for number in range(4000))
    (tmp_path / "rows.jsonl").write_text(rows, "utf-8")
    # A shell starts what runs in its background with this signal ignored, and children inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        running = process("audit", tmp_path / "rows.jsonl", "--score", "none", "--workers", workers)
    finally:
        signal.signal(signal.SIGINT, before)
    time.sleep(4)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert err.decode().strip() == "interrupted"
    assert out == b""


def test_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    rows = "\n".join(json.dumps({"id": str(number), "text": CLEAN}) for number in range(2000))
    (tmp_path / "rows.jsonl").write_text(rows, "utf-8")
    running = process("audit", tmp_path / "rows.jsonl", "--score", "none", "-q", "--report", "jsonl", "-o", "-")
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.read(10)
    running.stdout.close()
    err = running.stderr.read()
    running.stderr.close()
    assert running.wait(timeout=120) == 0
    assert err == b""


def test_rules_explain_models_doctor(run) -> None:
    listed = run("rules").stdout.splitlines()
    assert len(listed) > 20
    assert run("rules", "--select", "BP001").stdout.startswith("BP001")
    page = run("explain", "bp001").stdout
    for heading in ("BP001", "Why:", "How:", "Limits:"):
        assert heading in page
    assert "not installed" in run("models", "list").stdout
    assert "lines: ok" in run("models", "verify").stdout
    doctor = run("doctor")
    assert doctor.returncode == 0
    assert "auditor models pull smollm2" in doctor.stdout
    assert run("--version").stdout.startswith("auditor ")


@pytest.mark.parametrize("switch", ["probes", "surprisal", "compile"])
@pytest.mark.parametrize("configured", [True, False])
def test_a_switch_overrules_the_configuration_both_ways(tmp_path: Path, switch: str, configured: bool) -> None:
    file = tmp_path / "auditor.toml"
    file.write_text(f"{switch} = {str(configured).lower()}\n")

    def settings(*given: str) -> Settings:
        return _settings(audit_command.make_context("audit", ["texts", "--config", str(file), *given]).params)

    assert getattr(settings(), switch) is configured
    assert getattr(settings(f"--{switch}"), switch) is True
    assert getattr(settings(f"--no-{switch}"), switch) is False
