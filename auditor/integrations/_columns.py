"""Columns in, columns out: what the table libraries share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.cleaning import without_boilerplate
from auditor.config import Settings
from auditor.data import Document, DocumentAudit, Finding, Origin, Skipped
from auditor.screening import Auditor, load_reference

if TYPE_CHECKING:
    import pyarrow as pa

PREFIX = "audit_"
_CLEAN = "audit_clean_text"
_FINDING = ("rule", "severity", "confidence", "start", "end", "quote", "message", "suggestion")


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the columns that are read: the text, and where there are any its id, language and story."""

    text: str = "text"
    id: str = ""
    language: str = ""
    group: str = ""


class Columns:
    """Screens columns of texts. Rules and models load at the first use, once a process; pickling leaves them out.

    ``reference`` is the path of earlier documents that lend evidence; ``clean_text`` adds the text without boilerplate.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        fields: Fields | None = None,
        *,
        clean_text: bool = False,
        reference: str = "",
    ) -> None:
        self.settings = settings or Settings()
        self.fields = fields or Fields()
        self.clean_text = clean_text
        self.reference = reference
        self._auditor: Auditor | None = None

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_auditor": None}

    @property
    def auditor(self) -> Auditor:
        """The auditor of this process."""
        if self._auditor is None:
            lent = load_reference(self.reference, self.settings) if self.reference else None
            self._auditor = Auditor(self.settings, lent)
        return self._auditor

    def screen(self, columns: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """The new columns, each as long as the text column. Raises KeyError for a column that is not there."""
        results = list(self.auditor.screen_many(self._documents(columns)))
        rows = [_row(one) for one in results]
        found: dict[str, list[Any]] = {PREFIX + name: [row[name] for row in rows] for name in _NOTHING}
        if self.clean_text:
            found[_CLEAN] = [_cleaned(one) for one in results]
        return found

    def _documents(self, columns: Mapping[str, Sequence[Any]]) -> list[Any]:
        texts = columns[self.fields.text]
        ids, languages, groups = (
            columns[name] if name else [None] * len(texts)
            for name in (self.fields.id, self.fields.language, self.fields.group)
        )
        return [
            Document(
                id=str(ids[at]) if self.fields.id else f"row {at}",
                text=text,
                origin=Origin("-", "row", str(at)),
                declared_language=languages[at] if isinstance(languages[at], str) else None,
                group=str(groups[at]) if isinstance(groups[at], str | int) else None,
            )
            if isinstance(text, str)
            else text
            for at, text in enumerate(texts)
        ]

    def schema(self) -> pa.Schema:
        """Arrow types of the new columns."""
        import pyarrow as pa

        place = {"start": pa.int64(), "end": pa.int64(), "confidence": pa.float64()}
        finding = pa.struct([(name, place.get(name, pa.string())) for name in _FINDING])
        types = {
            "probability": pa.float64(),
            "risk": pa.float64(),
            "scores": pa.list_(pa.struct([("name", pa.string()), ("value", pa.float64())])),
            "rules": pa.list_(pa.string()),
            "findings": pa.list_(finding),
        }
        columns = [(PREFIX + name, types.get(name, pa.string())) for name in _NOTHING]
        return pa.schema([*columns, (_CLEAN, pa.string())] if self.clean_text else columns)

    def table(self, columns: Mapping[str, Sequence[Any]]) -> pa.Table:
        """The new columns as an Arrow table."""
        import pyarrow as pa

        return pa.table(self.screen(columns), schema=self.schema())


_NOTHING: dict[str, Any] = {
    "decision": None,
    "label": None,
    "probability": None,
    "risk": None,
    "language": None,
    "scores": [],
    "rules": [],
    "findings": [],
    "error": None,
}


def _row(one: DocumentAudit | Skipped) -> dict[str, Any]:
    if isinstance(one, Skipped):
        return {**_NOTHING, "error": one.reason}
    return {
        "decision": one.verdict.decision,
        "label": one.verdict.label,
        "probability": one.verdict.probability,
        "risk": one.verdict.risk,
        "language": one.page.language.tag,
        "scores": [{"name": name, "value": value} for name, value in sorted(one.measures.items())],
        "rules": sorted({finding.rule for finding in one.findings}),
        "findings": [_finding(finding) for finding in one.findings],
        "error": None,
    }


def _finding(one: Finding) -> dict[str, Any]:
    values = (one.rule, one.severity.label, one.confidence, one.span.start, one.span.end, one.quote, one.message)
    return dict(zip(_FINDING, (*values, one.suggestion), strict=True))


def _cleaned(one: DocumentAudit | Skipped) -> str | None:
    return None if isinstance(one, Skipped) else without_boilerplate(one.document.text, one.findings).text
