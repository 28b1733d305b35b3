"""Wires the stages: read, detect, resolve, score, judge. The only module that knows them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from auditor.config import Settings
from auditor.data import (
    ASIDE,
    UNSURE_LINE,
    Document,
    DocumentAudit,
    Finding,
    Observation,
    Report,
    Score,
    SegmentedDocument,
    Skipped,
)
from auditor.decisions import with_policy
from auditor.embedding import embedder
from auditor.errors import NothingReadableError
from auditor.executors import run_local
from auditor.executors.local import Lost
from auditor.origin import SCORES, Estimate
from auditor.provenance import trace
from auditor.readers import read_inputs, unique_ids
from auditor.registry import BaseRule, CorpusRule, Rule
from auditor.resolve import resolve_all, settle
from auditor.scorers import Models, calibration, pooled
from auditor.scoring import name_ratios, suspects
from auditor.segment import segment
from auditor.selection import chosen_rules
from auditor.signature import sign
from auditor.stories import linked, too_many
from auditor.unsure import ask, judged_again
from auditor.verdict import adjust, judge, measures

_BATCH_DOCUMENTS = 32
_BATCH_CHARS = 200_000
# A rule that fires more often on one document says no more by it.
_MOST_FINDINGS = 500


@dataclass(frozen=True, slots=True)
class Detected:
    """One document after the document rules, with what the corpus rules remember of it and which rules failed."""

    page: SegmentedDocument
    findings: tuple[Finding, ...]
    observations: tuple[Observation, ...]
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: stage name, documents done, inputs skipped, code points read, faults of rules.

    ``share`` is the part of the stage that is done, ``seconds_left`` how long the rest may take; None: not known.
    ``tokens`` is what the encoder has read.
    """

    stage: str
    documents: int
    skipped: int
    chars: int
    failures: int = 0
    share: float | None = None
    seconds_left: float | None = None
    tokens: int = 0


@dataclass(slots=True)
class _Run:
    settings: Settings
    rules: tuple[BaseRule, ...]
    skipped: list[Skipped] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def _ignore_progress(_: Progress) -> None:
    return


class Detector:
    """A worker: segments a batch of documents and runs every rule over each."""

    def __init__(self, settings: Settings) -> None:
        self.rules = chosen_rules(settings)
        # Asking a hundred rules what they are costs more than many of them do.
        self._document = [(rule.meta.code, rule) for rule in self.rules if isinstance(rule, Rule)]
        self._corpus = [(rule.meta.code, rule) for rule in self.rules if isinstance(rule, CorpusRule)]

    def __call__(self, batch: Sequence[Document]) -> list[Detected | Skipped]:
        """Return one result a document, in order; a document that cannot even be segmented is skipped."""
        return [self._attempt(document) for document in batch]

    def _attempt(self, document: Document) -> Detected | Skipped:
        try:
            return self.detect(document)
        except Exception as problem:  # noqa: BLE001 - one document's fault must not lose a run
            return Skipped(document.origin, f"could not be segmented: {type(problem).__name__}: {problem}")

    def detect(self, document: Document) -> Detected:
        """Run all rules on one document. A rule that fails is reported; the document and the other rules go on."""
        page = segment(document)
        findings: list[Finding] = []
        observations: list[Observation] = []
        failures: list[str] = []
        for code, rule in self._document:
            try:
                own = list(islice(rule.check(page), _MOST_FINDINGS + 1))
            except Exception as problem:  # noqa: BLE001 - one rule's fault must not lose a document
                failures.append(f"{code} failed: {type(problem).__name__}: {problem}")
                continue
            findings += own[:_MOST_FINDINGS]
            if len(own) > _MOST_FINDINGS:
                failures.append(f"{code} stopped at {_MOST_FINDINGS} findings")
        for code, watcher in self._corpus:
            try:
                observations.extend(watcher.observe(page))
            except Exception as problem:  # noqa: BLE001 - one rule's fault must not lose a document
                failures.append(f"{code} failed: {type(problem).__name__}: {problem}")
        return Detected(page, tuple(findings), tuple(observations), tuple(failures))


def audit(
    paths: Sequence[str],
    settings: Settings | None = None,
    *,
    workers: int = 1,
    on_progress: Callable[[Progress], None] = _ignore_progress,
) -> Report:
    """Audit files, folders or globs and return the report.

    Raises UsageError for a path that is not there or wrong settings, NothingReadableError when no input could be
    read. Everything else that is bad about an input becomes an entry of ``Report.skipped``.
    """
    chosen = settings or Settings()
    sources = read_inputs(paths, chosen)
    return readable(audit_documents(sources, chosen, workers=workers, on_progress=on_progress), paths, chosen)


def readable(report: Report, paths: Sequence[str], settings: Settings) -> Report:
    """Give the report back; NothingReadableError when it has no document."""
    if not report.documents and report.skipped:
        first = report.skipped[0]
        message = f"nothing readable: {first.origin.path}: {first.reason}" + (
            f" (and {len(report.skipped) - 1} more)" if len(report.skipped) > 1 else ""
        )
        raise NothingReadableError(message)
    if not report.documents:
        filters = " that --include and --exclude leave" if settings.include or settings.exclude else ""
        message = f"nothing to audit in {', '.join(paths)}{filters}"
        raise NothingReadableError(message)
    return report


