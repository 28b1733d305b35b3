"""BP: interface text left in the article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity
from auditor.language import primary
from auditor.registry import Rule
from auditor.rules._chrome_sentences import fused_foreign
from auditor.rules._passages import WORDS, Passage, passages


@dataclass(frozen=True, slots=True)
class ForeignBoilerplate(Rule):
    """Interface text in another language than the article's.

    Why: a cookie notice, browser warning or share line in a third language shows what site a text was taken from and
    spoils search, training and reading.
    How: phrases of some fifty languages by kind, the language of the line against the document's, the neighbours
    (brands and figures inside a foreign notice belong to it), and, after the running text, the shape of the line.
    Limits: very short labels that two languages share are named with both; a foreign line without a known phrase in
    the middle of the text is left to LI002.
    Data: `language` (BCP 47), `kind`, `alternatives` (languages that it may be as well).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP001", "foreign-boilerplate", Severity.MAJOR, "108000", "untranslated")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding a passage."""
        for one in passages(page):
            if one.foreign:
                yield self._about(page, one)
        for span, language, kind in fused_foreign(page):
            yield self._about(page, Passage(span, language, kind, foreign=True, confidence=0.85, alternatives=()))

    def _about(self, page: SegmentedDocument, one: Passage) -> Finding:
        tags = " or ".join((one.language, *one.alternatives[:2]))
        main = primary(page.language.tag)
        message = f"This looks like {WORDS[one.kind]} in another language ({tags}) than the text's ({main})."
        data: dict[str, object] = {"language": one.language, "kind": one.kind}
        if one.alternatives:
            data["alternatives"] = list(one.alternatives[:5])
        return self.finding(page, one.span, message, confidence=one.confidence, data=data)


RULES = (ForeignBoilerplate(),)
