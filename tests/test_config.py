"""Settings: unknown keys and wrong types are errors that name the key."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from auditor.config import Settings, check, load, parse
from auditor.errors import UsageError
from tests.conftest import ROOT


def test_defaults_without_a_file(tmp_path: Path) -> None:
    assert load(folder=tmp_path) == Settings()


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    tables = {"decision": "[decision]", "rules": "[rules.", "name_files": "[names]", "triage": "[[suppress]]"}
    for one in fields(Settings):
        assert tables.get(one.name, f"`{one.name}`") in page, one.name


def test_file_and_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.auditor]\nignore = ["EN"]\n', "utf-8")
    assert load(folder=tmp_path).ignore == ("EN",)
    (tmp_path / "auditor.toml").write_text(
        'select = ["NM"]\nsample = 2\n[decision]\nreview_risk = 1\n[rules.BP001]\n', "utf-8"
    )
    settings = load(folder=tmp_path)
    assert settings.select == ("NM",)
    assert settings.decision.review_risk == 1.0
    assert settings.rules == {"BP001": {}}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"selct": ["NM"]}, "unknown key 'selct'"),
        ({"select": "NM"}, "must be a list of strings"),
        ({"sample": "4"}, "must be a int"),
        ({"decision": {"risk": 1.0}}, "unknown key 'risk'"),
        ({"rules": {"BP001": 3}}, "one table a rule code"),
        ({"score": "some"}, "score must be one of"),
        ({"sample": -1}, "must not be negative"),
        ({"max_document_chars": 0}, "at least 1"),
    ],
)
def test_wrong_settings_are_one_line_errors(table: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words) as raised:
        parse(table, "auditor.toml")
    assert "\n" not in str(raised.value)


def test_unreadable_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        load(tmp_path / "missing.toml")
    (tmp_path / "auditor.toml").write_text("= broken", "utf-8")
    with pytest.raises(UsageError, match="cannot read"):
        load(folder=tmp_path)


def test_check_returns_good_settings() -> None:
    assert check(Settings()) == Settings()
