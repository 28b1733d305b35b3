"""Run directories: the same findings as in memory, resumed anywhere, nothing lost, damage and misuse said plainly."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from auditor import Settings, audit
from auditor.data import Document, DocumentAudit, Origin, Report
from auditor.errors import AuditorError, NothingReadableError, UsageError
from auditor.formatters.jsonl_report import JsonlFormatter
from auditor.readers import unique_ids
from auditor.runs import Engine, RunFolder, StoredDocuments, audit_archive, diff_runs, open_run
from auditor.runs import _gather as gathering
from auditor.runs import _read as reading
from auditor.runs import _resolve as resolving
from auditor.runs import _run as running
from auditor.runs import _stored as storing
from auditor.runs._detect import DetectShard
from auditor.runs._notices import added, since
from auditor.runs._progress import Tracker
from auditor.totals import riskiest, totals, worst
from tests.conftest import ROOT

SETTINGS = Settings(score="none", select=("EN", "NM", "QD", "NC", "SA"))
SAID = "The minister said on Monday that the bridge will cost 40 million euros and open in 2031."


def quiet(_: object) -> None:
    return


def wire(report: Report, folder: Path) -> bytes:
    folder.mkdir(parents=True, exist_ok=True)
    return JsonlFormatter().write(report, folder).read_bytes()


def go(source: Path, root: Path, workers: int = 1, **more: object) -> Report:
    return audit_archive([str(source)], SETTINGS, root, Engine(workers=workers), **{"on_progress": quiet, **more})


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards and pieces so small that a few documents make many."""
    monkeypatch.setattr(running, "_SHARD_CHARS", 3000)
    monkeypatch.setattr(reading, "_SMALLEST", 6000)
    monkeypatch.setattr(reading, "_LARGEST", 6000)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows with ids that collide, figures that contradict one another, damage, and the sample documents."""
    folder = tmp_path_factory.mktemp("archive")
    rng = random.Random(5)
    lines = []
    for number in range(120):
        cost = rng.choice(("40", "40", "45"))
        text = (
            f"{SAID.replace('40', cost)}\n\nâ€œQuotedâ€\x9d text number {number}. "
            + "More words follow here. " * rng.randint(1, 20)
        )
        lines.append(json.dumps({"id": f"r{number % 50}", "text": text, "group": f"g{number % 7}", "n": [number]}))
    lines[17] = "{broken"
    (folder / "rows.jsonl").write_text("\n".join(lines))
    for one in sorted((ROOT / "seeds").iterdir()):
        (folder / one.name).write_bytes(one.read_bytes())
    (folder / "bad.txt").write_bytes(b"\0\0\0")
    return folder


@pytest.fixture(scope="module")
def expected(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, bytes]:
    report = audit([str(archive)], SETTINGS)
    return report, wire(report, tmp_path_factory.mktemp("expected"))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_equals_the_audit_in_memory(
    archive: Path, expected: tuple[Report, bytes], tmp_path: Path, workers: int
) -> None:
    report = go(archive, tmp_path / "run", workers)
    plain, lines = expected
    assert wire(report, tmp_path / "out") == lines
    assert list(report.skipped) == list(plain.skipped)
    assert (report.notices, report.signature) == (plain.notices, plain.signature)
    assert totals(report) == totals(plain)
    assert worst(report) == worst(plain)
    assert [one.document.id for one in riskiest(report, 9)] == [one.document.id for one in riskiest(plain, 9)]
    assert report.documents[-1].document.id == plain.documents[-1].document.id
    assert [one.document for one in report.documents] == [one.document for one in plain.documents]
    with pytest.raises(IndexError):
        report.documents[len(plain.documents)]


def test_buckets_over_portions_give_the_same(
    archive: Path, expected: tuple[Report, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolving, "_BUCKET", 40)
    monkeypatch.setattr(gathering, "_SORTED", 30)
    kept: list[str] = []
    tidy = running._Stages._tidy

    def seen(stages: running._Stages) -> None:
        kept.extend(stages.folder.names("gathered"))
        tidy(stages)

    monkeypatch.setattr(running._Stages, "_tidy", seen)
    report = go(archive, tmp_path / "run")
    assert len(kept) > 2
    assert wire(report, tmp_path / "out") == expected[1]
    assert not (tmp_path / "run" / "gathered").exists()


def test_documents_are_read_as_they_are_asked_for(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = go(archive, tmp_path / "run").documents
    assert isinstance(documents, StoredDocuments)
    every = [one.document.id for one in documents]
    begun: list[str] = []
    read = storing.stream_audits

    def counted(folder: RunFolder, shard: str) -> Iterator[DocumentAudit]:
        begun.append(shard)
        return read(folder, shard)

    monkeypatch.setattr(storing, "stream_audits", counted)
    assert next(iter(documents)).document.id == every[0]
    assert len(begun) == 1
    begun.clear()
    places = [0, 1, len(every) - 1]
    assert [one.document.id for one in documents.picked(places)] == [every[at] for at in places]
    assert len(begun) == 2
    assert list(documents.picked([])) == []


class StopError(Exception):
    pass


def test_resumed_at_any_shard_the_result_is_the_same(
    archive: Path, expected: tuple[Report, bytes], tmp_path: Path
) -> None:
    root = tmp_path / "run"
    stops = 0
    while True:
        left = 4

        def stop(_: object) -> None:
            nonlocal left
            left -= 1
            if not left:
                raise StopError

        try:
            report = go(archive, root, on_progress=stop)
        except StopError:
            stops += 1
            continue
        break
    assert stops > 8
    assert wire(report, tmp_path / "out") == expected[1]
    # A finished run does nothing again.
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*.parquet")}
    assert wire(go(archive, root), tmp_path / "again") == expected[1]
    assert before == {path: path.stat().st_mtime_ns for path in root.rglob("*.parquet")}


@pytest.mark.slow
def test_killed_and_resumed(archive: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "auditor", "audit", str(archive), "--score", "none", "--workers", "2", "-q"]
    plain = [*command, "--report", "jsonl", "-o", str(tmp_path / "plain")]
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(plain, check=True, env=variables, cwd=tmp_path)
    again = [*command, "--run-dir", str(tmp_path / "run"), "--report", "jsonl", "-o", str(tmp_path / "out")]
    for seconds in (2.0, 4.0):
        started = subprocess.Popen(again, env=variables, cwd=tmp_path, start_new_session=True)
        time.sleep(seconds)
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
    subprocess.run(again, check=True, env=variables, cwd=tmp_path)
    assert (tmp_path / "out/report.jsonl").read_bytes() == (tmp_path / "plain/report.jsonl").read_bytes()


def test_another_run_is_refused(archive: Path, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.txt").write_text("One text.")
    root = tmp_path / "run"
    go(source, root)
    with pytest.raises(UsageError, match="begun with another signature"):
        audit_archive([str(source)], Settings(score="none"), root, Engine(), on_progress=quiet)
    with pytest.raises(UsageError, match="another --no-text"):
        go(source, root, text=False)
    (source / "a.txt").write_text("Another text.")
    with pytest.raises(UsageError, match="begun with another inputs"):
        go(source, root)
    with pytest.raises(UsageError, match="no run directory"):
        go(source, archive)
    assert not (archive / "run.lock").exists()
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="cannot write the run directory"):
        go(source, tmp_path / "file")


def test_one_process_at_a_time(tmp_path: Path) -> None:
    from filelock import FileLock

    (tmp_path / "a.txt").write_text("One text.")
    (tmp_path / "run").mkdir()
    with FileLock(tmp_path / "run" / "run.lock"), pytest.raises(UsageError, match="another process is working"):
        go(tmp_path / "a.txt", tmp_path / "run")


def test_nothing_readable(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\0\0")
    with pytest.raises(NothingReadableError, match="binary file"):
        go(tmp_path / "a.txt", tmp_path / "run")


def test_damage_in_the_run_directory_is_said(archive: Path, tmp_path: Path) -> None:
    go(archive, tmp_path / "run")
    shard = min((tmp_path / "run" / "documents").iterdir())
    shard.write_bytes(shard.read_bytes()[:-50])
    with pytest.raises(AuditorError, match="damaged"):
        list(open_run(RunFolder(tmp_path / "run")).documents)
    with pytest.raises(UsageError, match="is no run directory"):
        open_run(RunFolder(tmp_path))


def test_records_that_do_not_add_up_are_an_error(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from auditor.runs import _judge

    monkeypatch.setattr(_judge, "finish", _judge.finish)
    whole = _judge.load

    def losing(folder: RunFolder, shard: str):
        return tuple(part[:-1] for part in whole(folder, shard))

    monkeypatch.setattr(_judge, "load", losing)
    with pytest.raises(AuditorError, match="do not add up"):
        go(archive, tmp_path / "run")


def test_no_text_is_kept(archive: Path, expected: tuple[Report, bytes], tmp_path: Path) -> None:
    report = go(archive, tmp_path / "run", text=False)
    assert wire(report, tmp_path / "out").splitlines() == expected[1].splitlines()
    data = b"".join(path.read_bytes() for path in (tmp_path / "run" / "read").iterdir())
    assert b"words follow" not in data
    assert {len(one.document.text) for one in report.documents} == {
        len(one.document.text) for one in expected[0].documents
    }


class Killer(DetectShard):
    """A worker that dies of some documents."""

    def __call__(self, item):
        from auditor.runs import _detect

        documents = _detect.documents

        def deadly(folder: RunFolder, shard: str):
            for row, document in documents(folder, shard):
                probed = item.rows is None or item.rows[0] <= row < item.rows[1]
                if "number 7." in document.text and probed and row not in item.without:
                    os._exit(9)
                yield row, document

        _detect.documents = deadly
        try:
            return super().__call__(item)
        finally:
            _detect.documents = documents


def test_a_document_that_kills_its_process_is_found_and_left_out(tmp_path: Path) -> None:
    rows = [json.dumps({"text": f"Text number {number}."}) for number in range(12)]
    (tmp_path / "a.jsonl").write_text("\n".join(rows))
    settings = Settings(score="none", select=("EN",))
    folder = running.begin(tmp_path / "run", settings, running.list_inputs([str(tmp_path / "a.jsonl")]), text=True)
    pieces = reading.plan(running.list_inputs([str(tmp_path / "a.jsonl")]), settings)
    running.write_json(
        folder.root / "plan.json", {"pieces": [[running._fields(one) for one in piece] for piece in pieces]}
    )
    stages = running._Stages(folder, settings, Engine(workers=2), Tracker(tmp_path / "status.json", quiet))
    stages._read()
    (shard,) = reading.shards_of(folder)
    reading.unify(folder, [shard])
    counts = stages._without_killers(partial(Killer, folder, settings), shard)
    assert (counts["documents"], counts["skipped"]) == (11, 1)
    stages.run()
    report = open_run(RunFolder(folder.root))
    assert [(one.origin.locator, one.reason) for one in report.skipped] == [
        ("8", "the process that audited it died twice")
    ]
    assert len(report.documents) == 11


@pytest.mark.parametrize("seed", range(5))
def test_ids_become_unique_as_in_memory(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    names = ["a", "b", "a.jsonl#a", "a.jsonl#a#2", "a.jsonl#a#5", "a.jsonl#b#a.jsonl#b", "a.jsonl#a#5#2"]
    rows = [{"id": rng.choice(names), "text": "x" * 300} for _ in range(60)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    report = go(tmp_path / "a.jsonl", tmp_path / "run")
    sources = [Document(row["id"], "", Origin("a.jsonl", "jsonl", str(at))) for at, row in enumerate(rows, start=1)]
    assert [one.document.id for one in report.documents] == [one.id for one in unique_ids(sources)]


def test_differences(archive: Path, tmp_path: Path) -> None:
    go(archive, tmp_path / "a")
    audit_archive([str(archive)], Settings(score="none", select=("EN",)), tmp_path / "b", Engine(), on_progress=quiet)
    found = list(diff_runs(RunFolder(tmp_path / "a"), RunFolder(tmp_path / "b")))
    assert {one.kind for one in found} >= {"finding-gone"}
    assert all(not one.rule.startswith("EN") for one in found)
    assert list(diff_runs(RunFolder(tmp_path / "a"), RunFolder(tmp_path / "a"))) == []


def test_status_file(archive: Path, tmp_path: Path) -> None:
    stages = []
    go(archive, tmp_path / "run", on_progress=lambda step: stages.append((step.stage, step.share)))
    assert list(dict.fromkeys(stage for stage, _ in stages)) == ["read", "detect", "resolve", "judge"]
    assert all(share is None or 0 <= share <= 1 for _, share in stages)
    status = json.loads((tmp_path / "run" / "status.json").read_text())
    assert status["stage"] == "finished"
    assert status["totals"]["skipped"] == 2


def test_notices_of_shards_are_added_up() -> None:
    assert since(["3 texts cut"], ["5 texts cut", "no model"]) == ["2 texts cut", "no model"]
    assert added(["2 texts cut", "no model", "4 texts cut", "no model"]) == ["6 texts cut", "no model"]
