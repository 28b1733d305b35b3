"""BP: interface text left in the article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity
from auditor.language import primary
from auditor.rules._chrome_sentences import fused_foreign
from auditor.rules._language_names import english_names
from auditor.rules._passages import WORDS, Passage, PassageRule, passages

_FUSED = 0.85


@dataclass(frozen=True, slots=True)
class ForeignBoilerplate(PassageRule):
    """Interface text in another language than the article's.

    Why: a cookie notice, browser warning or share line in a third language shows what site a text was taken from and
    spoils search, training and reading.
    How: phrases of some fifty languages by kind, the language of the line against the document's, the neighbours
    (brands and figures inside a foreign notice belong to it), after the running text the shape of the line, and for
    lines that no phrase tells a classifier over character n-grams and the look of the page. Where the encoder scores a
    run anyway, it is asked about the lines that the classifier is unsure of.
    Limits: very short labels that two languages share are named with both; what no phrase tells is minor
    below a probability of 0.8 (`min_probability`); quotations, verses and bilingual pages are left to LI002.
    Data: `language` (BCP 47), `kind`, `method` (`phrases`, `classifier`, or `classifier and encoder`), `probability`
    (where no phrase decided), `alternatives` (languages that it may be as well).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP001", "foreign-boilerplate", Severity.MAJOR, "108000", "untranslated")

    # What no phrase tells is major from this probability on.
    min_probability: float = 0.8

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding a passage."""
        for one in passages(page):
            if self.reports(one):
                yield self.about(page, one)
        for part in fused_foreign(page):
            confidence = part.probability or _FUSED
            known = Passage(part.span, part.language, part.kind, True, confidence, (), part.probability)
            yield self.about(page, known)

    def reports(self, one: Passage) -> bool:
        """Passages in another language."""
        return one.foreign

    def about(self, page: SegmentedDocument, one: Passage) -> Finding:
        """What the passage looks like, and in which language."""
        known = english_names()
        names = [known.get(tag, tag) for tag in (one.language, *one.alternatives[:2])]
        main = known.get(primary(page.language.tag), primary(page.language.tag))
        message = f"This looks like {WORDS[one.kind]} in {' or '.join(names)}, left in a text in {main}."
        unsure = one.probability is not None and one.probability < self.min_probability
        severity = Severity.MINOR if unsure else Severity.MAJOR
        return self.finding(page, one.span, message, confidence=one.confidence, severity=severity, data=one.data)


RULES = (ForeignBoilerplate(),)
