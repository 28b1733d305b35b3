"""Reported speech: what one document quotes and another one tells in the reporter's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Evidence, Finding, Observation, RuleMeta, SegmentedDocument, Severity
from auditor.registry import CorpusRule
from auditor.rules._quotations import Quotation, quotations
from auditor.rules._quote_align import quote
from auditor.rules._quote_origin import own_date
from auditor.rules._quote_words import is_sign, tokenize
from auditor.rules._reported import Reported, reported
from auditor.rules._reported_links import Paraphrase, paraphrases
from auditor.rules._speakers import surname

_LEAST_WORDS = 4
_LEAST_SIGNS = 8
_CONFIDENCE = {"reported": 0.7, "figures": 0.6, "polarity": 0.6}
_DIFFERENCE = {
    "figures": "with another figure",
    "polarity": "and one of the two denies what the other affirms",
}


@dataclass(frozen=True)
class ReportedSpeech(CorpusRule):
    """A statement in the reporter's words ("X said that …") that another document of the story quotes directly.

    Why: It ties two accounts of one utterance. Who reports may choose his own words, so this is no drift; the
    quotation in the other document shows what the report rests on.

    How: In documents that share a group, sentences with a verb of speech and without quotation marks are read in
    the main language of the page: a clause behind "that" or a colon, before ", X said", behind "according to X", in
    Chinese behind the verb, in Japanese before it. A direct quotation of another document belongs to the statement
    when its speaker is the same (or his office, where no name is told) and enough of the words are. Where each has
    one figure before the same word and the two are far apart, or one plainly denies what the other affirms, the
    finding is minor: they may also be two statements.

    Limits: Without groups nothing is said: a speaker repeats himself. Only wordings in one language are compared,
    and a paraphrase without a word of the quotation is not seen. Of more than ``most`` statements or quotations of
    one story the first ones are compared.

    Data: kind (reported, figures, polarity), speaker (as printed, may be empty), verb (word or phrase of speech as
    printed), share (share of the shorter wording's words in the longer one), date (the document's own, ISO, if its
    row gives one).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("QD002", "reported-speech", Severity.NEUTRAL, "", "uncategorized")
    most: int = 300

    def observe(self, page: SegmentedDocument) -> Iterator[Observation]:
        """Yield the reported statements of a page that belongs to a story, and its direct quotations."""
        group = page.document.group
        if not group:
            return
        direct = quotations(page)
        shared: dict[str, object] = {"group": group, "lead": "", "date": own_date(page)}
        for one in direct:
            if one.spoken and _long_enough(one):
                data = {"reported": False, "told": "", "verb": "", "text": one.text, "names": list(one.names)}
                yield self.observation(page, group, one.span, shared | data | _spoken(one))
        for told in reported(page, direct):
            data = {"reported": True, "told": told.told, "verb": told.verb, "text": told.span.cut(page.text)}
            yield self.observation(page, group, told.span, shared | data | {"names": []} | _spoken(told))

    def resolve(self, observations: Sequence[Observation]) -> Iterator[Finding]:
        """Yield one finding for each reported statement whose quotation stands in another document."""
        sides = [[seen for seen in observations if bool(seen.data["reported"]) is told] for told in (True, False)]
        if all(sides):
            reports, quotes = ([quote(seen) for seen in side[: self.most]] for side in sides)
            for found in paraphrases(reports, quotes):
                yield self._found(found)

    def _found(self, found: Sequence[Paraphrase]) -> Finding:
        first = found[0]
        seen, other = first.report.seen, first.quotation.seen
        speaker = str(seen.data["speaker"] or other.data["speaker"])
        by = f" of {speaker}" if speaker else ""
        message = f"The text reports in its own words a statement{by} that {other.document_id} quotes (“{other.quote}”)"
        if first.kind in _DIFFERENCE:
            message += f", {_DIFFERENCE[first.kind]}; they may be two statements"
        notes = [one.quotation.seen for one in found if one.kind == first.kind]
        return self.about(
            seen,
            f"{message}.",
            confidence=_CONFIDENCE[first.kind],
            severity=Severity.MINOR if first.kind in _DIFFERENCE else None,
            evidence=[Evidence(one.document_id, one.span, one.quote, "the direct quotation") for one in notes],
            data={
                "kind": first.kind,
                "speaker": speaker,
                "verb": seen.data["verb"],
                "share": first.share,
                "date": seen.data["date"],
            },
        )


def _spoken(one: Quotation | Reported) -> dict[str, str]:
    """What both kinds of speech know of their speaker and surroundings."""
    family = surname(one.speaker, one.language)
    return {"language": one.language, "speaker": one.speaker, "surname": family, "frame": one.frame}


def _long_enough(one: Quotation) -> bool:
    tokens = [token for token in tokenize(one.text, one.language) if not token.mark]
    return len(tokens) >= (_LEAST_SIGNS if any(map(is_sign, tokens)) else _LEAST_WORDS)


RULES = (ReportedSpeech(),)
