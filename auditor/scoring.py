"""Pick what a model should look at, and score it: suspects in length-sorted batches, each text once.

Suspects are the sentences that a rule touched and a seeded sample of each document, so that a score can be read
against the rest of the same text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from auditor.data import NAME_RATIO, Finding, Score, SegmentedDocument, Sentence, Severity, Span, Suspect

# A language model says little about shorter pieces.
_MIN_LETTERS = 20
_MAX_SUSPECTS = 200


class TextScorer(Protocol):
    """Anything that gives one value a text."""

    def score(self, texts: Sequence[str]) -> list[float]:
        """Return one value for each text, in order."""


class CostScorer(Protocol):
    """A language model: total cost in nats and number of tokens of each text."""

    def costs(self, texts: Sequence[str]) -> list[tuple[float, int]]:
        """Return (nats, tokens) for each text, in order."""


def suspects(
    page: SegmentedDocument, findings: Sequence[Finding], mode: str, sample: int, language: str | None = None
) -> Iterator[Suspect]:
    """Yield the sentences to score. ``language`` restricts them to what a model can read."""
    touched = _touched(page, findings)
    readable = [
        index
        for index, sentence in enumerate(page.sentences)
        if len(sentence.span) >= _MIN_LETTERS and (not language or sentence.language.tag == language)
    ]
    seeded = _sample(page, [index for index in readable if index not in touched], sample)
    number = 0
    for index in readable:
        span = page.sentences[index].span
        reasons = [*sorted(touched.get(index, ())), *(["sample"] if index in seeded else [])]
        if mode == "all" or reasons:
            number += 1
            if number > _MAX_SUSPECTS and mode != "all":
                return
            tag = page.sentences[index].language.tag
            yield Suspect(page.document.id, span, span.cut(page.text), tuple(reasons), tag)


def _touched(page: SegmentedDocument, findings: Sequence[Finding]) -> dict[int, set[str]]:
    out: dict[int, set[str]] = {}
    marks = sorted((one.span, one.rule) for one in findings if one.severity > Severity.NEUTRAL)
    at = 0
    for span, rule in marks:
        while at < len(page.sentences) and page.sentences[at].span.end <= span.start:
            at += 1
        step = at
        while step < len(page.sentences) and page.sentences[step].span.start < span.end:
            out.setdefault(step, set()).add(rule)
            step += 1
    return out


def _sample(page: SegmentedDocument, among: Sequence[int], size: int) -> set[int]:
    """A sample that depends on the document's id alone, so that it is the same in every run."""

    def rank(index: int) -> str:
        return hashlib.sha256(f"{page.document.id}\x1f{index}".encode("utf-8", "surrogatepass")).hexdigest()

    return set(sorted(among, key=rank)[:size])


def score_texts(scorer: TextScorer, name: str, chosen: Sequence[Suspect]) -> Iterator[Score]:
    """Score suspects; equal texts are scored once."""
    texts = sorted({one.text for one in chosen}, key=lambda text: (len(text), text))
    values = dict(zip(texts, scorer.score(texts), strict=True))
    for one in chosen:
        yield Score(one.document_id, one.span, name, values[one.text])


def name_ratios(model: CostScorer, pages: Iterable[tuple[SegmentedDocument, Sequence[Finding]]]) -> Iterator[Score]:
    """For each finding of the NM family with a suggestion: nats that the sentence saves with the suggested name.

    Only English sentences are asked, because the model reads English. Positive values support the suggestion.
    """
    places: list[tuple[str, Finding, str, str]] = []
    for page, findings in pages:
        for finding in findings:
            if finding.rule.startswith("NM") and finding.suggestion:
                around = _sentence_at(page, finding.span)
                if around is not None and around.language.tag == "en":
                    as_is = around.span.cut(page.text)
                    low, high = finding.span.start - around.span.start, finding.span.end - around.span.start
                    mended = as_is[:low] + finding.suggestion + as_is[high:]
                    places.append((page.document.id, finding, as_is, mended))
    texts = sorted({text for place in places for text in (place[2], place[3])}, key=lambda text: (len(text), text))
    costs = dict(zip(texts, model.costs(texts), strict=True))
    for document_id, finding, as_is, mended in places:
        # Two rules may suggest different names for one place, so the rule is part of the score's name.
        saved = round(costs[as_is][0] - costs[mended][0], 2)
        yield Score(document_id, finding.span, f"{NAME_RATIO}:{finding.rule}", saved)


def _sentence_at(page: SegmentedDocument, span: Span) -> Sentence | None:
    return next((one for one in page.sentences if one.span.contains(span)), None)
