"""The rule that holds places against the known ones (NM007)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity
from auditor.registry import Rule
from auditor.rules._names_closed import OddPlace
from auditor.rules._names_places import odd_places

_MOST = 50


@dataclass(frozen=True, slots=True)
class UnknownPlace(Rule):
    """Finds places that no table knows and that are a letter or a syllable off a known one.

    Why: A place that went through two scripts comes out as a place that does not exist. Islands, straits and border
    towns of old disputes are met seldom, so nobody notices that the name is wrong.

    How: The word is no known place, no part of a person's name and no ordinary word. Beside a word such as island or
    strait it is one letter off one of some 850 places that treaties, wars and disputes made known: major, with the
    name, where the text also speaks of the country or of what the place is known with; else minor, to be verified,
    without a suggestion. Elsewhere a long word that is one letter, or one Chinese syllable of three, off a large town
    of a country that the text speaks of is minor.

    Of provinces and states there are few: beside a word for one, a name that is one letter off that of a country the
    text speaks of, or sounds like it, is minor, and so is a Chinese "province" that China has not and never had.
    Beside "city" a name that no table knows is minor when it is a letter off a large town of such a country, whatever
    it begins with, or two letters off a long one.

    Limits: English text only. Valid Chinese names of two syllables and Japanese names are held against towns beside
    "city" only, because villages are called by all of them.

    Data: ``kind`` (``near_place``), ``place`` (``island``, ``water``, ``land``, ``reef``, ``town``).
    """

    meta: ClassVar[RuleMeta] = RuleMeta(
        "NM007", "near-miss-of-known-place", Severity.MAJOR, "101000", "inconsistent-entities"
    )

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield a finding for each place of a word that is no known place."""
        for number, found in enumerate(odd_places(page)):
            if number < _MOST:
                yield self._say(page, found)

    def _say(self, page: SegmentedDocument, found: OddPlace) -> Finding:
        if found.known:
            tail = f"is no known place and is close to “{found.known}”, which fits this text."
        else:
            tail = "is no known place and resembles the name of another one; please verify it."
        return self.finding(
            page,
            found.span,
            f"“{found.word}” {tail}",
            confidence=0.85 if found.certain else 0.5,
            severity=Severity.MAJOR if found.certain else Severity.MINOR,
            suggestion=found.known,
            data={"kind": "near_place", "place": found.why},
        )
