"""The line classifier: its arithmetic, its judgement of single lines, and what it adds to the rules."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.data import Document, Origin, Span
from auditor.errors import MissingModelError
from auditor.lines import LineModel, combined, load
from auditor.lines._features import FOREIGN, prose_lines, view
from auditor.lines._grams import ORDERS, grams
from auditor.lines._model import folder
from auditor.rules._chrome import chrome
from auditor.rules._chrome_judged import Judged
from auditor.rules._chrome_look import Look, look_at
from auditor.rules._chrome_marks import Mark
from auditor.rules._chrome_table import Phrase
from auditor.rules._chrome_tongue import tongue
from auditor.segment import segment
from auditor.weights import verify
from models.training.lines.corpus import broken, is_learned

STORY = [
    "The town council voted on Tuesday to repair the old pier before the autumn storms arrive.",
    "Work will begin in June and should last about four months, the mayor's office told reporters.",
    "The old pier dates from 1911 and was last repaired after the great storm of the winter of 1968.",
]


def page(*lines: str):
    return segment(Document("a", "\n".join(lines), Origin("a", "txt")))


@given(st.lists(st.text(min_size=0, max_size=30), min_size=1, max_size=6))
def test_a_line_is_hashed_the_same_wherever_it_stands(lines: list[str]) -> None:
    weights = np.random.default_rng(1).normal(size=((1 << 12) + 1, 2)).astype(np.float32)
    weights[-1] = 0
    together, peaks = grams(lines, 12).sums(weights)
    for at, line in enumerate(lines):
        alone, peak = grams([line], 12).sums(weights)
        assert np.allclose(together[at], alone[0])
        assert np.isclose(peaks[at], peak[0])


def test_every_n_gram_of_a_line_is_counted_once() -> None:
    found = grams(["abc", ""], 12)
    # " abc " has five characters, "  " two.
    assert found.counts().tolist() == [sum(max(0, 5 - order + 1) for order in ORDERS), 3]
    assert [len(found.row(at)) for at in (0, 1)] == found.counts().tolist()


def test_digits_are_alike() -> None:
    assert grams(["12 comments"], 12).row(0).tolist() == grams(["87 comments"], 12).row(0).tolist()


def test_shipped_weights_are_the_ones_of_the_manifest() -> None:
    assert verify(folder()) == []
    assert (folder() / "CARD.md").is_file()


def test_missing_and_damaged_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="line classifier"):
        load(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"bits": 3}), "utf-8")
    (tmp_path / "weights.npz").write_bytes(b"no archive")
    with pytest.raises(MissingModelError):
        load(tmp_path)


def test_the_same_page_gets_the_same_probabilities() -> None:
    lines = page(*STORY, "Diese Dienste werden standardmäßig geladen")
    assert load().probabilities(lines) == load().probabilities(lines)
    assert load().probabilities(page("")) == []


def test_foreign_interface_text_is_likelier_than_the_story() -> None:
    values = load().probabilities(page(*STORY, "Налаштування файлів cookie", "Зберегти вибір"))
    assert max(values[:3]) < 0.2
    assert min(values[3:]) > 0.8


def test_the_foreign_column_is_where_the_code_says() -> None:
    seen = view(page(*STORY, "Налаштування файлів cookie"))
    assert load().features(seen)[:, FOREIGN].tolist() == [0, 0, 0, 1]
    assert prose_lines(seen).tolist() == [1, 1, 1, 0]


def test_kinds_are_told_by_their_words() -> None:
    told = [
        kind
        for kind, _ in load().kinds_of(["Accept all cookies", "Teilen auf Facebook", "Войти или зарегистрироваться"])
    ]
    assert told == ["consent", "share", "login"]
    assert load().kinds_of([]) == []


class Never:
    """A second judge that takes nothing for interface text."""

    def judge(self, lines: list[str]) -> list[float]:
        return [0.0001 for _ in lines]


class Always:
    """A second judge that takes everything for it."""

    def judge(self, lines: list[str]) -> list[float]:
        return [0.9999 for _ in lines]


@pytest.mark.parametrize(("judge", "more"), [(Never(), False), (Always(), True)])
def test_a_second_judge_is_heard_on_unsure_lines(monkeypatch, judge: Never | Always, more: bool) -> None:
    monkeypatch.setattr(LineModel, "probabilities", lambda _, page: [0.9, *(0.001 for _ in page.lines[1:])])
    seen = page("Orbital garden notes", *STORY)
    judged = Judged(seen, look_at(seen), lambda _: False)
    marks = [None] * len(seen.lines)
    assert [one.line for one in judged.unsure(marks)] == [0]
    judged.add(marks)
    assert not any(marks)
    judged.add_together(marks, judge)
    assert [bool(mark) for mark in marks] == [more, False, False, False]


@given(st.floats(0, 1), st.floats(0, 1))
def test_two_judges_give_something_between_them(first: float, second: float) -> None:
    assert min(first, second) - 0.01 <= combined(first, second) <= max(first, second) + 0.01
    assert combined(first, first, weight=0.3) == pytest.approx(first, abs=0.01)


# A page of two more paragraphs than STORY, so that a few foreign lines do not make it bilingual.
LONGER = (*STORY, *(f"{line} The council will hear of it again in the spring." for line in STORY))


def judged_foreign(monkeypatch: pytest.MonkeyPatch, lines: dict[str, float]) -> list[str]:
    """Which of some foreign lines behind a story are marked, when the classifier gives them these probabilities."""
    values = [*(0.001 for _ in LONGER), *lines.values()]
    monkeypatch.setattr(LineModel, "probabilities", lambda _, page: values[: len(page.lines)])
    seen = page(*LONGER, *lines)
    assert [line.span.cut(seen.text) for line in seen.lines[len(LONGER) :]] == list(lines)
    judged = Judged(seen, look_at(seen), lambda _: False)
    marks = [None] * len(seen.lines)
    judged.add(marks)
    judged.drop_broken(marks)
    return [mark.span.cut(seen.text) for mark in marks if mark]


def test_foreign_lines_in_a_row_are_interface_text_when_all_are_likely_so(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = {"Показати більше садів": 0.9, "Змінити вигляд саду": 0.85}
    assert judged_foreign(monkeypatch, lines) == list(lines)


def test_a_sentence_broken_over_foreign_lines_is_content(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = {"Сади міста знову відкриті": 0.9, "для всіх його мешканців": 0.85}
    assert judged_foreign(monkeypatch, lines) == []
    sure = {"Сади міста знову відкриті": 0.97, "для всіх його мешканців": 0.96}
    assert judged_foreign(monkeypatch, sure) == list(sure)


def test_a_likely_line_among_foreign_content_is_content(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = {"Сади міста знову відкриті": 0.9, "Вода в річці піднялася": 0.1}
    assert judged_foreign(monkeypatch, lines) == []


def test_where_the_page_has_long_content_in_a_language_its_lines_must_be_surer(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "Сади міста знову відкриті, і мешканці вже приходять туди щодня після роботи."
    lines = {long: 0.01, "The gardens were full of people in the first warm days of the year.": 0.001}
    assert judged_foreign(monkeypatch, lines | {"Змінити вигляд саду": 0.9}) == []
    assert judged_foreign(monkeypatch, lines | {"Змінити вигляд саду": 0.99}) == ["Змінити вигляд саду"]


@pytest.mark.parametrize(("probability", "marked"), [(0.97, True), (0.9, False)])
def test_a_capitalised_latin_word_on_a_page_in_letters_of_its_own(
    monkeypatch: pytest.MonkeyPatch, probability: float, *, marked: bool
) -> None:
    story = ("Міська рада вирішила відкрити сади для всіх мешканців уже цієї весни, сказав мер у середу.",) * 4
    monkeypatch.setattr(LineModel, "probabilities", lambda *_: [0.001] * len(story) + [probability])
    seen = page(*story, "Impostazioni")
    marks = [None] * len(seen.lines)
    Judged(seen, look_at(seen), lambda _: False).add(marks)
    assert bool(marks[-1]) == marked


@pytest.mark.parametrize(("probability", "marked"), [(0.97, True), (0.9, False)])
def test_long_foreign_notices_do_not_make_a_page_bilingual(
    monkeypatch: pytest.MonkeyPatch, probability: float, *, marked: bool
) -> None:
    notice = "Змінити вигляд саду, показати більше садів, вибрати місто, вибрати мову, зберегти вибір, закрити вікно"
    lines = {f"{notice}, {notice}, {end}": probability for end in ("далі", "назад")}
    assert (judged_foreign(monkeypatch, lines) == list(lines)) == marked


def test_a_word_beside_a_likely_line_says_nothing_against_it(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = {"Змінити вигляд саду": 0.9, "Тут": 0.1}
    assert judged_foreign(monkeypatch, lines) == ["Змінити вигляд саду"]


def drop_unlikely(monkeypatch: pytest.MonkeyPatch, probability: float, mark: Mark) -> Mark | None:
    """What is left of a mark of weak evidence on a line behind a story."""
    monkeypatch.setattr(LineModel, "probabilities", lambda _, page: [probability for _ in page.lines])
    seen = page(*STORY, "Сади міста знову відкриті")
    marks: list[Mark | None] = [None, None, None, mark]
    Judged(seen, look_at(seen), lambda _: False).drop_unlikely(marks, [3])
    return marks[3]


def test_weak_evidence_against_a_line_that_reads_like_content_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = Mark(Span(0, 1), 3, "uk", "related", foreign=True, confidence=0.85)
    assert drop_unlikely(monkeypatch, 0.1, mark) is None
    assert drop_unlikely(monkeypatch, 0.5, mark) is mark


def test_weak_evidence_in_the_pages_own_language_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = Mark(Span(0, 1), 3, "en", "related", foreign=False, confidence=0.85)
    assert drop_unlikely(monkeypatch, 0.1, mark) is mark


@pytest.mark.parametrize(
    ("phrase", "strength", "weak"),
    [
        (Phrase("ja", "related", whole=False), 0.85, True),
        (Phrase("ja", "related", whole=True), 0.85, False),
        (Phrase("ja", "related", whole=False, notice=True), 0.85, False),
        (Phrase("ja", "related", whole=False), 0.9, False),
        # A cookie notice is a sentence by nature: that it reads like one says nothing against it.
        (Phrase("ja", "consent", whole=False), 0.85, False),
    ],
)
def test_only_the_beginning_of_a_label_is_weak(phrase: Phrase, strength: float, *, weak: bool) -> None:
    assert Look((phrase,), strength).is_weak == weak


def test_prose_that_begins_like_a_label_is_no_boilerplate() -> None:
    told = "【写真】ヒロイン役の俳優が二〇一八年から雑誌で連載された漫画を原作とした作品について、男女の切ない物語だと語った。"
    seen = page(*LONGER, told)
    assert not [one for one in chrome(seen) if one.line == len(LONGER)]


@pytest.mark.parametrize(
    ("line", "language"), [("Mrkni na ten článek, řekl ΦΙΛHΡ", "cs"), ("Μενού Google Chrome", "el")]
)
def test_a_foreign_word_in_a_line_of_the_pages_language(line: str, language: str) -> None:
    story = ("Rada města v úterý rozhodla, že opraví staré molo ještě před podzimními bouřemi a deštěm.",) * 4
    seen = page(*story, line)
    assert tongue(seen, seen.lines[-1], line).language == language


@given(st.lists(st.text("abc", min_size=1, max_size=5), min_size=7, max_size=24), st.integers(0, 99))
def test_a_broken_text_is_its_words_in_order(words: list[str], seed: int) -> None:
    lines = broken(" ".join(words), random.Random(seed))
    assert lines
    assert " ".join(lines).split() == words[: len(" ".join(lines).split())]


def test_neighbouring_rows_of_the_development_year_are_in_one_half() -> None:
    halves = [is_learned({"seg_id": f"2022:cs-en:{at}", "doc_id": None}) for at in range(400)]
    assert {True, False} == set(halves)
    assert all(len(set(halves[at : at + 20])) == 1 for at in range(0, 400, 20))
