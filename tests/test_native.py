"""The compiled loops give what plain Python gives, bit for bit, and are left alone where they are not those built."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentencex import get_sentence_boundaries

from auditor import blocks, familiar, language, native, normalize, scripts, segment, sentences
from auditor.data import Document, Origin, Span
from auditor.lines import _features, _grams, _model, load
from auditor.rules import _chrome_table
from tests.conftest import ROOT

needs_compiled = pytest.mark.skipif(not native.COMPILED, reason="the loops were not compiled here")
LETTERS = "abcdefgh ABC éßščřžůїєґабвгдеёıİΣσς中文かなカ한국अआب׳1²_.,;:!?\"'«»-–/|\n\u2028\u00a0\u200b\ud800😀"
texts = st.text(alphabet=st.sampled_from(LETTERS), max_size=80) | st.text(max_size=40)
PAGE = (
    "The town council voted on Tuesday to repair the old pier before the autumn storms arrive.",
    "Work will begin in June and should last about four months, the mayor's office told reporters.",
    "Поділитися",
    "The old pier dates from 1911 and was last repaired after the great storm of the winter of 1968.",
    "Share | Print | Comments (12)",
    "Share | Print | Comments (12)",
    "“We are using cookies”",
)


def plainly(monkeypatch) -> None:
    for module in (blocks, familiar, language, normalize, scripts, sentences, _chrome_table):
        if hasattr(module, "TEXT"):
            monkeypatch.setattr(module, "TEXT", None)
    for module in (_features, _grams, _model):
        monkeypatch.setattr(module, "LINES", None)


@needs_compiled
@given(texts)
def test_letters_and_scripts_are_counted_alike(text: str) -> None:
    compiled = scripts.letters(text), dict(scripts.scripts(text)), scripts.main_script(text)
    with pytest.MonkeyPatch.context() as patch:
        plainly(patch)
        assert (scripts.letters(text), dict(scripts.scripts(text)), scripts.main_script(text)) == compiled


@needs_compiled
@given(texts)
def test_texts_are_folded_and_cut_into_lines_alike(text: str) -> None:
    compiled = normalize._fold(text), blocks.blocks_of(text)
    with pytest.MonkeyPatch.context() as patch:
        plainly(patch)
        assert (normalize._fold(text), blocks.blocks_of(text)) == compiled


@needs_compiled
@settings(max_examples=300)
@given(st.sampled_from(["en", "de", "cs", "sk", "uk", "ru", "fr", "et"]), st.integers(0, 10_000), texts)
def test_frequent_words_show_a_language_alike(tag: str, seed: int, noise: str) -> None:
    chance = random.Random(seed)
    words = [*sorted(familiar._words()[tag]), *sorted(familiar._words()["en"]), "Müller,", "Škoda", noise]
    folded = normalize.fold(" ".join(chance.choice(words) for _ in range(chance.randrange(1, 30))))
    start, end = chance.randrange(0, 5), len(folded) - chance.randrange(0, 5)
    compiled = familiar.agrees(folded, tag, min(start, max(end, 0)), max(end, 0))
    assert compiled == familiar._agrees(folded[min(start, max(end, 0)) : max(end, 0)], tag)


@needs_compiled
@pytest.mark.parametrize("line", [*PAGE, "Vytvořte zvířeti bezpečné místo.", "Süle nahm am Training teil", "ÆØÅ æøå"])
def test_languages_are_weighed_alike(line: str, monkeypatch) -> None:
    compiled = language.candidates(line)
    plainly(monkeypatch)
    assert language.candidates(line) == compiled


@needs_compiled
@given(texts, st.sampled_from(["en", "de", "el", "zh", "hi", "my"]))
def test_a_line_that_is_one_sentence_is_one_for_sentencex(text: str, tag: str) -> None:
    line = " ".join(text.split())
    if line and sentences._is_one(line, Span(0, len(line))):
        found = get_sentence_boundaries(tag, line.encode("utf-8", "replace").decode("utf-8"))
        assert [(one["start_index"], one["end_index"]) for one in found] == [(0, len(line))]


@needs_compiled
def test_a_glance_passes_no_known_phrase_over() -> None:
    table = _chrome_table.table()
    for phrase in [*table._lines, *table._heads][::7]:
        for line in (phrase, f"  »{phrase}", phrase.replace(" ", "  ")):
            if len(line) <= 300 and (table.line(line) or table.begins(line)):
                assert table.may_be(line, Span(0, len(line))), line


@needs_compiled
def test_a_glance_spares_running_text() -> None:
    line = normalize.fold(PAGE[0])
    assert not _chrome_table.table().may_be(line, Span(0, len(line)))


@needs_compiled
@given(st.lists(texts.filter(str.strip), min_size=1, max_size=12))
def test_lines_have_the_same_features(lines: list[str]) -> None:
    page = segment.segment(Document("a", "\n".join([*PAGE, *lines]), Origin("a", "txt")))
    seen = _features.view(page)
    compiled, odds = load().features(seen), load().layered(load().features(seen))
    with pytest.MonkeyPatch.context() as patch:
        plainly(patch)
        assert np.array_equal(load().features(seen), compiled)
        assert np.array_equal(load().layered(compiled), odds)


@needs_compiled
def test_roles_and_links_are_features_in_both() -> None:
    lines = ["Home", *PAGE[:2], "Contact"]
    seen = _features.View(
        texts=tuple(lines), folded=tuple(map(str.lower, lines)), roles=("navigation", "main", "", "footer"),
        links=(1.0, 0.25, 0.0, 0.5), foreign=(False, False, True, False), other_script=(False,) * 4,
        borrowed=(True, False, False, False), dense=False,
    )  # fmt: skip
    compiled = load().features(seen)
    with pytest.MonkeyPatch.context() as patch:
        plainly(patch)
        assert np.array_equal(load().features(seen), compiled)


def audited(plain: bool, tmp_path: Path) -> list[object]:
    environment = {**os.environ, "AUDITOR_PLAIN": "1" if plain else "", "PYTHONPATH": str(ROOT)}
    out = tmp_path / f"{plain}.json"
    command = [sys.executable, "-m", "auditor", "audit", "seeds", "--report", "json", "-o", str(out), "--score", "none"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return json.loads(next(out.rglob("*.json")).read_text("utf-8") if out.is_dir() else out.read_text("utf-8"))[
        "documents"
    ]


@pytest.mark.slow
def test_reports_do_not_tell_whether_the_loops_were_compiled(tmp_path: Path) -> None:
    assert audited(True, tmp_path) == audited(False, tmp_path)


def test_modules_of_other_sources_are_not_used(tmp_path: Path) -> None:
    (tmp_path / "_a.pyx").write_text("x = 1\n", "utf-8")
    assert not native.is_current(tmp_path)
    (tmp_path / "built.json").write_text(json.dumps(native.digest(tmp_path)), "utf-8")
    assert native.is_current(tmp_path)
    (tmp_path / "_a.pyx").write_text("x = 2\n", "utf-8")
    assert not native.is_current(tmp_path)
    (tmp_path / "_a.pyx").unlink()
    # A wheel carries no sources to compare with.
    assert native.is_current(tmp_path)


def test_a_package_can_be_asked_for_without_the_loops() -> None:
    code = "import auditor.native as native; print(native.COMPILED)"
    environment = {**os.environ, "AUDITOR_PLAIN": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
