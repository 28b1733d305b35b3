"""Rows in, answers out, in order: what ``auditor screen`` and the server do with each text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.cleaning import Cleaned, without_boilerplate
from auditor.data import Document, DocumentAudit, Skipped
from auditor.formatters._wire import SCHEMA, dumps
from auditor.readers._json import DECODER
from auditor.readers._rows import Rows
from auditor.screening._auditor import Auditor
from auditor.screening._mailbox import Line
from auditor.totals import DECISIONS

ANSWER, ANNOTATE, DROP = "answer", "annotate", "drop"


@dataclass(frozen=True, slots=True)
class Output:
    """What comes out: an answer a row, the row with the answer under ``audit``, or the rows that are not dropped.

    ``least`` is the decision from which a row is caught: answers and annotated rows are given for caught rows only
    (default: all), and dropping leaves these out (default: those to be rejected).
    """

    mode: str = ANSWER
    clean_text: bool = False
    least: str = ""

    def passes(self, decision: str) -> bool:
        """Whether a row with this decision is put out."""
        least = self.least or ("reject" if self.mode == DROP else "accept")
        return (DECISIONS.index(decision) >= DECISIONS.index(least)) != (self.mode == DROP)


class Stream:
    """Answers lines of JSON. ``counts`` holds how many rows had each decision, and how many an ``error``."""

    def __init__(self, auditor: Auditor, output: Output) -> None:
        self.auditor = auditor
        self.output = output
        self.counts: Counter[str] = Counter()
        self._rows = Rows("-", "jsonl", auditor.settings)

    def answers(self, batch: Sequence[Line]) -> Iterator[bytes]:
        """Yield the lines to be written for a batch, each with its line feed; a bad line is answered with an error."""
        made = [self._parsed(number, line) for number, line in batch]
        results = iter(self.auditor.screen_batch([one for one in made if isinstance(one, Document)]))
        for (number, line), one in zip(batch, made, strict=True):
            result = next(results) if isinstance(one, Document) else one
            if isinstance(result, Skipped):
                self.counts["error"] += 1
                yield _line(error_object(self._name(line), number, result.reason))
                continue
            self.counts[result.verdict.decision] += 1
            if self.output.passes(result.verdict.decision):
                yield self._told(line or b"", result)

    def _parsed(self, number: int, line: bytes | None) -> Document | Skipped:
        if line is None:
            most = self.auditor.settings.max_document_chars
            return self._rows.skipped(str(number), f"longer than {most} characters (setting max_document_chars)")
        return self._rows.parse(line, number)

    def _name(self, line: bytes | None) -> str | None:
        """The id of a row that cannot be audited, where it has one."""
        try:
            row = DECODER.decode((line or b"").decode("utf-8"))
        except (ValueError, RecursionError):
            return None
        found = row.get(self.auditor.settings.id_field) if isinstance(row, dict) else None
        return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else None

    def _told(self, line: bytes, audit: DocumentAudit) -> bytes:
        mode, clean = self.output.mode, self.output.clean_text
        if mode == DROP and not clean:
            return line.strip() + b"\n"
        cleaned = without_boilerplate(audit.document.text, audit.findings) if clean else None
        if mode == ANSWER:
            return _line(self.auditor.answer(audit) | clean_fields(cleaned))
        row: dict[str, Any] = DECODER.decode(line.decode("utf-8"))
        if mode == DROP and cleaned:
            return _line(row | {self.auditor.settings.text_field: cleaned.text, "clean_offsets": _offsets(cleaned)})
        answer = {key: value for key, value in self.auditor.answer(audit).items() if key != "metadata"}
        return _line(row | {"audit": answer | clean_fields(cleaned)})


def error_object(name: str | None, line: int, reason: str) -> dict[str, Any]:
    """What is answered to a row that cannot be audited."""
    return {"schema": SCHEMA, "id": name, "line": line, "error": reason}


def clean_fields(cleaned: Cleaned | None) -> dict[str, Any]:
    """The cleaned text and its pieces as [start in it, start in the original, length]; nothing for None."""
    return {"clean_text": cleaned.text, "clean_offsets": _offsets(cleaned)} if cleaned else {}


def _offsets(cleaned: Cleaned) -> list[list[int]]:
    return [list(piece) for piece in cleaned.pieces]


def _line(value: dict[str, Any]) -> bytes:
    return dumps(value).encode("utf-8") + b"\n"
