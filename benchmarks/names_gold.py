"""Garbled names in real machine translation: where one system's name differs from what all others agree on.

An item is a capitalised word of one system's translation that no other translation of the segment and not the source
has, where the reference and at least three other systems share another capitalised word that this system lacks, both
resemble each other, neither is an ordinary word of the language, and the variant tables do not equate them. Nobody
looked at the items one by one: some are rare but legitimate spellings, and garbled names that resemble nothing, or
that are ordinary words, are not in it. Which items one document by itself can show ``benchmarks.names_alone`` says.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import JaroWinkler

from auditor.normalize import fold
from auditor.rules._names_atlas import same_place
from auditor.rules._names_fold import is_latin, skeleton
from auditor.rules._names_people import sharing
from auditor.rules._names_tables import country
from auditor.rules._names_variants import feminine_pair, inflected_alike, same_word
from auditor.rules._romanisation import one_syllable_name

Row = dict[str, Any]
WORD = re.compile(r"[^\W\d_]+(?:['’‐-][^\W\d_]+)*")
# Lines of one source file that make up one document.
LINES = 12
OTHERS = 3
_ALIKE = 0.75
_ORDINARY = 0.05
_SHORTEST = 3
# Inhabitants and adjectives: Ukraine, Ukrainian; Kosovo, Kosovar.
_DERIVED = re.compile(r"(?:s|n|an|ian|ean|ese|ish|i|er|ers|ic|ist|ists|isch\w{0,2}|e|en|y|ar|ans|ians|based|born)?")
_CASES = frozenset({"ru", "uk", "cs", "pl"})


@dataclass(frozen=True, slots=True)
class Item:
    """A garbled word of a system's translation of a segment, at ``start`` of its text, and the right word."""

    segment: str
    system: str
    start: int
    wrong: str
    right: str


