"""Screening in process: order, bounded lookahead, threads, what cannot be audited, and lent evidence."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from auditor import Auditor, Document, DocumentAudit, Settings, Skipped, UsageError, load_reference
from auditor.data import Origin
from auditor.errors import NothingReadableError
from auditor.screening import ScreeningError

RULES_ONLY = Settings(score="none")
CLEAN = "The council of the small harbour town voted on Tuesday to repair the old pier before the autumn storms."
LEFTOVER = CLEAN + "\nВаш браузер застарів. Оновіть його, щоб сайт працював правильно."
STORY = (
    "Foreign Minister Anton Kirlov met the delegation on Tuesday. “We shall not leave the table before the pact is "
    "signed by all members,” Kirlov said. The pact is worth 3.4 billion euros, the ministry said."
)


@pytest.fixture(scope="module")
def auditor() -> Auditor:
    return Auditor(RULES_ONLY)


def test_results_come_in_order_and_equal_single_answers(auditor: Auditor) -> None:
    texts = [CLEAN, LEFTOVER, "", LEFTOVER, CLEAN]
    many = list(auditor.screen_many(texts, batch=2))
    assert [one.verdict.decision for one in many] == ["accept", "review", "accept", "review", "accept"]
    assert [one.document.id for one in many] == [f"text#{number}" for number in range(1, 6)]
    for text, one in zip(texts, many, strict=True):
        alone = auditor.screen(Document(one.document.id, text, Origin("-", "txt")))
        assert auditor.answer(alone) == auditor.answer(one)


def test_no_more_than_a_batch_is_taken_ahead(auditor: Auditor) -> None:
    taken = []

    def source():
        for number in range(100):
            taken.append(number)
            yield CLEAN

    answers = auditor.screen_many(source(), batch=4)
    next(answers)
    assert len(taken) == 4
    for _ in range(4):
        next(answers)
    assert len(taken) == 8
    answers.close()
    assert len(taken) == 8
    one_by_one = auditor.screen_many(source(), batch=1)
    taken.clear()
    next(one_by_one)
    assert len(taken) == 1


def test_a_long_text_closes_its_batch(auditor: Auditor) -> None:
    taken = []

    def source():
        for number in range(3):
            taken.append(number)
            yield CLEAN * 2500

    next(auditor.screen_many(source(), batch=32))
    assert len(taken) == 1


def test_what_cannot_be_audited_is_skipped_in_its_place() -> None:
    auditor = Auditor(Settings(score="none", max_document_chars=200))
    texts = [CLEAN, None, "x" * 201, b"bytes", CLEAN]
    results = list(auditor.screen_many(texts))  # type: ignore[arg-type]
    assert [isinstance(one, Skipped) for one in results] == [False, True, True, True, False]
    assert "NoneType" in results[1].reason
    assert "200" in results[2].reason
    with pytest.raises(ScreeningError, match="longer than 200"):
        auditor.screen("x" * 201)
    with pytest.raises(UsageError, match="at least 1"):
        auditor.screen_many([], batch=0)


def test_a_source_that_fails_says_so_after_what_came_before(auditor: Auditor) -> None:
    def source():
        yield CLEAN
        yield LEFTOVER
        yield json.loads("{")

    answers = auditor.screen_many(source(), batch=1)
    assert [next(answers).verdict.decision, next(answers).verdict.decision] == ["accept", "review"]
    with pytest.raises(json.JSONDecodeError):
        next(answers)
    assert [type(one) for one in auditor.screen_many([CLEAN])] == [DocumentAudit]


def test_threads_share_one_auditor(causal: Path) -> None:
    shared = Auditor(Settings(score="all", model=str(causal)))
    texts = [f"{CLEAN} Part {number}.\n{LEFTOVER if number % 3 else STORY}" for number in range(24)]
    expected = [shared.answer(shared.screen(text)) for text in texts]
    assert expected[0]["scores"]["surprisal"] > 0

    def all_of_them(_: int) -> list[dict[str, object]]:
        return [shared.answer(shared.screen(text)) for text in texts]

    with ThreadPoolExecutor(6) as pool:
        for answers in pool.map(all_of_them, range(6)):
            assert answers == expected


def test_documents_of_one_id_keep_their_own_scores(causal: Path) -> None:
    auditor = Auditor(Settings(score="all", model=str(causal)))
    same = [Document("x", text, Origin("-", "txt")) for text in (CLEAN, STORY, CLEAN)]
    first, second, third = (one.measures["surprisal"] for one in auditor.screen_many(same))
    assert first == third != second


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    rows = [{"id": f"r{number}", "group": "pact", "text": STORY} for number in range(3)]
    path = tmp_path / "earlier.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def changed(name: str = "pact") -> Document:
    text = STORY.replace("3.4 billion", "34 billion").replace("shall not leave", "shall leave")
    return Document("a", text, Origin("-", "txt"), group=name)


def test_an_earlier_run_lends_its_evidence(earlier: Path) -> None:
    alone = Auditor(RULES_ONLY).screen(changed())
    assert not {"NC003", "QD001"} & {one.rule for one in alone.findings}
    reference = load_reference(str(earlier), RULES_ONLY)
    assert reference.documents == 3
    lent = Auditor(RULES_ONLY, reference)
    result = lent.screen(changed())
    found = {one.rule: one for one in result.findings}
    assert {"NC003", "QD001"} <= set(found)
    for one in found.values():
        assert one.document_id == "a"
        assert "\0" not in one.message
        assert {proof.document_id for proof in one.evidence} <= {"r0", "r1", "r2"}
    assert "reference@" in lent.signature
    other_story = lent.screen(changed("another"))
    assert not {"NC003", "QD001"} & {one.rule for one in other_story.findings}


def run_of(source: Path, root: Path, settings: Settings = RULES_ONLY) -> Path:
    from auditor.runs import Engine, audit_archive

    audit_archive([str(source)], settings, root, Engine(workers=1), on_progress=lambda _: None)
    return root


def test_a_run_directory_lends_what_its_documents_lend(earlier: Path, tmp_path: Path) -> None:
    run = run_of(earlier, tmp_path / "run")
    lent, direct = load_reference(str(run), RULES_ONLY), load_reference(str(earlier), RULES_ONLY)
    assert (lent.documents, lent.names()) == (3, direct.names())
    found = {one.rule for one in Auditor(RULES_ONLY, lent).screen(changed()).findings}
    assert {"NC003", "QD001"} <= found


def test_a_run_directory_that_lends_nothing_says_why(earlier: Path, tmp_path: Path) -> None:
    run = run_of(earlier, tmp_path / "run")
    state = json.loads((run / "run.json").read_text("utf-8"))
    for change, words in (({"finished": False}, "not finished"), ({"text": False}, "keeps no text")):
        (run / "run.json").write_text(json.dumps({**state, **change}), "utf-8")
        with pytest.raises(UsageError, match=words):
            load_reference(str(run), RULES_ONLY)


def test_a_text_does_not_confirm_itself(earlier: Path) -> None:
    rows = [{"id": "a", "group": "pact", "text": changed().text}]
    earlier.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    auditor = Auditor(RULES_ONLY, load_reference(str(earlier), RULES_ONLY))
    assert not {"NC003", "QD001"} & {one.rule for one in auditor.screen(changed()).findings}


def test_reference_does_not_depend_on_order(tmp_path: Path) -> None:
    rows = [{"id": f"r{number}", "group": "pact", "text": f"{STORY} Part {number}."} for number in range(260)]
    names = set()
    for order in (rows, rows[::-1]):
        path = tmp_path / "rows.jsonl"
        path.write_text("\n".join(map(json.dumps, order)), "utf-8")
        names.add(tuple(load_reference(str(path), RULES_ONLY).names()))
    assert len(names) == 1


def test_reference_that_lends_nothing_is_wrong_use(tmp_path: Path, earlier: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{", "utf-8")
    with pytest.raises(NothingReadableError, match="no document could be read"):
        load_reference(str(tmp_path / "bad.jsonl"), RULES_ONLY)
    with pytest.raises(UsageError, match="lends nothing"):
        load_reference(str(earlier), Settings(select=("EN",)))
