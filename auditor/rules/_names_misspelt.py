"""Names of office holders with one letter off that pass for a spelling variant: Emanuel Macron, Boris Pistorious."""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.rules._mentions import Mention
from auditor.rules._names_fold import distance, is_latin, plain_key
from auditor.rules._names_known import RESPELLING, Suspicion, spelled
from auditor.rules._names_people import LATIN_HOMES, Person, holds, sharing
from auditor.rules._names_roles import SINGLE
from auditor.rules._names_tables import meanings, name_parts
from auditor.rules._names_variants import INFLECTING, possessive

# How letters with marks are written without them: Müller, Mueller; Håkan, Haakan.
_WRITTEN_OUT = re.compile("([aou])e|(a)a|(s)s")
_SHORTEST = 5


def misspelt(mention: Mention) -> Suspicion | None:
    """The holder of the office beside a name who is meant, when one letter of one name word differs; else None."""
    role, language = mention.role, mention.language
    if role is None or role.kind not in SINGLE or mention.quoted or mention.suffix not in {"", "s"}:
        return None
    if language in RESPELLING | INFLECTING or len(mention.words) != 2 or not all(map(is_latin, mention.words)):
        return None
    return _misspelt(mention.words, mention)


def _misspelt(words: tuple[str, ...], mention: Mention) -> Suspicion | None:
    keys = tuple(plain_key(word) for word in words)
    people = sharing(words)
    if any(keys in _spellings(person) for person in people):
        return None
    for person in people:
        if person.famous and person.country in LATIN_HOMES and holds(person, mention.role):
            at = next((at for form in _spellings(person) if (at := _slipped(keys, form, mention.language)) >= 0), -1)
            at_home = mention.role is not None and mention.role.country == person.country
            # Another language's form of a first name is a variant unless the office is the very one.
            if at == 1 or (at == 0 and at_home):
                return Suspicion("blend", person, spelled(person, words[0]), certain=at == 1 and at_home)
    return None


@lru_cache(maxsize=4096)
def _spellings(person: Person) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(plain_key(word) for word in form) for form in person.forms)


def _slipped(mine: tuple[str, ...], theirs: tuple[str, ...], language: str) -> int:
    """Which of two words (0 or 1) is one letter off while the other one is equal; -1 when not just one is."""
    differing = [at for at, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b]
    if len(theirs) != 2 or len(differing) != 1:
        return -1
    at = differing[0]
    a, b = mine[at], theirs[at]
    if min(len(a), len(b)) < _SHORTEST or a[0] != b[0] or possessive(a, b, language):
        return -1
    if at == 1 and (name_parts().get(a, (0, 0))[1] > 0 or meanings().get(a)):
        return -1
    return at if distance(a, b, 1) == 1 and _WRITTEN_OUT.sub(_bare, a) != _WRITTEN_OUT.sub(_bare, b) else -1


def _bare(found: re.Match[str]) -> str:
    return found.group()[0]
