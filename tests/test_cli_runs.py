"""The command line of run directories: audit, render, diff, and what does not go together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("The council said that the old bridge â€œwill stayâ€\x9d closed until the spring.\n")
    (folder / "b.jsonl").write_text(json.dumps({"id": "b", "text": "The river is high, and the water is cold."}) + "\n")
    return folder


def test_run_render_and_diff(run, texts: Path, tmp_path: Path) -> None:
    common = ("--score", "none", "--select", "EN", "-q", "--report", "jsonl")
    plain = run("audit", texts, *common, "-o", tmp_path / "plain")
    assert plain.returncode == 0, plain.stderr
    done = run("audit", texts, *common, "-o", tmp_path / "one", "--run-dir", tmp_path / "run", "--no-text")
    assert done.returncode == 0, done.stderr
    rendered = run("render", tmp_path / "run", "--report", "jsonl", "--report", "parquet", "-o", tmp_path / "two", "-q")
    assert rendered.returncode == 0, rendered.stderr
    reports = {(tmp_path / name / "report.jsonl").read_bytes() for name in ("plain", "one", "two")}
    assert len(reports) == 1
    assert (tmp_path / "two" / "findings.parquet").exists()
    refused = run("render", tmp_path / "run", "--report", "html", "-o", tmp_path / "two")
    assert (refused.returncode, "keeps no text" in refused.stderr) == (2, True)
    same = run("diff", tmp_path / "run", tmp_path / "run")
    assert (same.returncode, same.stdout) == (0, "")
    run("audit", texts / "b.jsonl", *common[:-2], "--run-dir", tmp_path / "other")
    other = run("diff", tmp_path / "run", tmp_path / "other")
    assert other.returncode == 1
    assert "document-gone a.txt" in " ".join(other.stdout.split())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--engine", "ray"), "--engine ray needs --run-dir"),
        (("--no-text",), "--no-text needs --run-dir"),
        (("--address", "auto"), "add --engine ray"),
        (("--run-dir", "reports/run", "--report", "jsonl"), "lies under the reports' folder"),
        (("--run-dir", "run", "--no-text", "--report", "html"), "keeps no text"),
    ],
)
def test_options_that_do_not_go_together(run, texts: Path, options: tuple[str, ...], message: str) -> None:
    done = run("audit", texts, *options)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_not_a_run_directory(run, tmp_path: Path) -> None:
    done = run("render", tmp_path, "--report", "jsonl")
    assert done.returncode == 2
    assert "is no run directory" in done.stderr
