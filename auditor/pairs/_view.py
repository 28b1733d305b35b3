"""A pair as the checks see it: both sides with language, folded text and words, each found once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from auditor.data import Evidence, Finding, RuleMeta, Severity, Span
from auditor.language import letters
from auditor.normalize import fold
from auditor.pairs._data import SOURCE, TARGET, Pair
from auditor.rules._quantities import Quantity, read

# Numbers and dates are read in at most so much of a side; a pair is a sentence or a paragraph.
_LONGEST = 4000
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Side:
    """One side of a pair."""

    def __init__(self, name: str, text: str, language: str) -> None:
        self.name = name
        self.text = text
        self.language = language

    @cached_property
    def folded(self) -> str:
        """The text folded, of the same length."""
        return fold(self.text)

    @cached_property
    def words(self) -> tuple[Span, ...]:
        """Words, with the parts of compounds apart."""
        return tuple(Span(*match.span()) for match in _WORD.finditer(self.text))

    @cached_property
    def letters(self) -> int:
        """Number of letters."""
        return letters(self.text)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Numbers with their measures, dates and times."""
        return tuple(read(self.text[:_LONGEST], self.folded[:_LONGEST], self.language))


@dataclass(frozen=True, slots=True)
class View:
    """Both sides of a pair."""

    pair: Pair
    source: Side
    target: Side


def view(pair: Pair, languages: tuple[str, str]) -> View:
    """The view of a pair in these languages."""
    return View(pair, Side(SOURCE, pair.source, languages[0]), Side(TARGET, pair.target, languages[1]))


class PairCheck:
    """Base of the checks: identity, and the making of findings."""

    meta: ClassVar[RuleMeta]

    def check(self, pair: View) -> Iterator[Finding]:
        """Yield the findings of one pair."""
        raise NotImplementedError

    def at(self, pair: View, side: Side, span: Span, message: str, **more: object) -> Finding:
        """A finding at a place of one side. ``proof`` is a span of the other side that shows it."""
        other = pair.source if side.name == TARGET else pair.target
        proof, severity = more.pop("proof", None), more.pop("severity", None)
        confidence, suggestion = more.pop("confidence", 0.9), more.pop("suggestion", None)
        evidence = (
            (Evidence(pair.pair.id, proof, proof.cut(other.text), other.name),) if isinstance(proof, Span) else ()
        )
        return Finding(
            rule=self.meta.code,
            document_id=pair.pair.id,
            span=span,
            quote=span.cut(side.text),
            message=message,
            severity=severity if isinstance(severity, Severity) else self.meta.severity,
            confidence=float(str(confidence)),
            suggestion=str(suggestion) if suggestion is not None else None,
            evidence=evidence,
            data={"side": side.name, **more},
        )
