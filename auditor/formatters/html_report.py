"""The HTML report: an overview, a page for each story and each document, readable from a folder without a server.

Every page holds its styles and scripts inline and names them by hash in a Content-Security-Policy, because ``'self'``
means nothing reliable under ``file:``. So nothing but our own code can run, whatever an audited text says; the texts
themselves are escaped. The charts are Charts.css (MIT, vendored under ``static/``): plain HTML tables drawn as bars by
style alone, which need no script and are read aloud as the tables they are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

from auditor.data import DocumentAudit, Report
from auditor.formatters._files import write_text
from auditor.formatters._html_charts import Tally, charts
from auditor.formatters._html_env import rendered
from auditor.formatters._html_index import RuleRow, Shown, document_row, kept, rule_rows, story_rows
from auditor.formatters._html_page import page_view
from auditor.formatters._html_site import Site, plan
from auditor.formatters._html_spool import Kept, Spool
from auditor.formatters._html_story import MOST_MEMBERS, story_view
from auditor.formatters._html_text import SHOWN_CHARS
from auditor.formatters._words import _, many, spoken
from auditor.registry import Formatter
from auditor.totals import picked, totals

# Our own pages of an earlier run, and nothing else, may be removed from the target folder.
_OURS = re.compile(r"index-\d+\.html|\d+-[a-z0-9-]+\.html|story-\d+\.html")
_GENERATOR = '<meta name="generator" content="auditor">'
_MOST_SKIPPED = 1_000
# Bytes, measured on pages of the shipped samples: a page without text, a finding in the list, a line of the text.
_EMPTY_PAGE, _A_FINDING, _A_LINE = 30_000, 1_900, 90


@dataclass(frozen=True)
class HtmlFormatter(Formatter):
    """``index.html`` with ``pages/``; a table of more than ``rows_per_index`` documents goes on in ``index-2.html``.

    Pages are written for the most urgent documents until they take ``page_bytes``, so that a large run stays a small
    report; every document has a row in the table and stands in the other formats.
    """

    name: ClassVar[str] = "html"
    rows_per_index: int = 250
    most_pages: int = 10_000
    page_bytes: int = 13_000_000

    def write(self, report: Report, target: Path) -> Path:
        """Write the pages, then the index that leads to them, then remove pages that an earlier run left."""
        tally, shown = Tally(), Shown()
        with closing(Spool()) as spool:
            spool.fill(_counted(report, tally))
            site = plan(report, spool, self._paged(spool))
            written = list(self._pages(report, site, spool, shown, target))
            written += self._stories(report, site, spool, target)
            written += self._indexes(site, spool, shown, _overview(report, site, spool, tally, shown), target)
        _remove_stale(target, {path.name for path in written})
        return target / "index.html"

    def _paged(self, spool: Spool) -> int:
        """How many documents get a page, from an estimate of their sizes."""
        left = self.page_bytes
        for number, one in enumerate(spool.urgent(self.most_pages)):
            left -= one[2]
            if left < 0:
                return max(number, 1)
        return self.most_pages

    @staticmethod
    def _write(path: Path, template: str, styles: tuple[str, ...], context: dict[str, Any]) -> Path:
        script = template.replace(".html", ".js")
        return write_text(path, rendered(template, styles, script, context | {"lang": spoken()}))

    def _pages(self, report: Report, site: Site, spool: Spool, shown: Shown, target: Path) -> Iterator[Path]:
        places = spool.places(site.pages)
        for at, audit in zip(places, picked(report, places), strict=True):
            shown.add(audit, at)
            yield self._page(report, site, audit, target)

    def _page(self, report: Report, site: Site, audit: DocumentAudit, target: Path) -> Path:
        name = audit.document.id
        before, after = site.neighbours(name)
        context = {
            "view": page_view(audit, site),
            "site": site,
            "before": before,
            "after": after,
            "story": site.stories.get(site.story_of.get(name, ""), ""),
            "run": _run(report),
            "signature": report.signature,
        }
        styles = ("report.css", "page.css", "end.css")
        return self._write(target / "pages" / site.pages[name], "page.html", styles, context)

    def _stories(self, report: Report, site: Site, spool: Spool, target: Path) -> Iterator[Path]:
        shown = [one for one in report.stories if one.id in site.stories]
        places = spool.places({name for one in shown for name in one.documents[:MOST_MEMBERS]})
        members = {one.document.id: one for one in picked(report, places)}
        for story in shown:
            view = story_view(story, [members[name] for name in story.documents if name in members], site)
            context = {"view": view, "site": site, "signature": report.signature}
            path = target / "pages" / site.stories[story.id]
            yield self._write(path, "story.html", ("report.css", "story.css", "end.css"), context)

    def _indexes(
        self, site: Site, spool: Spool, shown: Shown, overview: dict[str, Any], target: Path
    ) -> Iterator[Path]:
        size = self.rows_per_index
        parts = max(1, -(-len(spool) // size))
        context = overview | {"parts": parts}
        # The first part last: it is the main file, and stands for the whole report.
        for part in range(parts, 0, -1):
            rows = [document_row(one, site, shown) for one in spool.rows((part - 1) * size, size)]
            styles = (*(("charts.min.css",) if part == 1 else ()), "report.css", "index.css", "end.css")
            path = target / ("index.html" if part == 1 else f"index-{part}.html")
            yield self._write(path, "index.html", styles, context | {"part": part, "rows": rows})


def _counted(report: Report, tally: Tally) -> Iterator[Kept]:
    """The only pass over all documents: what is counted, and what is kept of each."""
    for at, audit in enumerate(report.documents):
        tally.add(audit)
        yield kept(audit, at, page_size(audit))


def _overview(report: Report, site: Site, spool: Spool, tally: Tally, shown: Shown) -> dict[str, Any]:
    rules = rule_rows(tally, shown, site)
    return {
        "totals": totals(report),
        "lead": _lead(report),
        "charts": charts(tally) | {"undated": tally.undated},
        "stories": story_rows(report, site, spool),
        "story_count": len(report.stories),
        "story_documents": sum(len(one.documents) for one in report.stories),
        "notices": report.notices,
        "skipped": report.skipped[:_MOST_SKIPPED],
        "rules": rules,
        "rule_groups": _grouped(rules),
        "without_page": len(report.documents) - len(site.pages),
        "signature": report.signature,
    }


def page_size(audit: DocumentAudit) -> int:
    """About how many bytes a document's page takes: styles and script, the text with its marks, the findings."""
    text = min(len(audit.document.text), SHOWN_CHARS)
    wide = 1 if audit.document.text.isascii() else 2
    return _EMPTY_PAGE + wide * text + _A_FINDING * min(len(audit.findings), 1_000) + _A_LINE * len(audit.page.lines)


