"""Foreign interface text fused into a paragraph: '… he said. Читайте також: …'."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from auditor.data import SegmentedDocument, Span
from auditor.language import primary
from auditor.rules._chrome import chrome
from auditor.rules._chrome_table import NOT_CHROME, table


def fused_foreign(page: SegmentedDocument) -> Iterator[tuple[Span, str, str]]:
    """Yield span, language and kind of foreign sentences inside a paragraph that hold an interface phrase."""
    main = primary(page.language.tag)
    whole = {mark.line for mark in chrome(page)}
    for block, group in groupby(page.sentences, key=lambda one: one.block):
        if block in whole:
            continue
        sentences = list(group)
        own = primary(page.lines[block].language.tag)
        strange = [one for one in sentences if primary(one.language.tag) not in {main, own}]
        if not strange or len(strange) == len(sentences):
            continue
        for tag, run in groupby(strange, key=lambda one: primary(one.language.tag)):
            spans = [one.span for one in run]
            span = Span(spans[0].start, spans[-1].end)
            kind = _kind(span.cut(page.folded), tag)
            if kind:
                yield span, tag, kind


def _kind(folded: str, tag: str) -> str:
    phrases = [*table().line(folded), *table().begins(folded), *(phrase for _, phrase in table().scan(folded))]
    return next((one.kind for one in phrases if one.language == tag and one.kind not in NOT_CHROME), "")
