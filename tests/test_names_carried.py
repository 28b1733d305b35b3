"""Japanese and Korean names that came through Cyrillic, and the people whose names only look so."""

from __future__ import annotations

import pytest

from auditor.data import Document, Origin
from auditor.rules._kontsevich import is_impossible, is_strange, readings
from auditor.rules._names_japanese import japanese
from auditor.rules._names_korean import korean
from auditor.rules._polivanov import by_sound, is_official, kinds, restored
from auditor.segment import segment

ENGLISH = "The visitors asked many questions about the weather, and the old town hall was full until the evening."


def found(text: str) -> list[tuple[str, str]]:
    # Names from everywhere mislead the guess of a sentence's language; a silent rule would prove nothing then.
    page = segment(Document("a", f"{text} {ENGLISH}", Origin("", "txt"), declared_language="en"))
    assert page.language.tag == "en"
    return [(one.span.cut(text), one.suggested) for one in (*japanese(page), *korean(page))]


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("Sindzo", "Shinzo"), ("Sudzuki", "Suzuki"), ("Kisida", "Kishida"), ("Isiba", "Ishiba"), ("Tiba", "Chiba"),
        ("Kodzi", "Koji"), ("Takaiti", "Takaichi"), ("Hirosima", "Hiroshima"), ("Kadzuo", "Kazuo"),
        ("Fudzisan", "Fujisan"), ("Dzyun", "Jun"), ("Dzun'itiro", "Junichiro"), ("Khokkaydo", "Hokkaido"),
        ("Vatanabe", "Watanabe"), ("Kendzhi", "Kenji"), ("Siodzaki", "Shiozaki"), ("Namba", None), ("Kišida", "Kishida"),
        ("Isziba", "Ishiba"), ("Jošihide", "Yoshihide"), ("Džuničiró", "Junichiro"),
    ],
)  # fmt: skip
def test_the_way_back_to_hepburn(spelling: str, name: str | None) -> None:
    form = restored(spelling)
    assert (form.names[0] if form else None) == name


def test_hepburn_and_its_varieties_lead_nowhere() -> None:
    assert not [name for name in kinds() if restored(name.capitalize())]
    for name in ("Ohno", "Itoh", "Jun'ichi", "Shimpei", "Kay", "Reitchi", "Tsuji", "Matsuda", "Yūko", "Sidney", "Tito"):
        assert restored(name) is None
    assert not by_sound("wright")
    assert is_official("yosida")
    assert is_official("koidzumi")
    assert not is_official("sidzuoka")


# Each stands beside a Japanese name, in a text on Japan.
@pytest.mark.parametrize(
    "name",
    [
        "Kodzo Abe", "Naomi Adzo", "Edin Dzeko", "Artem Dzyuba", "Emi Kodzo", "Sidney Tanaka", "Tito Yamamoto",
        "Siti Nurhaliza", "Isi Mori", "Sini Sato", "Satu Ito", "Timo Aoki", "Maya Khara", "Naomi Khanna", "Rina Khan",
        "Yosi Kato", "Yossi Ono", "Kendji Girac", "Tizuka Yamasaki", "Satiko Oda", "Eiiti Ikeda", "Hirosi Ooguri",
        "Tosio Kitagawa", "Kiyosi Itô", "Kôsaku Yosida", "Syoiti Yokoi", "May Tanaka", "Kay Sato", "Rey Ito",
        "Irina Khakamada", "Levan Gorgadze", "Zhanna Dzhioeva", "Masasi Mwamba", "Kosi Sena", "Ken Adzic",
    ],
)  # fmt: skip
def test_people_whose_names_only_look_japanese_through_cyrillic(name: str) -> None:
    assert not found(f"In Japan, {name} met Kenta Sato and Yoko Tanaka in Tokyo on Sunday.")
    assert not found(f"The engineer {name} of Osaka, Japan, spoke on Monday.")


@pytest.mark.parametrize(
    "text",
    [
        "Misima Island lies far from Japan.",
        "Ships of Japan left Suva and Masasi.",
        "The painter Tiba lives in Japan.",
        "The Prefecture of Koti lies in Greece.",
        "The lake of Khasan was fought for by Japan.",
        "Dzerzhinsk and Hiroshima in Japan are partner cities.",
        "Kherson, Kharkiv and Tokyo signed the paper.",
        "Mount Fuji in Japan and Mount Kadzi in Ghana are high.",
        "FUDZI IS A MOUNTAIN IN JAPAN AND A WORD IN CAPITALS.",
        "The firm Shimadzu of Kyoto, Japan, was founded in 1875.",
    ],
)
def test_words_and_places_beside_japan(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("Chzhe", "jae"), ("Kyn", "geun"), ("Khe", "hye"), ("Yn", "eun"), ("Myn", "myeong"), ("Khyn", "heung")],
)
def test_the_way_back_from_kontsevich(word: str, syllables: str) -> None:
    assert is_strange(word)
    assert is_impossible(word) or word == "Yn"
    assert any(syllables in way[0] for way in readings(word))


@pytest.mark.parametrize(
    "name",
    [
        "Moon Jae-in", "Mun Jae In", "Mun Chae-in", "Yun Sok Yol", "Kim Jong Un", "Kim Chong-un", "Kim Jeong-eun",
        "Pak Kunhye", "Lee Myung-bak", "Yi Myong-bak", "Roh Moo-hyun", "No Muhyon", "Choe Ryong Hae", "Choi Soon-sil",
        "Rhee Syng-man", "Hwang Woo-suk", "Kim Chen", "Chen Yun", "Khan Kim", "Kim Khanh", "Li Chen In", "Ken Kim",
        "Den Sen Li", "Kim Novak", "Viktor Tsoi", "Imran Khan", "Tran Khe San", "Khin Nyunt", "Son Khan", "Pak Khan",
    ],
)  # fmt: skip
def test_koreans_as_they_write_themselves_and_others_beside_korea(name: str) -> None:
    assert not found(f"South Korea and North Korea invited {name} to Seoul on Monday.")
    assert not found(f"President {name} spoke in Korea.")


def test_the_family_name_may_stand_last() -> None:
    assert found("The striker Khyn Min Son of South Korea scored twice.") == [("Khyn Min Son", "Son Heung-min")]


def test_long_and_odd_texts_are_read_in_time() -> None:
    assert not found("")
    assert len(found("Sindzo Abe came to Japan and spoke for an hour. " * 300)) == 300
    assert not found(f"{ENGLISH}\n" * 40 + "Kh" + "e" * 20_000 + " Dz" + "-Dz" * 9_000 + "\n")
