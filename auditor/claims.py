"""The records of provenance: claims about one document, and the stories that tie documents together.

They stand apart from ``auditor.data``, which names them too, because they know nothing of the other records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ProvenanceRecord:
    """What is known of where a text comes from; each entry is a mapping with ``confidence`` and ``evidence``."""

    languages: tuple[Data, ...] = ()
    translation: Data = field(default_factory=dict)
    agents: tuple[Data, ...] = ()
    sources: tuple[Data, ...] = ()
    dates: tuple[Data, ...] = ()
    links: tuple[Data, ...] = ()
    # How the text was made, the language it was translated from, and the languages it passed on its way.
    creation: Data = field(default_factory=dict)
    source_language: Data = field(default_factory=dict)
    route: Data = field(default_factory=dict)
    # What manifests and markup attached to the document assert; never verified here.
    credentials: tuple[Data, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """Documents about the same events, in input order, with what ties them together.

    An edge is a mapping with ``from``, ``to`` (document ids, or ``source:<name>`` for a work outside the archive),
    ``relation``, ``confidence`` and ``evidence``.
    """

    id: str
    title: str
    documents: tuple[str, ...]
    edges: tuple[Data, ...] = ()
