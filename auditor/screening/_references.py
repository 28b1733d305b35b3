"""What an earlier run lends to a stream: the names, quotations and figures that its documents held.

They are evidence only. Findings are made about the text that is screened, and where nothing else decides which of two
forms is right, the reference is.
"""

from __future__ import annotations

import hashlib
from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from auditor.config import Settings
from auditor.data import Document, Finding, Observation
from auditor.errors import NothingReadableError, UsageError
from auditor.pipeline import Detected, Detector
from auditor.readers import read_inputs
from auditor.registry import BaseRule, CorpusRule, Embed
from auditor.resolve import settle
from auditor.runs import RunFolder
from auditor.runs._detect import documents as stored_documents
from auditor.selection import chosen_rules

# Of one key so many observations are kept, a sample by hash: rules compare no more than about that many.
_MOST = 200
# Rules that find nothing else to tell two forms apart believe the document whose id comes first.
_FIRST = "\0"


class Reference:
    """Observations of earlier documents by rule and key; at most 200 of a key, the same ones in whatever order."""

    def __init__(self) -> None:
        self.documents = 0
        self._kept: dict[tuple[str, str], list[tuple[str, Observation]]] = defaultdict(list)

    def add(self, observations: Iterable[Observation]) -> None:
        """Remember observations of one or more documents."""
        for seen in observations:
            kept = self._kept[seen.rule, seen.key]
            insort(kept, (_rank(seen), seen), key=lambda one: one[0])
            del kept[_MOST:]

    def lend(self, rule: str, key: str, but: str) -> list[Observation]:
        """Observations of a key, those of the document ``but`` left out: a text does not confirm itself."""
        return [seen for _, seen in self._kept.get((rule, key), ()) if seen.document_id != but]

    def names(self) -> list[str]:
        """What stands for this reference in a signature; empty when nothing is lent."""
        if not self._kept:
            return []
        total = hashlib.sha256()
        for place in sorted(self._kept):
            total.update("|".join((*place, *(rank for rank, _ in self._kept[place]))).encode("utf-8", "surrogatepass"))
        return [f"reference@{total.hexdigest()[:12]}"]


def _rank(seen: Observation) -> str:
    place = f"{seen.document_id}\x1f{seen.span.start}\x1f{seen.span.end}\x1f{seen.quote}"
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()


def load_reference(path: str, settings: Settings) -> Reference:
    """Load what earlier documents lend: those of a run directory, or files, folders and rows as ``audit`` reads them.

    The texts are read again by the rules that compare documents, with today's knowledge. Raises UsageError for a path
    that is not there, a run that is not finished or keeps no text, NothingReadableError when none of it can be read.
    """
    detector = Detector(_corpus_only(settings))
    reference = Reference()
    skipped = 0
    for one in _of_run(Path(path)) if (Path(path) / "run.json").is_file() else read_inputs([path], settings):
        (detected,) = detector([one]) if isinstance(one, Document) else (one,)
        if isinstance(detected, Detected):
            reference.documents += 1
            reference.add(detected.observations)
        else:
            skipped += 1
    if not reference.documents:
        message = f"--reference {path}: no document could be read ({skipped} skipped)"
        raise NothingReadableError(message)
    return reference


def _of_run(path: Path) -> Iterator[Document]:
    """The documents of a finished run, a shard at a time."""
    folder = RunFolder(path)
    if not folder.head.get("finished"):
        message = f"--reference {path}: the run is not finished"
        raise UsageError(message)
    if not folder.head.get("text", True):
        message = f"--reference {path}: the run keeps no text (--no-text), so it has nothing to lend"
        raise UsageError(message)
    for shard in folder.names("read"):
        yield from (document for _, document in stored_documents(folder, shard))


def _corpus_only(settings: Settings) -> Settings:
    """Settings that run only the rules that compare documents, since only these remember anything."""
    codes = tuple(rule.meta.code for rule in chosen_rules(settings) if isinstance(rule, CorpusRule))
    if not codes:
        message = "--reference lends nothing: select and ignore leave no rule that compares documents"
        raise UsageError(message)
    return replace(settings, select=codes)


def resolve(
    one: Detected, rules: Sequence[BaseRule], reference: Reference, embed: Embed | None = None
) -> tuple[list[Finding], list[str]]:
    """All findings about one document, those of corpus rules among its own and the lent observations included.

    Also returns which rules failed, and on what.
    """
    groups: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for seen in one.observations:
        groups[seen.rule, seen.key].append(seen)
    corpus = {rule.meta.code: rule for rule in rules if isinstance(rule, CorpusRule)} if groups else {}
    name = one.page.document.id
    findings, failures = list(one.findings), []
    for code, key in sorted(groups):
        lent = [replace(seen, document_id=_FIRST + seen.document_id) for seen in reference.lend(code, key, name)]
        together = sorted([*groups[code, key], *lent], key=lambda seen: (seen.document_id, seen.span, seen.quote))
        try:
            found = corpus[code].resolve_with(together, embed)
            findings += [_plain(finding) for finding in found if finding.document_id == name]
        except Exception as problem:  # noqa: BLE001 - one group's fault must not lose a document
            failures.append(f"{code} failed on {key!r}: {type(problem).__name__}: {problem}")
    return settle(findings), failures


def _plain(found: Finding) -> Finding:
    """A finding whose evidence and message name the lending documents as they are called."""
    evidence = tuple(replace(one, document_id=one.document_id.removeprefix(_FIRST)) for one in found.evidence)
    return replace(found, evidence=evidence, message=found.message.replace(_FIRST, ""))
