"""The rules on names that need one document only (NM002 to NM006)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Evidence, Finding, RuleMeta, SegmentedDocument, Severity, Span
from auditor.registry import Rule
from auditor.rules._mentions import Mention, people
from auditor.rules._names_cases import kept_possessive, surname_only
from auditor.rules._names_chinese import Reading, readings
from auditor.rules._names_known import Suspicion, short_suspicion, suspicion
from auditor.rules._names_pairs import Pair, pairs

_LANGUAGES = {
    "ru": "Russian", "uk": "Ukrainian", "pl": "Polish", "cs": "Czech", "sk": "Slovak", "el": "Greek", "fi": "Finnish",
    "tr": "Turkish", "hu": "Hungarian", "bg": "Bulgarian", "hr": "Croatian", "sr": "Serbian", "et": "Estonian",
    "lt": "Lithuanian", "lv": "Latvian", "en": "English",
}  # fmt: skip
# A country's language, to choose among the languages that share an ending.
_SPOKEN = {"ua": "uk", "cz": "cs", "gr": "el", "cy": "el", "by": "ru", "rs": "sr"}


def language_of(sources: frozenset[str], country: str = "") -> str:
    """The likeliest of the languages that share an ending: the person's own, else the first."""
    own = _SPOKEN.get(country, country)
    return own if own in sources else min(sources, default="")


def _language_name(code: str) -> str:
    return _LANGUAGES.get(code, "foreign")


def _suspected(page: SegmentedDocument, kinds: frozenset[str]) -> Iterator[tuple[Mention, Suspicion]]:
    known = people(page)
    for mention in known.full:
        found = suspicion(mention)
        if found and found.kind in kinds:
            yield mention, found
    for mention in known.short:
        found = short_suspicion(mention)
        if found and found.kind in kinds:
            yield mention, found


def _beside(page: SegmentedDocument, pair: Pair) -> Evidence:
    span = pair.theirs.span
    return Evidence(page.document.id, span, span.cut(page.text), "the other name in this document")


@dataclass(frozen=True, slots=True)
class BlendedName(Rule):
    """Finds names that mix two public figures, or miss a known one in that office by a letter or two.

    Why: Machine translation that loses a name in a chain of languages puts a more frequent one in its place: the
    first name of one politician before the family name of another.

    How: A family name of a known figure beside an office that this figure holds or held, after a first name that is
    somebody else's family name or the first name of a colleague of the same country; or the figure's own first name
    and office with a family name that nobody is known to bear and that is one or two letters off. Closeness alone
    never counts: without the office nothing major is said.

    Limits: The table of figures ends somewhere; a namesake who holds the same office and is not in it would be
    flagged. Languages that respell foreign names by sound are left out of the comparison of letters.

    Data: ``kind`` (``blend``), ``person`` (the known name), ``other`` (whose name part was mixed in, where told).
    """

    meta: ClassVar[RuleMeta] = RuleMeta(
        "NM002", "near-miss-of-known-name", Severity.MAJOR, "101000", "inconsistent-entities"
    )

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield a finding for each blended name."""
        for mention, found in _suspected(page, frozenset({"blend"})):
            name, quote = found.person.name, mention.span.cut(page.text)
            if found.other:
                message = f"“{quote}” is likely {name}: the first name seems to come from {found.other.name}."
            else:
                message = (
                    f"“{quote}” is likely {name}, who is known in this office; nobody of the written name is known."
                )
            yield self.finding(
                page,
                mention.span,
                message,
                confidence=0.9 if found.certain else 0.5,
                severity=Severity.MAJOR if found.certain else Severity.MINOR,
                suggestion=found.suggestion,
                data={"kind": "blend", "person": name} | ({"other": found.other.name} if found.other else {}),
            )


@dataclass(frozen=True, slots=True)
class InvalidRomanisation(Rule):
    """Finds Chinese names with a syllable that pinyin does not have.

    Why: Chinese names reach a text through Russian, Ukrainian or Bulgarian in those languages' own system; turned
    into Latin letters by sound they become impossible spellings ("Tszyan" for "Jian").

    How: A Chinese family name is followed by a word that is no pinyin and no Wade-Giles, and that the table of
    transcriptions leads back to pinyin. It is major beside a Chinese office or where the restored name is known or
    stands in the document.

    Limits: Only languages that write Chinese names in pinyin. Names from Taiwan, Hong Kong, Singapore, Korea and
    Vietnam follow other systems and stay silent. Valid syllables in the wrong place are not seen.

    Data: ``kind`` (``romanisation``), ``candidates`` (possible pinyin spellings), ``source_language`` where inferred.
    """

    meta: ClassVar[RuleMeta] = RuleMeta(
        "NM003", "invalid-romanisation", Severity.MAJOR, "101000", "inconsistent-entities"
    )

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield a finding for each impossible Chinese name."""
        for found in readings(page):
            yield self._say(page, found)

    def _say(self, page: SegmentedDocument, found: Reading) -> Finding:
        best = found.candidates[0] if found.confirmed or len(found.candidates) == 1 else None
        tail = f"; it is likely “{best}”" if best else ""
        return self.finding(
            page,
            found.mention.span,
            f"“{found.word}” is no syllable of a Chinese name as it is written in Latin letters{tail}.",
            confidence=0.9 if found.confirmed else 0.7,
            severity=Severity.MAJOR if found.certain else Severity.MINOR,
            suggestion=best,
            data={"kind": "romanisation", "candidates": list(found.candidates)}
            | ({"source_language": found.source} if found.source else {}),
        )


