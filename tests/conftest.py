"""Shared by all tests: sample paths, and a run of the command line in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The shipped sample documents."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def articles() -> Path:
    """The five real articles; a test that needs them is skipped where they are absent."""
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the five real articles are not here (../shared/seeds)")
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run ``python -m auditor`` with arguments, in an empty folder, without any pulled model."""

    def call(*arguments: object, stdin: str | bytes | None = None, **environment: str):
        home = tmp_path / "cwd"
        home.mkdir(exist_ok=True)
        variables = {**os.environ, "AUDITOR_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT), **environment}
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "auditor", *map(str, arguments)],
            capture_output=True,
            cwd=home,
            env=variables,
            input=data,
            check=False,
            timeout=300,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        )

    return call