def _run(report: Report) -> str:
    """A short name of the run under which a browser keeps a reviewer's decisions."""
    return hashlib.sha256(report.signature.encode("utf-8", "backslashreplace")).hexdigest()[:12]


def _grouped(rules: Sequence[RuleRow]) -> list[tuple[str, list[RuleRow]]]:
    return [(family, list(own)) for family, own in groupby(rules, key=lambda rule: rule.code[:2])]


def _lead(report: Report) -> str:
    """The run in one sentence or two."""
    counts = totals(report)
    if not counts["documents"]:
        return _("No document was audited.")
    severe = counts["severities"]["major"] + counts["severities"]["critical"]
    found = many("{} finding", "{} findings", counts["findings"])
    tongues = many("texts of {} language", "texts of {} languages", len(counts["languages"]))
    return _("{}, {} of them major or critical, in {}.").format(found, f"{severe:,}", tongues)


def _remove_stale(target: Path, current: set[str]) -> None:
    for folder in (target, target / "pages"):
        for path in sorted(folder.glob("*.html")) if folder.is_dir() else ():
            if _OURS.fullmatch(path.name) and path.name not in current and _is_ours(path):
                path.unlink()


def _is_ours(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        return _GENERATOR in file.read(2_000)


FORMATTERS = (HtmlFormatter(),)
