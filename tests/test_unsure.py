"""The second judge of lines: its arithmetic, whom it is asked about, and the same findings however a run is cut."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import Auditor, Settings, scorers
from auditor.data import UNSURE_LINE, Document, Origin, SegmentedDocument
from auditor.errors import MissingModelError
from auditor.lines import EncoderJudge, Head, LineModel, load_head
from auditor.lines._second import HEAD
from auditor.pipeline import audit_documents
from auditor.registry import rules
from auditor.rules._passages import PassageRule
from auditor.runs import Engine, audit_archive
from auditor.scorers import Models
from auditor.segment import segment
from auditor.unsure import ask, judged_again
from auditor.weights import digest
from tests.test_lines import LONGER

BP = [rule for rule in rules() if isinstance(rule, PassageRule)]
# Too long to be told by its shape.
LABEL = "Змінити вигляд саду та порядок дерев для всіх відвідувачів цього профілю"


class Says:
    """A judge with one answer, which remembers what it was asked."""

    def __init__(self, value: float) -> None:
        self.value = value
        self.asked: list[str] = []

    def judge(self, lines: list[str]) -> list[float]:
        self.asked += lines
        return [self.value for _ in lines]


def page(*lines: str) -> SegmentedDocument:
    return segment(Document("a", "\n".join(lines), Origin("a", "txt")))


def doubtful(monkeypatch: pytest.MonkeyPatch, value: float) -> None:
    """Have the first stage give what comes behind the story this probability."""
    monkeypatch.setattr(
        LineModel,
        "probabilities",
        lambda _, one: [0.001 if at < len(LONGER) else value for at in range(len(one.lines))],
    )


def quotes(judge: Says, *lines: str) -> list[str]:
    """What both judges together report on a story with these lines behind it."""
    seen = page(*LONGER, *lines)
    scores = list(ask(judge, [seen], BP))
    assert {one.scorer for one in scores} <= {UNSURE_LINE}
    assert [one.span.cut(seen.text) for one in scores] == judge.asked
    return [one.quote for one in judged_again(seen, BP, [], scores)]


@given(st.lists(st.lists(st.floats(-5, 5), min_size=3, max_size=3), min_size=1, max_size=6))
def test_a_head_is_a_logistic_regression_whose_rows_do_not_mix(rows: list[list[float]]) -> None:
    head = Head(np.array([1.0, 0.0, 0.5]), np.array([2.0, 1.0, 0.5]), np.array([1.0, -1.0, 0.25]), 0.5, "")
    states = np.array(rows)
    together = head.probabilities(states)
    assert together == [head.probabilities(states[at : at + 1])[0] for at in range(len(rows))]
    wanted = 1 / (1 + np.exp(-((states[:, 0] - 1) / 2 - states[:, 1] + (states[:, 2] - 0.5) / 2 + 0.5)))
    assert together == pytest.approx(wanted.tolist(), abs=1e-4)


def test_no_head_is_none_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    assert load_head(tmp_path) is None
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / HEAD).write_bytes(b"no weights")
    with pytest.raises(MissingModelError, match=HEAD):
        load_head(tmp_path / "broken")


def test_the_shipped_head_belongs_to_the_shipped_encoder(shipped: Path) -> None:
    head = load_head()
    assert head is not None
    assert head.encoder == digest(shipped / "auditor-encoder" / "model.safetensors")


def test_both_judges_together_tell_a_line_that_one_alone_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful(monkeypatch, 0.6)
    judge = Says(0.9999)
    seen = page(*LONGER, LABEL)
    assert not [one for rule in BP for one in rule.check(seen)]
    (found,) = judged_again(seen, BP, [], list(ask(judge, [seen], BP)))
    assert judge.asked == [found.quote] == [LABEL]
    assert found.rule == "BP001"
    assert found.data["method"] == "classifier and encoder"
    assert 0.6 < found.data["probability"] < 0.9999
    assert quotes(Says(0.3), LABEL) == []


def test_what_the_first_judge_is_sure_of_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful(monkeypatch, 0.99)
    judge = Says(0.0001)
    seen = page(*LONGER, LABEL)
    assert list(ask(judge, [seen], BP)) == []
    assert [one.quote for rule in BP for one in rule.check(seen)] == [LABEL]


@pytest.mark.parametrize(("answer", "left"), [(0.01, []), (0.9, [LABEL])])
def test_a_line_that_only_the_first_judge_tells_must_stand_before_both(
    monkeypatch: pytest.MonkeyPatch, answer: float, left: list[str]
) -> None:
    doubtful(monkeypatch, 0.9)
    judge = Says(answer)
    seen = page(*LONGER, LABEL)
    told = [one for rule in BP for one in rule.check(seen)]
    assert [one.quote for one in told] == [LABEL]
    assert [one.quote for one in judged_again(seen, BP, told, list(ask(judge, [seen], BP)))] == left
    assert judge.asked == [LABEL]


def test_a_line_that_a_phrase_tells_stands_whatever_the_second_judge_says(monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful(monkeypatch, 0.9)
    seen = page(*LONGER, "Читайте також: погода")
    told = [one for rule in BP for one in rule.check(seen)]
    assert [one.data["method"] for one in told] == ["phrases"]
    assert judged_again(seen, BP, told, list(ask(Says(0.0001), [seen], BP))) == told


@pytest.mark.parametrize(
    "lines",
    [
        ["«Змінити вигляд саду може кожен»"],
        ["Сади міста знову відкриті", "для всіх його мешканців"],
        ["Тихо падає сніг", "Місто ще спить", "Вікна горять", "Скоро світанок"],
        ["Сади міста знову відкриті, і всі мешканці вже приходять туди щодня після роботи."],
    ],
    ids=["quotation", "broken sentence", "verse", "prose"],
)
def test_clean_foreign_lines_stay_content_whatever_the_second_judge_says(
    monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    doubtful(monkeypatch, 0.45)
    assert quotes(Says(0.99), *lines) == []


def test_nobody_is_asked_for_rules_that_do_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful(monkeypatch, 0.6)
    judge = Says(0.99)
    others = [rule for rule in rules() if not rule.meta.code.startswith("BP")]
    assert list(ask(judge, [page(*LONGER, LABEL)], others)) == []
    assert judge.asked == []


def test_another_encoder_has_no_second_judge(small_models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_MODELS", str(small_models))
    models = Models(Settings(device="cpu"))
    assert models.origin() is not None
    assert models.line_judge() is None


def test_without_an_encoder_there_is_no_second_judge() -> None:
    assert Models(Settings(device="cpu")).line_judge() is None
    assert Models(Settings(score="none")).line_judge() is None


@pytest.fixture
def fitted(small_models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny encoder, with a head of its own that takes every line for interface text."""
    monkeypatch.setenv("AUDITOR_MODELS", str(small_models))
    trunk = small_models / "auditor-encoder" / "model.safetensors"
    head = Head(np.zeros(64), np.ones(64), np.zeros(64), 9.0, digest(trunk))
    monkeypatch.setattr(scorers, "load_head", lambda: head)
    doubtful(monkeypatch, 0.6)


