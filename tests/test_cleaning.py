"""Taking passages out of a text, and finding the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import Auditor, Settings, clean_text, main_text
from auditor.cleaning import Cleaned, without
from auditor.data import Span


def cut(marked: str) -> Cleaned:
    """Drop what stands between ⟦ and ⟧."""
    text, spans, start = "", [], 0
    for char in marked:
        if char == "⟦":
            start = len(text)
        elif char == "⟧":
            spans.append(Span(start, len(text)))
        else:
            text += char
    cleaned = without(text, spans)
    for clean, begin, length in cleaned.pieces:
        assert cleaned.text[clean : clean + length] == text[begin : begin + length]
    assert "".join(text[begin : begin + length] for _, begin, length in cleaned.pieces) == cleaned.text
    return cleaned


@pytest.mark.parametrize(
    ("marked", "left"),
    [
        ("", ""),
        ("Nothing to drop.\n", "Nothing to drop.\n"),
        ("⟦Menu⟧\nThe text.", "The text."),
        ("The text.\n⟦Share⟧", "The text."),
        ("The text.\n\n⟦Share⟧\n\n", "The text."),
        ("One.\n  ⟦Share⟧  \nTwo.", "One.\nTwo."),
        ("One.\n\n⟦Share⟧\n\nTwo.", "One.\n\nTwo."),
        ("One. ⟦Read also:⟧ Two.", "One. Two."),
        ("One. ⟦Read also⟧\nTwo.", "One.\nTwo."),
        ("⟦Advertisement⟧ One.", "One."),
        ("⟦Share⟧ ⟦Print⟧\nOne.", "One."),
        ("⟦Share⟧\r\n⟦Print⟧\r\nOne.", "One."),
        ("⟦all⟧", ""),
    ],
)
def test_passages_go_with_the_blanks_they_leave(marked: str, left: str) -> None:
    assert cut(marked).text == left


def test_places_lead_back() -> None:
    cleaned = cut("⟦Menu⟧\nOne. ⟦Read also⟧ Two.\n⟦Share⟧")
    assert cleaned.text == "One. Two."
    source = "Menu\nOne. Read also Two.\nShare"
    for place, char in enumerate(cleaned.text):
        assert source[cleaned.original(place)] == char
    assert cleaned.original(len(cleaned.text)) == source.index("\nShare")
    with pytest.raises(IndexError):
        cleaned.original(len(cleaned.text) + 1)


@given(st.text(alphabet="ab \n\t\u2028é", max_size=60), st.data())
def test_what_is_not_dropped_stays(text: str, data) -> None:
    places = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(places, places), max_size=5))
    spans = [Span(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]
    cleaned = without(text, spans)
    dropped = {place for span in spans for place in range(span.start, span.end)}
    kept = [text[start + at] for _, start, length in cleaned.pieces for at in range(length)]
    assert "".join(kept) == cleaned.text
    wanted = "".join(char for place, char in enumerate(text) if place not in dropped and not char.isspace())
    assert "".join(cleaned.text.split()) == wanted


def test_many_passages_in_one_line_take_linear_time() -> None:
    text = "word share " * 100_000
    spans = [Span(at * 11 + 5, at * 11 + 10) for at in range(100_000)]
    assert without(text, spans).text.count("word") == 100_000


@given(st.text("ab \n\r", max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
def test_offsets_lead_there_and_back(text: str, places: list[tuple[int, int]]) -> None:
    spans = [Span(min(a, b), max(a, b)) for a, b in places if max(a, b) <= len(text)]
    cleaned = without(text, spans)
    for place in range(len(cleaned.text)):
        assert cleaned.cleaned(cleaned.original(place)) == place
    for span in spans:
        assert all(cleaned.cleaned(place) is None for place in range(span.start, span.end))


def test_main_text_of_an_audited_document() -> None:
    story = "The council voted to repair the pier before the storms.\nWork begins in June, the mayor's office told reporters."
    audit = Auditor(Settings(score="none")).screen(f"{story}\nДля комфортної роботи потрібен сучасний браузер.")
    assert clean_text(audit).text == story
    assert [span.cut(audit.page.text) for span in main_text(audit)] == [story]


def test_main_text_leaves_out_lines_that_only_look_like_interface_text() -> None:
    story = (
        "The council voted on Tuesday evening to repair the old pier before the storms of the autumn arrive.",
        "Work begins in June and lasts about four months, the mayor's office told reporters after the vote.",
        "The pier dates from 1911 and was last repaired after the great storm of the winter of 1968, it said.",
    )
    menu = ("World", "Opinion", "Culture", "Puzzles", "My account")
    audit = Auditor(Settings(score="none")).screen("\n".join((*menu, *story)))
    kept = "\n".join(span.cut(audit.page.text) for span in main_text(audit))
    assert all(line in kept for line in story)
    assert sum(item in kept.splitlines() for item in menu) < len(menu) - 1
