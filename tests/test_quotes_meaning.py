"""Quotations matched by meaning: only where words leave it open, only with a model, never against two speakers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from auditor import Document, Finding, Settings, Severity, audit_documents
from auditor.data import Origin
from auditor.embedding import embedder
from auditor.pipeline import Detector
from auditor.registry import Embed
from auditor.resolve import resolve_all
from auditor.screening import Auditor, Reference

SETTINGS = Settings(select=("QD001",), score="none")
GATE = "The lock was shut at noon. “We know how daunting the job ahead of us is,” said keeper Orla Tiernan."
RETOLD = "“We know how difficult the work ahead of us is,” Orla Tiernan told the radio on the bridge."


class Reader:
    """Stands for the encoder: one vector for the texts it knows as one, another for each other text."""

    def __init__(self, *alike: str) -> None:
        self.alike = alike
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += texts
        known = [any(one in text for one in self.alike) for text in texts]
        return [[1.0, *(0.0 for _ in texts)] if here else _unit(at, len(texts)) for at, here in enumerate(known)]


def _unit(at: int, size: int) -> list[float]:
    return [0.0, *(float(at == other) for other in range(size))]


def story(*texts: str, group: str | None = "lock") -> list[Document]:
    return [Document(f"d{at}", text, Origin(f"d{at}", "txt"), group=group) for at, text in enumerate(texts)]


def drifts(documents: Sequence[Document], reader: Embed | None) -> list[Finding]:
    detector, notices = Detector(SETTINGS), list[str]()
    observed = [seen for one in documents for seen in detector.detect(one).observations]
    found = list(resolve_all(detector.rules, observed, notices, reader))
    assert not notices
    return found


def test_one_meaning_in_other_words_is_a_minor_finding() -> None:
    reader = Reader("daunting", "difficult")
    (one,) = drifts(story(GATE, RETOLD), reader)
    assert one.severity == Severity.MINOR
    assert one.data["kind"] == "wording"
    assert one.data["meaning"] == 1.0
    assert len(reader.asked) == 2


def test_without_a_model_nothing_is_said_and_nothing_is_added() -> None:
    assert drifts(story(GATE, RETOLD), None) == []
    changed = GATE.replace("We know", "We do not know")
    plain, read = drifts(story(GATE, changed), None), drifts(story(GATE, changed), Reader())
    assert plain == read
    assert "meaning" not in plain[0].data


@pytest.mark.parametrize(
    ("one", "other", "group"),
    [
        pytest.param(GATE, RETOLD, None, id="no story"),
        pytest.param(GATE, RETOLD.replace("Orla Tiernan", "Dario Benassi"), "lock", id="two speakers"),
        pytest.param(GATE, RETOLD.replace("ahead of us is", "is" + " and every wall and gate of it" * 4), "lock", id="too long"),
        pytest.param(GATE, GATE, "lock", id="the words decide"),
        pytest.param(GATE, "The bridge has the motto “Know the difficult work ahead of us all”.", "lock", id="nobody says it"),
    ],
)  # fmt: skip
def test_the_model_is_not_asked(one: str, other: str, group: str | None) -> None:
    reader = Reader("daunting", "difficult")
    drifts(story(one, other, group=group), reader)
    assert reader.asked == []


def test_another_meaning_is_no_drift() -> None:
    assert drifts(story(GATE, RETOLD), Reader("daunting")) == []


def test_what_two_quotations_fit_equally_is_left_open() -> None:
    twice = f"{RETOLD}\n“We know how hard the work behind us was,” said Orla Tiernan at night."
    assert drifts(story(GATE, twice), Reader("daunting", "difficult", "hard")) == []


def test_so_many_pairs_are_asked_about_and_no_more() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    said = [f"“The lock was {one * 4}, {one * 5} and {one * 6} then,” said Orla Tiernan." for one in letters]
    reader = Reader()
    drifts(story("\n".join(said[:13]), "\n".join(said[13:])), reader)
    assert 0 < len(reader.asked) <= 80


def test_a_run_without_an_encoder_has_no_embedder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert embedder(Settings(score="none")) is None
    monkeypatch.setenv("AUDITOR_MODELS", str(tmp_path))
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path))
    assert embedder(Settings()) is None
    assert embedder(Settings(model="nowhere")) is None


def test_runs_and_single_texts_hand_the_model_on(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader("daunting", "difficult")
    monkeypatch.setattr("auditor.pipeline.embedder", lambda _: reader)
    monkeypatch.setattr("auditor.screening._auditor.embedder", lambda _: reader)
    (one,) = [one for audit in audit_documents(story(GATE, RETOLD), SETTINGS).documents for one in audit.findings]
    lent, (first, second) = Reference(), story(GATE, RETOLD)
    lent.add(Detector(SETTINGS).detect(first).observations)
    assert [one.data["meaning"] for one in Auditor(SETTINGS, lent).screen(second).findings] == [one.data["meaning"]]


def test_the_shipped_encoder_finds_the_partner(shipped: Path) -> None:
    pytest.importorskip("torch")
    assert shipped.is_dir()
    reader = embedder(Settings())
    assert [one.data["kind"] for one in drifts(story(GATE, RETOLD), reader)] == ["wording"]
    apart = "“We know how the harbour looks from the tower,” Orla Tiernan told the radio on the bridge."
    assert drifts(story(GATE, apart), reader) == []
