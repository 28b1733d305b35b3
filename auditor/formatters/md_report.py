"""Markdown for issue trackers and wikis: figures, then the documents that need a look, with their findings."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, TextIO

from auditor.data import DocumentAudit, Finding, Report, Severity
from auditor.formatters._files import write_text
from auditor.formatters._html_signs import plain
from auditor.formatters._labels import DECISIONS, LABELS, SEVERITIES, language, percent
from auditor.formatters._sentences import account
from auditor.registry import Formatter
from auditor.totals import totals

_MOST_DOCUMENTS = 100
_MOST_FINDINGS = 25
_CHARS = 240
_RANKS = {"reject": 0, "review": 1, "accept": 2}
# Every sign that Markdown or HTML may take for markup, and what renders as a link or a mention by itself.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&@:/\"'$^=])")


class MarkdownFormatter(Formatter):
    """``report.md``: at most 100 documents, the most urgent first; the other formats hold all."""

    name: ClassVar[str] = "md"

    def write(self, report: Report, target: Path) -> Path:
        """Write ``report.md``."""
        return write_text(target / "report.md", _pieces(report))

    def stream(self, report: Report, out: TextIO) -> None:
        """Write the text to a stream."""
        out.writelines(_pieces(report))


def inert(text: str, limit: int = _CHARS) -> str:
    """Audited text on one line, with every sign of markup escaped and controls made visible."""
    short = " ".join(plain(text[: 2 * limit]).split())
    short = short if len(short) <= limit else short[: limit - 1] + "…"
    return _MARKUP.sub(r"\\\1", short)


def _pieces(report: Report) -> Iterator[str]:
    counts = totals(report)
    yield f"# Text audit: {counts['documents']:,} documents\n\n"
    yield "| to reject | to review | accepted | findings | major or critical | skipped inputs |\n|--|--|--|--|--|--|\n"
    severe = counts["severities"]["major"] + counts["severities"]["critical"]
    decided = counts["decisions"]
    yield (
        f"| {decided['reject']:,} | {decided['review']:,} | {decided['accept']:,} | {counts['findings']:,}"
        f" | {severe:,} | {counts['skipped']:,} |\n\n"
    )
    yield from (f"> {inert(notice)}\n" for notice in report.notices)
    urgent = heapq.nsmallest(_MOST_DOCUMENTS, enumerate(report.documents), key=_urgency)
    names = {meta.code: meta.name for meta in report.rules}
    for _, audit in urgent:
        yield from _document(audit, names)
    if counts["documents"] > len(urgent):
        yield f"\n{counts['documents'] - len(urgent):,} less urgent documents are in the other formats.\n"
    if report.skipped:
        yield "\n## Skipped inputs\n\n"
        yield from (f"- {inert(one.origin.path)}: {inert(one.reason)}\n" for one in report.skipped[:_MOST_DOCUMENTS])
    yield f"\nSignature: {inert(report.signature, 1_000)}\n"


def _urgency(pair: tuple[int, DocumentAudit]) -> tuple[int, float, int]:
    verdict = pair[1].verdict
    return _RANKS.get(verdict.decision, 1), -verdict.risk, pair[0]


def _document(audit: DocumentAudit, names: dict[str, str]) -> Iterator[str]:
    verdict = audit.verdict
    title = audit.document.metadata.get("title")
    yield f"\n## {inert(title if isinstance(title, str) and title.strip() else audit.document.id)}\n\n"
    yield f"{inert(account(audit), 600)}\n\n"
    probability = f" ({percent(verdict.probability)})" if verdict.probability is not None else ""
    yield f"- Document: {inert(audit.document.id)}\n"
    yield f"- Decision: **{DECISIONS.get(verdict.decision, (verdict.decision,))[0]}**, risk {verdict.risk:.2f}\n"
    yield f"- Origin: {LABELS.get(verdict.label, (verdict.label,))[0]}{probability}\n"
    yield f"- Language: {inert(language(audit.page.language.tag))}\n"
    yield from (f"- {inert(reason)}\n" for reason in verdict.reasons)
    shown = [one for one in audit.findings if one.severity > Severity.NEUTRAL]
    shown.sort(key=lambda one: (-one.severity, -one.confidence, one.span, one.rule))
    if shown:
        yield "\n| severity | rule | place | finding |\n|--|--|--|--|\n"
    yield from (_row(one, names) for one in shown[:_MOST_FINDINGS])
    if len(shown) > _MOST_FINDINGS:
        yield f"\n{len(shown) - _MOST_FINDINGS} more findings.\n"


def _row(finding: Finding, names: dict[str, str]) -> str:
    suggestion = f" → **{inert(finding.suggestion)}**" if finding.suggestion else ""
    sign = SEVERITIES[finding.severity.label][1]
    rule = f"{finding.rule} {names.get(finding.rule, '').replace('-', ' ')}"
    place = f"“{inert(finding.quote, 120)}”{suggestion}"
    return f"| {sign} {finding.severity.label} | {rule} | {place} | {inert(finding.message)} |\n"


FORMATTERS = (MarkdownFormatter(),)