def read(shared: Path, part: str, language: str) -> dict[str, list[Row]]:
    """All rows of a part whose segment is translated into a language, by segment; the source's row stands first."""
    into: dict[str, list[Row]] = defaultdict(list)
    sources: dict[str, Row] = {}
    with gzip.open(shared / "data" / "mt_detect" / f"{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["label"] == "original":
                sources[row["seg_id"]] = row
            elif row["lang"] == language and "backtranslation" not in row["system"]:
                into[row["seg_id"]].append(row)
    return {name: ([sources[name]] if name in sources else []) + rows for name, rows in sorted(into.items())}


def bare(word: str) -> str:
    """Lower-case letters without marks and possessive."""
    word = re.sub(r"['’]s$", "", word.lower())
    return "".join(char for char in unicodedata.normalize("NFD", word) if char.isalpha())


class Usage:
    """How often words stand in lower case in the human texts of a part: ordinary words do, names do not."""

    def __init__(self, segments: Mapping[str, list[Row]]) -> None:
        self._lower: Counter[str] = Counter()
        self._all: Counter[str] = Counter()
        for row in (row for rows in segments.values() for row in rows if row["label"] != "original"):
            for word in WORD.findall(row["text"]):
                self._all[bare(word)] += 1
                self._lower[bare(word)] += word[0].islower()

    def ordinary(self, word: str) -> bool:
        """Whether the word is written in lower case more than now and then."""
        return self._lower[word] > _ORDINARY * self._all[word]


def _capitalised(text: str) -> Iterator[tuple[str, int]]:
    for match in WORD.finditer(text):
        if match.group()[0].isupper() and not match.group().isupper() and len(bare(match.group())) >= _SHORTEST:
            yield match.group(), match.start()


def equated(one: str, other: str, language: str) -> bool:
    """Whether variant tables, endings or derivation make two words one."""
    one, other = (re.sub(r"['’]s$", "", word) for word in (one, other))
    if same_word(one, other, given=True) or feminine_pair(one, other) or same_place(one, other):
        return True
    if same_person(one, other) or one_syllable_name(one, other):
        return True
    if (land := country(fold(one))) and land == country(fold(other)):
        return True
    if language in _CASES and inflected_alike(one, other):
        return True
    short, long = sorted((bare(one), bare(other)), key=len)
    return (long.startswith(short) and _DERIVED.fullmatch(long[len(short) :]) is not None) or (
        short[:-1] == long[: len(short) - 1]
        and _DERIVED.fullmatch(long[len(short) - 1 :]) is not None
        and len(short) > 4
    )


def same_person(one: str, other: str) -> bool:
    """Whether both words stand in names of one person of the tables: Lukashenko, Lukashenka."""
    keys = {bare(one), bare(other)}
    return any(keys <= {bare(word) for form in person.forms for word in form} for person in sharing((one,)))


def items(segments: Mapping[str, list[Row]], language: str) -> Iterator[Item]:
    """The garbled names of all systems, in order."""
    usage = Usage(segments)
    for rows in segments.values():
        source = [row for row in rows if row["label"] == "original"]
        human = [row for row in rows if row["label"] == "human_translation"]
        machine = [row for row in rows if row["label"] == "machine_translation"]
        if not human or len(machine) <= OTHERS:
            continue
        words = {id(row): {bare(word) for word in WORD.findall(row["text"])} for row in rows}
        named = {id(row): {bare(word): word for word, _ in _capitalised(row["text"])} for row in rows}
        for row in machine:
            rest = [other for other in rows if other is not row]
            votes = Counter(word for other in machine if other is not row for word in named[id(other)])
            right = {
                word: spelled
                for other in human
                for word, spelled in named[id(other)].items()
                if votes[word] >= OTHERS and word not in words[id(row)] and not usage.ordinary(word)
            }
            if language == "de" and source:
                # Every noun is capitalised: a name is what the source has as well.
                right = {word: spelled for word, spelled in right.items() if word in named[id(source[0])]}
            seen: frozenset[str] = frozenset().union(*(words[id(other)] for other in rest))
            yield from _of_system(row, (right, rest), seen, usage, language)


def _of_system(
    row: Row, theirs: tuple[Mapping[str, str], list[Row]], seen: Iterable[str], usage: Usage, language: str
) -> Iterator[Item]:
    right, others = theirs
    own = [(word, at) for word, at in _capitalised(row["text"]) if _odd(word, frozenset(seen), usage)]
    pairs = []
    for word, at in own:
        for spelled in right.values():
            alike = JaroWinkler.similarity(bare(word), bare(spelled))
            alike = max(alike, JaroWinkler.similarity(skeleton(word), skeleton(spelled)))
            if (
                alike >= _ALIKE
                and _beside(row, at, spelled, others)
                and not any(equated(word, other, language) for other in right.values())
            ):
                pairs.append((-alike, at, word, spelled))
    taken: set[str] = set()
    for _, at, word, spelled in sorted(pairs):
        if word not in taken and spelled not in taken and is_latin(word) == is_latin(spelled):
            taken |= {word, spelled}
            yield Item(row["seg_id"], row["system"], at, word, spelled)


def _beside(row: Row, at: int, right: str, others: Iterable[Row]) -> bool:
    """Whether a word stands beside the wrong word in one text and beside the right one in another."""
    mine = _neighbours(row["text"], at)
    for other in others:
        found = re.search(rf"(?<!\w){re.escape(right)}(?!\w)", other["text"])
        if found and mine & _neighbours(other["text"], found.start()):
            return True
    return False


def _neighbours(text: str, at: int) -> set[str]:
    """The two words before a place and the two behind the word there, each with its side."""
    before = [bare(word) for word in WORD.findall(text[max(0, at - 60) : at])][-2:]
    after = [bare(word) for word in WORD.findall(text[at : at + 80])][1:3]
    return {f"<{word}" for word in before} | {f">{word}" for word in after}


def _odd(word: str, seen: frozenset[str], usage: Usage) -> bool:
    key = bare(word)
    return key not in seen and not usage.ordinary(key) and not any(key == one + "s" or one == key + "s" for one in seen)


def block(segment: str) -> tuple[str, int]:
    """The document that a segment stands in: its file, and which run of lines."""
    pair, _, line = segment.rpartition(":")
    return pair, int(line) // LINES
