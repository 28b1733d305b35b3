"""The parts of the name and quotation rules that decide on their own: alignment, denials, letters, votes."""

from __future__ import annotations

import pytest

from auditor.data import Document, Observation, Origin, Span
from auditor.rules._names_homophones import same_sound
from auditor.rules._names_letters import readings
from auditor.rules._names_outvoted import STORY, VOTERS, outvoted, remembered
from auditor.rules._names_story import name_words, pack, unpack
from auditor.rules._names_votes import alike, equated
from auditor.rules._quote_polarity import denies
from auditor.rules._quote_sequence import aligned, length
from auditor.rules._quote_words import tokenize
from auditor.rules._romanisation import one_syllable_name
from auditor.segment import segment


@pytest.mark.parametrize(
    ("mine", "theirs", "pairs"),
    [
        ([60, 20, 90], [66, 22, 80], [(0, 0), (1, 1), (2, 2)]),
        ([60, 20, 90], [66, 80], [(0, 0), (2, 1)]),
        ([60, 20, 90], [21, 23, 300], []),
        ([60], [61], []),
        ([], [61], []),
        ([50] * 50, [50] * 50, []),
    ],
)
def test_quotations_are_aligned_by_order_and_length(
    mine: list[float], theirs: list[float], pairs: list[object]
) -> None:
    assert aligned(mine, theirs) == pairs


def test_chinese_is_shorter_than_english() -> None:
    assert length("我们不会公开具体位置", "zh") == pytest.approx(len("我们不会公开具体位置") / 0.31)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("We did not go for victory", "en", True),
        ("We went for victory", "en", False),
        ("We went only for victory", "en", None),
        ("Did we go for victory?", "en", None),
        ("Мы ехали не за победой", "ru", True),
        ("Мы ехали за победой", "ru", False),
        ("Most nehrozí zřícením", "cs", None),
        ("Most hrozí zřícením", "cs", False),
        ("我们不会公开具体位置", "zh", True),
        ("我们会公开具体位置", "zh", False),
        ("我们不断公开具体位置", "zh", None),
        ("ロボットが職人の代わりになることはありません。", "ja", True),
        ("We did not go", "xx", None),
    ],
)
def test_denials_that_leave_no_doubt(text: str, language: str, expected: bool | None) -> None:
    assert denies(text, tokenize(text, language), language) is expected


def test_pinyin_by_letters_is_told_from_palladius() -> None:
    assert readings("Ксяо")[0] == ("xiao",)
    assert readings("Жанга")[0] == ("zhang",)
    assert not readings("Иван")
    assert not readings("Чжан")


def test_variants_and_near_words() -> None:
    assert equated("Pilsen", "Plzeň", "en")
    assert equated("Kharkov", "Kharkiv", "en")
    assert equated("Polish", "Poland", "en")
    assert equated("Зеленского", "Зеленский", "ru")
    assert not equated("Perolivka", "Perilovka", "en")
    assert alike("zhengbao", "zhenbao")
    assert not alike("moscow", "perilovka")
    assert one_syllable_name("Zhang", "Chang")
    assert not one_syllable_name("Li", "Lu")
    assert same_sound("沈若蓝", "沈若兰")
    assert not same_sound("沈若蓝", "沈若梅")


def seen(number: int, text: str, group: str = "g") -> Observation:
    page = segment(Document(f"{number:04d}", text, Origin("", "txt"), group=group))
    record = remembered(page)
    assert record is not None
    return Observation("NM001", group, page.document.id, record[0], "", record[1])


def test_name_words_survive_packing() -> None:
    page = segment(Document("a", "The river rose in Perilovka. Anna Lee left Perilovka's school.", Origin("", "txt")))
    words = list(name_words(page))
    assert unpack(pack(words)) == words
    assert {one.key for one in words} >= {"perilovka", "anna", "lee"}


def test_a_large_story_is_judged_by_a_sample_and_every_document_is() -> None:
    right = "The river rose by {} metres in the village of Perilovka on Sunday night, and families left houses {}."
    documents = [seen(number, right.format(number, number)) for number in range(VOTERS + 40)]
    wrong = seen(9999, right.format(7, 7).replace("Perilovka", "Perolivka"))
    found = list(outvoted([*documents, wrong]))
    assert [one.seen.document_id for one in found] == ["9999"]
    assert found[0].sampled
    assert found[0].right == "Perilovka"
    assert found[0].documents <= VOTERS
    assert list(outvoted([wrong, *reversed(documents)])) == found


def test_nobody_votes_alone() -> None:
    text = "The river rose by two metres in the village of {} on Sunday night, and forty families left their houses."
    assert not list(outvoted([seen(1, text.format("Perilovka")), seen(2, text.format("Perolivka"))]))


def test_observations_are_plain_data() -> None:
    import json

    record = seen(1, "The river rose in Perilovka on Sunday.")
    assert json.loads(json.dumps(dict(record.data)))[STORY]
    assert record.span == Span(0, 0)
