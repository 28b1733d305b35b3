"""Quotations of one utterance in two languages, told apart by what needs no dictionary: figures, months, denials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations

from auditor.language import script_of
from auditor.lexicon import rows
from auditor.normalize import plain
from auditor.rules._names_fold import skeleton
from auditor.rules._quote_align import Link, Quote
from auditor.rules._quote_polarity import denies
from auditor.rules._quote_sequence import aligned, length
from auditor.rules._quote_words import tokenize

# A translation is about as long as its source; beyond this factor the two are hardly the same utterance.
_LENGTH = 2.0
# Factors between units that translators convert, and the hours between two ways of telling the time.
_CONVERSIONS = (1.609, 0.621, 3.281, 0.3048, 2.54, 0.394, 2.205, 0.4536)
_HALF_DAY = 12.0
_LEAST_WORD = 4
# Surnames are compared by their beginnings: cases change the ends.
_SURNAME = 5
# Scripts whose names have a sound key that Latin letters share.
_SOUNDED = frozenset({"Latn", "Cyrl", "Grek"})


def links_across(quotes: Sequence[Quote]) -> Iterator[Link]:
    """Link the quotations of two documents in different languages that seem to be one utterance with other content."""
    documents: dict[str, list[Quote]] = {}
    for one in quotes:
        if one.group and one.spoken:
            documents.setdefault(one.seen.document_id, []).append(one)
    for first, second in combinations(sorted(documents), 2):
        for one, other in _pairs(documents[first], documents[second]):
            if one.language != other.language and (found := _content(one, other)):
                yield Link(one, other, found[0], 1.0, (("replace", *found[1:]),))


def _pairs(mine: list[Quote], theirs: list[Quote]) -> Iterator[tuple[Quote, Quote]]:
    """Quotations in the same place of two documents: by speaker where the scenes agree, else by order and length."""
    found: dict[tuple[int, int], tuple[Quote, Quote]] = {}
    for left, right in _by_speaker(mine, theirs):
        for one, other in zip(left, right, strict=True):
            if _same_scene(one, other):
                found[id(one), id(other)] = (one, other)
    taken = {place for pair in found for place in pair}
    sizes = [[length(str(one.seen.data["text"]), one.language) for one in side] for side in (mine, theirs)]
    in_order = [(mine[at], theirs[to]) for at, to in aligned(sizes[0], sizes[1])]
    if sum(_speakers_differ(*pair) for pair in in_order) * 2 <= len(in_order):
        found |= {(id(one), id(other)): (one, other) for one, other in in_order if not {id(one), id(other)} & taken}
    yield from found.values()


def _by_speaker(mine: list[Quote], theirs: list[Quote]) -> Iterator[tuple[list[Quote], list[Quote]]]:
    spoken: dict[str, tuple[list[Quote], list[Quote]]] = {}
    for side, quotes in enumerate((mine, theirs)):
        for one in quotes:
            key = _speaker(one)
            if len(key) > 2 and not one.fragment:
                spoken.setdefault(key, ([], []))[side].append(one)
    for _, (left, right) in sorted(spoken.items()):
        if len(left) == len(right):
            yield left, right


def _speaker(one: Quote) -> str:
    """Sound key of the surname; empty where it is not told or its script has none."""
    last = str(one.seen.data["speaker"]).split()[-1:]
    if not last or script_of(one.language) not in _SOUNDED:
        return ""
    # One Cyrillic letter is g in Russian and h in Ukrainian.
    return skeleton(last[0])[:_SURNAME].replace("g", "h")


def _speakers_differ(one: Quote, other: Quote) -> bool:
    mine, theirs = _speaker(one), _speaker(other)
    return bool(mine and theirs) and mine[:2] != theirs[:2]


def _same_scene(one: Quote, other: Quote) -> bool:
    """Whether the lengths fit and the sentences around share a figure or a word of both languages (radio, радіо)."""
    lengths = [length(str(end.seen.data["text"]), end.language) for end in (one, other)]
    if max(lengths) > _LENGTH * min(lengths):
        return False
    return bool(_anchors(one) & _anchors(other))


def _anchors(one: Quote) -> frozenset[str]:
    tokens = tokenize(str(one.seen.data["frame"]), one.language)
    values = {token.key for token in tokens if token.value is not None}
    long_ = {skeleton(t.key) for t in tokens if t.content and t.value is None and len(t.key) > _LEAST_WORD}
    said_by = {skeleton(name) for name in str(one.seen.data["speaker"]).split()}
    return frozenset(values | {word for word in long_ if len(word) >= _LEAST_WORD} - said_by)


def _content(one: Quote, other: Quote) -> tuple[str, str, str] | None:
    """Verdict and the differing words of two quotations; None when they agree or it is not clear."""
    if changed := _figures(one, other) or _dates(one, other):
        return ("figures", *changed)
    if one.fragment or other.fragment:
        return None
    texts = [str(end.seen.data["text"]) for end in (one, other)]
    said = [denies(text, end.tokens, end.language) for text, end in zip(texts, (one, other), strict=True)]
    return ("polarity", texts[0], texts[1]) if None not in said and said[0] != said[1] else None


@cache
def _calendar(language: str) -> dict[str, str]:
    """Months and weekdays of a language by folded name, as ``month 6``."""
    wanted = {"month", "month form", "weekday"}
    return {
        plain(row["name"]): f"{row['kind'].removesuffix(' form')} {row['number']}"
        for row in rows("months")
        if row["language"] == language and row["kind"] in wanted and len(row["name"]) > 3
    }


def _dates(one: Quote, other: Quote) -> tuple[str, str] | None:
    """The one month or weekday in which two quotations differ, as printed."""
    mine, theirs = (
        {named[token.key]: token.surface for token in end.tokens if token.key in named}
        for end in (one, other)
        for named in (_calendar(end.language),)
    )
    left, right = sorted(mine.keys() - theirs.keys()), sorted(theirs.keys() - mine.keys())
    if len(left) != 1 or len(right) != 1 or len(mine) != len(theirs) or left[0].split()[0] != right[0].split()[0]:
        return None
    return mine[left[0]], theirs[right[0]]


def _figures(one: Quote, other: Quote) -> tuple[str, str] | None:
    """The one figure in which two quotations differ, as printed; None when they agree or when it is not clear."""
    mine = {token.value: token.surface for token in one.tokens if token.value is not None}
    theirs = {token.value: token.surface for token in other.tokens if token.value is not None}
    left, right = sorted(mine.keys() - theirs.keys()), sorted(theirs.keys() - mine.keys())
    if len(mine) != len(theirs) or len(left) != 1 or len(right) != 1 or not left[0] or not right[0]:
        return None
    converted = any(abs(left[0] / right[0] / factor - 1) < 0.05 for factor in _CONVERSIONS)
    if converted or abs(left[0] - right[0]) == _HALF_DAY:
        return None
    return mine[left[0]], theirs[right[0]]
