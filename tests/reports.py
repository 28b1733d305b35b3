"""Reports made by hand for the tests of formats: two texts of one story, a hostile text, an empty text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from auditor.data import (
    NAME_RATIO,
    Document,
    DocumentAudit,
    Evidence,
    Finding,
    LanguageGuess,
    Line,
    Origin,
    ProvenanceRecord,
    Report,
    RuleMeta,
    Score,
    SegmentedDocument,
    Sentence,
    Severity,
    Skipped,
    Span,
    Story,
    Verdict,
)

RULES = (
    RuleMeta("BP001", "foreign-boilerplate", Severity.MAJOR, "108000", "untranslated"),
    RuleMeta("EN001", "mojibake", Severity.MINOR, "212000", "characters"),
    RuleMeta("NM001", "contradicted-name", Severity.MAJOR, "101000", "inconsistent-entities"),
    RuleMeta("QD001", "quotation-drift", Severity.MAJOR, "303000", "inconsistency"),
    RuleMeta("TD001", "translation-disclosure", Severity.NEUTRAL, "", "uncategorized"),
)
HOSTILE = (
    '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">\n'
    "\"'><svg onload=window.hacked=1></mark></p></body> javascript:window.hacked=1\n"
    "\u202egnp.exe\u202c \x00\x07\x1b[31m \u200b\ufeff {{ 7 * 7 }} {% raw %} &lt; \ud800 \U000e0041\n" + "A" * 3000
)
HARBOUR = (
    "Harbour town repairs its pier\n"
    "The council of Norvik voted on Tuesday to repair the old pier.\n"
    "“We will not close the pier,” mayor Ingrid Solvang said.\n"
    "Читайте також: погода на тиждень"
)
RETOLD = "Norvik closes its pier\n“We will close the pier,” mayor Ingrid Solvag said.\nTranslated by a machine."


def segmented(text: str, name: str, language: str = "en", **given: Any) -> SegmentedDocument:
    """A document with one line a line and one sentence a line, without any language model."""
    lines, sentences = [], []
    for match in re.finditer(r"[^\n]+", text):
        own = "uk" if re.search("[а-я]", match.group()) else language
        span = Span(*match.span())
        sentences.append(Sentence(span, len(lines), LanguageGuess(own, 0.9)))
        lines.append(Line(span, "", LanguageGuess(own, 0.9), 0))
    document = Document(name, text, Origin(name, "txt"), **given)
    return SegmentedDocument(document, LanguageGuess(language, 0.9), tuple(lines), tuple(sentences), text.lower())


def found(rule: str, page: SegmentedDocument, quote: str, severity: Severity, **more: Any) -> Finding:
    start = page.text.index(quote)
    span = Span(start, start + len(quote))
    return Finding(rule, page.document.id, span, quote, f"Message of {rule}.", severity, 0.9, **more)


def evidence(page: SegmentedDocument, quote: str) -> Evidence:
    start = page.text.index(quote)
    return Evidence(page.document.id, Span(start, start + len(quote)), quote, "said there")


def audited(page: SegmentedDocument, findings: Sequence[Finding], decision: str, **more: Any) -> DocumentAudit:
    verdict = Verdict("machine_translation", 0.97, decision, 0.8, tuple(f.message for f in findings[:2]))
    given = {"scores": (), "provenance": ProvenanceRecord(), "measures": {"boilerplate_ratio": 0.25}} | more
    return DocumentAudit(page, tuple(findings), verdict=verdict, **given)


def _story(one: SegmentedDocument, two: SegmentedDocument) -> Story:
    """A story of the two with a quotation that they share, and a work outside the archive."""
    place = {"document": two.document.id, "start": 24, "end": 46, "quote": "We will close the pier"}
    edges = (
        {"from": one.document.id, "to": two.document.id, "relation": "shares quotations with", "directed": False,
         "confidence": 0.8, "evidence": [place]},
        {"from": two.document.id, "to": "source:The <b>Pier</b> Gazette", "relation": "derived from", "directed": True,
         "confidence": 0.7, "evidence": [{"note": "<i>said</i> so"}]},
    )  # fmt: skip
    return Story("story-1", "Harbour <b>town</b>", (one.document.id, two.document.id), edges)


def sample() -> Report:
    """Two reports of one story that point at each other, a hostile text, an empty text, and a skipped input."""
    one = segmented(HARBOUR, "news/harbour.txt", group="pier", metadata={"title": "Harbour <b>town</b>", "site": "x"})
    two = segmented(RETOLD, "retold.txt", group="pier")
    bad = segmented(
        HOSTILE, "<script>window.hacked=1</script>'\".txt", metadata={"title": "</title><script>x</script>"}
    )
    empty = segmented("", "=empty.txt", "und")
    first = [found("BP001", one, "Читайте також: погода на тиждень", Severity.MAJOR, data={"language": "uk"})]
    second = [
        found("QD001", two, "We will close the pier", Severity.MAJOR, evidence=(evidence(one, "We will not close the pier"),),
              data={"diff": [["insert", "", "not"]]}),
        found("NM001", two, "Solvag", Severity.MAJOR, suggestion="Solvang", evidence=(evidence(one, "Solvang"),)),
        found("TD001", two, "Translated by a machine.", Severity.NEUTRAL, data={"method": "machine"}),
    ]  # fmt: skip
    third = [
        replace(found("EN001", bad, HOSTILE[10:60], Severity.CRITICAL, suggestion="<u>x</u>"), message="<img src=x onerror=alert(1)>"),
        found("EN001", bad, HOSTILE[40:90], Severity.MINOR, evidence=(Evidence("gone", Span(0, 3), "<i>", "<b>"),)),
        found("EN001", bad, "\u202egnp.exe\u202c \x00\x07\x1b", Severity.MINOR, data={"kind": "<script>", "n": float("nan")}),
    ]  # fmt: skip
    claim = {
        "name": "<script>",
        "url": "javascript:alert(1)",
        "confidence": 0.5,
        "evidence": [{"start": 10, "quote": "<b>"}],
    }
    place = {
        "rule": "TD001",
        "start": RETOLD.index("Translated"),
        "end": len(RETOLD),
        "quote": "Translated by a machine.",
    }
    told = ProvenanceRecord(
        languages=({"tag": "en", "role": "text", "confidence": 0.9, "evidence": []},),
        translation={"method": "machine", "confidence": 0.9, "evidence": [place]},
        links=({"document": "news/harbour.txt", "relation": "same story", "confidence": 0.6},),
    )
    scores = [Score(two.document.id, one.span, "surprisal", 2.0 + at) for at, one in enumerate(two.sentences)]
    scores.append(Score(two.document.id, Span(0, 3), f"{NAME_RATIO}:NM001", 5.0))
    return Report(
        signature="auditor:0.1.0|rules:5|<script>",
        rules=RULES,
        documents=(
            audited(one, first, "review"),
            audited(two, second, "reject", scores=tuple(reversed(scores)), provenance=told),
            audited(bad, third, "reject", provenance=ProvenanceRecord(agents=(claim,)), measures={"x": float("inf")}),
            audited(empty, [], "accept", measures={}),
        ),
        skipped=(Skipped(Origin("broken.html", "html", "7"), "<b>not HTML</b>"),),
        notices=("No language model is <b>installed</b>.",),
        stories=(_story(one, two),),
    )
