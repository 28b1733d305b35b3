"""Quotations that share too few words to be called one utterance, matched by what the encoder makes of their meaning.

What it adds is measured by ``benchmarks.quotes --embed``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from operator import mul

from auditor.registry import Embed
from auditor.rules._quote_align import Link, Quote, same_speaker
from auditor.rules._quote_compare import compare

# On development data different quotations of one article stay below this, and most drifted ones lie above. Cosines are
# rounded before they are compared, so that the last bits of a processor decide nothing.
_ONE_MEANING = 0.94
_DIGITS = 2
# The open pairs of one story that are asked about, nearest first: the model is slow beside everything else here.
_MOST = 40
_LENGTH = 2


def by_meaning(pairs: Sequence[tuple[Quote, Quote]], found: Sequence[Link], embed: Embed) -> list[Link]:
    """Links between quotations of one story that the words leave open; ``pairs`` come nearest first.

    None of them is firm. The model is not asked where nothing is open.
    """
    linked = {end for link in found for end in _ends(link.one, link.other)}
    still = list(islice((pair for pair in pairs if _open(*pair) and not linked & _ends(*pair)), _MOST))
    texts = sorted({_text(end) for pair in still for end in pair})
    vectors = dict(zip(texts, embed(texts) if texts else (), strict=False))
    return list(_close(still, vectors))


def _close(pairs: Sequence[tuple[Quote, Quote]], vectors: dict[str, Sequence[float]]) -> Iterator[Link]:
    for one, other in pairs if vectors else ():
        cosine = round(sum(map(mul, vectors[_text(one)], vectors[_text(other)])), _DIGITS)
        if cosine >= _ONE_MEANING:
            compared = compare(one.tokens, other.tokens, one.language)
            changes = compared.changes if compared.verdict else ()
            yield Link(one, other, compared.verdict, cosine, changes, firm=False, meaning=cosine)


def _open(one: Quote, other: Quote) -> bool:
    """Whether meaning may decide: two whole utterances of a story, about as long, of no two known speakers."""
    if not one.group or one.fragment or other.fragment or not one.spoken or not other.spoken:
        return False
    lengths = [len(_text(end)) for end in (one, other)]
    return max(lengths) <= _LENGTH * min(lengths) and same_speaker(one, other) >= 0


def _ends(one: Quote, other: Quote) -> set[tuple[tuple[str, int, int], str]]:
    """Each quotation with the document that the other one stands in."""
    return {(one.place, other.seen.document_id), (other.place, one.seen.document_id)}


def _text(one: Quote) -> str:
    return str(one.seen.data["text"])
