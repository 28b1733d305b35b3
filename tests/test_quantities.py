"""Reading of quantities: what a number says, in many languages, and that reading never raises."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.data import Document, Origin
from auditor.normalize import fold
from auditor.rules._numbers_dates import moments
from auditor.rules._numbers_digits import interpret
from auditor.rules._numbers_east import east_value
from auditor.rules._quantities import quantities, read
from auditor.segment import segment

LANGUAGES = [
    "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "sk", "uk", "ru", "bg", "el", "tr",
    "ro", "hu", "hr", "ar", "fa", "he", "id", "zh", "ja", "ko", "und",
]  # fmt: skip
PIECES = st.sampled_from(
    [
        "1", "12", "3.5", "1,234", "1.234,56", "12 400", "1'234", "٣٢٠", "１２３", "€", "$", "%", "£62bn", "-tonne", " ",
        " million ", " тыс. ", " mil millones ", "万", "億", "三百", "hundertfünfzig ", "quatre-vingt-dix ", " and ", " of ",
        " euros", " km", " °C", "yüzde ", " юани", "خمسة ", "آلاف ", ":", "/", "-", ". ", ", ", "(", ")", " 31 June", "第",
        " 14.10", " am ", "12:30", "2025-02-30", "二〇二五年", "日", "\u00a0", "\u202f", "²", "½", "⁵", "\u0300", "İ",
    ]
)  # fmt: skip


def values(text: str, language: str) -> list[tuple[str, float, str, str]]:
    return [(one.span.cut(text), round(one.value, 6), one.kind, one.unit) for one in read(text, language=language)]


@given(st.lists(PIECES, max_size=14), st.sampled_from(LANGUAGES))
def test_spans_cut_numbers_and_reading_never_raises(pieces: list[str], language: str) -> None:
    text = "".join(pieces)
    found = read(text, language=language, base=0)
    for one in found:
        assert 0 <= one.span.start < one.span.end <= len(text)
        assert one.value >= 0
        assert one.step > 0
    for left, right in pairwise(found):
        assert left.span.end <= right.span.start


@given(st.text(max_size=120), st.sampled_from(LANGUAGES))
def test_any_text_can_be_read(text: str, language: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    for one in read(text, folded, language, 7):
        assert one.span.start >= 7
    moments(folded, language)


@given(st.integers(0, 10**12), st.sampled_from(["en", "de", "fr", "es", "ru", "pl", "ja", "ar"]))
def test_grouped_integers_are_read_back(number: int, language: str) -> None:
    sign = "," if language in {"en", "ja", "ar"} else "."
    read_back = interpret(f"{number:,}".replace(",", sign), language)
    assert read_back is not None
    assert read_back[0] == number


@given(st.integers(1, 9999))
def test_east_asian_numerals_are_read_back(number: int) -> None:
    digits, text = "〇一二三四五六七八九", ""
    for size, sign in ((1000, "千"), (100, "百"), (10, "十")):
        if number // size % 10:
            text += digits[number // size % 10] + sign
    text += digits[number % 10] if number % 10 else ""
    value = east_value(text)
    assert value is not None
    assert value[0] == number


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("two hundred and forty-one families", "en", 241),
        ("zweitausenddreihundertvierzehn Menschen", "de", 2314),
        ("fünfundzwanzig Kinder", "de", 25),
        ("quatre-vingt-dix-sept personnes", "fr", 97),
        ("soixante et onze personnes", "fr", 71),
        ("dos mil quinientos millones de pesos", "es", 2_500_000_000),
        ("centocinquanta chili", "it", 150),
        ("cento e vinte mil barcos", "pt", 120_000),
        ("sto dwadzieścia trzy domy", "pl", 123),
        ("dvě stě čtyřicet lidí", "cs", 240),
        ("двести сорок одна тысяча человек", "ru", 241_000),
        ("п'ятдесят дві премʼєри", "uk", 52),
        ("двадесет и пет къщи", "bg", 25),
        ("είκοσι ένα παιδιά", "el", 21),
        ("iki bin üç yüz kırk beş kişi", "tr", 2345),
        ("tvåhundra fyrtio hus", "sv", 240),
        ("خمسة وعشرون رجلا", "ar", 25),
        ("عشرة ملايين دولار", "ar", 10_000_000),
        ("六百八十万元", "zh", 6_800_000),
        ("2.6億円", "ja", 260_000_000),
        ("1万2000冊", "ja", 12_000),
        ("48 300 arbres", "fr", 48_300),
        ("1'234 Franken", "de", 1234),
        ("1.234,56 Euro", "de", 1234.56),
        ("12,400 workers", "en", 12_400),
        ("３５０人", "ja", 350),
        ("٣٢٠ رسالة", "ar", 320),
        ("5 mil millones de euros", "es", 5_000_000_000),
        ("30 тыс. рублей", "ru", 30_000),
        ("1,5 mld zł", "pl", 1_500_000_000),
        ("12 Mio. Euro", "de", 12_000_000),
    ],
)
def test_values(text: str, language: str, value: float) -> None:
    assert read(text, language=language)[0].value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "language", "kind", "unit"),
    [
        ("£62bn was paid", "en", "currency", "GBP"),
        ("a 3.5-tonne truck", "en", "unit", "t"),
        ("7,4 миллиарда рублей", "ru", "currency", "RUB"),
        ("yüzde 28,4 arttı", "tr", "percent", "%"),
        ("百分之三十的学生", "zh", "percent", "%"),
        ("0.3 percentage points", "en", "point", "point"),
        ("96 miljoner danska kronor", "sv", "currency", "XKR"),
        ("60 metrów", "pl", "unit", "m"),
        ("in 2019", "en", "year", ""),
        ("the 3rd house", "en", "ordinal", ""),
        ("alle 14.10", "it", "time", ""),
        ("on 10 March 2025", "en", "date", ""),
        ("350人の子ども", "ja", "counter", "人"),
    ],
)
def test_kinds(text: str, language: str, kind: str, unit: str) -> None:
    found = read(text, language=language)[0]
    assert (found.kind, found.unit) == (kind, unit)


@pytest.mark.parametrize(
    "text", ["the A320 flew", "COVID-19 spread", "version 192.168.0.1", "it ended 3:1", "call +4420"]
)
def test_codes_are_no_quantities(text: str) -> None:
    assert [one for one in read(text) if one.kind != "time"] == []


def test_quantities_of_a_page_lie_in_their_sentences() -> None:
    text = "There are 12 boats. Six left.\nLes habitants du village ont planté 48 300 arbres cette année."
    page = segment(Document("a", text, Origin("a", "txt")))
    for sentence, found in zip(page.sentences, quantities(page), strict=True):
        assert all(sentence.span.contains(one.span) for one in found)
    assert [one.span.cut(text) for found in quantities(page) for one in found] == ["12", "Six", "48 300"]
