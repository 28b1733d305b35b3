"""JUnit XML, which continuous integration shows as tests: a suite a document, a case a rule that found something.

There is no official schema; this is the common part of what Jenkins, GitLab and pytest read and write.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import ClassVar, TextIO
from xml.sax.saxutils import escape, quoteattr

from auditor.data import DocumentAudit, Finding, Report, Severity
from auditor.formatters._files import write_text
from auditor.formatters._terms import Lines, xml_text
from auditor.registry import Formatter

_MOST_PLACES = 20
_CHARS = 300


class JunitFormatter(Formatter):
    """``report.junit.xml``: findings of severity major and above fail, lesser ones are told in ``system-out``."""

    name: ClassVar[str] = "junit"

    def write(self, report: Report, target: Path) -> Path:
        """Write ``report.junit.xml``."""
        return write_text(target / "report.junit.xml", _pieces(report))

    def stream(self, report: Report, out: TextIO) -> None:
        """Write the document to a stream."""
        out.writelines(_pieces(report))


def _pieces(report: Report) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="auditor">\n'
    names = {meta.code: meta.name for meta in report.rules}
    for audit in report.documents:
        yield from _suite(audit, names)
    if report.skipped:
        count = len(report.skipped)
        yield f'<testsuite name="skipped inputs" tests="{count}" failures="0" errors="{count}" skipped="0" time="0">\n'
        for one in report.skipped:
            name = f"{one.origin.path}#{one.origin.locator}" if one.origin.locator else one.origin.path
            yield f'<testcase classname="input" name={_value(name)} time="0">'
            yield f'<error type="skipped" message={_value(one.reason)}/></testcase>\n'
        yield "</testsuite>\n"
    yield "</testsuites>\n"


def _suite(audit: DocumentAudit, names: dict[str, str]) -> Iterator[str]:
    groups = [
        (rule, list(own))
        for rule, own in groupby(sorted(audit.findings, key=lambda one: (one.rule, one.span)), key=lambda one: one.rule)
    ]
    failures = sum(_fails(own) for _, own in groups)
    name = _value(audit.document.id)
    yield (
        f'<testsuite name={name} tests="{max(1, len(groups))}" failures="{failures}" errors="0" skipped="0" time="0">\n'
    )
    lines = Lines(audit.document.text) if groups else None
    for rule, own in groups:
        yield f'<testcase classname={name} name={_value(f"{rule} {names.get(rule, rule)}")} time="0">'
        told = escape(xml_text("\n".join(_places(own, lines)))) if lines else ""
        if _fails(own):
            worst = max(own, key=lambda one: (one.severity, one.confidence))
            yield f"<failure type={_value(worst.severity.label)} message={_value(worst.message)}>{told}</failure>"
        else:
            yield f"<system-out>{told}</system-out>"
        yield "</testcase>\n"
    if not groups:
        yield f'<testcase classname={name} name="no findings" time="0"/>\n'
    yield "</testsuite>\n"


def _fails(findings: Sequence[Finding]) -> bool:
    return any(one.severity >= Severity.MAJOR for one in findings)


def _places(findings: Sequence[Finding], lines: Lines) -> Iterator[str]:
    for one in findings[:_MOST_PLACES]:
        line, column = lines.at(one.span.start)
        where = f"line {line}, column {column}" if lines.known else f"character {one.span.start}"
        quote = " ".join(one.quote[:_CHARS].split())
        suggestion = f" (suggested: {one.suggestion})" if one.suggestion else ""
        yield f"{where}: {one.severity.label}: {one.message}{suggestion}\n    {quote}"
    if len(findings) > _MOST_PLACES:
        yield f"and {len(findings) - _MOST_PLACES} more"


def _value(text: str) -> str:
    """An attribute's value in quotation marks; line feeds and tabs survive as character references."""
    return quoteattr(xml_text(text[: 2 * _CHARS]), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


FORMATTERS = (JunitFormatter(),)
