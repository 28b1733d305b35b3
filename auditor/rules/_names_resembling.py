"""Full names both of whose words resemble a public figure's: Floran Paley for Florence Parly, Max Vertape.

One damaged word is common among namesakes; two words that both resemble those of one person are not, as long as
nobody is known to bear the family name. Still the text must speak of the person's country or office, or the first name
must be that of somebody whom everybody knows, letter by letter.
"""

from __future__ import annotations

from functools import cache, lru_cache

from auditor.data import SegmentedDocument
from auditor.rules._mentions import Mention
from auditor.rules._names_atlas import known
from auditor.rules._names_fold import distance, is_latin, plain_key, skeleton
from auditor.rules._names_known import Suspicion, spelled
from auditor.rules._names_near import LANGUAGES, borne, lands, prominent, resemblance
from auditor.rules._names_ordinary import is_word
from auditor.rules._names_people import FAMILY_FIRST, Person, figures, holds, is_known, matches_given, sharing
from auditor.rules._names_roles import SINGLE, Role
from auditor.rules._names_tables import given_families
from auditor.rules._names_variants import feminine_pair, possessive, same_word
from auditor.rules._romanisation import is_pinyin

_SHORTEST = 5
_SURNAME = 0.9
_GIVEN = 0.88
_BOTH = 0.8
# Of how many letters (or sounds) one may differ.
_ONE_OF = 3
_ONE_AT_A_TIME = SINGLE | {"spokesperson"}
_MINISTERS = frozenset({"foreign-minister", "defence-minister", "finance-minister", "interior-minister"})


def resembling(mention: Mention, page: SegmentedDocument) -> Suspicion | None:
    """The public figure both of whose names a full name resembles, when the text or the first name speaks for it."""
    words = mention.words
    if mention.language not in LANGUAGES or mention.quoted or mention.suffix not in {"", "s"} or len(words) != 2:
        return None
    if len(words[1]) < _SHORTEST or not all(map(is_latin, words)):
        return None
    if is_known(words, mention.language):
        return _chinese(mention)
    if found := _both_off(mention):
        return found
    for person in _alike(words[0], words[1], mention.language):
        if _spoken_of(person, mention, page):
            return Suspicion("blend", person, spelled(person, words[1]), certain=False)
    return _chinese(mention)


def _chinese(mention: Mention) -> Suspicion | None:
    """The Chinese holder of an office of China whose given name is a letter or two off: President Xi Jingping.

    Pinyin has one spelling for a name, so that a letter is a difference; but only the office says that nobody else
    is meant, because many people share a family name.
    """
    family, given = mention.words
    role = mention.role
    if role is None or role.country != "cn" or role.kind not in _ONE_AT_A_TIME or not is_pinyin(given):
        return None
    keys = [plain_key(word) for word in (family, given)]
    people = [one for one in sharing((family,)) if one.country == "cn" and plain_key(one.surname) == keys[0]]
    if any([plain_key(word) for word in form] == keys for one in people for form in one.forms):
        return None
    near = [one for one in people if holds(one, role) and _slipped(keys[1], plain_key(one.given))]
    return Suspicion("blend", near[0], spelled(near[0], given), certain=role.kind in SINGLE) if near else None


def _slipped(mine: str, theirs: str) -> bool:
    most = 2 if len(theirs) > _SHORTEST else 1
    return len(theirs) >= _SHORTEST and distance(mine, theirs, most) <= most


def _both_off(mention: Mention) -> Suspicion | None:
    """The holder of a high office of a named country, both of whose names are damaged: Floran Paley."""
    first, last = mention.words
    if mention.role is None or mention.role.kind not in SINGLE or not mention.role.country:
        return None
    if (
        borne(last)
        or known(plain_key(first))
        or given_families().get(plain_key(first))
        or is_word(plain_key(first), "en")
    ):
        return None
    for person in figures():
        if not (person.famous and person.country == mention.role.country and holds(person, mention.role)):
            continue
        if min(resemblance(last, person.surname), resemblance(first, person.given)) >= _BOTH:
            return Suspicion("blend", person, spelled(person, last), certain=False)
    return None


def _spoken_of(person: Person, mention: Mention, page: SegmentedDocument) -> bool:
    """Whether country, office or the very first name of somebody famous say that the person is meant."""
    if prominent(person) and person.country in lands(page):
        return True
    if mention.role and _in_office(person, mention.role):
        return True
    first = plain_key(mention.words[0])
    return person.famous and any(plain_key(form[0]) == first for form in person.forms)


def _in_office(person: Person, role: Role) -> bool:
    """Whether a person may be the one holder of an office of a country; the register often has neither exactly."""
    fits = holds(person, role) or (role.kind in _MINISTERS and "minister" in person.offices)
    return fits and role.kind in SINGLE and bool(role.country) and person.country in {"", role.country}


@cache
def _by_sounds() -> dict[tuple[str, str], tuple[Person, ...]]:
    """People by the first sounds of their first names and surnames; none whose names are syllables that many share."""
    found: dict[tuple[str, str], dict[str, Person]] = {}
    for person in figures():
        if person.country not in FAMILY_FIRST and is_latin(person.surname) and not is_pinyin(person.surname):
            for given in {person.given, *(form[0] for form in person.forms)}:
                found.setdefault(_sounds(given, person.surname), {})[person.name] = person
    return {sounds: tuple(people.values()) for sounds, people in found.items()}


def _sounds(first: str, last: str) -> tuple[str, str]:
    return skeleton(first)[:1], skeleton(last)[:1]


@lru_cache(maxsize=8192)
def _alike(first: str, last: str, language: str) -> tuple[Person, ...]:
    """The people whose first and family name two words resemble; none when somebody bears the family name."""
    if borne(last) or is_pinyin(last):
        return ()
    return tuple(
        person
        for person in _by_sounds().get(_sounds(first, last), ())
        if _damaged(last, person.surname)
        and not possessive(last, person.surname, language)
        and (matches_given(person, first, language) or resemblance(first, person.given) >= _GIVEN)
    )


def _damaged(mine: str, theirs: str) -> bool:
    """Whether a surname is another one with a few letters, or a few sounds, changed, and no form of it."""
    if resemblance(mine, theirs) < _SURNAME or same_word(mine, theirs) or feminine_pair(mine, theirs):
        return False
    pairs = ((plain_key(mine), plain_key(theirs)), (skeleton(mine), skeleton(theirs)))
    return any(distance(a, b, len(b) // _ONE_OF) <= len(b) // _ONE_OF for a, b in pairs)
