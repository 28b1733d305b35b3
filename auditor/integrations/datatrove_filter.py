"""datatrove: a filter for its pipelines.

from auditor.integrations.datatrove_filter import AuditorFilter
pipeline = [JsonlReader("in/"), AuditorFilter(drop="reject", exclusion_writer=JsonlWriter("out/")), JsonlWriter(…)]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.cleaning import without_boilerplate
from auditor.config import Settings
from auditor.data import Document, DocumentAudit, Origin, Skipped
from auditor.errors import MissingExtraError, UsageError
from auditor.screening import Auditor, load_reference
from auditor.totals import DECISIONS

try:
    from datatrove.pipeline.filters.base_filter import BaseFilter
except ImportError as problem:
    raise MissingExtraError(str(problem.name), "datatrove") from problem

if TYPE_CHECKING:
    from datatrove.data import Document as TroveDocument
    from datatrove.pipeline.writers.disk_base import DiskWriter


class AuditorFilter(BaseFilter):  # type: ignore[misc]
    """Drops documents whose decision is ``drop`` or graver; counts them as ``dropped_<decision>_<gravest rule>``.

    ``metadata["auditor"]`` holds decision, label, risk and rules of every document; a document that cannot be audited
    is kept, has the reason there under ``error``, and is counted as ``not_audited``. ``clean_text`` takes the
    boilerplate out of the text of what is kept. ``language`` and ``group`` name fields of the metadata.
    """

    name = "🔎 Auditor"

    def __init__(
        self,
        settings: Settings | None = None,
        drop: str = "reject",
        *,
        clean_text: bool = False,
        reference: str = "",
        exclusion_writer: DiskWriter | None = None,
        batch_size: int = 32,
    ) -> None:
        super().__init__(exclusion_writer, batch_size)
        if drop not in DECISIONS[1:]:
            message = f"drop must be one of {', '.join(DECISIONS[1:])}, not {drop!r}"
            raise UsageError(message)
        self.settings = settings or Settings()
        self.drop = drop
        self.clean_text = clean_text
        self.reference = reference
        self._auditor: Auditor | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_auditor": None}

    def filter(self, doc: TroveDocument) -> bool | tuple[bool, str]:
        """Whether a document is kept, else why not."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[TroveDocument]) -> list[bool | tuple[bool, str]]:
        """The same for several at once."""
        if self._auditor is None:
            lent = load_reference(self.reference, self.settings) if self.reference else None
            self._auditor = Auditor(self.settings, lent)
        results = self._auditor.screen_many([_document(doc) for doc in batch], batch=len(batch))
        return [self._judge(doc, result) for doc, result in zip(batch, results, strict=True)]

    def _judge(self, doc: TroveDocument, result: DocumentAudit | Skipped) -> bool | tuple[bool, str]:
        if isinstance(result, Skipped):
            doc.metadata["auditor"] = {"error": result.reason}
            self.stat_update("not_audited")
            return True
        verdict = result.verdict
        doc.metadata["auditor"] = {
            "decision": verdict.decision,
            "label": verdict.label,
            "risk": verdict.risk,
            "rules": sorted({one.rule for one in result.findings}),
        }
        if DECISIONS.index(verdict.decision) >= DECISIONS.index(self.drop):
            gravest = max(result.findings, key=lambda one: (one.severity, one.confidence), default=None)
            return False, f"{verdict.decision}_{gravest.rule if gravest else verdict.label}"
        if self.clean_text:
            doc.text = without_boilerplate(doc.text, result.findings).text
        return True


def _document(doc: TroveDocument) -> Document:
    language, group = doc.metadata.get("language"), doc.metadata.get("group")
    return Document(
        id=str(doc.id),
        text=doc.text,
        origin=Origin(str(doc.metadata.get("file_path", "-")), "row", str(doc.id)),
        declared_language=language if isinstance(language, str) else None,
        group=group if isinstance(group, str) else None,
    )
