"""Claims read from disclosures, attributions and metadata: people and tools, sources, dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from auditor.data import Data, Finding, SegmentedDocument
from auditor.provenance._evidence import add, metadata, number, place, sentence_at
from auditor.provenance._outlets import KINDS, of_address, outlet

MACHINE = ("machine", "machine_reviewed")
_AGENTS = {
    "translator": ("translator", "Person"),
    "reviewer": ("reviewer", "Person"),
    "engine": ("translation engine", "SoftwareAgent"),
    "author": ("author", "Person"),
    "agency": ("agency", "Organization"),
    "outlet": ("publisher", "Organization"),
}
_METADATA_AGENTS = (
    ("author", "author", "Person"),
    ("translator", "translator", "Person"),
    ("site_name", "publisher", "Organization"),
)
_RELATIONS = {"SA001": "source", "SA003": "agency", "SA004": "photo", "SA006": "republished from"}
# Of several relations to one source the one that says most: what stands first here.
_STRENGTH = ("republished from", "source", "derived from", "data", "agency", "photo", "cited", "official statement")
_MOST_CITED = 8
_HEAD_LINES = 6
# Citations of one outlet, one of them in the headline, that make a text a retelling of it.
_RETELLING = 2


def translation(disclosures: Sequence[Finding], page: SegmentedDocument) -> Data:
    """The surest disclosure that the text is a translation; details from the others fill its gaps."""
    told = [one for one in disclosures if one.data.get("method") in {*MACHINE, "human"}]
    told.sort(key=lambda one: (-one.confidence, one.span, one.rule))
    claim: dict[str, object] = {}
    if told:
        claim = {"confidence": told[0].confidence, "evidence": [place(one) for one in told[:10]]}
    for one in told:
        for key in ("method", "engine", "translator", "reviewer", "source_language"):
            if one.data.get(key) and key not in claim:
                claim[key] = one.data[key]
    named = page.document.metadata.get("translator")
    if isinstance(named, str) and named and not claim:
        return {"confidence": 0.9, "evidence": [metadata("translator", named)], "method": "human", "translator": named}
    return claim


def agents(page: SegmentedDocument, findings: Sequence[Finding]) -> Iterator[Data]:
    """People, bodies and software with their roles."""
    claims: dict[tuple[str, str], dict[str, object]] = {}
    for one in findings:
        if one.rule[:2] not in {"TD", "SA"}:
            continue
        for key, (role, kind) in _AGENTS.items():
            name = one.data.get(key)
            if isinstance(name, str) and name:
                said = "editor" if key == "author" and one.data.get("role") == "editor" else role
                claim = claims.setdefault((said, name), {"name": name, "role": said, "type": kind})
                add(claim, one)
    for key, role, kind in _METADATA_AGENTS:
        name = page.document.metadata.get(key)
        if isinstance(name, str) and name:
            made = {"name": name, "role": role, "type": kind, "confidence": 0.9, "evidence": [metadata(key, name)]}
            claims.setdefault((role, name), made)
    site = of_address(page.document.metadata.get("canonical"))
    if site and not any(role == "publisher" for role, _ in claims):
        told = metadata("canonical", page.document.metadata["canonical"])
        made = {"name": site.name, "role": "publisher", "type": "Organization", "confidence": 0.9, "evidence": [told]}
        claims["publisher", site.name] = made
    yield from (claims[key] for key in sorted(claims))


def sources(page: SegmentedDocument, findings: Sequence[Finding]) -> Iterator[Data]:
    """Sources with what kind they are, how the text relates to them, and what each is cited for."""
    claims: dict[str, dict[str, object]] = {}
    spoken: dict[str, list[Data]] = defaultdict(list)
    count: dict[str, int] = defaultdict(int)
    headline: set[str] = set()
    for one in findings:
        name = _name(one)
        if not name:
            continue
        claim = claims.setdefault(name, {"name": name, "relation": _relation(one), **_known(name, one)})
        claim["relation"] = min(str(claim["relation"]), _relation(one), key=_STRENGTH.index)
        if one.data.get("date"):
            claim["date"] = one.data["date"]
        add(claim, one)
        count[name] += 1
        if one.rule in {"SA005", "SA009"}:
            cited = sentence_at(page, one.span)
            if len(spoken[name]) < _MOST_CITED and not any(told["start"] == cited.start for told in spoken[name]):
                spoken[name].append({"start": cited.start, "end": cited.end, "quote": cited.cut(page.text)})
            if one.rule == "SA005" and _in_headline(page, one):
                headline.add(name)
    for name, claim in sorted(claims.items()):
        if claim["relation"] == "cited" and name in headline and count[name] > _RETELLING:
            claim["relation"] = "derived from"
        yield claim | ({"cited_for": spoken[name]} if spoken[name] else {})


def _name(finding: Finding) -> str:
    """The source that a finding names. A dateline's agency is one, and so is a picture's credit."""
    key = {"SA003": "agency", "SA004": "credit"}.get(finding.rule, "source")
    name = finding.data.get(key) if finding.rule.startswith("SA") else None
    return name if isinstance(name, str) else ""


def _relation(finding: Finding) -> str:
    if finding.rule == "SA001" and finding.data.get("kind") == "data":
        return "data"
    if finding.rule == "SA009":
        return "official statement"
    return _RELATIONS.get(finding.rule, "cited")


def _known(name: str, finding: Finding) -> Data:
    if finding.rule == "SA009":
        return {"kind": KINDS["official"]}
    found = outlet(name, finding.data.get("homepage"))
    if found is None:
        return {}
    told = {"language": found.language, "country": found.country, "homepage": found.homepage}
    return {"kind": KINDS.get(found.kind, found.kind), **{key: value for key, value in told.items() if value}}


def _in_headline(page: SegmentedDocument, finding: Finding) -> bool:
    """Whether a citation stands at the very beginning of one of the page's first lines, with a colon."""
    for line in page.lines[:_HEAD_LINES]:
        if line.span.start == finding.span.start:
            return finding.quote.rstrip().endswith((":", "："))
    return False


def dates(page: SegmentedDocument, findings: Sequence[Finding]) -> Iterator[Data]:
    """Dates of publication and change, of sources, of datelines; the same date in one role once."""
    claims: dict[tuple[str, str], dict[str, object]] = {}
    for key in ("published", "modified"):
        value = page.document.metadata.get(key)
        if isinstance(value, str) and value:
            claims[value, key] = {"date": value, "role": key, "confidence": 0.9, "evidence": [metadata(key, value)]}
    for one in findings:
        value = one.data.get("date")
        if not (one.rule.startswith("SA") and isinstance(value, str) and value):
            continue
        role = "published" if one.rule == "SA007" else ("source" if one.data.get("source") else "dateline")
        add(claims.setdefault((value, role), {"date": value, "role": role}), one)
    yield from (claims[key] for key in sorted(claims))


def places(findings: Sequence[Finding]) -> Iterator[Data]:
    """Places of datelines, as agents' desks tell them."""
    for one in findings:
        value = one.data.get("place")
        if one.rule == "SA003" and isinstance(value, str) and value:
            yield {"place": value, "confidence": number(one.confidence), "evidence": [place(one)]}
