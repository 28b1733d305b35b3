"""Which garbled names one document by itself can show to be wrong, for ``benchmarks.names``.

Beside other documents of the story every difference shows, and every item of ``benchmarks.names_gold`` counts. One
document without its source shows less: whoever reads only "the governor of Belgrade" cannot know that Belgorod was
meant. The rules here name the items that no reader could see, by tables and by the words of the item alone; what
the product says of an item is never asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from auditor import Document
from auditor.data import Origin, Span
from auditor.normalize import fold
from auditor.rules._mentions import people
from auditor.rules._names_atlas import SUGGESTED, keyed, known, places
from auditor.rules._names_fold import plain_key, skeleton
from auditor.rules._names_ordinary import is_word
from auditor.rules._names_people import figures, is_known
from auditor.rules._names_tables import country, name_parts
from auditor.rules._romanisation import pinyin_cuts, restored
from auditor.segment import segment
from benchmarks.names_cases import Case
from benchmarks.names_gold import WORD, Item

KNOWN = "another known place"
BORNE = "a name that people bear"
ORDINARY = "ordinary words"
DERIVED = "inhabitants or adjective"
FAR = "half of it is different"
SYLLABLES = "a possible Chinese or Japanese name"

_POSSESSIVE = re.compile(r"['’]s$")
_FARTHEST = 0.5
_PART = 4
_STEM = 4
_DERIVED = re.compile(r"(?:al|an|ian|ean|ese|ish|i|er|ers|ic|s|n)")
_CHINA = frozenset({"cn", "tw", "hk", "mo"})
# Words of Japanese syllables in Hepburn's spelling.
_JAPANESE = re.compile(
    "(?:(?:[kgnhbpmr]y|sh|ch|ts|[kgsztdnhbpmyrwjf])?[aeiou]|n(?![aeiouy])|k(?=k)|s(?=s)|t(?=[tc])|p(?=p))+"
)
_FEW = re.compile(r"(?:province|prefecture|city) of $|^ (?:province|prefecture|city)\b", re.IGNORECASE)


def unseen(item: Item, text: str, at: int) -> str:
    """Why nobody can see in one document that a name is wrong; empty when it can be seen. ``at`` is its place."""
    wrong, right = (_POSSESSIVE.sub("", word) for word in (item.wrong, item.right))
    if _known_place(wrong, text, at):
        return KNOWN
    if _borne(wrong):
        return BORNE
    if is_word(plain_key(wrong), "en") or _parts(wrong) & _parts(right):
        return ORDINARY
    if any(_derived(key(wrong), key(right)) for key in (plain_key, skeleton)):
        return DERIVED
    if _far(wrong, right):
        return FAR
    possible = _possible_chinese(wrong, right) or (":ja-" in item.segment and _possible_japanese(wrong, right))
    return SYLLABLES if possible and not _of_few(wrong, text, at) else ""


def _known_place(wrong: str, text: str, at: int) -> bool:
    """Belgrade for Belgorod: the tables know the wrong place just as well as the right one.

    Also with the word behind it (Kuala Lumpur), and when it is a part of a word with a hyphen.
    """
    behind = WORD.match(text, at + len(wrong) + 1)
    names = [wrong, *wrong.split("-"), f"{wrong} {behind.group()}" if behind else wrong]
    return any(country(fold(name)) or _large(name) for name in names)


def _large(name: str) -> bool:
    return any(place.weight >= SUGGESTED for place in places(keyed(name.split())))


def _borne(wrong: str) -> bool:
    """Koyama for Oyama: people are called so, and one of them may be meant. Of Koyama-cho the long part counts."""
    keys = [key for key in map(plain_key, wrong.split("-")) if len(key) >= _PART] or [plain_key(wrong)]
    return all(name_parts().get(key, (0, 0)) != (0, 0) or any(one.kind == "W" for one in known(key)) for key in keys)


def _parts(word: str) -> frozenset[str]:
    """Two ordinary words that a name is put together from: Greenfield for the Greenland group is another translation.

    Both names must have one of them in common; alone, two short words are found in a slip of letters as well.
    """
    key = plain_key(word)
    cuts = ((key[:cut], key[cut:]) for cut in range(_PART, len(key) - _PART + 1))
    return frozenset(part for cut in cuts if all(is_word(part, "en") for part in cut) for part in cut)


def _derived(wrong: str, right: str) -> bool:
    """Cazanese for Kazan: the right name by its sound, with the ending of its inhabitants or of an adjective."""
    stems = (right, right[:-1])
    return any(
        len(stem) >= _STEM and wrong.startswith(stem) and _DERIVED.fullmatch(wrong[len(stem) :]) for stem in stems
    )


def _far(wrong: str, right: str) -> bool:
    """China for Christmas: half of the letters and half of the sounds differ, so that it is another word."""
    pairs = ((plain_key(wrong), plain_key(right)), (skeleton(wrong), skeleton(right)))
    return all(OSA.distance(a, b) >= _FARTHEST * max(len(a), len(b), 1) for a, b in pairs)


def _possible_chinese(wrong: str, right: str) -> bool:
    """Kangxian for Ankang: any two Chinese syllables are a village or a person, and no table has them all."""
    of_china = any(place.country in _CHINA for place in places(keyed([right])))
    return of_china and any(len(cut) < 3 for cut in pinyin_cuts(plain_key(wrong)))


def _possible_japanese(wrong: str, right: str) -> bool:
    """Koyama for Oyama: characters have several readings, and each may be a village's or a family's own."""
    of_japan = any(place.country == "jp" for place in places(keyed([right])))
    return of_japan and _JAPANESE.fullmatch(plain_key(wrong)) is not None


def _of_few(wrong: str, text: str, at: int) -> bool:
    """Whether a word beside a name says that there are few of its kind: Beijiang Province cannot be a village."""
    end = at + len(wrong)
    return bool(_FEW.search(text[max(0, at - 14) : at]) or _FEW.match(text[end : end + 14]))


def covered(case: Case, item: Item) -> bool:
    """Whether the tables know the right form as one to suggest, or the wrong form is an impossible Chinese spelling.

    Where the clean documents have the right form in full names of people only, it is one of them who must be known:
    the tables having a town called Hayes says nothing of Erinn Hayes.
    """
    right, wrong = (_POSSESSIVE.sub("", word) for word in (item.right, item.wrong))
    if ":zh-" in item.segment and restored(wrong):
        return True
    if (named := _people(case, item.right)) is not None:
        return named
    if any(one.weight >= SUGGESTED and plain_key(one.name) == plain_key(right) for one in places(keyed([right]))):
        return True
    return plain_key(right) in {plain_key(one.surname) for one in figures() if one.famous}


def _people(case: Case, right: str) -> bool | None:
    """Whether a word is in the name of a known person of the clean documents; None when it also stands by itself."""
    found, alone = False, False
    for mate in case.mates:
        full = people(segment(Document("", mate, Origin("", "txt")))).full
        found = found or any(right in one.words and is_known(one.words, case.language) for one in full)
        alone = alone or _stands_alone(right, mate, [one.span for one in full])
    return found if found or not alone else None


def _stands_alone(right: str, text: str, names: Sequence[Span]) -> bool:
    places_of_it = re.finditer(rf"(?<!\w){re.escape(right)}(?!\w)", text)
    return any(not any(span.overlaps(Span(*place.span())) for span in names) for place in places_of_it)
