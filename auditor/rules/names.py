"""Names of people that are wrong: contradicted, blended, badly romanised, inconsistent, inflected or translated."""

from __future__ import annotations

from auditor.rules._names_corpus import ContradictedName
from auditor.rules._names_rules import (
    BlendedName,
    InconsistentName,
    InvalidRomanisation,
    LeftoverCaseEnding,
    TranslatedName,
)

RULES = (
    ContradictedName(),
    BlendedName(),
    InvalidRomanisation(),
    InconsistentName(),
    LeftoverCaseEnding(),
    TranslatedName(),
)
