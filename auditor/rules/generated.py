"""Leftovers of language models: chat phrases, unfilled placeholders, markup of a draft, template prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity, Span
from auditor.registry import Rule
from auditor.rules._chatbot import lexicon_of, quoted, traces
from auditor.rules._placeholders import placeholders
from auditor.rules._stock import measure

_SAID = {
    "preamble": "This is how a chatbot announces its answer; the text was likely pasted from one.",
    "offer": "This offers the reader to change the text, as chatbots do at the end of an answer.",
    "disclaimer": "Here a language model speaks of itself; the text was likely generated and not read by anyone.",
    "closing": "Beside other traces of a chatbot in this text, this sentence is likely one too.",
}


@dataclass(frozen=True)
class ChatbotPhrase(Rule):
    """A sentence that a chatbot says to its user, left in the text.

    Why: It shows that the text came out of a language model and that nobody read it before it was published.

    How: A preamble needs agreement, a pointer and the name of a piece of work ("Certainly! Here is the article:"); an
    offer needs a question to the reader and something to change, at the end of the page; a disclaimer needs the model's
    first person at the head of a sentence. Phrases that people use too count only beside one of these.

    Limits: Sentences inside quotation marks, sentences that name an engine, and remarks on being a model in a text
    that names chatbots at least twice elsewhere are about chatbots and stay silent. So do phrases between the
    salutation and the signature of a letter; without a signature they are minor.

    Data: kind (preamble, offer, disclaimer or closing).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("LM001", "chatbot-phrase", Severity.MAJOR, "104000", "addition")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the chatbot's sentences of one document."""
        for one in traces(page):
            severity = Severity.MAJOR if one.sure else Severity.MINOR
            confidence = 0.95 if one.sure else 0.6
            data = {"kind": one.kind}
            yield self.finding(page, one.span, _SAID[one.kind], confidence=confidence, severity=severity, data=data)


@dataclass(frozen=True)
class UnfilledPlaceholder(Rule):
    """A placeholder that somebody should have filled in ("[Insert quote here]", "[NAME OF THE SECRETARY]", "XX%").

    Why: The text is a draft or a model's answer, and what should stand here is missing.

    How: Words for filling in, or only words for blanks in capitals, inside square brackets; a row of X before a unit;
    filler text; variables of a template.

    Limits: Editorial brackets ("[sic]", "[the minister]", "[K]eeping"), notes, links and code are left alone, and so
    are texts whose subject are forms and templates. A joke such as "[insert excuse here]" is reported as minor.
    Only the first 50 placeholders of a document are reported.

    Data: kind (instruction, blank, number, filler or variable).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("LM002", "unfilled-placeholder", Severity.MAJOR, "104000", "addition")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the placeholders of one document."""
        for one in placeholders(page):
            severity = Severity.MAJOR if one.sure else Severity.MINOR
            message = "This placeholder was never filled in, so the text is likely an unedited draft."
            confidence = 0.93 if one.sure else 0.6
            yield self.finding(
                page, one.span, message, confidence=confidence, severity=severity, data={"kind": one.kind}
            )


# Two stars around letters, not inside a word (f**k) nor a footnote sign.
_BOLD = re.compile(r"(?<![\w*])\*\*(?=[^\s*])[^*\n]{2,120}(?<=[^\s*])\*\*(?![\w*])")
_HEADING = re.compile(r"^\s{0,3}#{2,5} +[^\W_][^\n]{1,150}$")
_CODE = re.compile(r"```|^\s{0,3}(?:\$|>>>|//|/\*)|^\s{0,3}[-*] \[[ x]\]|\]\(https?://", re.MULTILINE)


@dataclass(frozen=True)
class MarkdownResidue(Rule):
    """Marks of a chatbot's draft in plain text: ``**Title:**``, ``### Heading``, a word count at the end.

    Why: Articles are not written in Markdown; chatbots answer in it, and its marks stay when an answer is pasted.

    How: Double stars around words, two or more number signs before a heading, or a line that only counts words.

    Limits: Silent in Markdown documents and in texts that hold code or Markdown links, where the marks are meant.

    Data: kind (bold, heading or word_count).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("LM003", "markdown-residue", Severity.MINOR, "604000", "markup")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the marks of one document, one for each line."""
        counts = {match.span.start for match in lexicon_of("wordcount").find(page.folded) if match.whole_line}
        markdown = page.document.origin.format == "md" or bool(_CODE.search(page.text))
        for number, line in enumerate(page.lines):
            place = line.span
            kind = "" if markdown else self._mark(page, place)
            edge = number < 3 or number >= len(page.lines) - 8
            if not kind and edge and len(place) < 80 and any(place.start <= at < place.end for at in counts):
                kind = "word_count"
            if kind:
                message = "This mark belongs to the draft of a chatbot or editor, not to a published text."
                confidence = 0.8 if kind != "word_count" else 0.75
                yield self.finding(page, place, message, confidence=confidence, data={"kind": kind})

    def _mark(self, page: SegmentedDocument, place: Span) -> str:
        if len(place) > 400:
            return ""
        text = place.cut(page.text)
        bold = _BOLD.search(text)
        if bold and not quoted(page.text, place, place.start + bold.start()):
            return "bold"
        return "heading" if _HEADING.match(text) else ""


_DENSEST = 3


@dataclass(frozen=True)
class TemplateProse(Rule):
    """Sentences made of the stock phrases of language models, in a text with hardly a quotation, figure or date.

    Why: Such prose fits any event; readers learn nothing that could be checked, and nobody may have reported it.

    How: The phrases have weights, in English from their log-odds of appearing in generated rather than human texts.
    The whole document must reach a density of them and stay poor in quotations and numbers; the densest sentences
    are shown.

    Limits: It measures style, which is evidence, not proof: press releases and essays by people come near it.
    Languages: English, German, French, Spanish, Portuguese, Russian, Ukrainian and Chinese; texts of 150 words or
    more. Most generated news stays below the threshold.

    Data: density (weight of stock phrases a hundred words), concrete (quotations and numbers a hundred words), phrases.
    """

    meta: ClassVar[RuleMeta] = RuleMeta("LM004", "template-prose", Severity.MINOR, "306000", "style")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the densest sentences of a document that is template prose as a whole."""
        prose = measure(page)
        if prose is None or not prose.is_template:
            return
        weighed = []
        for sentence in page.sentences:
            inside = [(span, weight) for span, weight in prose.phrases if sentence.span.contains(span)]
            if total := sum(weight for _, weight in inside):
                weighed.append((total, sentence.span, [span.cut(page.text) for span, _ in inside]))
        weighed.sort(key=lambda one: (-one[0], one[1]))
        confidence = min(0.95, 0.55 + 0.04 * prose.density)
        for _, span, phrases in sorted(weighed[:_DENSEST], key=lambda one: one[1]):
            data = {"density": prose.density, "concrete": prose.concrete, "phrases": phrases}
            message = (
                "The text is dense in stock phrases of language models and poor in quotations and figures; this "
                "sentence is one of the most formulaic. It may have been generated."
            )
            yield self.finding(page, span, message, confidence=confidence, data=data)


RULES = (ChatbotPhrase(), UnfilledPlaceholder(), MarkdownResidue(), TemplateProse())
