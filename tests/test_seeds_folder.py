"""The sample documents show every family of rules, and the clean ones are left alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from auditor import registry
from auditor.data import Document, Finding, Observation, Severity, Skipped
from auditor.readers import read_inputs
from auditor.registry import CorpusRule, Rule
from auditor.segment import segment

SEEDS = Path(__file__).parent.parent / "seeds"
FAMILIES = ("BP", "EN", "LI", "LM", "MT", "NC", "NM", "QD", "SA", "TD")
CLEAN = ("clockmaker.txt", "garden-roof.txt")
LANGUAGES = {"bg", "cs", "de", "en", "es", "fr", "pl", "uk", "zh"}


@dataclass(frozen=True)
class Options:
    text_field: str = "text"
    id_field: str = "id"
    group_field: str = "group"
    max_document_chars: int = 1_000_000
    max_expansion: int = 100
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ("**/README.md", "README.md")


@cache
def documents() -> tuple[Document, ...]:
    read = list(read_inputs([str(SEEDS)], Options()))
    assert not [one for one in read if isinstance(one, Skipped)]
    return tuple(one for one in read if isinstance(one, Document) and not one.id.endswith("README.md"))


@cache
def findings() -> tuple[Finding, ...]:
    found: list[Finding] = []
    observed: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    pages = [segment(document) for document in documents()]
    rules = {rule.meta.code: rule for rule in registry.rules()}
    for page in pages:
        for rule in rules.values():
            if isinstance(rule, Rule):
                found += rule.check(page)
            if isinstance(rule, CorpusRule):
                for seen in rule.observe(page):
                    observed[seen.rule, seen.key].append(seen)
    for code, key in sorted(observed):
        rule = rules[code]
        assert isinstance(rule, CorpusRule)
        found += rule.resolve(sorted(observed[code, key], key=lambda one: (one.document_id, one.span, one.quote)))
    return tuple(found)


def test_there_are_enough_documents_in_enough_languages_and_formats() -> None:
    assert len(documents()) >= 12
    assert {segment(document).language.tag for document in documents()} >= LANGUAGES
    assert {path.suffix for path in SEEDS.iterdir()} >= {".txt", ".html", ".md", ".jsonl"}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_shown(family: str) -> None:
    assert any(one.rule.startswith(family) for one in findings())


@pytest.mark.parametrize("family", ["NC", "NM", "QD"])
def test_the_stories_contradict_each_other(family: str) -> None:
    across = [one for one in findings() if one.rule.startswith(family) and one.evidence]
    assert any(place.document_id != one.document_id for one in across for place in one.evidence)


@pytest.mark.parametrize("name", CLEAN)
def test_clean_documents_get_nothing_above_minor(name: str) -> None:
    assert any(document.id == name for document in documents())
    assert not [one for one in findings() if one.document_id == name and one.severity > Severity.MINOR]


def test_every_sample_is_described() -> None:
    text = (SEEDS / "README.md").read_text("utf-8")
    for path in SEEDS.iterdir():
        assert path.name == "README.md" or f"`{path.name}`" in text, path.name
