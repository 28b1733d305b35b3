"""The wheel holds everything: it is built, installed elsewhere and run. Docs are current. The README is true."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.mark.slow
def test_wheel_installs_and_runs(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", tmp_path, ROOT]
    subprocess.run([*map(str, build)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    home = tmp_path / "env"
    venv.create(home, with_pip=False)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)],
        check=True,
        capture_output=True,
    )
    # The dependencies come from the environment under test; only the package itself is the wheel's.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    (tmp_path / "a.txt").write_text("The council voted on Tuesday to repair the pier.\nЧитайте також: погода", "utf-8")
    done = subprocess.run(
        [str(home / "bin" / "python"), "-m", "auditor", "audit", "a.txt", "--report", "html", "-o", "out"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"AUDITOR_CACHE": str(tmp_path / "cache"), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "index.html").stat().st_size > 1000
    where = subprocess.run(
        [str(home / "bin" / "python"), "-c", "import auditor; print(auditor.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(site))


def test_generated_docs_are_current() -> None:
    from auditor.docs import cli_document, rules_document

    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == rules_document(), "run: make docs"
    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == cli_document(), "run: make docs"


def test_readme_names_real_commands_and_files() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"`?make ([a-z]+)", readme):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for link in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (ROOT / link).exists(), link


def test_public_api_is_what_the_package_lists() -> None:
    import auditor

    for name in auditor.__all__:
        assert getattr(auditor, name) is not None
    assert dir(auditor) == sorted(auditor.__all__)
    with pytest.raises(AttributeError):
        _ = auditor.nothing


def test_knowledge_rows_name_source_and_licence() -> None:
    for path in sorted((ROOT / "auditor" / "knowledge").glob("*.tsv")):
        rows = [line for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("# ")]
        head = rows[0].split("\t")
        assert {"source", "licence"} <= set(head), path.name
        for row in rows[1:]:
            cells = row.split("\t")
            assert len(cells) == len(head), f"{path.name}: {row!r}"
            assert cells[head.index("source")].strip(), f"{path.name}: {row!r}"
            assert cells[head.index("licence")].strip(), f"{path.name}: {row!r}"


def test_nothing_of_the_sample_articles_is_hard_coded() -> None:
    for path in sorted((ROOT / "auditor").rglob("*")):
        if path.is_file() and path.suffix in {".py", ".tsv", ".json", ".toml"}:
            text = path.read_text("utf-8").lower()
            for words in ("macron rubio", "lin jien", "zhengbao"):
                assert words not in text, path
