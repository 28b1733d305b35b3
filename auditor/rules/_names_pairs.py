"""Names of one document that differ where one person seems to be meant, with what the difference looks like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.data import SegmentedDocument
from auditor.rules._memo import once_a_page
from auditor.rules._mentions import Mention, People, people
from auditor.rules._names_apart import Places, places
from auditor.rules._names_atlas import known as atlas
from auditor.rules._names_fold import is_latin, plain_key, skeleton, soft_key
from auditor.rules._names_judge import (
    Difference,
    case_source,
    decided_by_origin,
    difference,
    one_meaning,
    only_a_word,
    slip,
    western_given,
    wrong_translation,
)  # fmt: skip
from auditor.rules._names_ordinary import is_word
from auditor.rules._names_people import Person, holds, is_known, sharing
from auditor.rules._names_roles import PUBLIC
from auditor.rules._names_tables import given_families, is_given, is_surname, name_parts, ordinary
from auditor.rules._names_variants import INFLECTING, feminine_pair, inflected_alike, possessive, same_name, same_word
from auditor.rules._romanisation import is_pinyin

_MOST_NAMES = 400
# Documents that list hundreds of people of one name are registers; comparing them all would cost the square.
_MOST_ALIKE = 60
_CLOSE = 300


@dataclass(frozen=True, slots=True)
class Pair:
    """``mine`` is the name that looks wrong beside ``theirs``."""

    mine: Mention
    theirs: Mention
    kind: str
    sources: frozenset[str] = frozenset()


@once_a_page
def pairs(page: SegmentedDocument) -> tuple[Pair, ...]:
    """All suspicious pairs of a page, by place of the wrong name."""
    return tuple(sorted(_pairs(people(page), places(page)), key=lambda pair: (pair.mine.span, pair.theirs.span)))


def _pairs(known: People, at_places: Places) -> Iterator[Pair]:
    first: dict[str, Mention] = {}
    for mention in known.full:
        if not mention.quoted:
            first.setdefault(mention.key, mention)
    names = list(first.values())[:_MOST_NAMES]
    buckets: dict[str, list[int]] = {}
    for number, mention in enumerate(names):
        for key in _keys(mention):
            buckets.setdefault(key, []).append(number)
    tried: set[tuple[int, int]] = set()
    for key in sorted(buckets):
        alike = buckets[key][:_MOST_ALIKE]
        for at, one in enumerate(alike):
            for other in alike[at + 1 :]:
                if (one, other) not in tried:
                    tried.add((one, other))
                    yield from _judge(names[one], names[other], known, at_places)


def _keys(mention: Mention) -> Iterator[str]:
    for word in mention.words:
        yield skeleton(word)[:4]
        for family in sorted(given_families().get(plain_key(word), ())):
            yield f"f:{family}"


def _judge(one: Mention, other: Mention, known: People, at_places: Places) -> Iterator[Pair]:
    language = one.language
    if not _is_sure(one) and not _is_sure(other):
        return
    if language != other.language or is_latin(one.words[0]) != is_latin(other.words[0]):
        return
    for mine, theirs in ((one, other), (other, one)):
        genitive = possessive(mine.words[-1], theirs.words[-1], language)
        if genitive and (is_known(mine.words, language) or not is_known(theirs.words, language)):
            continue
        if sources := case_source(mine.words, theirs.words, language):
            yield Pair(mine, theirs, "case_ending", sources)
            return
    found = difference(one.words, other.words, language)
    if found is None or _roles_differ(one, other) or feminine_pair(found.mine, found.theirs):
        return
    if at_places.apart(one, other) and not (_holds_known(one, other) or _holds_known(other, one)):
        return
    if one_meaning(found.mine, found.theirs):
        yield from _translated(one, other, found)
    elif (wrong := _word_for_name(found, one, other)) is not None:
        yield Pair(*((one, other) if wrong else (other, one)), "translated")
    elif slip(found.mine, found.theirs) and not _relatives(found, language) and _one_given_name(one, other):
        yield from _slip(one, other, known)


def _word_for_name(found: Difference, one: Mention, other: Mention) -> bool | None:
    """Whether ``one`` (True) or ``other`` (False) has an ordinary English word as first name; None when neither.

    Rock Han, the station head, of whom the next sentences speak as Yan Han.
    """
    near = abs(one.span.start - other.span.start) <= 4 * _CLOSE
    if not found.given or not near or one.language != "en" or (one.role is None and other.role is None):
        return None
    words = [is_word(plain_key(word), "en") and not is_given(word) for word in (found.mine, found.theirs)]
    if words[0] == words[1] or plain_key(one.words[-1]) != plain_key(other.words[-1]):
        return None
    return words[0]


def _is_sure(mention: Mention) -> bool:
    """Whether the name is a person's beyond its last word: institutions are built like names as well."""
    return mention.role is not None or is_given(mention.words[0])


