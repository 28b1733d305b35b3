"""Records as rows of shards and back. What is nested is JSON, which any tool reads and which cannot run anything."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from auditor.data import (
    Block,
    Document,
    Evidence,
    Finding,
    LanguageGuess,
    Line,
    Observation,
    Origin,
    SegmentedDocument,
    Sentence,
    Severity,
    Span,
)
from auditor.normalize import fold

Row = Mapping[str, Any]


def plain_json(value: object) -> str:
    """One line of JSON; half a surrogate pair, which no file can hold, becomes a replacement character."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)
    try:
        text.encode()
    except UnicodeEncodeError:
        return storable(text)
    return text


def storable(text: str) -> str:
    """The text as a file can hold it."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, Evidence):
        place = {"document": value.document_id, "start": value.span.start, "end": value.span.end}
        return {**place, "quote": value.quote, "note": value.note}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    if isinstance(value, Iterable):
        return list(value)
    return str(value)


def document_row(document: Document, row: int) -> dict[str, Any]:
    """A document as a row of the read stage."""
    origin = document.origin
    return {
        "row": row,
        "id": storable(document.id),
        "text": storable(document.text),
        "path": storable(origin.path),
        "format": origin.format,
        "locator": origin.locator,
        "blocks": plain_json([[*_pair(one.span), one.role, one.link_density] for one in document.blocks]),
        "declared_language": document.declared_language and storable(document.declared_language),
        "metadata": plain_json(document.metadata),
        "group": document.group and storable(document.group),
    }


DOCUMENT = {
    "row": "whole",
    **dict.fromkeys(("id", "text", "path", "format", "locator", "blocks"), "text"),
    **dict.fromkeys(("declared_language", "metadata", "group"), "text"),
}


def document_of(row: Row, identity: str) -> Document:
    """The document of a row; ``identity`` is its id after ids have been made unique."""
    return Document(
        identity,
        row["text"],
        Origin(row["path"], row["format"], row["locator"]),
        tuple(Block(Span(one[0], one[1]), one[2], one[3]) for one in json.loads(row["blocks"])),
        row["declared_language"],
        json.loads(row["metadata"]),
        row["group"],
    )


PAGE = {
    "row": "whole",
    "tag": "text",
    "confidence": "real",
    **dict.fromkeys(("lines", "sentences", "findings", "failures", "skipped"), "text"),
}


def page_row(page: SegmentedDocument, row: int, findings: Sequence[Finding], failures: Sequence[str]) -> dict[str, Any]:
    """A segmented document with its own findings as a row of the detect stage."""
    return {
        "row": row,
        "tag": page.language.tag,
        "confidence": page.language.confidence,
        "lines": plain_json([_line(one) for one in page.lines]),
        "sentences": plain_json([[*_pair(one.span), one.block, *_guess(one.language)] for one in page.sentences]),
        "findings": plain_json([finding_json(one) for one in findings]),
        "failures": plain_json(failures),
        "skipped": None,
    }


def page_of(row: Row, document: Document) -> SegmentedDocument:
    """The segmented document of a row."""
    lines = tuple(
        Line(Span(one[0], one[1]), one[2], LanguageGuess(one[3], one[4]), one[5], bool(one[6]), one[7])
        for one in json.loads(row["lines"])
    )
    sentences = tuple(
        Sentence(Span(one[0], one[1]), one[2], LanguageGuess(one[3], one[4])) for one in json.loads(row["sentences"])
    )
    guess = LanguageGuess(row["tag"], row["confidence"])
    return SegmentedDocument(document, guess, lines, sentences, fold(document.text))


def _line(one: Line) -> list[object]:
    return [*_pair(one.span), one.role, *_guess(one.language), one.region, int(one.borrowed), one.link_density]


def _pair(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _guess(guess: LanguageGuess) -> tuple[str, float]:
    return guess.tag, guess.confidence


def finding_json(one: Finding) -> list[object]:
    """A finding as a JSON list, everything in it."""
    proofs = [[proof.document_id, *_pair(proof.span), proof.quote, proof.note] for proof in one.evidence]
    place = [one.rule, one.document_id, *_pair(one.span), one.quote]
    return [*place, one.message, int(one.severity), one.confidence, one.suggestion, proofs, one.data]


def findings_of(rows: Iterable[Sequence[Any]]) -> list[Finding]:
    """The findings of such lists."""
    return [
        Finding(
            rule=one[0],
            document_id=one[1],
            span=Span(one[2], one[3]),
            quote=one[4],
            message=one[5],
            severity=Severity(one[6]),
            confidence=one[7],
            suggestion=one[8],
            evidence=tuple(Evidence(it[0], Span(it[1], it[2]), it[3], it[4]) for it in one[9]),
            data=one[10],
        )
        for one in rows
    ]


OBSERVATION = {
    "hash": "whole",
    "rule": "text",
    "key": "text",
    "document": "text",
    "start": "whole",
    "end": "whole",
    "quote": "text",
    "data": "text",
    "number": "whole",
    "shard": "text",
    "row": "whole",
}


def observation_row(seen: Observation, place: tuple[str, int, int], code: int) -> dict[str, Any]:
    """An observation as a row; ``place`` is shard, row and number in the document, ``code`` spreads keys evenly."""
    return {
        "hash": code,
        "rule": seen.rule,
        "key": storable(seen.key),
        "document": seen.document_id,
        "start": seen.span.start,
        "end": seen.span.end,
        "quote": storable(seen.quote),
        "data": plain_json(seen.data),
        "number": place[2],
        "shard": place[0],
        "row": place[1],
    }
