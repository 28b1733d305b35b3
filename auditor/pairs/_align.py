"""Additions and omissions: sentences of one side that nothing on the other side says, by the vectors of an encoder.

Sentences of both sides are compared all with all. Whether a sentence has a counterpart is judged against the pair's own
sentences, since similarities of one encoder are high or low for whole languages: a sentence stands alone when its best
counterpart, single sentence or two in a row, is far below what the pair's other sentences have.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, ClassVar

from auditor.data import Finding, RuleMeta, Severity, Span
from auditor.language import letters
from auditor.pairs._data import TARGET, PairScorer
from auditor.pairs._view import PairCheck, Side, View

# A pair with more sentences is a document: align it before.
_MOST = 60
_LEAST_LETTERS = 25
# How far below the middle of the other sentences' best similarities a sentence must be to stand alone.
_BELOW = 0.06
# Sentence counts of good translations differ little; without a difference only plain cases count.
_BELOW_EVEN = 0.09


class Addition(PairCheck):
    """Finds a sentence of the translation that the source does not have.

    Why: language models and engines make up what fits; it reads well and nobody wrote it.
    How: vectors of sentences from the installed encoder; a sentence whose best counterpart is far below those of the
    other sentences stands alone. A translation of one sentence is never judged so.
    Limits: needs a quality model; explanations that a translator added on purpose are found as well.
    Data: side, similarity (of the best counterpart), usual (median of the other sentences').
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TP009", "pair-addition", Severity.MAJOR, "104000", "addition")


class Omission(PairCheck):
    """Finds a sentence of the source that the translation does not have.

    Why: engines drop sentences, and a reader of the translation cannot see it.
    How: as for additions, the other way round.
    Limits: needs a quality model; sentences that were joined with others are looked for in two sentences in a row.
    Data: side, similarity (of the best counterpart), usual (median of the other sentences').
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TP010", "pair-omission", Severity.MAJOR, "105000", "omission")


def align(pairs: Sequence[View], scorer: PairScorer) -> list[list[Finding]]:
    """Findings of additions and omissions for each pair; all sentences are embedded together."""
    import numpy as np

    cut = [(_pieces(pair.source), _pieces(pair.target)) for pair in pairs]
    wanted = [bool(a and b and max(len(a), len(b)) > 1 and max(len(a), len(b)) <= _MOST) for a, b in cut]
    texts: list[str] = []
    for pair, (sources, targets), use in zip(pairs, cut, wanted, strict=True):
        if use:
            texts += [*_texts(pair.source, sources), *_texts(pair.target, targets)]
    vectors = np.asarray(scorer.embed(texts), dtype=np.float32) if texts else None
    found: list[list[Finding]] = []
    at = 0
    for pair, (sources, targets), use in zip(pairs, cut, wanted, strict=True):
        if not use or vectors is None:
            found.append([])
            continue
        sizes = 2 * len(sources) - 1, 2 * len(targets) - 1
        ours, theirs = vectors[at : at + sizes[0]], vectors[at + sizes[0] : at + sum(sizes)]
        at += sum(sizes)
        found.append(list(_alone(pair, (sources, targets), ours @ theirs.T)))
    return found


def _pieces(side: Side) -> list[Span]:
    """The sentences of a side, short ones joined to the one before."""
    from sentencex import get_sentence_boundaries

    spans: list[Span] = []
    for one in get_sentence_boundaries(side.language or "en", side.text):
        start, end = int(one["start_index"]), int(one["end_index"])
        text = side.text[start:end]
        span = Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))
        if not text.strip():
            continue
        if spans and (
            letters(span.cut(side.text)) < _LEAST_LETTERS or letters(spans[-1].cut(side.text)) < _LEAST_LETTERS
        ):
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
    return spans


def _texts(side: Side, spans: Sequence[Span]) -> list[str]:
    """The sentences, and then each two in a row."""
    singles = [span.cut(side.text) for span in spans]
    return [*singles, *(side.text[one.start : other.end] for one, other in pairwise(spans))]


def _alone(pair: View, cut: tuple[list[Span], list[Span]], similar: Any) -> Iterator[Finding]:
    """Sentences without counterpart; ``similar`` has singles before joined ones in rows and columns."""
    sources, targets = cut
    sides = (
        (Addition(), pair.target, targets, similar.max(axis=0), len(targets) - len(sources)),
        (Omission(), pair.source, sources, similar.max(axis=1), len(sources) - len(targets)),
    )
    for check, side, spans, best, more in sides:
        values = [float(one) for one in best]
        below = _BELOW if more > 0 else _BELOW_EVEN
        for index, span in enumerate(spans):
            others = [value for at, value in enumerate(values[: len(spans)]) if at != index]
            usual = statistics.median(others) if others else 0.0
            if not others or values[index] >= usual - below or _joins(values, len(spans), index):
                continue
            other = "source" if side.name == TARGET else "translation"
            numbers = {"similarity": round(values[index], 3), "usual": round(usual, 3)}
            yield check.at(pair, side, span, f"Nothing in the {other} says this.", confidence=0.8, **numbers)


def _joins(values: Sequence[float], count: int, index: int) -> bool:
    """Whether a sentence with a neighbour has a better counterpart than the neighbour alone: the two were joined."""
    after = index + 1 < count and values[count + index] >= values[index + 1]
    before = index > 0 and values[count + index - 1] >= values[index - 1]
    return after or before


ALIGNED = (Addition(), Omission())
