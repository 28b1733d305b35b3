"""One scan for all phrase tables finds what each table's own scan finds."""

from __future__ import annotations

from itertools import pairwise

import pytest

from auditor import lexicon
from auditor.lexicon import Entry, Lexicon
from auditor.scan import Pool

TEXT = "we use cookies. die cookies sind gut, he said; she said that cookies ask for more.\n" * 20


def test_nothing_is_shared_before_it_is_worth_it() -> None:
    pool = Pool(worth=3)
    assert pool.join(["cookies"]) == 0
    assert pool.find("one cookies", 0) is None
    assert pool.find("two cookies", 0) is None
    third = "cookies and cookies"
    assert pool.find(third, 0) == pool.find(third, 0) == [(0, 0, 7), (0, 12, 19)]


def test_a_new_table_begins_the_count_again() -> None:
    pool = Pool(worth=1)
    pool.join(["said"])
    assert pool.find("he said", 0) == [(0, 3, 7)]
    assert pool.join(["he", "said"]) == 1
    text = "so he said"
    assert pool.find(text, 1) == [(0, 3, 5), (1, 6, 10)]
    assert pool.find(text, 0) == [(0, 6, 10)]


def test_pieces_come_by_their_end() -> None:
    pool = Pool(worth=1)
    pool.join(["a b c", "b", "c", "b c"])
    found = pool.find("a b c b c " * 3, 0)
    assert found is not None
    assert all(one[2] <= other[2] for one, other in pairwise(found))


def test_a_full_pool_takes_no_more() -> None:
    pool = Pool()
    assert [pool.join(["x"]) for _ in range(66)][63:] == [63, None, None]


@pytest.mark.parametrize("languages", [None, frozenset({"de"})])
def test_lexicons_find_the_same_with_and_without(
    monkeypatch: pytest.MonkeyPatch, languages: frozenset[str] | None
) -> None:
    tables = [
        (Entry("en", "notice", "we use cookies"), Entry("de", "notice", "cookies sind gut")),
        (Entry("en", "verb", "(he|she) said"), Entry("de", "verb", "sind~")),
    ]
    alone = [Lexicon(entries) for entries in tables]
    expected = [one.find(TEXT, languages) for one in alone]
    monkeypatch.setattr(lexicon, "POOL", Pool(worth=1))
    together = [Lexicon(entries) for entries in tables]
    assert [one.find(TEXT, languages) for one in together] == expected
    assert any(expected)
    parts = [one.within(TEXT, 16, 60, languages) for one in together]
    assert parts == [one.within(TEXT, 16, 60, languages) for one in alone]
