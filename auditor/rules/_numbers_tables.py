"""The tables behind the number rules, read once: number words, units, currencies, particles, month names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from auditor.lexicon import rows
from auditor.normalize import fold, plain

_TOKEN = re.compile(r"[^\W\d_]+|[^\w\s]")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
# The longest form of any table is shorter than this; no look-up reads further.
_REACH = 40
_FIRST_TOKENS = 7
_STEM = 5
# Languages that write a numeral as one word.
_FUSED = frozenset({"de", "nl", "sv", "da", "no", "fi", "hu", "it", "sk", "el"})


@dataclass(frozen=True, slots=True)
class Word:
    """A number word: what it does (``number``, ``weak``, ``piece``, ``hundred``, ``magnitude``, …) and its value."""

    kind: str
    value: float


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit, counter or currency: its id, its dimension (``currency`` for money) and its size in base units."""

    id: str
    dimension: str
    factor: float


class Forms(dict[str, Measure]):
    """The forms of a table, and the words or signs that any of them begins with."""

    def __init__(self, forms: Iterable[tuple[str, Measure]]) -> None:
        super().__init__(forms)
        self.heads = frozenset(match.group() for form in self if (match := _TOKEN.match(form)))


@cache
def _all(table: str) -> tuple[dict[str, str], ...]:
    return tuple(rows(table))


@cache
def words(language: str) -> dict[str, Word]:
    """Number words of a language."""
    return {
        row["word"]: Word(row["kind"], float(row["value"]))
        for row in _all("number_words")
        if row["language"] == language
    }


@cache
def fused(language: str) -> re.Pattern[str] | None:
    """What matches one morpheme of a numeral written as one word, longest first; None where none is written so."""
    if language not in _FUSED:
        return None
    parts = sorted(
        (text for text, word in words(language).items() if word.kind != "abbreviation"),
        key=lambda text: (-len(text), text),
    )
    return re.compile("|".join(map(re.escape, parts)))


@cache
def units(language: str) -> Forms:
    """Unit words of a language and the symbols of all."""
    return Forms(
        (row["form"], Measure(row["unit"], row["dimension"], float(row["factor"])))
        for row in _all("units")
        if row["language"] in {"mul", language}
    )


@cache
def currencies(language: str) -> Forms:
    """Currency words of a language and the signs and codes of all."""
    return Forms(
        (row["form"], Measure(row["currency"], "currency", float(row["dollars"] or 0)))
        for row in _all("currencies")
        if row["language"] in {"mul", language}
    )


@cache
def codes() -> frozenset[str]:
    """ISO 4217 codes, folded: they count only when the text writes them in capitals."""
    return frozenset(row["form"] for row in _all("currencies") if row["kind"] == "code")


@cache
def dollars() -> dict[str, float]:
    """Rough value of a currency unit in US dollars; 0 where it is not listed."""
    return {row["currency"]: float(row["dollars"] or 0) for row in _all("currencies")}


@cache
def unit_factors() -> dict[str, tuple[str, float]]:
    """Dimension and factor of each unit id."""
    return {row["unit"]: (row["dimension"], float(row["factor"])) for row in _all("units")}


@cache
def particles(kind: str, language: str) -> frozenset[str]:
    """Short words of one kind (``from``, ``to``, ``of``, ``at``, ``stop``, …)."""
    return frozenset(
        fold(row["word"]) for row in _all("number_particles") if row["kind"] == kind and row["language"] == language
    )


@cache
def languages_that_write(feature: str) -> frozenset[str]:
    """Languages with a habit of writing numbers: ``point``, ``blank``, ``dotted-ordinal``."""
    return frozenset(
        row["language"] for row in _all("number_particles") if row["kind"] == "writes" and row["word"] == feature
    )


@cache
def calendar(kind: str, language: str) -> dict[str, int]:
    """Names of months or weekdays with their numbers."""
    return {
        row["name"]: int(row["number"]) for row in _all("months") if row["kind"] == kind and row["language"] == language
    }


def longest(table: Forms, folded: str, at: int) -> tuple[Measure, int] | None:
    """Return the longest form of a table that stands at ``at`` as whole words, with its end."""
    window = folded[at : at + _REACH]
    if not window:
        return None
    if _UNSPACED.match(window):
        ends = list(range(min(9, len(window)), 0, -1))
    else:
        head = _TOKEN.match(window)
        if head and head.group() not in table.heads:
            return None
        ends = [match.end() for match, _ in zip(_TOKEN.finditer(window), range(_FIRST_TOKENS), strict=False)][::-1]
        ends += [match.end() for match in [re.match(r"[^\W_]+", window)] if match]
    for end in ends:
        found = table.get(window[:end])
        if found:
            return found, at + end
    return None


@cache
def _stopped(language: str) -> frozenset[str]:
    return frozenset(plain(word)[:_STEM] for word in particles("stop", language))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The head of a word that inflection leaves alone: its first letters without accents."""
    return plain(word)[:_STEM]


def topics(folded: str, language: str) -> list[str]:
    """Stems of the words that carry a topic, in order: no short words, no function words, no numbers."""
    if language in {"zh", "ja"}:
        return [
            folded[i : i + 2]
            for i in range(len(folded) - 1)
            if _UNSPACED.match(folded[i]) and _UNSPACED.match(folded[i + 1])
        ]
    known, stopped = words(language), _stopped(language)
    found = [word for word in re.findall(r"[^\W\d_]{4,}", folded) if word not in known]
    return [one for one in (stem(word) for word in found) if one not in stopped]
