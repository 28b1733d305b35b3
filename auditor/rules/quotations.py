"""Quotations: what somebody said must not change from one document to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import ClassVar

from auditor.data import Evidence, Finding, Observation, RuleMeta, SegmentedDocument, Severity
from auditor.registry import CorpusRule, Embed
from auditor.rules._language_names import english_names
from auditor.rules._names_fold import skeleton
from auditor.rules._quotations import Quotation, quotations
from auditor.rules._quote_across import links_across
from auditor.rules._quote_align import Link, Quote, links, quote
from auditor.rules._quote_meaning import by_meaning
from auditor.rules._quote_origin import best_wording, disclosed, likely_route, own_date
from auditor.rules._quote_words import is_sign, tokenize, words
from auditor.rules._speakers import surname

_WORDS = 5
_SURNAME = 8
_SIGNS = 10
_FRAGMENT_WORDS = 2
_FRAGMENT_SIGNS = 4
_CONFIDENCE = {"polarity": 0.85, "figures": 0.85, "wording": 0.7, "style": 0.5}
_WHAT = {
    "polarity": "one of the two denies what the other affirms",
    "figures": "the figures differ",
    "wording": "the words differ in what they say",
    "style": "a few words differ",
}


@dataclass(frozen=True)
class QuotationDrift(CorpusRule):
    """Finds an utterance that different documents quote in different words.

    Why: What stands between quotation marks is taken for the speaker's own words. A quotation that went through two
    languages and back often keeps the marks and loses the words: a denial disappears, a figure changes, one image
    replaces another.

    How: Quotations are collected with their speaker and the sentences around them. Within one story (documents of
    one group; without groups, one language and one surname) two quotations belong together when they share speaker,
    scene and enough rare words; a few quoted words are compared by the sentence that they stand in. Then the
    wording is measured. Shortened quotations, words in square brackets, ellipses and reported speech count as
    agreement. The wording that most documents share is taken as the reference, else the one in a document that does
    not say it was translated, else the one of the earliest date (field ``date`` of a row); where nothing decides,
    the finding goes to the document whose id comes later in the order of characters, which says nothing about
    dates, and the message says so. A change of a few words without a denial or a figure in it is reported as minor,
    and so are figures that the speaker called provisional. Without groups two quotations may be two statements:
    nothing is said where their words or the sentences around point to different times (will, today; Monday,
    Friday), and the finding is minor unless nearly all words, five of them in a row, and the sentences around
    agree. In a story whose texts are scored by the shipped encoder, pairs that words leave open (no two known
    speakers, about as long) are matched by the likeness of their vectors, and the finding is then minor.

    Limits: Two honest translations of one utterance differ in words too, and are reported; which one is closer to
    the speaker only the recording tells. Across languages the quotations of two documents are paired by speaker or
    by order and length, and only figures, months, weekdays and plain denials are compared. Two statements of one
    speaker that resemble each other may be taken for one. Of more than ``most`` quotations with one key a fixed
    sample (by hash) is compared, and ``data.sampled`` is then true.

    Data: kind (polarity, figures, wording, style), chrf (chrF2 of the wording against the reference, 0 to 100; null
    across languages), speaker (as printed, may be empty), diff (list of [operation, words of the shorter wording,
    words of the longer one]), route (languages that the wording seems to have gone through, where the altered document
    says from which one it was translated), sampled, meaning (likeness of the vectors, 0 to 1; only where it matched
    the two).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("QD001", "quotation-drift", Severity.MAJOR, "303000", "inconsistency")
    most: int = 200

    def observe(self, page: SegmentedDocument) -> Iterator[Observation]:
        """Yield the quotations that are long enough, with what is needed to find their counterparts."""
        group = page.document.group or ""
        hint, source = disclosed(page)
        for found in quotations(page):
            size = _size(found)
            family = surname(found.speaker, found.language)
            if not size or not _comparable(found, group, family):
                continue
            data = {
                "text": found.text, "language": found.language, "lead": found.lead, "frame": found.frame,
                "account": found.account,
                "speaker": found.speaker, "surname": family, "names": list(found.names), "group": group,
                "fragment": size == "fragment", "spoken": found.spoken, "translated": hint,
                "from": source, "date": own_date(page),
            }  # fmt: skip
            # The skeleton of a surname survives small damage: a garbled name must not hide a garbled quotation.
            key = f"group|{group}" if group else f"speaker|{found.language}|{skeleton(family)[:_SURNAME]}"
            yield self.observation(page, key, found.span, data)

    def resolve(self, observations: Sequence[Observation]) -> Iterator[Finding]:
        """Yield one finding for each altered quotation of a key."""
        return self.resolve_with(observations, None)

    def resolve_with(self, observations: Sequence[Observation], embed: Embed | None) -> Iterator[Finding]:
        """The same; with ``embed`` quotations of a story that share few words are matched by their meaning too."""
        sampled = len(observations) > self.most
        chosen = sorted(observations, key=_hash)[: self.most] if sampled else list(observations)
        ready = [quote(seen) for seen in sorted(chosen, key=lambda seen: (seen.document_id, seen.span, seen.quote))]
        further = partial(by_meaning, embed=embed) if embed else None
        found = [*links(ready, further), *links_across(ready)]
        for cluster in _clusters(found):
            yield from self._cluster(cluster, sampled)

    def _cluster(self, cluster: list[Link], sampled: bool) -> Iterator[Finding]:
        reference, decided = best_wording(cluster)
        own = [link for link in cluster if link.verdict and reference in (link.one, link.other)]
        for link in sorted(own, key=lambda link: _other_end(link, reference).place):
            yield self._drift(_other_end(link, reference), reference, link, decided, sampled)

    def _drift(self, altered: Quote, reference: Quote, link: Link, decided: bool, sampled: bool) -> Finding:
        seen, other = altered.seen, reference.seen
        speaker = str(other.data["speaker"] or seen.data["speaker"])
        said = f"This statement by {speaker}" if speaker else "This statement"
        doubt = "" if decided else " Which of them was altered is not known."
        message = (
            f"{said} is quoted in other words in {other.document_id} (“{other.quote}”): {_WHAT[link.verdict]}, "
            f"and the two may not both be what was said.{doubt}"
        )
        if len(route := likely_route(altered, reference)) > 1:
            names = [english_names().get(one, one) for one in route]
            message += f" The wording may have gone from {names[0]} to {' and from there to '.join(names[1:])}."
        return self.about(
            seen,
            message,
            confidence=_CONFIDENCE[link.verdict] - (0 if seen.data["group"] else 0.1 if link.firm else 0.25),
            severity=Severity.MINOR if link.verdict == "style" or _provisional(link) or not link.firm else None,
            evidence=[Evidence(other.document_id, other.span, other.quote, "the other wording")],
            data={
                "kind": link.verdict,
                "chrf": _chrf(altered, reference),
                "speaker": speaker,
                "diff": [list(change) for change in link.changes],
                "route": route,
                "sampled": sampled,
            }
            | ({} if link.meaning is None else {"meaning": link.meaning}),
        )


