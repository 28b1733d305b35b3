"""Languages of the text and of its ancestors, and the route between them.

Tags follow BCP 47 with extension T (RFC 6497): ``en-t-zh`` is English transformed from Chinese,
``en-t-zh-t0-und`` the same by a machine whose vendor is not specified, ``en-t-und`` from a language unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.data import Data, Finding, SegmentedDocument
from auditor.language import primary
from auditor.provenance._claims import MACHINE
from auditor.provenance._evidence import number, place

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")
_FROM = ("republished from", "source", "derived from", "agency")
_MOST = 3


def tag_of(own: str, source: str, method: str) -> str:
    """A tag with extension T. Example: ``("en", "zh", "machine")`` -> ``en-t-zh-t0-und``."""
    base = own if _TAG.fullmatch(own) else "und"
    return f"{base}-t-{source.lower()}" + ("-t0-und" if method in MACHINE else "")


def languages(page: SegmentedDocument, findings: Sequence[Finding], claims: tuple[Data, Data, Data]) -> Iterator[Data]:
    """Claims of languages: of the text, of what it was translated from, of the site, of what the page declares.

    ``claims`` are the translation, the source language and the route.
    """
    translation, source, route = claims
    own = page.language.tag
    yield {"tag": own, "role": "text", "confidence": page.language.confidence, "evidence": []}
    origin = str(source.get("tag", "und"))
    if translation or origin != "und":
        confidence = number(source.get("confidence")) if origin != "und" else number(translation.get("confidence"))
        told = source if origin != "und" else translation
        tag = tag_of(own, origin, str(translation.get("method", "")))
        yield {"tag": tag, "role": "translation", "confidence": confidence, "evidence": told["evidence"]}
    steps = route.get("languages")
    for tag in steps[:-1] if isinstance(steps, list) else []:
        yield {"tag": tag, "role": "ancestor", "confidence": route["confidence"], "evidence": route["evidence"]}
    declared = page.document.declared_language
    if declared:
        yield {"tag": declared, "role": "declared", "confidence": 1.0, "evidence": []}
    yield from _site(findings)


def _site(findings: Sequence[Finding]) -> Iterator[Data]:
    """Foreign interface lines are evidence of the language of the site that published the text."""
    seen: dict[str, list[Finding]] = {}
    for one in findings:
        language = one.data.get("language")
        if one.rule in {"BP001", "SA008"} and isinstance(language, str) and language:
            seen.setdefault(language, []).append(one)
    for tag, own in sorted(seen.items()):
        surest = max(one.confidence for one in own)
        yield {"tag": tag, "role": "site", "confidence": surest, "evidence": [place(one) for one in own[:_MOST]]}


def route(page: SegmentedDocument, sources: Sequence[Data], source: Data) -> Data:
    """The languages that the content passed through, oldest first, where there are at least two.

    The oldest is that of the outlet that the text was taken from, as far as it is known; then the language it was
    translated from; then its own. The confidence is that of the weakest step.
    """
    own = primary(page.language.tag)
    via = primary(str(source.get("tag", "und")))
    steps: list[tuple[str, float, object]] = []
    first = _origin(sources)
    if first:
        steps.append((str(first["language"]), number(first.get("confidence")), first))
    if via not in {"und", own}:
        steps.append((via, number(source.get("confidence")), source))
    tags = [tag for at, (tag, _, _) in enumerate(steps) if at == 0 or tag != steps[at - 1][0]]
    if tags and tags[-1] != own:
        tags.append(own)
    if len(tags) < len(("from", "to")) or (via == "und" and tags[0] != own):
        return {}
    evidence = [one for _, _, told in steps for one in _places(told)]
    return {"languages": tags, "confidence": round(min(value for _, value, _ in steps), 4), "evidence": evidence}


def _origin(sources: Sequence[Data]) -> Data | None:
    """The source that the text as a whole was taken from, if its language is known: the strongest relation first."""
    known = [one for one in sources if one.get("relation") in _FROM and one.get("language")]
    known.sort(key=lambda one: (_FROM.index(str(one["relation"])), -number(one.get("confidence")), str(one["name"])))
    return known[0] if known else None


def _places(told: object) -> list[Data]:
    evidence = told.get("evidence") if isinstance(told, dict) else None
    return list(evidence[:_MOST]) if isinstance(evidence, list) else []
