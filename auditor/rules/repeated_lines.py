"""BP2xx: lines that many documents of one site share."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from auditor.data import Finding, Observation, RuleMeta, SegmentedDocument, Severity, Span
from auditor.language import letters
from auditor.normalize import plain
from auditor.registry import CorpusRule
from auditor.rules._chrome import chrome
from auditor.rules._chrome_table import NOT_CHROME, table

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_SIGNS = re.compile(r"[^\w#]+")
_WWW = re.compile(r"^(?:www|m|amp|mobile)\.")
# Chrome stands at the edges of a text; so many lines of each are remembered.
_HEAD, _TAIL = 12, 24
_LONGEST, _FEWEST_LETTERS = 240, 3
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class RepeatedLine(CorpusRule):
    """A line that stands in many different documents of one site.

    Why: what a site prints on every page is no part of any article, whatever its language and wording; training data is
    full of such lines.
    How: the first and last lines of each text, numbers and punctuation aside, counted over the documents of one site
    (host of the address or name of the site, else the folder that the documents come from); copies of one story count
    once. Lines that BP rules know already are counted, but not reported again.
    Limits: needs a run over several documents of a site; lines in the middle of long texts are not compared; sources
    and disclosures are left to SA and TD.
    Data: `site`, `documents` (how many different ones hold the line).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP201", "repeated-line", Severity.MINOR, "104000", "addition", "0.2.0")
    min_documents: int = 5
    # Where the site is not known, documents of one folder may come from many.
    min_documents_unknown_site: int = 10

    def observe(self, page: SegmentedDocument) -> Iterator[Observation]:
        """Yield one observation a line at the edges of the text."""
        lines = page.lines
        near = sorted({*range(min(_HEAD, len(lines))), *range(max(0, len(lines) - _TAIL), len(lines))})
        if len(lines) < 2:
            return
        site, known = site_of(page)
        told = {mark.line for mark in chrome(page)}
        story = _digest(max((line.span.cut(page.folded)[:_LONGEST] for line in lines), key=len))
        for at in near:
            form = _form(lines[at].span, page)
            if form:
                data = {"site": site, "known": known, "story": story, "told": at in told}
                yield self.observation(page, f"{site}|{_digest(form)}", lines[at].span, data)

    def resolve(self, observations: Sequence[Observation]) -> Iterator[Finding]:
        """Yield one finding for each line that no other rule told, when enough different documents hold it."""
        stories = {str(one.data["story"]) for one in observations}
        documents = {one.document_id for one in observations}
        count = min(len(stories), len(documents))
        known = bool(observations[0].data["known"])
        if count < (self.min_documents if known else self.min_documents_unknown_site):
            return
        site = str(observations[0].data["site"])
        where = f"the site {site}" if known else f"the folder {site or '.'}"
        message = f"{count} different documents of {where} hold this line, so it is likely part of the page."
        for one in observations:
            if not one.data["told"]:
                confidence = min(0.95, 0.6 + 0.03 * count)
                yield self.about(one, message, confidence=confidence, data={"site": site, "documents": count})


def site_of(page: SegmentedDocument) -> tuple[str, bool]:
    """The site that a document is from, and whether it is known rather than taken from the folder."""
    facts = page.document.metadata
    for field in ("url", "canonical", "source_url", "target_uri"):
        value = facts.get(field)
        if isinstance(value, str) and (host := _host(value)):
            return host, True
    name = facts.get("site_name")
    if isinstance(name, str) and name.strip():
        return plain(name), True
    return page.document.origin.path.rpartition("/")[0], False


def _host(address: str) -> str:
    try:
        return _WWW.sub("", (urlsplit(address).hostname or "").lower())
    except ValueError:
        return ""


def _form(span: Span, page: SegmentedDocument) -> str:
    """A line without what changes from page to page; "" for lines that are not compared."""
    folded = span.cut(page.folded)
    if len(folded) > _LONGEST or letters(folded) < _FEWEST_LETTERS:
        return ""
    if any(phrase.kind in NOT_CHROME for phrase in (*table().line(folded), *table().begins(folded))):
        return ""
    return _SIGNS.sub(" ", _NUMBER.sub("#", plain(folded))).strip()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


RULES = (RepeatedLine(),)
