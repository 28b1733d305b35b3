"""What manifests and markup attached to a document assert of its making. Asserted, never verified, and told so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.data import Data, Document
from auditor.provenance._c2pa import Manifest, embedded, manifests
from auditor.provenance._evidence import metadata

_MOST = 20
# ITS 2.0 provenance: who translated and revised, as the markup names them.
_ITS = {
    "its-person": ("translator", "Person"),
    "its-org": ("translation agency", "Organization"),
    "its-tool": ("translation engine", "SoftwareAgent"),
    "its-rev-person": ("reviewer", "Person"),
    "its-rev-org": ("review agency", "Organization"),
    "its-rev-tool": ("review tool", "SoftwareAgent"),
}


def credentials(document: Document) -> Iterator[Data]:
    """Yield one claim a manifest, and one an agent that ITS markup names."""
    for found in manifests(document.text):
        yield _claim(found)
    listed = document.metadata.get("c2pa_manifests")
    for reference in listed[:_MOST] if isinstance(listed, list | tuple) else ():
        found = Manifest("HTML", None, None)
        embedded(found, str(reference))
        yield _claim(found)
    attributes = document.metadata.get("its_provenance")
    for name, value in sorted(attributes.items()) if isinstance(attributes, Mapping) else ():
        if name in _ITS and isinstance(value, str) and value:
            role, kind = _ITS[name]
            told = {"name": value, "role": role, "type": kind}
            yield {
                "standard": "ITS 2.0",
                "verified": False,
                "confidence": 0.9,
                **told,
                "evidence": [metadata(name, value)],
            }


def _claim(found: Manifest) -> Data:
    place = {"start": found.start, "end": found.end} if found.start is not None else {"metadata": "c2pa_manifests"}
    claim: dict[str, object] = {
        "standard": "C2PA",
        "kind": found.kind,
        "verified": False,
        "confidence": 0.5,
        "bytes": found.size,
        "actions": [one for one in map(_action, found.actions) if one],
        "evidence": [{**place, "note": "asserted by a C2PA manifest; neither its hash nor its signature was checked"}],
    }
    if found.reference:
        claim["reference"] = found.reference
    if found.problem:
        claim["problem"] = found.problem
    return claim


def _action(action: dict[str, Any]) -> Data:
    """The parts of an action that tell how a text was made."""
    parameters = action.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    agent = action.get("softwareAgent")
    name = agent.get("name") if isinstance(agent, dict) else agent
    told = {
        "action": action.get("action"),
        "source_language": parameters.get("sourceLanguage"),
        "target_language": parameters.get("targetLanguage"),
        "digital_source_type": action.get("digitalSourceType"),
        "software": name,
        "when": action.get("when"),
    }
    return {key: str(value)[:300] for key, value in told.items() if value}