def _roles_differ(one: Mention, other: Mention) -> bool:
    """Whether two different offices stand beside the names: then they are two people."""
    return one.role is not None and other.role is not None and one.role.kind != other.role.kind


def _translated(one: Mention, other: Mention, found: Difference) -> Iterator[Pair]:
    if skeleton(found.mine)[:4] == skeleton(found.theirs)[:4] and inflected_alike(found.mine, found.theirs):
        return
    wrong = wrong_translation(found.mine, found.theirs, found.shared, one.language)
    if wrong is None:
        return
    mine, theirs = (one, other) if wrong else (other, one)
    word = found.mine if wrong else found.theirs
    if found.given:
        # Only the office says that Hope and Nadezhda of one family are not sisters; Faith and Vera Miller may well be.
        near = abs(one.span.start - other.span.start) <= _CLOSE
        local = (one.language, plain_key(found.shared)) in ordinary()
        if near and not local and (one.role is None) != (other.role is None):
            yield Pair(mine, theirs, "translated")
    elif same_word(one.words[0], other.words[0]):
        # Michael Brown and Michael Braun are two people unless something other than the meaning makes them one.
        told = decided_by_origin(found) and bool(one.role or other.role or not western_given(found.shared))
        proven = told or only_a_word(word, one.language) or is_known(theirs.words, one.language)
        if proven or _one_office(one, other):
            yield Pair(mine, theirs, "translated")


def _holds_known(mine: Mention, theirs: Mention) -> bool:
    """Whether the office beside an unknown name is one of the known person of the other name."""
    if mine.role is None or is_known(mine.words, mine.language) or not is_known(theirs.words, theirs.language):
        return False
    people = sharing(theirs.words)
    return any(person.famous and holds(person, mine.role) and _is(person, theirs) for person in people)


def _is(person: Person, mention: Mention) -> bool:
    return any(same_name(mention.words, form, mention.language) for form in person.forms)


def _one_office(one: Mention, other: Mention) -> bool:
    """Whether one public office stands beside both names."""
    return (
        one.role is not None and other.role is not None and one.role.kind == other.role.kind and one.role.kind in PUBLIC
    )


def _relatives(found: Difference, language: str) -> bool:
    """Brothers and couples share the surname and often have like given names: Jan and Jana, Marie and Maria."""
    return found.given or (language in INFLECTING and inflected_alike(found.mine, found.theirs))


def _one_given_name(one: Mention, other: Mention) -> bool:
    """Whether the first names are spelled alike (John and Jon are two people) and not both names are known people's."""
    both_known = is_known(one.words, one.language) and is_known(other.words, other.language)
    return soft_key(one.words[0]) == soft_key(other.words[0]) and not both_known


def _slip(one: Mention, other: Mention, known: People) -> Iterator[Pair]:
    weights = [_weight(mention, known) for mention in (one, other)]
    mine, theirs = (one, other) if weights[0] < weights[1] else (other, one)
    # One mention against one says nothing, however common the surname of one of them is: they may be two people.
    told = abs(weights[0] - weights[1]) > 1 or (weights[0] != weights[1] and _one_office(one, other))
    surnames = one.words[-1], other.words[-1]
    chinese = all(map(is_pinyin, (*one.words, *other.words)))
    if (chinese or all(map(_borne, surnames))) and not _one_office(one, other):
        return
    if told:
        yield Pair(mine, theirs, "inconsistent")


def _borne(word: str) -> bool:
    """Whether people are known to bear a surname: then likeness is no slip."""
    key = plain_key(word)
    several = any(one.kind == "W" and one.weight > 1 for one in atlas(key))
    return several or name_parts().get(key, (0, 0))[1] > 0


def _weight(mention: Mention, known: People) -> int:
    """How much speaks for a spelling: a known person, more mentions, a known surname."""
    word = mention.words[-1]
    count = min(3, known.counts.get(soft_key(word), 0))
    return 6 * is_known(mention.words, mention.language) + 2 * count + is_surname(word)
