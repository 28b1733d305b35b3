"""Names that are the same, and names that are two people's: neither is ever reported."""

from __future__ import annotations

from collections import defaultdict

import pytest

from auditor.data import Document, Finding, Observation, Origin
from auditor.registry import CorpusRule, Rule
from auditor.rules import names
from auditor.rules._names_fold import distance, plain_key, skeleton
from auditor.rules._names_variants import same_name
from auditor.rules._romanisation import is_pinyin, is_wade_giles, restored
from auditor.segment import segment


def report(*documents: str, group: str | None = None) -> list[Finding]:
    found: list[Finding] = []
    seen: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    rules = {rule.meta.code: rule for rule in names.RULES}
    for number, text in enumerate(documents):
        page = segment(Document(str(number), text, Origin("", "txt"), group=group))
        for rule in rules.values():
            if isinstance(rule, Rule):
                found += rule.check(page)
            if isinstance(rule, CorpusRule):
                for one in rule.observe(page):
                    seen[one.rule, one.key].append(one)
    for (code, _), many in sorted(seen.items()):
        rule = rules[code]
        assert isinstance(rule, CorpusRule)
        found += rule.resolve(sorted(many, key=lambda one: (one.document_id, one.span, one.quote)))
    return found


def test_keys() -> None:
    assert plain_key("Şimşek") == "simsek"
    assert skeleton("Klitschko") == skeleton("Кличко") == skeleton("Kličko") == skeleton("Kliczko")
    assert skeleton("Zelenskyy") == skeleton("Зеленський") == skeleton("Selenskyj")
    assert distance("tusk", "trusk") == 1
    assert distance("abcd", "abdc") == 1
    assert distance("abcdefgh", "x") == 4


def test_a_family_name_has_no_foreign_forms() -> None:
    assert same_name(("Joe", "Biden"), ("Joseph", "Biden"))
    assert not same_name(("Peter", "Paul"), ("Petr", "Pavel"))


@pytest.mark.parametrize("word", ["Jinping", "Xi'an", "Zedong", "Lü", "Qinwen", "Jian", "Guoqiang"])
def test_pinyin(word: str) -> None:
    assert is_pinyin(word)
    assert not restored(word)


@pytest.mark.parametrize("word", ["Hsien", "Tsai", "Lien", "Tzu-yi", "Chiang", "Kuo-chen"])
def test_wade_giles_is_left_alone(word: str) -> None:
    assert is_wade_giles(word)
    assert not restored(word)


@pytest.mark.parametrize(
    ("word", "first"), [("Tszyan", "Jian"), ("Syao", "Xiao"), ("Chzhan", "Zhan"), ("Ksyao", "Xiao"), ("Jien", "Jian")]
)
def test_the_way_back_from_palladius(word: str, first: str) -> None:
    assert restored(word)[0] == first


def test_nothing_in_an_empty_text_or_other_scripts() -> None:
    assert not report("", "…", "ابتث", "名前", "12 345")
