"""Annotations of GitHub Actions: workflow commands that mark places of files in the summary of a run.

GitHub shows at most ten errors, ten warnings and ten notices of a step, so the most severe are chosen, and one line
says how many there are in all.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, TextIO

from auditor.data import DocumentAudit, Finding, Report, Severity
from auditor.formatters._files import write_text
from auditor.formatters._terms import Lines
from auditor.registry import Formatter

_COMMANDS = {Severity.CRITICAL: "error", Severity.MAJOR: "error", Severity.MINOR: "warning"}
_MOST = 10
_CHARS = 500


class GithubFormatter(Formatter):
    """``report.github.txt``; with ``-o -`` the commands go to standard output, where the runner reads them."""

    name: ClassVar[str] = "github"

    def write(self, report: Report, target: Path) -> Path:
        """Write ``report.github.txt``."""
        return write_text(target / "report.github.txt", _commands(report))

    def stream(self, report: Report, out: TextIO) -> None:
        """Write the commands to a stream."""
        out.writelines(_commands(report))


def _commands(report: Report) -> Iterator[str]:
    names = {meta.code: meta.name for meta in report.rules}
    chosen: dict[str, list[tuple[float, float, int, str]]] = {"error": [], "warning": []}
    documents = findings = 0
    for audit in report.documents:
        documents += 1
        lines: Lines | None = None
        for finding in audit.findings:
            findings += 1
            kind = _COMMANDS.get(finding.severity)
            if kind is None:
                continue
            shelf = chosen[kind]
            rank = (float(finding.severity), finding.confidence, -findings)
            if len(shelf) == _MOST and rank < shelf[0][:3]:
                continue
            lines = lines or Lines(audit.document.text)
            heapq.heappush(shelf, (*rank, _command(kind, audit, finding, names, lines)))
            if len(shelf) > _MOST:
                heapq.heappop(shelf)
    for kind in ("error", "warning"):
        for entry in sorted(chosen[kind], key=lambda one: one[:3], reverse=True):
            yield entry[3]
    shown = sum(map(len, chosen.values()))
    told = f"{findings} findings in {documents} documents, {len(report.skipped)} inputs skipped; {shown} are marked."
    yield f"::notice title=auditor::{_data(told)}\n"


def _command(kind: str, audit: DocumentAudit, finding: Finding, names: dict[str, str], lines: Lines) -> str:
    line, column = lines.at(finding.span.start)
    origin = audit.document.origin
    place = f",line={line},col={column}" if origin.format == "txt" and not origin.locator and lines.known else ""
    title = f"{finding.rule} {names.get(finding.rule, '')}".strip()
    suggestion = f" Suggested: {finding.suggestion}." if finding.suggestion else ""
    quote = " ".join(finding.quote[:200].split())
    text = f"{finding.message}{suggestion} [{quote}]"
    return f"::{kind} file={_property(origin.path)}{place},title={_property(title)}::{_data(text[:_CHARS])}\n"


def _data(text: str) -> str:
    """Escape as the runner wants it, so that audited text can begin no command of its own; controls become blanks."""
    plain = "".join(char if char in "\r\n" or char.isprintable() or char == " " else " " for char in text)
    return plain.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATTERS = (GithubFormatter(),)
