"""The HTML report: an index and a page for each document, readable from a folder without a server.

Every page holds its styles and scripts inline and names them by hash in a Content-Security-Policy, because ``'self'``
means nothing reliable under ``file:``. So nothing but our own code can run, whatever an audited text says; the texts
themselves are escaped. The charts are Charts.css (MIT, vendored under ``static/``): plain HTML tables drawn as bars by
style alone, which need no script and are read aloud as the tables they are.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

from auditor.data import Report
from auditor.formatters import _labels as labels
from auditor.formatters._files import write_text
from auditor.formatters._html_index import RuleRow, charts, document_rows, rule_rows
from auditor.formatters._html_page import page_view
from auditor.formatters._html_signs import clipped, plain, visible
from auditor.formatters._html_site import Site, plan
from auditor.registry import Formatter
from auditor.totals import totals

# Our own pages of an earlier run, and nothing else, may be removed from the target folder.
_OURS = re.compile(r"index-\d+\.html|\d+-[a-z0-9-]+\.html")
_GENERATOR = '<meta name="generator" content="auditor">'
_MOST_SKIPPED = 1_000


@dataclass(frozen=True)
class HtmlFormatter(Formatter):
    """``index.html`` with ``pages/``; a table of more than ``rows_per_index`` documents goes on in ``index-2.html``."""

    name: ClassVar[str] = "html"
    rows_per_index: int = 1_000
    most_pages: int = 10_000

    def write(self, report: Report, target: Path) -> Path:
        """Write the pages, then the index that leads to them, then remove pages that an earlier run left."""
        site = plan(report, self.most_pages)
        written = [self._page(report, site, at, target) for at in _with_page(report, site)]
        written += self._indexes(report, site, target)
        _remove_stale(target, {path.name for path in written})
        return target / "index.html"

    def _page(self, report: Report, site: Site, at: int, target: Path) -> Path:
        audit = report.documents[at]
        view = page_view(audit, site)
        names = site.neighbours(audit.document.id)
        context = {"view": view, "site": site, "before": names[0], "after": names[1], "signature": report.signature}
        path = target / "pages" / site.pages[audit.document.id]
        return write_text(path, _rendered("page.html", ("report.css",), "page.js", context))

    def _indexes(self, report: Report, site: Site, target: Path) -> Iterator[Path]:
        rows = document_rows(report, site)
        rules = rule_rows(report, site)
        size = self.rows_per_index
        parts = max(1, -(-len(rows) // size))
        context: dict[str, Any] = {
            "totals": totals(report),
            "lead": _lead(report),
            "charts": charts(report),
            "notices": report.notices,
            "skipped": report.skipped[:_MOST_SKIPPED],
            "rules": rules,
            "rule_groups": _grouped(rules),
            "parts": parts,
            "without_page": len(report.documents) - len(site.pages),
            "signature": report.signature,
        }
        # The first part last: it is the main file, and stands for the whole report.
        for part in range(parts, 0, -1):
            shown = {"part": part, "rows": rows[(part - 1) * size : part * size]}
            styles = ("charts.min.css", "report.css") if part == 1 else ("report.css",)
            path = target / ("index.html" if part == 1 else f"index-{part}.html")
            yield write_text(path, _rendered("index.html", styles, "index.js", context | shown))


def _with_page(report: Report, site: Site) -> Iterator[int]:
    return (at for at, audit in enumerate(report.documents) if audit.document.id in site.pages)


def _grouped(rules: Sequence[RuleRow]) -> list[tuple[str, list[RuleRow]]]:
    return [(family, list(own)) for family, own in groupby(rules, key=lambda rule: rule.code[:2])]


def _lead(report: Report) -> str:
    """The run in one sentence or two."""
    counts = totals(report)
    if not counts["documents"]:
        return "No document was audited."
    severe = counts["severities"]["major"] + counts["severities"]["critical"]
    tongues = len(counts["languages"])
    said = f"{counts['findings']:,} findings, {severe:,} of them major or critical"
    return f"{said}, in texts of {tongues} language{'s' if tongues != 1 else ''}."


def _remove_stale(target: Path, current: set[str]) -> None:
    for folder in (target, target / "pages"):
        for path in sorted(folder.glob("*.html")) if folder.is_dir() else ():
            if _OURS.fullmatch(path.name) and path.name not in current and _is_ours(path):
                path.unlink()


def _is_ours(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        return _GENERATOR in file.read(2_000)


def _rendered(template: str, styles: tuple[str, ...], script: str, context: dict[str, Any]) -> Iterator[str]:
    sheets = [_static(name) for name in styles] + ([_sizes()] if "charts.min.css" in styles else [])
    code = _static(script)
    policy = (
        "default-src 'none'; "
        f"style-src {' '.join(_hash(sheet) for sheet in sheets)}; script-src {_hash(code)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    ours = {"csp": policy, "styles": sheets, "scripts": [code]}
    pieces: Iterator[str] = _environment().get_template(template).generate(context | ours)
    return pieces


@cache
def _static(name: str) -> str:
    return files("auditor.formatters").joinpath("static", name).read_text("utf-8").strip()


@cache
def _sizes() -> str:
    """Classes for the lengths of bars: a style attribute would need a looser policy."""
    return "".join(f".v{size}{{--size:{size / 100}}}" for size in range(101))


@cache
def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("auditor.formatters", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(severities=labels.SEVERITIES, decisions=labels.DECISIONS, labels=labels.LABELS)
    environment.filters.update(
        visible=visible,
        plain=plain,
        clipped=clipped,
        percent=labels.percent,
        language=labels.language,
        family=labels.family,
        measure=labels.measure,
        measure_name=labels.measure_name,
        words=labels.words,
    )
    return environment


FORMATTERS = (HtmlFormatter(),)
