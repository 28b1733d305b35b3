"""Where a text comes from: languages, translation, people and engines, sources and dates, each with its evidence.

``trace`` reads one document; ``sketch`` keeps what is needed to compare it, and ``weave`` ties the sketches of an
archive into stories.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.data import Finding, ProvenanceRecord, Score, SegmentedDocument, Verdict
from auditor.provenance._claims import agents, dates, places, sources, translation
from auditor.provenance._creation import creation
from auditor.provenance._credentials import credentials
from auditor.provenance._evidence import by_confidence
from auditor.provenance._languages import languages, route
from auditor.provenance._source_language import source_language
from auditor.provenance._stories import Sketch, sketch, ties_of, weave

__all__ = ["Sketch", "sketch", "ties_of", "trace", "weave"]


def trace(
    page: SegmentedDocument,
    findings: Sequence[Finding],
    scores: Sequence[Score] = (),
    verdict: Verdict | None = None,
    translated: float | None = None,
) -> ProvenanceRecord:
    """Collect the claims that disclosures, attributions, metadata, languages and scores support.

    ``translated`` is the calibrated probability, at even prior odds, that the text was translated at all.
    Links to other documents are added later, by ``weave``, because they need all of them.
    """
    told = translation([one for one in findings if one.rule.startswith("TD")], page)
    source = source_language(page, findings, told, (scores, translated))
    named = tuple(sources(page, findings))
    way = route(page, named, source)
    return ProvenanceRecord(
        languages=tuple(languages(page, findings, (told, source, way))),
        translation=told,
        agents=tuple(agents(page, findings)),
        sources=named,
        dates=(*dates(page, findings), *places(findings)),
        creation=creation(page, findings, verdict, (told, source)),
        source_language=source,
        route=way,
        credentials=by_confidence(credentials(page.document)),
    )
