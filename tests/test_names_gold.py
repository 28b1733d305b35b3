"""Which garbled names the benchmark counts against a rule that sees one document only."""

from __future__ import annotations

import pytest

from benchmarks.names_alone import BORNE, DERIVED, FAR, KNOWN, ORDINARY, SYLLABLES, covered, unseen
from benchmarks.names_cases import Case
from benchmarks.names_gold import Item


def reason(wrong: str, right: str, text: str = "It happened in {} on Monday, as the mayor said.") -> str:
    at = text.index("{}")
    return unseen(Item("2000:ru-en:1", "system", 0, wrong, right), text.format(wrong), at)


@pytest.mark.parametrize(
    ("wrong", "right", "why"),
    [
        ("Belgrade", "Belgorod", KNOWN), ("Iraq", "Iran", KNOWN), ("Siberian", "Sibiu", KNOWN),
        ("Arab-China", "Argentina", KNOWN), ("Koyama", "Oyama", BORNE), ("Koyama-cho", "Oyama", BORNE),
        ("Greenbelt", "Greenland", ORDINARY), ("Hangar", "Angara", ORDINARY), ("Cazanese", "Kazan", DERIVED),
        ("Provençal", "Provence", DERIVED), ("Etranslated", "France", FAR), ("Chaa", "Cao", FAR),
        ("Kangxian", "Ankang", SYLLABLES), ("Xinjing", "Beijing", SYLLABLES),
    ],
)  # fmt: skip
def test_what_one_document_cannot_show(wrong: str, right: str, why: str) -> None:
    assert reason(wrong, right) == why


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Bosonaro", "Bolsonaro"), ("Vertape", "Verstappen"), ("Portava", "Poltava"), ("Betlem", "Bethlehem"),
        ("Caseda", "Kishida"), ("Moda", "Modi's"), ("Yetomir", "Zhytomyr"),
        # A small town is known less than the person; three syllables are no village of chance.
        ("Baden", "Biden"), ("Zhangzakou", "Zhangjiakou"),
        # "Peril" and "lieu" are words, but no part of the right name is.
        ("Perillieu", "Peleliu"),
    ],
)  # fmt: skip
def test_what_one_document_can_show(wrong: str, right: str) -> None:
    assert not reason(wrong, right)


def test_the_word_behind_makes_it_another_place() -> None:
    assert reason("Kuala", "Kuwait", "{} Lumpur, July 26") == KNOWN
    assert reason("Kualo", "Kuwait", "{} Lumpur, July 26") != KNOWN


@pytest.mark.parametrize("text", ["in {} Province,", "the Province of {} in China", "and {} City and"])
def test_there_are_few_provinces_and_cities(text: str) -> None:
    assert not reason("Guan'an", "Guangan", text)
    assert reason("Guan'an", "Guangan", "the village of {} in China") == SYLLABLES


def test_characters_of_a_japanese_place_have_several_readings() -> None:
    read = [
        unseen(Item(f"2000:{pair}:1", "system", 0, wrong, "Takasaki"), f"in {wrong}{behind} on Monday", 3)
        for pair, wrong, behind in (
            ("ja-en", "Kosaki", ""), ("ja-en", "Kosaki", " City"), ("ja-en", "Takasakk", ""), ("ru-en", "Kosaki", ""),
        )
    ]  # fmt: skip
    assert read == [SYLLABLES, "", "", ""]


def case(right: str, mate: str) -> tuple[Case, Item]:
    item = Item("2000:ru-en:1", "system", 0, "Wrong", right)
    return Case("2000:ru-en:0:system", "en", "Wrong", [(0, 5, item)], (mate,)), item


def test_a_town_of_the_name_says_nothing_of_a_person() -> None:
    assert not covered(*case("Hayes", "The film with Erinn Hayes began on Monday."))
    assert covered(*case("Hamilton", "The race with Lewis Hamilton began on Monday."))
    assert covered(*case("Hayes", "The fair in Hayes began on Monday."))
    assert covered(*case("Bahia", "It rained in the state of Bahia on Monday."))
    assert not covered(*case("Rießle", "The race with Fabian Rießle began on Monday."))
