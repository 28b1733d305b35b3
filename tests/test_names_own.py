"""The index of known names, and the user's own names."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor import Settings, audit_documents
from auditor.config import load
from auditor.data import Document, Origin
from auditor.errors import UsageError
from auditor.lexicon import rows
from auditor.rules._names_atlas import is_name, keyed, known, places, same_place
from auditor.rules._names_user import use_files
from auditor.signature import sign


@pytest.fixture(autouse=True)
def _no_files() -> Iterator[None]:
    yield
    use_files(())


def findings(text: str, settings: Settings) -> list[tuple[str, str, str | None]]:
    report = audit_documents([Document("a", text, Origin("a", "txt"))], settings)
    return [(one.rule, one.quote, one.suggestion) for one in report.documents[0].findings if one.rule.startswith("NM")]


def test_the_index_knows_places_in_many_scripts() -> None:
    assert {place.country for place in places(keyed(["Kharkiv"]))} >= {"ua"}
    assert same_place("Plzeň", "Pilsen")
    assert same_place("Praha", "Prague")
    assert not same_place("Praha", "Brno")
    assert is_name("Москва")
    assert not is_name("Zhengbao")
    assert not known("no such name at all")


def test_the_index_is_sorted_and_every_row_has_a_source() -> None:
    from auditor.rules._names_atlas import _SOURCES, _lines

    lines = _lines()
    assert len(lines) > 150_000
    assert lines == sorted(lines)
    assert {line.rpartition("\t")[2] for line in lines} <= set(_SOURCES)


def test_at_least_500_places_that_treaties_wars_and_disputes_made_known() -> None:
    table = list(rows("places_known"))
    assert len(table) >= 500
    assert len({(row["name"], row["kind"], row["countries"]) for row in table}) == len(table)
    for row in table:
        assert row["known_for"]
        assert row["source"]
        assert row["licence"] in {"CC-BY-4.0", "Apache-2.0"}
        assert all(len(country) == 2 for country in row["countries"].split())
        assert row["source"].startswith("GeoNames ") == (row["licence"] == "CC-BY-4.0")


def test_loading_takes_less_than_a_second() -> None:
    code = (
        "import time; start = time.process_time()\n"
        "from auditor.rules._names_atlas import known\nfrom auditor.rules._names_people import figures\n"
        "known('kyiv'); figures(); print(time.process_time() - start)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert float(out) < 1.0


def test_names_of_the_user(tmp_path: Path) -> None:
    table = tmp_path / "names.tsv"
    table.write_text(
        "name\tkind\tcountry\toffices\taliases\n# ours\nTorvald Kransbeck\tperson\tno\tprime-minister\tTorvald K. Kransbeck\n"
        "Zhengbao\tplace\tcn\t\t\n",
        "utf-8",
    )
    (tmp_path / "auditor.toml").write_text('[names]\nfiles = ["names.tsv"]\n', "utf-8")
    settings = load(tmp_path / "auditor.toml")
    text = (
        "Norway's Prime Minister Torvald Kramsbeck spoke on Monday. Soviet troops once held Zhengbao Island, he said."
    )
    assert ("NM002", "Torvald Kramsbeck", "Torvald Kransbeck") in findings(text, settings)
    assert not any(quote == "Zhengbao" for _, quote, _ in findings(text, settings))
    assert any(quote == "Zhengbao" for _, quote, _ in findings(text, Settings()))
    assert not any(rule == "NM002" for rule, *_ in findings(text, Settings()))


def test_the_signature_tells_what_the_files_say_and_not_where_they_lie(tmp_path: Path) -> None:
    signed = []
    for folder, name in (("a", "Ann Lee"), ("b", "Ann Lee"), ("c", "Bo Lee")):
        (tmp_path / folder).mkdir()
        table = tmp_path / folder / "names.tsv"
        table.write_text(f"name\tkind\n{name}\tperson\n", "utf-8")
        signed.append(sign(Settings(name_files=(str(table),)), (), ()))
    assert signed[0] == signed[1] != signed[2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name\tkind\nAnn Lee\tfriend\n", "line 2"),
        ("name\tkind\tsize\nAnn Lee\tperson\t3\n", "known columns"),
        ("nothing\n", ""),
        ("kind\nperson\n", "line 2"),
    ],
)
def test_a_bad_table_is_a_usage_error(tmp_path: Path, text: str, message: str) -> None:
    table = tmp_path / "names.tsv"
    table.write_text(text, "utf-8")
    if not message:
        use_files([str(table)])
        return
    with pytest.raises(UsageError, match=message):
        use_files([str(table)])


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        use_files([str(tmp_path / "none.tsv")])


def test_an_unknown_key_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "auditor.toml").write_text('[names]\nfile = "names.tsv"\n', "utf-8")
    with pytest.raises(UsageError, match=r"\[names\]: unknown key 'file'"):
        load(tmp_path / "auditor.toml")
