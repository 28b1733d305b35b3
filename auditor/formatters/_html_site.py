"""What all pages of one HTML report share: where each document's page is, who points at it, the rules in words."""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor import registry
from auditor.data import DocumentAudit, Evidence, Report, RuleMeta, Span
from auditor.formatters._html_signs import clipped, plain
from auditor.formatters._html_spool import Spool, Titles

# Paragraphs of a rule's docstring: after an empty line, or at one of the headings that every rule has.
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=(?:Why|How|Limits|Data):)")
_SLUG = re.compile(r"[a-z0-9]+")
_RANKS = {"reject": 0, "review": 1, "accept": 3}
_TITLE_CHARS = 120
_MOST_STORIES = 500
_HEAD_LINES, _HEADING_CHARS, _SHORT = 6, 120, 5


@dataclass(frozen=True, slots=True)
class Site:
    """Pages (file names under ``pages/``), titles and evidence places by document id; rules and their documentation.

    ``targets`` are those of documents with a page, ``order`` has the pages in input order, ``places`` the position of
    each document's page in it, ``stories`` the page of each story, ``story_of`` the story of each document.
    """

    pages: Mapping[str, str]
    titles: Mapping[str, str]
    targets: Mapping[str, Sequence[Span]]
    rules: Mapping[str, RuleMeta]
    docs: Mapping[str, tuple[str, ...]]
    order: Sequence[str]
    places: Mapping[str, int]
    stories: Mapping[str, str]
    story_of: Mapping[str, str]

    def rule_name(self, code: str) -> str:
        """The rule's name, or its code for a rule that this run does not list."""
        return self.rules[code].name if code in self.rules else code

    def summary(self, code: str) -> str:
        """What the rule finds, in one sentence."""
        return self.docs.get(code, ("",))[0]

    def neighbours(self, document_id: str) -> tuple[str, str]:
        """The pages before and after a document's, in input order; empty at the ends."""
        at = self.places[document_id]
        return (self.order[at - 1] if at else "", self.order[at + 1] if at + 1 < len(self.order) else "")

    def href(self, evidence: Evidence) -> str:
        """Link from one document's page to a place in another's; empty where that document has no page."""
        page = self.pages.get(evidence.document_id)
        return f"{page}#s{evidence.span.start}" if page else ""


def plan(report: Report, spool: Spool, most_pages: int) -> Site:
    """Decide the pages of a report: all documents, or the ``most_pages`` that need a look most."""
    chosen = sorted((at, name) for at, name, _ in spool.urgent(most_pages))
    pages = {name: f"{at + 1}-{slug(name)}.html" for at, name in chosen}
    return Site(
        pages=pages,
        titles=Titles(spool),
        targets={name: spool.targets(name) for name in pages},
        rules={meta.code: meta for meta in report.rules},
        docs=_docs(report),
        order=tuple(pages.values()),
        places={name: at for at, name in enumerate(pages)},
        stories={one.id: f"{one.id}.html" for one in report.stories[:_MOST_STORIES]},
        story_of={name: one.id for one in report.stories[:_MOST_STORIES] for name in one.documents},
    )


def urgency(audit: DocumentAudit, position: int) -> tuple[int, float, int]:
    """Sort key: what is to be rejected, then reviewed, then the rest, by risk, then in input order."""
    return _RANKS.get(audit.verdict.decision, 2), -audit.verdict.risk, position


def slug(name: str) -> str:
    """A short plain name for a file. Example: ``"News/Überblick.html#3"`` -> ``"news-uberblick-html-3"``."""
    folded = unicodedata.normalize("NFKD", name[-200:]).encode("ascii", "ignore").decode().lower()
    return "-".join(_SLUG.findall(folded))[:60].strip("-") or "document"


def title(audit: DocumentAudit) -> str:
    """The document's title where its source gave one, else its heading, else its id."""
    given = audit.document.metadata.get("title")
    found = " ".join(given.split()) if isinstance(given, str) else ""
    return clipped(plain(found or _heading(audit) or audit.document.id), _TITLE_CHARS)


def _heading(audit: DocumentAudit) -> str:
    """The first line that is no interface line, when it is short and no sentence."""
    skip = [one.span for one in audit.findings if one.rule.startswith("BP")]
    for line in audit.page.lines[:_HEAD_LINES]:
        if any(line.span.overlaps(one) for one in skip):
            continue
        text = " ".join(line.span.cut(audit.page.text)[: 2 * _TITLE_CHARS].split())
        longest = _HEADING_CHARS // 2 if line.language.tag in {"zh", "ja"} else _HEADING_CHARS
        return text if _SHORT < len(text) <= longest and text[-1] not in ".,;:。；：，" else ""
    return ""


def _docs(report: Report) -> dict[str, tuple[str, ...]]:
    """The paragraphs of each rule's docstring, without line breaks."""
    wanted = {meta.code for meta in report.rules}
    found = {}
    for rule in registry.rules():
        if rule.meta.code in wanted:
            paragraphs = _PARAGRAPH.split(inspect.cleandoc(type(rule).__doc__ or ""))
            found[rule.meta.code] = tuple(" ".join(one.split()) for one in paragraphs if one.strip())
    return found
