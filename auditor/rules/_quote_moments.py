"""Whether two quotations were said at different times, as far as their words and the sentences around them tell.

Documents that nobody grouped need not tell one story: a speaker repeats himself from one day to the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from auditor.lexicon import rows
from auditor.normalize import plain
from auditor.rules._quote_compare import Comparison
from auditor.rules._quote_words import Token, is_sign, tokenize, words

_TIMES = ("future", "past", "today", "tomorrow", "yesterday")
_OVERLAP = 0.8
_COVERED = 0.65
_SHARED = 5
_RUN = 5
_SCENE = 2


@cache
def _calendar(kind: str, language: str) -> dict[str, str]:
    named = (row for row in rows("months") if row["kind"] == kind and row["language"] == language)
    return {plain(row["name"]): row["number"] for row in named}


def times_differ(found: Comparison) -> bool:
    """Whether the changed words point to different times: will open, open today."""
    mine = " ".join(change[1] for change in found.changes)
    theirs = " ".join(change[2] for change in found.changes)
    return _times(mine, found.language) != _times(theirs, found.language)


def _times(text: str, language: str) -> set[str]:
    keys = {token.key for token in tokenize(text, language)}
    weekdays = _calendar("weekday", language)
    return {kind for kind in _TIMES if keys & words(kind, language)} | {weekdays[key] for key in keys & weekdays.keys()}


def days_differ(one: str, other: str, language: str) -> bool:
    """Whether the sentences around two quotations name weekdays or dates, and no common one."""
    mine, theirs = tokenize(one, language), tokenize(other, language)
    return any(
        bool(here) and bool(there) and not here & there
        for here, there in (
            (_weekdays(mine, language), _weekdays(theirs, language)),
            (_dates(mine, language), _dates(theirs, language)),
        )
    )


def _weekdays(tokens: Iterable[Token], language: str) -> set[str]:
    named = _calendar("weekday", language)
    return {named[token.key] for token in tokens if token.key in named}


def _dates(tokens: tuple[Token, ...], language: str) -> set[tuple[str, float]]:
    """Months with the number beside them: 17 May, May 17."""
    named = _calendar("month", language)
    said = [token for token in tokens if not token.mark]
    return {
        (named[token.key], beside.value)
        for at, token in enumerate(said)
        if token.key in named
        for beside in (*said[max(0, at - 1) : at], *said[at + 1 : at + 2])
        if beside.value is not None and beside.value <= 31
    }


def is_firm(found: Comparison, scene: int) -> bool:
    """Whether wordings and scenes (``scene`` words in common) are so alike that no second statement explains it."""
    shared = len(found.pairs)
    covered = shared / max(1, sum(token.content for token in found.other))
    close = found.overlap >= _OVERLAP and covered >= _COVERED and shared >= _SHARED
    if any(is_sign(token) for token in found.one):
        return close and scene >= _SCENE
    return close and scene >= _SCENE and found.longest_run >= _RUN
