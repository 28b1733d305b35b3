"""Quotations of one utterance in two languages, told apart only by what needs no dictionary: their figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from auditor.language import script_of
from auditor.rules._names_fold import skeleton
from auditor.rules._quote_align import Link, Quote
from auditor.rules._quote_words import tokenize

# A translation is about as long as its source; beyond this factor the two are hardly the same utterance.
_LENGTH = 2.0
# Factors between units that translators convert, and the hours between two ways of telling the time.
_CONVERSIONS = (1.609, 0.621, 3.281, 0.3048, 2.54, 0.394, 2.205, 0.4536)
_HALF_DAY = 12.0
_LEAST_WORD = 4
# Surnames are compared by their beginnings: cases change the ends.
_SURNAME = 5


def links_across(quotes: Sequence[Quote]) -> Iterator[Link]:
    """Pair the quotations of one speaker in order, where both documents quote him equally often."""
    documents: dict[str, list[Quote]] = {}
    for one in quotes:
        if one.group and one.spoken and not one.fragment and script_of(one.language) not in {"Hani", "Kana", "Thai"}:
            documents.setdefault(one.seen.document_id, []).append(one)
    for first, second in combinations(sorted(documents), 2):
        for mine, theirs in _by_speaker(documents[first], documents[second]):
            for one, other in zip(mine, theirs, strict=True):
                changed = _figures(one, other)
                if changed and one.language != other.language and _same_scene(one, other):
                    yield Link(one, other, "figures", 1.0, (("replace", *changed),))


def _by_speaker(mine: list[Quote], theirs: list[Quote]) -> Iterator[tuple[list[Quote], list[Quote]]]:
    spoken: dict[str, tuple[list[Quote], list[Quote]]] = {}
    for side, quotes in enumerate((mine, theirs)):
        for one in quotes:
            last = str(one.seen.data["speaker"]).split()[-1:]
            # One Cyrillic letter is g in Russian and h in Ukrainian.
            key = skeleton(last[0])[:_SURNAME].replace("g", "h") if last else ""
            if len(key) > 2:
                spoken.setdefault(key, ([], []))[side].append(one)
    for _, (left, right) in sorted(spoken.items()):
        if len(left) == len(right):
            yield left, right


def _same_scene(one: Quote, other: Quote) -> bool:
    """Whether the lengths fit and the sentences around share a figure or a word of both languages (radio, радіо)."""
    lengths = len(str(one.seen.data["text"])), len(str(other.seen.data["text"]))
    if max(lengths) > _LENGTH * min(lengths):
        return False
    return bool(_anchors(one) & _anchors(other))


def _anchors(one: Quote) -> frozenset[str]:
    tokens = tokenize(str(one.seen.data["frame"]), one.language)
    values = {token.key for token in tokens if token.value is not None}
    long_ = {skeleton(t.key) for t in tokens if t.content and t.value is None and len(t.key) > _LEAST_WORD}
    said_by = {skeleton(name) for name in str(one.seen.data["speaker"]).split()}
    return frozenset(values | {word for word in long_ if len(word) >= _LEAST_WORD} - said_by)


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
