"""``auditor score``: rows of text in, the same rows with model scores out; no rules, in order, batch by batch.

Every non-empty text gets numbers, however short; labels are withheld for short texts, numbers are not. A row that
cannot be read is answered with an ``error`` and stops nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from auditor.config import Settings
from auditor.data import ASIDE, SURPRISAL, Document, Origin, Score, Span, Suspect
from auditor.errors import MissingModelError
from auditor.scorers import ENCODER, Models, pooled
from auditor.segment import segment

_BATCH = 256
# A text this long is scored by a sample of its sentences, spread evenly.
_MOST_SENTENCES = 64


@dataclass(slots=True)
class _Row:
    """One input line: its object, or what is wrong with it; and what its text was cut into."""

    values: dict[str, Any]
    error: str = ""
    language: str = "und"
    suspects: list[Suspect] = field(default_factory=list)


class RowScorer:
    """Scores rows with the models of one run. Raises MissingModelError when the shipped encoder is not there."""

    def __init__(self, settings: Settings, models: Models | None = None) -> None:
        self.models = models or Models(settings)
        self._surprisal = settings.surprisal
        origin = self.models.origin()
        if origin is None:
            message = f"auditor score needs the model {ENCODER}; auditor models list shows what is installed"
            raise MissingModelError(message)
        self._origin = origin

    def lines(self, lines: Iterable[str], batch: int = _BATCH) -> Iterator[dict[str, Any]]:
        """Yield one object a line, in order; blank lines are passed over."""
        given = (line for line in lines if line.strip())
        while part := list(islice(given, batch)):
            yield from self.rows([_parse(line) for line in part])

    def objects(self, objects: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the objects with ``scores`` added; an object without a usable text gets ``error`` instead."""
        return list(self.rows([_checked(one) for one in objects]))

    def rows(self, rows: Sequence[_Row]) -> Iterator[dict[str, Any]]:
        """Score rows together and yield their objects in order."""
        for number, row in enumerate(rows):
            if not row.error:
                _cut(row, str(number))
        suspects = [one for row in rows for one in row.suspects]
        scores: dict[str, list[Score]] = {}
        for one in self._origin.scores(suspects):
            scores.setdefault(one.document_id, []).append(one)
        quality = self._quality(rows)
        surprisal = self._costs(rows)
        for number, row in enumerate(rows):
            if row.error:
                yield {**row.values, "error": row.error}
                continue
            found = dict(self._pooled(row, scores.get(str(number), [])))
            found |= quality.get(number, {}) | surprisal.get(number, {})
            yield {**row.values, "scores": found}

    def _pooled(self, row: _Row, scores: Sequence[Score]) -> dict[str, float]:
        if len(row.suspects) == 1:
            return {one.scorer: one.value for one in scores if not one.scorer.startswith(ASIDE)}
        return dict(pooled(self._origin.calibration, row.language, scores).probabilities)

    def _quality(self, rows: Sequence[_Row]) -> dict[int, dict[str, float]]:
        places = [at for at, row in enumerate(rows) if not row.error and isinstance(row.values.get("source"), str)]
        sources = [rows[at].values["source"] for at in places]
        values = self._origin.encoder.score_pairs(sources, [rows[at].values["text"] for at in places])
        return {at: {"quality": value} for at, value in zip(places, values, strict=True)}

    def _costs(self, rows: Sequence[_Row]) -> dict[int, dict[str, float]]:
        model = self.models.language_model() if self._surprisal else None
        if model is None:
            return {}
        places = [at for at, row in enumerate(rows) if not row.error]
        values = model.score([rows[at].values["text"] for at in places])
        return {at: {SURPRISAL: value} for at, value in zip(places, values, strict=True)}


def _parse(line: str) -> _Row:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as problem:
        return _Row({}, f"not JSON: {problem}")
    if not isinstance(found, dict):
        return _Row({}, f"not an object but a {type(found).__name__}")
    return _checked(found)


def _checked(values: dict[str, Any]) -> _Row:
    text = values.get("text")
    if not isinstance(text, str):
        return _Row(values, "no text: the field 'text' must hold a string")
    if not text.strip():
        return _Row(values, "empty text")
    return _Row(values)


def _cut(row: _Row, number: str) -> None:
    """Cut a row's text into the sentences that are scored."""
    text, given = row.values["text"], row.values.get("lang")
    page = segment(
        Document(number, text, Origin("-", "jsonl"), declared_language=given if isinstance(given, str) else None)
    )
    row.language = given.split("-")[0].lower() if isinstance(given, str) and given else page.language.tag
    spans = [one.span for one in page.sentences if one.span.cut(text).strip()]
    if len(spans) > _MOST_SENTENCES:
        spans = [spans[at * len(spans) // _MOST_SENTENCES] for at in range(_MOST_SENTENCES)]
    row.suspects = [Suspect(number, span, span.cut(text), (), row.language) for span in spans]
    if not row.suspects:
        row.suspects = [Suspect(number, Span(0, len(text)), text, (), row.language)]
