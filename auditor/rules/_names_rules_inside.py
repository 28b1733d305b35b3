"""The rules that compare the names of one document with each other first (NM004 to NM006)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Evidence, Finding, RuleMeta, SegmentedDocument, Severity, Span
from auditor.registry import Rule
from auditor.rules._mentions import Mention
from auditor.rules._names_arabic import ended_names
from auditor.rules._names_cases import kept_possessive, surname_only
from auditor.rules._names_homophones import homophones
from auditor.rules._names_pairs import Pair, pairs
from auditor.rules._names_scripts import chinese_translations
from auditor.rules._names_suspects import language_name, language_of, suspected


def _beside(page: SegmentedDocument, pair: Pair) -> Evidence:
    span = pair.theirs.span
    return Evidence(page.document.id, span, span.cut(page.text), "the other name in this document")


@dataclass(frozen=True, slots=True)
class InconsistentName(Rule):
    """Finds one person written in two ways that are not accepted variants of each other, in one document.

    Why: A name that changes within a text was rendered anew each time it occurred; one of the forms is wrong.

    How: Two names share a first name and have family names one or two letters apart, or with the same consonants.
    Known variants, transliterations, short forms, feminine and inflected forms, and people with different offices do
    not count, nor do names in one sentence or in sentences of different years. The form that is known, or stands
    more often, is taken as right; where neither holds, one mention against one, nothing is said. Chinese names of
    three characters are compared by sound.

    Limits: Relatives and namesakes can be as close. First names alone are not compared: brothers have like names.

    Data: ``kind`` (``inconsistent``).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("NM004", "inconsistent-name", Severity.MAJOR, "101000", "inconsistent-entities")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield a finding for each name that another one in the document contradicts."""
        seen: set[Span] = set()
        for pair in pairs(page):
            if pair.kind == "inconsistent" and pair.mine.span not in seen:
                seen.add(pair.mine.span)
                mine, theirs = pair.mine.span.cut(page.text), pair.theirs.span.cut(page.text)
                yield self.finding(
                    page,
                    pair.mine.span,
                    f"“{mine}” and “{theirs}” in this document are likely one person.",
                    confidence=0.85,
                    suggestion=theirs,
                    evidence=(_beside(page, pair),),
                    data={"kind": "inconsistent"},
                )
        for span, place, right in homophones(page):
            wrong = span.cut(page.text)
            yield self.finding(
                page,
                span,
                f"“{wrong}” and “{right}” in this document sound alike and are likely one person.",
                confidence=0.8,
                suggestion=right,
                evidence=(Evidence(page.document.id, place, right, "the other name in this document"),),
                data={"kind": "inconsistent"},
            )


@dataclass(frozen=True, slots=True)
class LeftoverCaseEnding(Rule):
    """Finds case endings of another language left on a name.

    Why: In Russian, Ukrainian, Polish, Czech, Greek, Finnish or Turkish text a name is inflected; a translation that
    copies the form it finds writes "Zelenskoho" or "Mitsotaki" where the name is Zelenskyy, Mitsotakis.

    How: The name is a known figure's, or one that stands elsewhere in the document, plus an ending of a table of
    endings that the text's own language does not use. In Slavic text the endings are its own; there a surname in an
    oblique case after a first name in the nominative counts. An English possessive kept in an apposition counts too.

    Limits: Feminine surnames (Karpova) are only flagged after a man's first name. Languages that put endings on all
    foreign names (Lithuanian, Latvian) are left out.

    Data: ``kind`` (``case_ending``), ``source_language`` (likeliest language of the ending).
    """

    meta: ClassVar[RuleMeta] = RuleMeta(
        "NM005", "leftover-case-ending", Severity.MAJOR, "101000", "inconsistent-entities"
    )

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield a finding for each name in a foreign case, one a place."""
        done: set[Span] = set()
        for pair in pairs(page):
            if pair.kind == "case_ending" and pair.mine.span not in done:
                done.add(pair.mine.span)
                right = pair.theirs.span.cut(page.text)
                yield self._say(page, pair.mine, language_of(pair.sources), right, (_beside(page, pair),))
        for mention, found in suspected(page, frozenset({"case_ending"})):
            if mention.span not in done:
                done.add(mention.span)
                yield self._say(
                    page,
                    mention,
                    language_of(found.sources, found.person.country),
                    found.suggestion or found.person.name,
                )
        for mention, base, place, source in surname_only(page):
            if mention.span not in done:
                done.add(mention.span)
                right = " ".join((*mention.words[:-1], base))
                yield self._say(
                    page, mention, source, right, (Evidence(page.document.id, place, place.cut(page.text)),)
                )
        for mention in kept_possessive(page):
            if mention.span not in done:
                yield self._say(page, mention, "en", mention.span.cut(page.text))
        for span, place, right in ended_names(page):
            yield self.finding(
                page,
                span,
                f"“{span.cut(page.text)}” carries an Arabic case ending that a foreign name does not take; the name is "
                f"“{right}”.",
                confidence=0.85,
                suggestion=right,
                evidence=(Evidence(page.document.id, place, place.cut(page.text)),),
                data={"kind": "case_ending", "source_language": "ar"},
            )

    def _say(
        self, page: SegmentedDocument, mention: Mention, source: str, right: str, evidence: tuple[Evidence, ...] = ()
    ) -> Finding:
        quote = mention.span.cut(page.text)
        shown = f"{quote}'s" if source == "en" else quote
        return self.finding(
            page,
            mention.span,
            f"“{shown}” likely carries a {language_name(source)} case ending; the name is “{right}”.",
            confidence=0.9,
            suggestion=right,
            evidence=evidence,
            data={"kind": "case_ending", "source_language": source},
        )


@dataclass(frozen=True, slots=True)
class TranslatedName(Rule):
    """Finds names that were translated as if they were ordinary words.

    Why: "Minister Sapling" is what becomes of a Turkish minister called Fidan; readers cannot find the person again.

    How: In a document, the same first name stands with two family names of one meaning in two languages (Koval and
    Blacksmith); or a known figure's name has an ordinary word of the text's language in place of the word of that
    meaning, beside the figure's office or with a word that hardly is a name. Meanings come from a small table.

    Michael Brown and Michael Braun are two people: with the same first name, something else must say that one is
    meant (the first name's own language, a known figure, one office beside both, a word that hardly is a name).
    Names in one sentence or in sentences of different years never count.

    Limits: Only names in the table.

    Data: ``kind`` (``translated``).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("NM006", "translated-name", Severity.MAJOR, "101000", "inconsistent-entities")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield a finding for each translated name, one a place."""
        done: set[Span] = set()
        for pair in pairs(page):
            if pair.kind == "translated" and pair.mine.span not in done:
                done.add(pair.mine.span)
                yield self._say(page, pair.mine.span, pair.theirs.span.cut(page.text), (_beside(page, pair),))
        for mention, found in suspected(page, frozenset({"translated"})):
            if mention.span not in done:
                yield self._say(page, mention.span, found.suggestion or found.person.name)
        for span, right in chinese_translations(page):
            yield self._say(page, span, right)

    def _say(
        self,
        page: SegmentedDocument,
        span: Span,
        right: str,
        evidence: tuple[Evidence, ...] = (),
    ) -> Finding:
        return self.finding(
            page,
            span,
            f"“{span.cut(page.text)}” is likely “{right}” with a part of the name translated as a word.",
            confidence=0.9,
            suggestion=right,
            evidence=evidence,
            data={"kind": "translated"},
        )
