"""JSON-LD in the vocabulary of schema.org: one CreativeWork a document, with its translation and its sources.

``translator`` takes a person or an organisation, so an engine is not told here but in the ``prov`` report.
``digitalSourceType`` stands only where the text itself says that it was generated or translated by a machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, TextIO

from auditor.data import Data, DocumentAudit, Report
from auditor.formatters._files import write_text
from auditor.formatters._terms import SOURCE_TYPES, credible, iso_date, making, urn, web_address
from auditor.formatters._wire import dumps
from auditor.registry import Formatter

_BASED = frozenset({"derived from", "republished from", "source", "agency"})
_MOST_CITATIONS = 50


class SchemaOrgFormatter(Formatter):
    """``report.schemaorg.jsonld``: claims that are more likely true than not, with no judgement of quality."""

    name: ClassVar[str] = "schemaorg"

    def write(self, report: Report, target: Path) -> Path:
        """Write ``report.schemaorg.jsonld``."""
        return write_text(target / "report.schemaorg.jsonld", _pieces(report))

    def stream(self, report: Report, out: TextIO) -> None:
        """Write the graph to a stream."""
        out.writelines(_pieces(report))


def _pieces(report: Report) -> Iterator[str]:
    yield '{"@context": "https://schema.org", "@graph": ['
    comma = "\n"
    for audit in report.documents:
        yield comma + dumps(work(audit))
        comma = ",\n"
    yield "\n]}\n"


def work(audit: DocumentAudit) -> dict[str, Any]:
    """One document as a CreativeWork; properties without a value are left out."""
    document, record = audit.document, audit.provenance
    tag = audit.page.language.tag
    made: dict[str, Any] = {
        "@type": "Article" if document.text.strip() else "CreativeWork",
        "@id": urn("document", document.id),
        "identifier": document.id,
        "name": _title(audit),
        "url": web_address(document.metadata.get("canonical")),
        "inLanguage": "" if tag == "und" else tag,
        "author": [_agent(one) for one in _in_role(record.agents, "author")],
        "editor": [_agent(one) for one in _in_role(record.agents, "editor")],
        "contributor": [_agent(one) for one in _in_role(record.agents, "reviewer")],
        "publisher": [_agent(one) for one in _in_role(record.agents, "publisher")],
        "datePublished": _date(record.dates, "published"),
        "dateModified": _date(record.dates, "modified"),
        "isBasedOn": [_source(one) for one in credible(record.sources) if one.get("relation") in _BASED],
        "citation": [_source(one) for one in _cited(record.sources)],
        **_translation(audit),
        **_digital_source(audit),
    }
    return {key: value for key, value in made.items() if value not in ("", [], {}, None)}


def _title(audit: DocumentAudit) -> str:
    given = audit.document.metadata.get("title")
    return " ".join(given.split()) if isinstance(given, str) else ""


def _in_role(agents: tuple[Data, ...], role: str) -> Iterator[Data]:
    return (one for one in credible(agents) if one.get("role") == role and one.get("type") != "SoftwareAgent")


def _agent(claim: Data) -> dict[str, Any]:
    return {"@type": str(claim.get("type", "Person")), "name": str(claim["name"])}


def _date(dates: tuple[Data, ...], role: str) -> str:
    return next((iso for one in dates if one.get("role") == role and (iso := iso_date(one.get("date")))), "")


def _cited(sources: tuple[Data, ...]) -> list[Data]:
    return [one for one in credible(sources) if one.get("relation") in {"cited", "data"}][:_MOST_CITATIONS]


def _source(claim: Data) -> dict[str, Any]:
    """A work of a source: what it is called is not known, only who published it and perhaps when."""
    name, language = str(claim["name"]), claim.get("language")
    made: dict[str, Any] = {
        "@type": "CreativeWork",
        "@id": urn("source", name),
        "publisher": {"@type": "Organization", "name": name},
    }
    if homepage := claim.get("homepage"):
        made["publisher"]["url"] = f"https://{homepage}"
    if date := iso_date(claim.get("date")):
        made["datePublished"] = date
    return made | ({"inLanguage": language} if language else {})


def _translation(audit: DocumentAudit) -> dict[str, Any]:
    record = audit.provenance
    source = str(record.source_language.get("tag", "und"))
    if not record.translation and record.source_language.get("basis") != "disclosed" and source == "und":
        return {}
    original: dict[str, Any] = {"@type": "CreativeWork", "@id": urn("original-of", audit.document.id)}
    if source != "und":
        original["inLanguage"] = source
    translators = [_agent(one) for one in _in_role(record.agents, "translator")]
    return {"translationOfWork": original} | ({"translator": translators} if translators else {})


def _digital_source(audit: DocumentAudit) -> dict[str, str]:
    term = SOURCE_TYPES.get(making(audit))
    return {"digitalSourceType": f"https://schema.org/{term[1]}"} if term else {}


FORMATTERS = (SchemaOrgFormatter(),)