def _comparable(found: Quotation, group: str, family: str) -> bool:
    """Whether a counterpart can be told: within a story any quotation, else only what a named speaker said."""
    return "://" not in found.text and bool(group or (family and found.spoken))


def _other_end(link: Link, reference: Quote) -> Quote:
    """The end of a link that is not the reference."""
    return link.other if link.one is reference else link.one


def _provisional(link: Link) -> bool:
    """Whether figures differ that the speaker called provisional: two counts of one evening are two statements."""
    if link.verdict != "figures":
        return False
    ends = (link.one, link.other)
    return any(token.key in words("so far", end.language) for end in ends for token in end.tokens)


def _size(found: Quotation) -> str:
    tokens = [token for token in tokenize(found.text, found.language) if not token.mark]
    signs = any(is_sign(token) for token in tokens)
    if len(tokens) >= (_SIGNS if signs else _WORDS):
        return "full"
    few = len(tokens) >= (_FRAGMENT_SIGNS if signs else _FRAGMENT_WORDS)
    return "fragment" if few and found.spoken else ""


def _hash(seen: Observation) -> str:
    place = f"{seen.document_id}\x1f{seen.span.start}\x1f{seen.quote}"
    return sha256(place.encode("utf-8", "surrogatepass")).hexdigest()


def _clusters(found: Sequence[Link]) -> list[list[Link]]:
    """Links that hang together, in order of their first quotation."""
    root: dict[tuple[str, int, int], tuple[str, int, int]] = {}

    def top(place: tuple[str, int, int]) -> tuple[str, int, int]:
        while root.setdefault(place, place) != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    for link in found:
        one, other = sorted((top(link.one.place), top(link.other.place)))
        root[other] = one
    together: dict[tuple[str, int, int], list[Link]] = {}
    for link in found:
        together.setdefault(top(link.one.place), []).append(link)
    return [together[place] for place in sorted(together)]


def _chrf(altered: Quote, reference: Quote) -> float | None:
    """Character n-gram F-score (Popović 2015), as sacrebleu computes it, 0 to 100; None across languages."""
    from sacrebleu.metrics import CHRF

    if altered.language != reference.language:
        return None
    texts = str(altered.seen.data["text"]), [str(reference.seen.data["text"])]
    return round(float(CHRF().sentence_score(*texts).score), 1)


RULES = (QuotationDrift(),)
