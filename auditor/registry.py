"""Plug-ins: the bases that rules, readers and formatters share, and how they are found.

A module of ``auditor.rules`` ends in ``RULES = (...)``, one of ``auditor.readers`` in ``READERS = (...)``, one of
``auditor.formatters`` in ``FORMATTERS = (...)``; discovery imports the package's modules in name order and joins the
tuples. No decorator, no metaclass, no state.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar, Protocol, Required, TextIO, TypedDict, Unpack

from auditor.data import (
    Data,
    Document,
    Evidence,
    Finding,
    Observation,
    Report,
    RuleMeta,
    SegmentedDocument,
    Severity,
    Skipped,
    Span,
)

# The rule families in words, by the two letters of their codes.
FAMILIES = {
    "BP": "Boilerplate",
    "EN": "Encoding",
    "LI": "Language",
    "LM": "Language-model leftover",
    "MT": "Translation artefact",
    "NC": "Number conflict",
    "NM": "Name",
    "QD": "Quotation drift",
    "SA": "Source attribution",
    "TD": "Translation disclosure",
}


# Vectors of unit length whose products tell how alike texts are in meaning; none where no model is there.
Embed = Callable[[Sequence[str]], Sequence[Sequence[float]]]


class Parts(TypedDict, total=False):
    """What a finding says besides its place and message. Severity is the rule's own unless given."""

    confidence: Required[float]
    severity: Severity | None
    suggestion: str | None
    evidence: Iterable[Evidence]
    data: Data | None


class BaseRule:
    """What document rules and corpus rules share: identity and the making of findings."""

    meta: ClassVar[RuleMeta]

    def finding(self, page: SegmentedDocument, span: Span, message: str, **parts: Unpack[Parts]) -> Finding:
        """Make a finding of this rule at ``span``."""
        return self._make((page.document.id, span, span.cut(page.text)), message, parts)

    def _make(self, place: tuple[str, Span, str], message: str, parts: Parts) -> Finding:
        severity = parts.get("severity")
        return Finding(
            rule=self.meta.code,
            document_id=place[0],
            span=place[1],
            quote=place[2],
            message=message,
            severity=self.meta.severity if severity is None else severity,
            confidence=round(parts["confidence"], 4),
            suggestion=parts.get("suggestion"),
            evidence=tuple(parts.get("evidence", ())),
            data=dict(parts.get("data") or {}),
        )


class Rule(BaseRule, ABC):
    """A rule that needs one document only. Subclasses are frozen dataclasses whose fields are their options."""

    @abstractmethod
    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the findings of one document."""


class CorpusRule(BaseRule, ABC):
    """A rule that compares documents: it observes each one, and resolves all observations of one key together."""

    @abstractmethod
    def observe(self, page: SegmentedDocument) -> Iterator[Observation]:
        """Yield what must be remembered of one document; ``data`` holds JSON-serialisable values only."""

    @abstractmethod
    def resolve(self, observations: Sequence[Observation]) -> Iterator[Finding]:
        """Yield findings from all observations of one key, which come sorted by document id, span and quote."""

    def resolve_with(self, observations: Sequence[Observation], embed: Embed | None) -> Iterator[Finding]:
        """The same, for rules that may ask a model about what words leave open; ``embed`` is None in runs without."""
        del embed
        return self.resolve(observations)

    def observation(self, page: SegmentedDocument, key: str, span: Span, data: Data | None = None) -> Observation:
        """Make an observation of this rule."""
        return Observation(self.meta.code, key, page.document.id, span, span.cut(page.text), dict(data or {}))

    def about(self, seen: Observation, message: str, **parts: Unpack[Parts]) -> Finding:
        """Make a finding of this rule at the place of an observation."""
        return self._make((seen.document_id, seen.span, seen.quote), message, parts)


class ReadOptions(Protocol):
    """What a reader needs of the settings."""

    @property
    def text_field(self) -> str:
        """Field of a row that holds its text."""

    @property
    def id_field(self) -> str:
        """Field of a row that names it."""

    @property
    def group_field(self) -> str:
        """Field of a row that documents on one story share."""

    @property
    def max_document_chars(self) -> int:
        """The longest text that is read, in code points."""

    @property
    def max_expansion(self) -> int:
        """The most bytes that one compressed file may unpack to."""


class Reader(ABC):
    """Turns one file into documents. A new format is one subclass."""

    suffixes: ClassVar[tuple[str, ...]]

    @abstractmethod
    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield the documents of ``path``; ``name`` is the id and path shown to the user."""

    def split(self, path: Path, options: ReadOptions, size: int) -> tuple[str, ...]:
        """Name the parts of about ``size`` bytes in which a large file can be read; ``("",)`` is the whole file."""
        del path, options, size
        return ("",)

    def read_part(self, path: Path, name: str, options: ReadOptions, part: str) -> Iterator[Document | Skipped]:
        """Yield the documents of one part; those of all parts in their order are those of ``read``."""
        if part:
            message = f"this format is not read in parts: {part}"
            raise ValueError(message)
        return self.read(path, name, options)


class Formatter(ABC):
    """Writes a report in one format."""

    name: ClassVar[str]

    def check(self) -> None:  # noqa: B027 - most formats need nothing
        """Raise MissingExtraError where an optional package is needed and missing, before any work is done."""

    @abstractmethod
    def write(self, report: Report, target: Path) -> Path:
        """Write the report under the folder ``target`` and return the main file."""

    def stream(self, report: Report, out: TextIO) -> None:
        """Write to a stream; formats that cannot say so."""
        message = f"format {self.name} cannot be written to a stream"
        raise NotImplementedError(message)


@cache
def _plugins(package: str, attribute: str) -> tuple[object, ...]:
    root = importlib.import_module(package)
    names = sorted(info.name for info in pkgutil.iter_modules(root.__path__) if not info.name.startswith("_"))
    found: list[object] = []
    for name in names:
        found.extend(getattr(importlib.import_module(f"{package}.{name}"), attribute, ()))
    return tuple(found)


def rules() -> tuple[BaseRule, ...]:
    """All rules, by code."""
    found = [rule for rule in _plugins("auditor.rules", "RULES") if isinstance(rule, BaseRule)]
    return tuple(sorted(found, key=lambda rule: rule.meta.code))


def readers() -> tuple[Reader, ...]:
    """All readers in name order of their modules."""
    return tuple(reader for reader in _plugins("auditor.readers", "READERS") if isinstance(reader, Reader))


def formatters() -> dict[str, Formatter]:
    """All report formats by name."""
    found = [one for one in _plugins("auditor.formatters", "FORMATTERS") if isinstance(one, Formatter)]
    return {one.name: one for one in sorted(found, key=lambda one: one.name)}
