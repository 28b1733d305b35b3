"""LI: text in another language than declared, or than what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Finding, LanguageGuess, RuleMeta, SegmentedDocument, Severity, Span
from auditor.language import letters, primary, script_of
from auditor.registry import Rule
from auditor.rules._chrome import chrome
from auditor.rules._chrome_sentences import fused_foreign
from auditor.rules._chrome_text import Spans, siblings
from auditor.rules._disclosure import notices

_QUOTES = re.compile(r"[\"“”„«»‹›「」『』]")
_OPEN = re.compile(r"[\"“„«‹「『(]\s*$")


@dataclass(frozen=True, slots=True)
class DeclaredLanguageDiffers(Rule):
    """The page declares one language and is written in another.

    Why: a page that says it is in German and is written in English was often translated or copied without its markup;
    pipelines that trust the declaration file it wrongly.
    How: the declared language (HTML `lang`, a row's `lang` field) against the language of most of the text.
    Limits: short texts and pairs that are hard to tell apart (Norwegian and Danish, say) are left alone.
    Data: `declared`, `language`.
    """

    meta: ClassVar[RuleMeta] = RuleMeta(
        "LI001", "declared-language-differs", Severity.MINOR, "108000", "locale-violation"
    )
    min_letters: int = 200
    min_confidence: float = 0.6

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield at most one finding, at the first line."""
        declared = page.document.declared_language
        if not declared or not page.lines:
            return
        said, found = primary(declared), primary(page.language.tag)
        sure = page.language.confidence >= self.min_confidence and letters(page.text) >= self.min_letters
        if not sure or found == "und" or said in {found, "und", "mul", "x"} or siblings(said, found):
            return
        message = f"The page declares its language as {declared}, but the text is in {found}."
        data = {"declared": declared, "language": found}
        yield self.finding(page, page.lines[0].span, message, confidence=page.language.confidence, data=data)


@dataclass(frozen=True, slots=True)
class ForeignPassage(Rule):
    """A sentence or line in another language than the text around it that is neither interface text nor a quotation.

    Why: a passage that was not translated, or that slipped in from another article, reads as part of the text.
    How: the language of the line or sentence against the document's, with a second opinion for the same script;
    interface text, translation notices and anything in quotation marks are left to other rules or left alone.
    Limits: short passages in the same script are not judged; poems and bilingual texts are reported as what they are,
    passages in another language.
    Data: `language`.
    """

    meta: ClassVar[RuleMeta] = RuleMeta("LI002", "foreign-passage", Severity.MINOR, "108000", "untranslated")
    min_letters: int = 30
    min_letters_other_script: int = 15

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding a line or sentence."""
        main = primary(page.language.tag)
        if main == "und":
            return
        known = Spans(
            [
                *(mark.span for mark in chrome(page)),
                *(notice.span for notice in notices(page)),
                *(span for span, _, _ in fused_foreign(page)),
            ]
        )
        foreign_lines = [line for line in page.lines if not line.borrowed and primary(line.language.tag) != main]
        candidates = [(line.span, line.language) for line in foreign_lines]
        spans = {line.span for line in foreign_lines}
        candidates += [
            (one.span, one.language)
            for one in page.sentences
            if primary(one.language.tag) != main and page.lines[one.block].span not in spans
        ]
        for span, language in sorted(candidates, key=lambda one: one[0]):
            if not known.overlap(span) and self._tells(page, span, language):
                yield self._about(page, span, language)

    def _tells(self, page: SegmentedDocument, span: Span, language: LanguageGuess) -> bool:
        quote = span.cut(page.text)
        main = primary(page.language.tag)
        other_script = script_of(language.tag) != script_of(main)
        need = self.min_letters_other_script if other_script else self.min_letters
        quoted = _QUOTES.search(quote) or _OPEN.search(page.text[max(0, span.start - 3) : span.start])
        sure = language.confidence >= (0.6 if other_script else 0.85)
        return letters(quote) >= need and sure and not quoted and not siblings(language.tag, main)

    def _about(self, page: SegmentedDocument, span: Span, language: LanguageGuess) -> Finding:
        tag = primary(language.tag)
        message = f"This passage is in another language ({tag}) than the text around it ({primary(page.language.tag)})."
        return self.finding(page, span, message, confidence=language.confidence, data={"language": tag})


RULES = (DeclaredLanguageDiffers(), ForeignPassage())
