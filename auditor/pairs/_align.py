"""Additions and omissions: sentences of one side that nothing on the other side says, by the vectors of an encoder.

Sentences of both sides, and each two in a row, are compared all with all; the best alignment in order tells which stand
alone (``_gaps``). ``_CLEAR`` was set on human translations of the training part with a sentence taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, ClassVar

from auditor.data import Finding, RuleMeta, Severity, Span
from auditor.language import letters
from auditor.pairs._data import TARGET, PairScorer
from auditor.pairs._gaps import unmatched
from auditor.pairs._view import PairCheck, Side, View

# A pair with more sentences is a document: align it before.
_MOST = 60
_LEAST_LETTERS = 25
# What the alignment must lose when a sentence that stands alone is given a counterpart.
_CLEAR = 0.02
# With a single sentence on one side there is nothing to align.
_FEWEST = 2


class Addition(PairCheck):
    """Finds a sentence of the translation that the source does not have.

    Why: language models and engines make up what fits; it reads well and nobody wrote it.
    How: vectors of sentences from the installed encoder, and the best alignment in order of one sentence with one, two
    with one, or one with none. A translation of one sentence is never judged so.
    Limits: needs a quality model; explanations that a translator added on purpose are found as well; where sentences
    are told in another order, one that moved stands alone.
    Data: side, similarity (of the best counterpart), clearness (what the alignment loses without this finding).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TP009", "pair-addition", Severity.MAJOR, "104000", "addition")


class Omission(PairCheck):
    """Finds a sentence of the source that the translation does not have.

    Why: engines drop sentences, and a reader of the translation cannot see it.
    How: as for additions, the other way round.
    Limits: needs a quality model; what was shortened to half a sentence may be called left out.
    Data: side, similarity (of the best counterpart), clearness (what the alignment loses without this finding).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TP010", "pair-omission", Severity.MAJOR, "105000", "omission")


def align(pairs: Sequence[View], scorer: PairScorer) -> list[list[Finding]]:
    """Findings of additions and omissions for each pair; all sentences are embedded together."""
    import numpy as np

    cut = [(_pieces(pair.source), _pieces(pair.target)) for pair in pairs]
    wanted = [min(map(len, sides)) >= _FEWEST and max(map(len, sides)) <= _MOST for sides in cut]
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
    # Half a surrogate pair is no UTF-8, which sentencex needs; its stand-in is one code point too.
    safe = side.text.encode("utf-8", "replace").decode("utf-8")
    for one in get_sentence_boundaries(side.language or "en", safe):
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
    left, right = unmatched(similar.astype("float64"), len(sources), len(targets))
    sides = (
        (Addition(), pair.target, targets, similar.max(axis=0), right),
        (Omission(), pair.source, sources, similar.max(axis=1), left),
    )
    for check, side, spans, best, found in sides:
        other = "source" if side.name == TARGET else "translation"
        for index, clear in found:
            if clear >= _CLEAR:
                numbers = {"similarity": round(float(best[index]), 3), "clearness": round(clear, 3)}
                yield check.at(
                    pair, side, spans[index], f"Nothing in the {other} says this.", confidence=0.8, **numbers
                )


ALIGNED = (Addition(), Omission())
