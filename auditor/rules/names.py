"""Names of people that are wrong: contradicted, blended, badly romanised, inconsistent, inflected or translated."""

from __future__ import annotations

from auditor.rules._names_corpus import ContradictedName
from auditor.rules._names_rules_inside import InconsistentName, LeftoverCaseEnding, TranslatedName
from auditor.rules._names_rules_known import BlendedName, InvalidRomanisation
from auditor.rules._names_rules_places import UnknownPlace

RULES = (
    ContradictedName(),
    BlendedName(),
    InvalidRomanisation(),
    InconsistentName(),
    LeftoverCaseEnding(),
    TranslatedName(),
    UnknownPlace(),
)
