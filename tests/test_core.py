"""Folding, lexicon, language and segmentation: offsets hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.data import Document, Finding, Origin, Severity, Span
from auditor.language import candidates, main_script
from auditor.lexicon import Entry, Lexicon, anchors, compile_pattern
from auditor.normalize import fold, plain
from auditor.rules._chrome_text import Spans
from auditor.segment import segment

TEXT = st.text(
    alphabet=st.one_of(
        st.characters(blacklist_categories=["Cs"]),
        st.sampled_from(list("\n\r\t \u2028“”„«»ЇїІёЯ中文。עبİǅﬁ\u0301\u200d🙂1.,")),
    ),
    max_size=400,
)


def page(text: str):
    return segment(Document("a", text, Origin("a", "txt")))


@given(TEXT)
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@settings(deadline=None, max_examples=200)
@given(TEXT)
def test_segments_cut_the_text_exactly(text: str) -> None:
    got = page(text)
    last = 0
    for line in got.lines:
        assert last <= line.span.start < line.span.end <= len(text)
        assert not text[line.span.start].isspace()
        assert not text[line.span.end - 1].isspace()
        last = line.span.end
    for sentence in got.sentences:
        assert got.lines[sentence.block].span.contains(sentence.span)
    covered = sum(len(line.span) for line in got.lines)
    assert covered >= sum(not char.isspace() for char in text)


def test_lexicon_finds_whole_words_with_endings_gaps_and_borders() -> None:
    entries = (
        Entry("en", "a", "here is * version of"),
        Entry("en", "b", "^menu$"),
        Entry("uk", "c", "переклад~"),
        Entry("zh", "d", "机器翻译"),
        Entry("en", "e", "# min(ute)? read"),
    )
    text = fold(
        "Here is a shorter version of it.\n- Menu -\nThe menu of the day.\nПереклади є\n本文由机器翻译\n3 min read"
    )
    found = [(match.entry.kind, match.span.cut(text), match.whole_line) for match in Lexicon(entries).find(text)]
    assert found == [
        ("a", "here is a shorter version of", False),
        ("b", "menu", True),
        ("c", "переклади", False),
        ("d", "机器翻译", False),
        ("e", "3 min read", True),
    ]


def test_pattern_needs_something_literal() -> None:
    assert anchors("(a|b) * cookies~") == ("cookies",)
    assert anchors("(akzeptieren|ablehnen)") == ("akzeptieren", "ablehnen")
    assert anchors("(sign|log) in") == ("sign", "log")
    with pytest.raises(ValueError, match="no literal piece"):
        anchors("(a|b)? *")


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^menu$", "- menu -", "menu"),
        ("^menu$", "the menu", None),
        ("(see|read) more (now)?", "read more", "read more"),
        ("(see|read) more (now)?", "read more now", "read more now"),
        ("(jetzt)? app laden", "app laden", "app laden"),
        ("(jetzt)? (die)? app laden", "jetzt die app laden", "jetzt die app laden"),
        ("we use * cookies", "we use many small cookies", "we use many small cookies"),
        ("we use * cookies", "we use cookies", "we use cookies"),
        ("we use * cookies", "we use all of them, but not cooking pots or anything else of iron, and cookies", None),
        ("uses *cookies", "uses cookies", "uses cookies"),
        ("foto:", "foto:jan", "foto:"),
        ("foto", "fotograf", None),
        ("分享到", "请分享到微博", "分享到"),
    ],
)
def test_patterns(pattern: str, text: str, found: str | None) -> None:
    hit = compile_pattern(pattern).search(text)
    assert (hit.group("m") if hit else None) == found


def test_a_huge_line_is_searched_in_windows() -> None:
    text = "word " * 200_000 + "we use cookies " + "word " * 200_000
    (match,) = Lexicon((Entry("en", "k", "we use cookies"), Entry("en", "k", "^word$"))).find(text)
    assert match.span.cut(text) == "we use cookies"


@given(st.text(alphabet="ab \n*", max_size=300))
def test_lexicon_is_total(text: str) -> None:
    for match in Lexicon((Entry("en", "k", "ab * ba"),)).find(text):
        assert 0 <= match.span.start < match.span.end <= len(text)


@given(
    st.lists(
        st.sampled_from(["we use cookies", "menu", "\n", " ", "read more", "x", "переклади", "机器翻译", "."]),
        max_size=40,
    ),
    st.integers(0, 120),
    st.integers(0, 200),
    st.sampled_from([200_000, 10]),
)
def test_looking_within_a_text_is_looking_at_its_slice(pieces: list[str], low: int, length: int, cap: int) -> None:
    entries = (
        *(Entry("en", "a", "we use * cookies"), Entry("en", "b", "^menu$"), Entry("en", "c", "read more")),
        *(Entry("uk", "d", "переклад~"), Entry("zh", "e", "机器翻译")),
    )
    text = "".join(pieces)
    high = min(len(text), low + length)
    lexicon = Lexicon(entries)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("auditor.lexicon._REMEMBERED", cap)
        for _ in range(2):
            seen = [(one.span.start, one.span.end, one.entry) for one in lexicon.within(text, low, high)]
            sliced = [(one.span.start + low, one.span.end + low, one.entry) for one in lexicon.find(text[low:high])]
            assert seen == sliced
            assert not seen or lexicon.touches(text, low, high)


def test_language_of_short_lines() -> None:
    assert candidates("Поділитися")[0][0] == "uk"
    assert candidates("مزید پڑھیں")[0][0] == "ur"
    assert candidates("Les også: Slik blir været i helgen")[0][0] in {"no", "da"}
    assert candidates("Google Chrome") == []
    assert candidates("67.15%") == []
    assert candidates("") == []
    assert main_script("Для комфортної roboty") == "Cyrl"


def test_short_foreign_lines_are_one_region_with_what_stands_between() -> None:
    article = "The council voted on Tuesday to keep the water low while engineers look at the wall.\n" * 5
    notice = "Для комфортної роботи потрібен сучасний браузер.\n67.15%\nлюдей використовує\nGoogle Chrome\nцей браузер"
    got = page(article + notice)
    assert got.language.tag == "en"
    tail = got.lines[5:]
    assert {line.language.tag for line in tail} == {"uk"}
    assert len({line.region for line in tail}) == 1
    assert [line.borrowed for line in tail] == [False, True, False, True, False]


def test_names_and_loan_words_are_not_foreign() -> None:
    got = page(
        "The list of players was read out before the match in the old stadium.\n"
        "Jürgen Müller, Zoë Šimůnková, José Ángel Núñez\nKindergarten\n"
        "The match itself ended late in the evening, and nobody went home early."
    )
    assert {line.language.tag for line in got.lines} == {"en"}


def test_wrapped_lines_are_one_block() -> None:
    wrapped = (
        "The harbour master said on Monday that the ferry would not sail\n"
        "before the storm had passed, and that every passenger who holds a\n"
        "ticket for the evening crossing can exchange it at the office near\n"
        "the old lighthouse until the end of the month without paying more\n"
        "than the usual fee for the change, which is two crowns for adults\n"
        "and nothing at all for children, pensioners, and those who live on\n"
        "the islands. The next sailing is planned for Wednesday at noon but\n"
        "may be moved again if the wind does not drop during the night, as\n"
        "the forecast of the weather service suggests it will not do."
    )
    assert len(page(wrapped).lines) == 1


def test_fingerprint_does_not_move_with_the_text() -> None:
    def finding(start: int) -> Finding:
        return Finding("BP001", "a", Span(start, start + 4), "Menu", "m", Severity.MAJOR, 0.9)

    assert finding(0).fingerprint == finding(10).fingerprint
    assert len(finding(0).fingerprint) == 16


def test_plain_strips_marks() -> None:
    assert plain("  Élysée “Ž” ") == 'elysee "z"'


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=12), st.integers(0, 45), st.integers(1, 9))
def test_a_set_of_places_overlaps_what_one_of_them_does(places: list[tuple[int, int]], start: int, length: int) -> None:
    spans = [Span(low, low + size) for low, size in places]
    asked = Span(start, start + length)
    assert Spans(spans).overlap(asked) == any(one.overlaps(asked) for one in spans)