@dataclass(frozen=True, slots=True)
class InconsistentName(Rule):
    """Finds one person written in two ways that are not accepted variants of each other, in one document.

    Why: A name that changes within a text was rendered anew each time it occurred; one of the forms is wrong.

    How: Two names share a first name and have family names one or two letters apart, or with the same consonants.
    Known variants, transliterations, short forms, feminine and inflected forms, and people with different offices do
    not count. The form that is known, or stands more often, is taken as right; where neither holds it is minor.

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
                    f"“{mine}” and “{theirs}” in this document are likely one person"
                    + ("." if pair.certain else "; one of the two spellings is wrong."),
                    confidence=0.85 if pair.certain else 0.5,
                    severity=Severity.MAJOR if pair.certain else Severity.MINOR,
                    suggestion=theirs if pair.certain else None,
                    evidence=(_beside(page, pair),),
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
        for mention, found in _suspected(page, frozenset({"case_ending"})):
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

    def _say(
        self, page: SegmentedDocument, mention: Mention, source: str, right: str, evidence: tuple[Evidence, ...] = ()
    ) -> Finding:
        quote = mention.span.cut(page.text)
        shown = f"{quote}'s" if source == "en" else quote
        return self.finding(
            page,
            mention.span,
            f"“{shown}” likely carries a {_language_name(source)} case ending; the name is “{right}”.",
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

    Limits: Only names in the table. Two people called Smith and Schmidt in one text are minor unless close together.

    Data: ``kind`` (``translated``).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("NM006", "translated-name", Severity.MAJOR, "101000", "inconsistent-entities")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield a finding for each translated name, one a place."""
        done: set[Span] = set()
        for pair in pairs(page):
            if pair.kind == "translated" and pair.mine.span not in done:
                done.add(pair.mine.span)
                severity = Severity.MAJOR if pair.certain else Severity.MINOR
                yield self._say(page, pair.mine, pair.theirs.span.cut(page.text), severity, (_beside(page, pair),))
        for mention, found in _suspected(page, frozenset({"translated"})):
            if mention.span not in done:
                yield self._say(page, mention, found.suggestion or found.person.name, Severity.MAJOR)

    def _say(
        self,
        page: SegmentedDocument,
        mention: Mention,
        right: str,
        severity: Severity,
        evidence: tuple[Evidence, ...] = (),
    ) -> Finding:
        return self.finding(
            page,
            mention.span,
            f"“{mention.span.cut(page.text)}” is likely “{right}” with a part of the name translated as a word.",
            confidence=0.9 if severity >= Severity.MAJOR else 0.5,
            severity=severity,
            suggestion=right,
            evidence=evidence,
            data={"kind": "translated"},
        )
