"""Case endings that only the document itself can show: a surname alone in the nominative, a possessive kept."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.data import SegmentedDocument, Span
from auditor.rules._mentions import Mention, people
from auditor.rules._names_fold import plain_key, soft_key
from auditor.rules._names_judge import inflected
from auditor.rules._names_people import is_known
from auditor.rules._names_tables import given_genders, soft_base_pairs
from auditor.rules._names_variants import INFLECTING


def surname_only(page: SegmentedDocument) -> Iterator[tuple[Mention, str, Span, str]]:
    """Full names whose surname stands elsewhere without its ending: (name, bare surname, its place, language).

    Example: "Anatoly Karpova ... Karpov said". Only men's first names, because women may really bear that form.
    """
    known = people(page)
    first_names = {soft_key(mention.words[0]) for mention in known.full}
    surnames = {soft_key(mention.words[-1]) for mention in known.full}
    for mention in known.full:
        language, word = mention.language, mention.words[-1]
        if language in INFLECTING or mention.quoted or mention.suffix or is_known(mention.words, language):
            continue
        if given_genders().get(plain_key(mention.words[0])) != "m":
            continue
        for base, ending in soft_base_pairs(word):
            place = known.seen.get(base)
            adds = len(ending.ending) > len(ending.base)
            if place is None or not adds or base in surnames or base in first_names or len(base) < 4:
                continue
            bare = place.cut(page.text)
            if sources := inflected(word, bare, language):
                yield mention, bare, place, min(sources)
                break


def kept_possessive(page: SegmentedDocument) -> Iterator[Mention]:
    """English possessives in an apposition, where no thing possessed follows: "the dean, Jana Nováková's, said"."""
    text = page.text
    for mention in people(page).full:
        if mention.language != "en" or mention.suffix != "s" or mention.role is None or mention.quoted:
            continue
        end = mention.span.end + 2
        if text[end : end + 2] == ", " and text[max(0, mention.span.start - 2) : mention.span.start] == ", ":
            yield mention
