"""Korean names that came through Cyrillic into another language: Mun Chzhe In, Pak Kyn Khe, Kim Chen Yn.

Whole names of people of public life are held against the tables, syllable by syllable; a stranger's name is only
reported, without a suggestion, where it has what no Korean romanisation writes and Korea is spoken of beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from operator import and_

from auditor.data import SegmentedDocument
from auditor.language import primary
from auditor.lexicon import rows
from auditor.rules._carried import Carried, Word, following, joined, near, office, preceding, quoted, speaks_of, words
from auditor.rules._kontsevich import families, is_impossible, is_strange, readings, spellings
from auditor.rules._memo import once_a_page
from auditor.rules._names_people import Person, figures, holds, name_words
from auditor.rules._polivanov import letters

_LANGUAGES = frozenset({"en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "fi", "pl", "cs", "ro"})
_LANDS = ("kr", "kp")
# What a page that does not name Korea must have to be worth a look; literals, because every page is asked.
_TELLING = ("chzh", "chj", "czh", "dzh", "dzo", "dze", "khy", "khe", "khi", "khv", "kyn", "gyn", "hyn", "myn", " yn")
# Koreans of the former Soviet Union have their names in Russian spelling in their passports.
_ELSEWHERE = ("kz", "uz", "kg", "ru")
_SURE = re.compile(r"chzh|czh|dzh|khy")
_SOURCES = (("chzh|czh|chj", "ru uk"), ("dzh", "bg uk ru"), ("dz", "pl"), ("", "ru uk bg"))
_REACH = 160
_MOST = 400


@dataclass(frozen=True, slots=True)
class _Name:
    """Neighbouring words read as one name: family name first, and the syllables that each may stand for."""

    words: tuple[Word, ...]
    syllables: tuple[frozenset[str], ...]


def korean(page: SegmentedDocument) -> Iterator[Carried]:
    """The Korean names of a page that came out of Cyrillic."""
    language = primary(page.language.tag)
    spoken = speaks_of(page.folded, _LANDS)
    if language not in _LANGUAGES or not (spoken or any(sign in page.folded for sign in _TELLING)):
        return
    done = 0
    for word in words(page):
        if word.span.start < done or not is_strange(word.text):
            continue
        names = list(_names(page.text, word))
        found = _known(page, names, language, spoken=spoken) or _unknown(page, names)
        if found and not quoted(page.text, found.span) and language not in found.source.split():
            done = found.span.end
            yield found


def _names(text: str, word: Word) -> Iterator[_Name]:
    """The runs of two or three words around a word that read as a Korean name."""
    before = preceding(text, word)
    first = preceding(text, before) if before else None
    after = following(text, word)
    last = following(text, after) if after else None
    around = [one for one in (first, before, word, after, last) if one]
    at = around.index(word)
    for size in (3, 2):
        for start in range(max(0, at - size + 1), min(at, len(around) - size) + 1):
            run = tuple(around[start : start + size])
            for way in product(*(readings(one.text) for one in run)):
                syllables = tuple(syllable for part in way for syllable in part)
                if len(syllables) in {2, 3}:
                    yield _Name(run, syllables)


@cache
def _persons() -> dict[tuple[str, ...], tuple[Person, ...]]:
    """Korean people of public life by the syllables of their names, in each reading of their spelling."""
    found: dict[tuple[str, ...], dict[str, Person]] = {}
    listed = [(row["name"], row["country"], row["offices"]) for row in rows("eastern_known")]
    listed += [(row["name"], row["country"], row["offices"]) for row in rows("eastern_figures")]
    own = [Person(name, land, frozenset(kinds.split(",")), (name_words(name),), True) for name, land, kinds in listed]
    for person in (*own, *figures()):
        if person.country not in _LANDS:
            continue
        parts = [letters(part) for word in person.name.split() for part in word.split("-")]
        ways = product(*(sorted(spellings().get(part, ())) for part in parts))
        for way in ways if len(parts) in {2, 3} else ():
            old = found.setdefault(way, {}).get(_key(person))
            offices = person.offices | (old.offices if old else frozenset())
            found[way][_key(person)] = Person(
                old.name if old else person.name, person.country, offices, person.forms, True
            )
    return {way: tuple(many.values()) for way, many in found.items()}


def _key(person: Person) -> str:
    return "".join(map(letters, person.name.replace("-", " ").split()))


def _known(page: SegmentedDocument, names: list[_Name], language: str, *, spoken: bool) -> Carried | None:
    """A person of public life: certain beside the office, or where a syllable is impossible."""
    for name in names:
        people: dict[str, Person] = {}
        # Family name first, as in Korea, or last.
        for way in islice(product(*name.syllables), _MOST):
            for turned in (way, (way[-1], *way[:-1])):
                people |= {person.name: person for person in _persons().get(turned, ())}
        span = joined(name.words[0], name.words[-1])
        if not people or any(
            _key(one) == letters("".join(word.text for word in name.words)) for one in people.values()
        ):
            continue
        impossible = any(is_impossible(word.text) for word in name.words)
        role = office(page, span)
        holding = [person.name for person in people.values() if holds(person, role)]
        if not (impossible or language == "en") or not (spoken or (impossible and len(name.syllables) > 2)):
            continue
        if len(name.syllables) < 3 and not (holding or _is_sure(name)):
            continue
        chosen = tuple(holding or people)
        certain = len(chosen) == 1 and (impossible or bool(holding))
        suggested = chosen[0] if len(chosen) == 1 else ""
        return _carried(name, chosen[:4], suggested, certain=certain)
    return None


def _unknown(page: SegmentedDocument, names: list[_Name]) -> Carried | None:
    """A stranger of three syllables, with Korea beside the name and none of the countries where it may be his own."""
    for name in names:
        own = [syllable for syllable in sorted(name.syllables[0]) if syllable in families()]
        if not own or len(name.syllables) != 3 or not _is_sure(name) or not _is_one(name.words[0]):
            continue
        if written := _written(page, name):
            return _carried(name, (written,), written, certain=True)
        span = joined(name.words[0], name.words[-1])
        if near(page, span, _LANDS, _REACH) and not near(page, span, _ELSEWHERE, _REACH):
            given = islice(product(*(sorted(part) for part in name.syllables[1:])), 4)
            right = tuple(f"{families()[own[0]]} {one.capitalize()}-{other}" for one, other in given)
            return _carried(name, right, "", certain=False)
    return None


def _is_sure(name: _Name) -> bool:
    """Whether a word has letters that hardly any other language puts together."""
    return any(_SURE.search(letters(word.text)) and is_impossible(word.text) for word in name.words)


def _is_one(word: Word) -> bool:
    """Whether a word is one syllable."""
    return any(len(way) == 1 for way in readings(word.text))


@once_a_page
def _right(page: SegmentedDocument) -> tuple[_Name, ...]:
    """The names of a page in Korean spelling, the first ones of a long list."""
    found = (
        name
        for word in words(page)
        if readings(word.text) and not is_strange(word.text)
        for name in _names(page.text, word)
        if name.words[0] == word and not any(is_strange(one.text) for one in name.words)
    )
    return tuple(islice(found, _MOST))


def _written(page: SegmentedDocument, name: _Name) -> str:
    """The same name as the page writes it elsewhere, in Korean spelling; empty when it does not."""
    for other in _right(page):
        if len(other.syllables) == len(name.syllables) and all(map(and_, other.syllables, name.syllables)):
            return joined(other.words[0], other.words[-1]).cut(page.text)
    return ""


def _carried(name: _Name, candidates: tuple[str, ...], suggested: str, *, certain: bool) -> Carried:
    shown = "".join(letters(word.text) for word in name.words)
    source = next(tags for mark, tags in _SOURCES if re.search(mark, shown))
    span = joined(name.words[0], name.words[-1])
    system = "polish" if source == "pl" else "kontsevich"
    return Carried(span, candidates, suggested, certain, 0.9 if certain else 0.6, system, source)
