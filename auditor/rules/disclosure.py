"""Translation disclosure: the text or its markup says that it was translated or generated, and by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity, Span
from auditor.registry import Rule
from auditor.rules._disclosure import Notice, notices


def _told(notice: Notice) -> str:
    """The facts of a notice as the end of a sentence for the editor."""
    parts = [
        f" from {notice.data['source_language']}" if "source_language" in notice.data else "",
        f" into {notice.data['target_language']}" if "target_language" in notice.data else "",
        f" with {notice.data['engine']}" if notice.named_engine else "",
        f", checked by {notice.data['reviewer']}" if "reviewer" in notice.data else "",
    ]
    return "".join(parts)


@dataclass(frozen=True)
class MachineTranslationDisclosure(Rule):
    """A notice that the text was translated by a machine, with engine, source language and reviewer where it says so.

    Why: It is the plainest evidence of where a text comes from, and it is often left in the language of the original.

    How: A line, a credit in brackets, or a sentence at the head or tail of the page counts as a notice when nearly all
    its letters belong to words that such notices are made of, in one of 32 languages.

    Limits: Prose about machine translation is not a notice and stays silent; so do a notice inside quotation marks,
    attributed speech, and a statement that the text was not translated by a machine.

    Data: method (machine or machine_reviewed), engine, reviewer, source_language and target_language (BCP 47).
    """

    meta: ClassVar[RuleMeta] = RuleMeta(
        "TD001", "machine-translation-disclosure", Severity.NEUTRAL, "", "uncategorized"
    )

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the machine-translation notices of one document."""
        for one in notices(page):
            if one.method.startswith("machine"):
                message = f"The text says that it was translated by a machine{_told(one)}."
                yield self.finding(page, one.span, message, confidence=one.confidence, data=one.data)


@dataclass(frozen=True)
class HumanTranslationDisclosure(Rule):
    """A credit that names the person who translated the text.

    Why: A named translator is evidence of human translation, and belongs in the record of who made the text.

    How: As for machine-translation notices; a name must stand where the credit has it, and no machine may be named.

    Limits: A translator mentioned in running prose, as in a review of a novel, is not a credit. Names in scripts
    without capitals are read up to the next punctuation mark.

    Data: method (human), translator, reviewer, source_language and target_language (BCP 47).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TD002", "human-translation-disclosure", Severity.NEUTRAL, "", "uncategorized")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the translator credits of one document."""
        for one in notices(page):
            if one.method == "human":
                message = f"The text names its translator, {one.data['translator']}{_told(one)}."
                yield self.finding(page, one.span, message, confidence=one.confidence, data=one.data)


_MARKED_LANGUAGES = re.compile(r"lang=([A-Za-z]{2,3})[\w-]{0,20}?-x-mtfrom-([A-Za-z]{2,3})")
_ENGINES = (
    ("gtranslate", "GTranslate"),
    ("transposh", "Transposh"),
    ("x-mtfrom", "Google Translate"),
    ("google", "Google Translate"),
)


# Marks that only a page which was translated carries.
_SURE = (
    "mtfrom",
    "machine-translated",
    "x-translated-by",
    "translated-ltr",
    "translated-rtl",
    "_mst",
    "mt-confidence",
    "ya-tr-span",
    "vertical-align",
    "-t0-",
)


@dataclass(frozen=True)
class TranslationMarkup(Rule):
    """Markup that translation services and widgets leave in a page's HTML.

    Why: It shows that the page was translated automatically even when its text does not say so.

    How: The web reader collects the known marks; this rule reads engine and languages from them.

    Limits: Some widgets are installed without being used on the page at hand, so only marks that translated pages
    carry count fully. The finding stands at the first line of the text, because the markup is not part of it.

    Data: method (machine, or offered where only a widget stands), markers, engine, source_language and target_language
    (BCP 47).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TD003", "translation-markup", Severity.NEUTRAL, "", "uncategorized")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield at most one finding for a document: all its marks together."""
        found = page.document.metadata.get("translation_markers")
        markers = [str(one) for one in found] if isinstance(found, list | tuple) else []
        html_language = str(page.document.metadata.get("html_lang") or "")
        if "-x-mtfrom-" in html_language and not any("mtfrom" in one for one in markers):
            markers.append(f"lang={html_language}")
        if not markers or not page.lines:
            return
        joined = " ".join(markers)
        # A widget alone shows that a translation is offered, not that this copy is one.
        sure = any(mark in joined.lower() for mark in _SURE)
        data: dict[str, object] = {"method": "machine" if sure else "offered", "markers": markers}
        if languages := _MARKED_LANGUAGES.search(joined):
            data |= {"target_language": languages.group(1).lower(), "source_language": languages.group(2).lower()}
        engine = next((name for mark, name in _ENGINES if mark in joined.lower()), None)
        if engine:
            data["engine"] = engine
        first = page.lines[0].span
        told = (
            "marks of automatic translation" if sure else "marks of a translation service, so it may be a translation"
        )
        message = f"The page's HTML carries {told}: {', '.join(markers)}."
        span = Span(first.start, min(first.end, first.start + 200))
        yield self.finding(page, span, message, confidence=0.97 if sure else 0.6, data=data)


@dataclass(frozen=True)
class GeneratedTextDisclosure(Rule):
    """A notice that the text was written by artificial intelligence.

    Why: It is the plainest evidence that nobody reported or wrote the text, and readers and archives should know.

    How: As for machine-translation notices, with the words for writing and making. Notices about pictures, videos and
    voices are left alone.

    Limits: It believes the page. A notice that only a summary or a headline was generated counts as well. Statements
    that no artificial intelligence was used, and attributed speech, stay silent.

    Data: method (generated), engine.
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TD004", "generated-text-disclosure", Severity.NEUTRAL, "", "uncategorized")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the generation notices of one document."""
        for one in notices(page):
            if one.method == "generated":
                message = f"The text says that it was written by artificial intelligence{_told(one)}."
                yield self.finding(page, one.span, message, confidence=one.confidence, data=one.data)


RULES = (MachineTranslationDisclosure(), HumanTranslationDisclosure(), TranslationMarkup(), GeneratedTextDisclosure())
