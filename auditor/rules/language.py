"""LI: text in another language than declared, or than what stands around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity
from auditor.language import letters, primary
from auditor.registry import Rule
from auditor.rules._chrome_text import siblings
from auditor.rules._foreign_text import PASSAGE, Elsewhere, elsewhere, is_telling
from auditor.rules._language_names import english_names


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
    interface text, translation notices, and what stands there on purpose (LI003) are left to other rules.
    Limits: short passages in the same script are not judged; of neighbouring languages (Ukrainian in a Russian text)
    only what has letters of its own is; where two languages cannot be told apart the message names both.
    Data: `language`, `form` (`passage`), `alternatives` (languages that it may be as well).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("LI002", "foreign-passage", Severity.MINOR, "108000", "untranslated")
    min_letters: int = 30
    min_letters_other_script: int = 15

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding a line or sentence."""
        for one in elsewhere(page):
            if one.form == PASSAGE and is_telling(page, one, (self.min_letters, self.min_letters_other_script)):
                main = english_names().get(primary(page.language.tag), page.language.tag)
                message = f"This passage is in {one.names()}, the text around it in {main}."
                yield self.finding(page, one.span, message, confidence=one.language.confidence, data=_data(one))


@dataclass(frozen=True, slots=True)
class ForeignOnPurpose(Rule):
    """A quotation, title, verse or parallel text in another language, which stands there on purpose.

    Why: it is no fault, but a reader of statistics wants to know what is in which language, and a quotation in the
    original language tells where a story comes from.
    How: as LI002, for text in quotation marks (a `title` when it is short and no sentence), for four or more short
    lines in a row (`verse`), and for pages that go to and fro between two languages (`parallel_text`).
    Limits: single words and names are not looked at; indirect quotations are not told.
    Data: `language`, `form` (`quotation`, `title`, `verse`, `parallel_text`), `alternatives`.
    """

    meta: ClassVar[RuleMeta] = RuleMeta("LI003", "foreign-on-purpose", Severity.NEUTRAL, "", "")
    min_letters: int = 30
    min_letters_other_script: int = 12

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield one finding a stretch."""
        for one in elsewhere(page):
            if one.form != PASSAGE and is_telling(page, one, (self.min_letters, self.min_letters_other_script)):
                message = f"This {one.form.replace('_', ' ')} is in {one.names()}."
                yield self.finding(page, one.span, message, confidence=one.language.confidence, data=_data(one))


def _data(one: Elsewhere) -> dict[str, object]:
    known: dict[str, object] = {"language": primary(one.language.tag), "form": one.form}
    if one.alternatives:
        known["alternatives"] = list(one.alternatives)
    return known


RULES = (DeclaredLanguageDiffers(), ForeignPassage(), ForeignOnPurpose())