def audit_documents(
    sources: Iterable[Document | Skipped],
    settings: Settings | None = None,
    *,
    workers: int = 1,
    on_progress: Callable[[Progress], None] = _ignore_progress,
) -> Report:
    """Audit documents that the caller has already made."""
    chosen = settings or Settings()
    run = _Run(chosen, chosen_rules(chosen))
    models = Models(chosen)
    detected = list(_detect_all(run, unique_ids(sources), workers, on_progress))
    found = _resolve_all(run, detected)
    total = sum(len(one.page.text) for one in detected)
    on_progress(Progress("score", len(detected), len(run.skipped), total))
    scores = score_all(chosen, models, detected, found)
    audits, stories = linked(finish(chosen, one, found[at], scores[at]) for at, one in enumerate(detected))
    run.notices += [*models.notices(), *too_many(len(audits))]
    signature = sign(chosen, run.rules, models.names())
    rules, notices = tuple(rule.meta for rule in run.rules), tuple(dict.fromkeys(run.notices))
    return Report(signature, rules, audits, tuple(run.skipped), notices, stories)


def _detect_all(
    run: _Run, sources: Iterable[Document | Skipped], workers: int, on_progress: Callable[[Progress], None]
) -> Iterator[Detected]:
    documents = chars = 0
    for result in run_local(partial(Detector, run.settings), _batches(sources, run.skipped), workers):
        if isinstance(result, Lost):
            batch = result.item if isinstance(result.item, tuple) else ()
            run.skipped += [Skipped(one.origin, "the process that audited it died twice") for one in batch]
            continue
        for one in result:
            if isinstance(one, Skipped):
                run.skipped.append(one)
                continue
            documents, chars = documents + 1, chars + len(one.page.text)
            run.notices += [f"{one.page.document.id}: {failure}" for failure in one.failures]
            yield one
        on_progress(Progress("detect", documents, len(run.skipped), chars))


def _batches(sources: Iterable[Document | Skipped], skipped: list[Skipped]) -> Iterator[tuple[Document, ...]]:
    batch: list[Document] = []
    chars = 0
    for one in sources:
        if isinstance(one, Skipped):
            skipped.append(one)
            continue
        batch.append(one)
        chars += len(one.text)
        if len(batch) >= _BATCH_DOCUMENTS or chars >= _BATCH_CHARS:
            yield tuple(batch)
            batch, chars = [], 0
    if batch:
        yield tuple(batch)


def _resolve_all(run: _Run, detected: Sequence[Detected]) -> list[list[Finding]]:
    """Resolve the observations of all documents, and hand findings back to their documents."""
    by_document: dict[str, list[Finding]] = defaultdict(list)
    seen = (seen for one in detected for seen in one.observations)
    for finding in resolve_all(run.rules, seen, run.notices, embedder(run.settings)):
        by_document[finding.document_id].append(finding)
    return [settle([*one.findings, *by_document[one.page.document.id]]) for one in detected]


def score_all(
    settings: Settings, models: Models, detected: Sequence[Detected], found: Sequence[Sequence[Finding]]
) -> list[list[Score]]:
    """Score suspects of all documents together, so that batches are full; give each document its own scores back."""
    if settings.score == "none":
        return [[] for _ in detected]
    number = {one.page.document.id: at for at, one in enumerate(detected)}
    out: list[list[Score]] = [[] for _ in detected]
    for scorer in models.scorers():
        chosen = [
            suspect
            for one, findings in zip(detected, found, strict=True)
            for suspect in suspects(one.page, findings, settings.score, settings.sample, scorer.language)
        ]
        for score in scorer.scores(chosen):
            out[number[score.document_id]].append(score)
    language_model = models.language_model()
    if language_model is not None:
        pairs = [(one.page, findings) for one, findings in zip(detected, found, strict=True)]
        for score in name_ratios(language_model, pairs):
            out[number[score.document_id]].append(score)
    line_judge = models.line_judge()
    if line_judge is not None:
        for score in ask(line_judge, (one.page for one in detected), chosen_rules(settings)):
            out[number[score.document_id]].append(score)
    return out


def finish(settings: Settings, one: Detected, findings: Sequence[Finding], scores: Sequence[Score]) -> DocumentAudit:
    """Judge one document from its settled findings and its scores; what people have accepted weighs nothing."""
    if any(score.scorer == UNSURE_LINE for score in scores):
        findings = settle(judged_again(one.page, chosen_rules(settings), findings, scores))
    adjusted, suppressed = settings.triage.split(adjust(findings, scores), one.page.document)
    measured = measures(one.page, adjusted)
    known = calibration(settings)
    estimate = pooled(known, one.page.language.tag, scores) if known and scores else Estimate()
    measured.update(estimate.probabilities)
    for name in sorted({score.scorer for score in scores if not score.scorer.startswith(ASIDE)} - set(measured)):
        values = [score.value for score in scores if score.scorer == name]
        measured[name] = round(sum(values) / len(values), 4)
    verdict = judge(adjusted, measured, settings.decision, estimate)
    if settings.policy:
        verdict = with_policy(settings.policy, one.page, adjusted, measured, verdict)
    provenance = trace(one.page, adjusted, scores, verdict, estimate.probabilities.get(SCORES["translated"]))
    return DocumentAudit(one.page, adjusted, tuple(scores), verdict, provenance, measured, suppressed)
