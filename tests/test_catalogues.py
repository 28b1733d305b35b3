"""The catalogues of the reports' interface hold every string of today, translated and compiled."""

from __future__ import annotations

import re
import subprocess
import sys

from babel.messages.pofile import read_po

from tests.conftest import ROOT


def test_catalogues_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "tools/build_catalogues.py", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"run: make catalogues\n{done.stdout}{done.stderr}"


def test_translations_keep_the_places_for_values() -> None:
    for path in sorted((ROOT / "auditor" / "formatters" / "locale").rglob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                one = message.id[0] if isinstance(message.id, tuple | list) else message.id
                said = message.string if isinstance(message.string, tuple | list) else (message.string,)
                holes = sorted(re.findall(r"%\(\w+\)s|\{\}", one))
                for text in said if one else ():
                    assert sorted(re.findall(r"%\(\w+\)s|\{\}", text)) == holes, one
