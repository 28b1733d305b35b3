"""The records that flow through the auditor. Frozen; each stage makes the next type.

One coordinate system: half-open ranges of Unicode code points in ``Document.text``, which is the decoded
text exactly as read. Nothing normalises it; matching folds a copy of the same length.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from auditor.claims import Data as Data  # noqa: PLC0414 - named here for all
from auditor.claims import ProvenanceRecord as ProvenanceRecord  # noqa: PLC0414 - named here for all
from auditor.claims import Story as Story  # noqa: PLC0414 - named here for all


class Severity(IntEnum):
    """MQM severity levels; the values are MQM's penalty multipliers (MQM Core, 2024-03-07)."""

    NEUTRAL = 0
    MINOR = 1
    MAJOR = 5
    CRITICAL = 10

    @property
    def label(self) -> str:
        """The wire-format name, for instance ``"major"``."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of code points in ``Document.text``."""

    start: int
    end: int

    def cut(self, text: str) -> str:
        """Return the text in this range."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two ranges share at least one code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether the other range lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document was read from. ``path`` is POSIX and relative to what was audited."""

    path: str
    format: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A line or element of the page with its role (``heading``, ``paragraph``, ``navigation``, ``footer``, …).

    ``link_density`` is the share (0..1) of the block's letters that stand inside links, where the format knows it.
    """

    span: Span
    role: str = ""
    link_density: float = 0.0


@dataclass(frozen=True, slots=True)
class Document:
    """One text to be audited. ``blocks`` may be empty: segmentation then finds them from the lines."""

    id: str
    text: str
    origin: Origin
    blocks: tuple[Block, ...] = ()
    declared_language: str | None = None
    metadata: Data = field(default_factory=dict)
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that could not be read, with its reason. Counted in every report, never dropped silently."""

    origin: Origin
    reason: str


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """A BCP 47 tag (``und`` when there is no evidence) and a confidence in 0..1."""

    tag: str = "und"
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A block after segmentation: its language, whether that was borrowed from the neighbours, its region.

    ``region`` numbers runs of consecutive lines in one language, from 0 in reading order.
    """

    span: Span
    role: str
    language: LanguageGuess
    region: int
    borrowed: bool = False
    link_density: float = 0.0


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; ``block`` is the index of its line in ``SegmentedDocument.lines``."""

    span: Span
    block: int
    language: LanguageGuess


@dataclass(frozen=True, slots=True)
class SegmentedDocument:
    """A document with its main language, its lines (blocks) and its sentences, all in reading order."""

    document: Document
    language: LanguageGuess
    lines: tuple[Line, ...]
    sentences: tuple[Sentence, ...]
    folded: str

    @property
    def text(self) -> str:
        """The document's text."""
        return self.document.text


@dataclass(frozen=True, slots=True)
class RuleMeta:
    """Identity of a rule: permanent code, name that reads after "allow", MQM id, ITS type, version it came with."""

    code: str
    name: str
    severity: Severity
    mqm: str
    its: str
    since: str = "0.1.0"

    @property
    def family(self) -> str:
        """The two letters of the code."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place, in this or another document, that supports a finding."""

    document_id: str
    span: Span
    quote: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One issue (detected, not confirmed) with its place. ``quote`` is always ``text[start:end]``."""

    rule: str
    document_id: str
    span: Span
    quote: str
    message: str
    severity: Severity
    confidence: float
    suggestion: str | None = None
    evidence: tuple[Evidence, ...] = ()
    data: Data = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Stable id: rule, document and quoted text as 16 hex digits. A move of the text does not change it."""
        parts = f"{self.rule}\x1f{self.document_id}\x1f{self.quote}"
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Observation:
    """What a corpus rule remembers of a document. Observations of one ``key`` are resolved together."""

    rule: str
    key: str
    document_id: str
    span: Span
    quote: str
    data: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A text that a scorer should look at, and why."""

    document_id: str
    span: Span
    text: str
    reasons: tuple[str, ...]
    language: str = "und"


@dataclass(frozen=True, slots=True)
class Score:
    """A scorer's value for one span."""

    document_id: str
    span: Span
    scorer: str
    value: float


# Names of scorers whose values other stages read.
SURPRISAL = "surprisal"
# Followed by a colon and the code of the rule whose suggestion was compared.
NAME_RATIO = "name_ratio"
# Followed by a language's tag: how likely a translation is from it, among the languages that the encoder knows.
SOURCE_SHARE = "source_language:"
# How likely a line is interface text that the line classifier was unsure of.
UNSURE_LINE = "unsure_line"
# Scores that are not of sentences.
ASIDE = (NAME_RATIO, SOURCE_SHARE, UNSURE_LINE)


@dataclass(frozen=True, slots=True)
class Decision:
    """Thresholds on ``risk`` (0..1) and on the share of boilerplate that lead from accept to review to reject."""

    review_risk: float = 0.35
    reject_risk: float = 0.9
    review_boilerplate: float = 0.4
    review_machine_translation: bool = True
    review_generated: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """Origin label of the main text with its probability, and the decision for pipelines with its reasons."""

    label: str
    probability: float | None
    decision: str
    risk: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a baseline, an allow-list or a suppression of the settings accepts, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentAudit:
    """Everything known of one document after an audit."""

    page: SegmentedDocument
    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]
    verdict: Verdict
    provenance: ProvenanceRecord
    measures: Mapping[str, float] = field(default_factory=dict)
    suppressed: tuple[Suppressed, ...] = ()

    @property
    def document(self) -> Document:
        """The audited document."""
        return self.page.document


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run: documents in input order, what was skipped, and the notices that were said aloud.

    ``documents`` and ``skipped`` are tuples, or sequences that read a run directory as they are gone through.
    """

    signature: str
    rules: tuple[RuleMeta, ...]
    documents: Sequence[DocumentAudit]
    skipped: Sequence[Skipped]
    notices: tuple[str, ...] = ()
    stories: tuple[Story, ...] = ()
