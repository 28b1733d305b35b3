"""Builds the PROV graph of a run. Imported only where the ``prov`` package is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from prov.model import ProvDocument

from auditor.data import Data, DocumentAudit, Report
from auditor.formatters._terms import IPTC, ITS, SOURCE_TYPES, credible, iso_date, making, web_address

_NAMESPACES = {
    "document": "urn:auditor:document:",
    "source": "urn:auditor:source:",
    "agent": "urn:auditor:agent:",
    "activity": "urn:auditor:activity:",
    "passage": "urn:auditor:passage:",
    "audit": "urn:auditor:term:",
    "schema": "https://schema.org/",
    "iptc": IPTC,
    "its": ITS + "#",
}
_TYPES = {"Person": "prov:Person", "Organization": "prov:Organization", "SoftwareAgent": "prov:SoftwareAgent"}
_ACTIVITIES = {"publisher": "publication", "author": "writing", "editor": "editing"}
_TRANSLATING = {"translator", "translation engine", "reviewer"}
_PRIMARY = {"source", "agency", "data"}
_MOST_QUOTED = 200


class _Graph:
    """The document under construction, which gives every thing one record however often it is met."""

    def __init__(self) -> None:
        self.document = ProvDocument()
        for prefix, address in _NAMESPACES.items():
            self.document.add_namespace(prefix, address)
        self._known: set[str] = set()

    def name(self, kind: str, text: str) -> str:
        """A qualified name; what a local name cannot hold is percent-encoded."""
        return f"{kind}:{quote(text.encode('utf-8', 'backslashreplace'), safe='')}"

    def entity(self, name: str, attributes: dict[str, Any]) -> str:
        """Add an entity once."""
        if name not in self._known:
            self._known.add(name)
            self.document.entity(name, attributes)
        return name

    def agent(self, claim: Data) -> str:
        """Add a person, body or engine once."""
        kind = str(claim.get("type", "Person"))
        name = self.name("agent", f"{kind}:{claim['name']}")
        if name not in self._known:
            self._known.add(name)
            term = self.document.valid_qualified_name(_TYPES.get(kind, "prov:Person"))
            self.document.agent(name, {"prov:type": term, "prov:label": text(claim["name"])})
        return name

    def activity(self, name: str, kind: str, end: str = "") -> str:
        """Add an activity once; ``end`` is an ISO date or nothing."""
        if name not in self._known:
            self._known.add(name)
            term = self.document.valid_qualified_name(f"audit:{kind}")
            self.document.activity(name, None, f"{end}T00:00:00+00:00" if end else None, {"prov:type": term})
        return name


def text(value: object) -> str:
    """Any value as text that UTF-8 can hold."""
    return str(value).encode("utf-8", "backslashreplace").decode("utf-8")


def graph(report: Report) -> ProvDocument:
    """The PROV document of a run."""
    made = _Graph()
    for audit in report.documents:
        entity = _document(made, audit)
        _sources(made, audit, entity)
        _translation(made, audit, entity)
        _agents(made, audit, entity)
    for story in report.stories:
        _story(made, story.id, story.documents, story.edges)
    return made.document


def _document(made: _Graph, audit: DocumentAudit) -> str:
    document, record = audit.document, audit.provenance
    attributes: dict[str, Any] = {"prov:label": text(_title(audit)), "schema:identifier": text(document.id)}
    if audit.page.language.tag != "und":
        attributes["schema:inLanguage"] = audit.page.language.tag
    if address := web_address(document.metadata.get("canonical")):
        attributes["schema:url"] = address
    if term := SOURCE_TYPES.get(making(audit)):
        attributes["iptc:digitalSourceType"] = made.document.valid_qualified_name(f"iptc:{term[0]}")
    if confidence := record.creation.get("confidence"):
        attributes["audit:madeBy"] = str(record.creation["method"])
        attributes["audit:confidence"] = confidence
    return made.entity(made.name("document", document.id), attributes)


def _title(audit: DocumentAudit) -> str:
    given = audit.document.metadata.get("title")
    return given if isinstance(given, str) and given.strip() else audit.document.id


def _source(made: _Graph, claim: Data) -> str:
    attributes: dict[str, Any] = {"prov:label": text(claim["name"])}
    if claim.get("language"):
        attributes["schema:inLanguage"] = str(claim["language"])
    if date := iso_date(claim.get("date")):
        attributes["schema:datePublished"] = date
    return made.entity(made.name("source", str(claim["name"])), attributes)


def _sources(made: _Graph, audit: DocumentAudit, entity: str) -> None:
    """Works that the text was taken from, primary sources, and outlets that it quotes."""
    for claim in credible(audit.provenance.sources):
        relation = str(claim.get("relation"))
        if relation == "photo":
            continue
        source = _source(made, claim)
        told = {"audit:relation": relation, "audit:confidence": claim["confidence"]}
        if relation in {"derived from", "republished from"}:
            made.document.wasDerivedFrom(entity, source, other_attributes=told)
        elif relation in _PRIMARY:
            made.document.hadPrimarySource(entity, source, other_attributes=told)
        else:
            _quotations(made, (entity, source), claim, told)


def _quotations(made: _Graph, ends: tuple[str, str], claim: Data, told: dict[str, Any]) -> None:
    """What is cited from a source: each passage is an entity of its own that was quoted from it."""
    cited = claim.get("cited_for")
    passages = cited if isinstance(cited, list) else []
    for one in passages[:_MOST_QUOTED]:
        name = made.name("passage", f"{ends[0]}#{one['start']}-{one['end']}")
        where = {"audit:start": one["start"], "audit:end": one["end"], "prov:value": text(one["quote"])}
        made.entity(name, where)
        made.document.hadMember(ends[0], name)
        made.document.wasQuotedFrom(name, ends[1], other_attributes=told)
    if not passages:
        made.document.wasQuotedFrom(*ends, other_attributes=told)


def _translation(made: _Graph, audit: DocumentAudit, entity: str) -> None:
    record = audit.provenance
    source = str(record.source_language.get("tag", "und"))
    if not record.translation and source == "und":
        return
    attributes: dict[str, Any] = {"prov:label": text(f"what {audit.document.id} was translated from")}
    if source != "und":
        attributes |= {"schema:inLanguage": source}
    original = made.entity(made.name("source", f"original of {audit.document.id}"), attributes)
    activity = made.activity(made.name("activity", f"translation of {audit.document.id}"), "translation")
    claim = record.translation or record.source_language
    told = {"audit:confidence": claim["confidence"], "audit:basis": "disclosed" if record.translation else "inferred"}
    made.document.used(activity, original)
    made.document.wasGeneratedBy(entity, activity)
    made.document.wasDerivedFrom(entity, original, activity=activity, other_attributes=told)
    for one in _in(record.agents, _TRANSLATING):
        role = {"prov:role": str(one["role"]), "audit:confidence": one["confidence"]}
        if one["role"] == "reviewer":
            review = made.activity(made.name("activity", f"review of {audit.document.id}"), "review")
            made.document.used(review, entity)
            made.document.wasInformedBy(review, activity)
            made.document.wasAssociatedWith(review, made.agent(one), other_attributes=role)
        else:
            made.document.wasAssociatedWith(activity, made.agent(one), other_attributes=role)


def _agents(made: _Graph, audit: DocumentAudit, entity: str) -> None:
    published = next(
        (
            iso
            for one in audit.provenance.dates
            if one.get("role") == "published" and (iso := iso_date(one.get("date")))
        ),
        "",
    )
    for one in _in(audit.provenance.agents, set(_ACTIVITIES)):
        told = {"audit:role": str(one["role"]), "audit:confidence": one["confidence"]}
        agent = made.agent(one)
        made.document.wasAttributedTo(entity, agent, other_attributes=told)
        if one["role"] == "publisher":
            name = made.name("activity", f"publication of {audit.document.id}")
            activity = made.activity(name, "publication", published[:10])
            made.document.used(activity, entity)
            made.document.wasAssociatedWith(activity, agent)


def _in(agents: tuple[Data, ...], roles: set[str]) -> Iterator[Data]:
    return (one for one in credible(agents) if one.get("role") in roles)


def _story(made: _Graph, name: str, documents: tuple[str, ...], edges: tuple[Data, ...]) -> None:
    """A story is a collection; its edges between documents of the archive become derivations and alternates."""
    collection = made.name("audit", name)
    kind = made.document.valid_qualified_name("prov:Collection")
    made.entity(collection, {"prov:type": kind, "prov:label": name})
    for one in documents:
        made.document.hadMember(collection, made.name("document", one))
    inside = set(documents)
    for edge in edges:
        if edge["from"] not in inside or edge["to"] not in inside:
            continue
        ends = made.name("document", str(edge["from"])), made.name("document", str(edge["to"]))
        told = {"audit:relation": str(edge["relation"]), "audit:confidence": edge["confidence"]}
        if edge.get("directed"):
            made.document.wasDerivedFrom(*ends, other_attributes=told)
        elif edge["relation"] == "near-duplicate of":
            made.document.alternateOf(*ends)
        elif edge["relation"] == "shares quotations with":
            made.document.wasInfluencedBy(*ends, other_attributes=told)