@pytest.mark.usefixtures("fitted")
def test_the_same_findings_in_memory_in_shards_and_while_screening(tmp_path: Path) -> None:
    settings = Settings(score="all", device="cpu", select=("BP", "LI"))
    texts = {f"{name}.txt": "\n".join((*LONGER, *lines)) for name, lines in {"a": [LABEL], "b": []}.items()}
    (tmp_path / "in").mkdir()
    for name, text in texts.items():
        (tmp_path / "in" / name).write_text(text, "utf-8")
    documents = [Document(name, text, Origin(name, "txt")) for name, text in texts.items()]
    report = audit_documents(documents, settings)
    (found,) = report.documents[0].findings
    assert (found.quote, found.data["method"]) == (LABEL, "classifier and encoder")
    assert report.documents[1].findings == ()
    assert UNSURE_LINE not in report.documents[0].measures
    assert report.documents[0].measures["boilerplate_ratio"] > 0
    stored = audit_archive([str(tmp_path / "in")], settings, tmp_path / "run", Engine(), on_progress=lambda _: None)
    assert [one.findings for one in stored.documents] == [one.findings for one in report.documents]
    screened = [Auditor(settings).screen(one) for one in documents]
    assert [one.findings for one in screened] == [one.findings for one in report.documents]
    silent = audit_documents(documents, replace(settings, score="none"))
    # Without the encoder the line is a foreign passage of unknown use, which settling drops beside boilerplate.
    assert [[one.rule for one in document.findings] for document in silent.documents] == [["LI002"], []]


def test_an_encoder_judge_asks_nothing_about_nothing() -> None:
    head = Head(np.zeros(2), np.ones(2), np.zeros(2), 0.0, "")

    class Silent:
        def means(self, texts: list[str]) -> np.ndarray:
            raise AssertionError(texts)

    assert EncoderJudge(head, Silent()).judge([]) == []


def test_the_shipped_encoder_tells_a_label_from_a_heading(shipped: Path) -> None:
    assert shipped.is_dir()
    label, heading = "Turn on notifications for this topic", "The day the river gave back its stones"
    texts = ["\n".join((*LONGER, label)), "\n".join((*LONGER[:3], heading, *LONGER[3:]))]
    documents = [Document(str(at), text, Origin("a", "txt")) for at, text in enumerate(texts)]
    settings = Settings(device="cpu", select=("BP",))
    with_label, with_heading = audit_documents(documents, settings).documents
    assert [(one.quote, one.data["method"]) for one in with_label.findings] == [(label, "classifier and encoder")]
    assert with_heading.findings == ()
    (alone,) = audit_documents(documents[:1], replace(settings, score="none")).documents
    assert alone.findings == ()
