"""Web pages: their visible text, block by block with roles, and what they say of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from auditor.data import Document, Origin, Skipped
from auditor.readers._helpers import encoding_note, read_text
from auditor.readers._markup import Raw, Start, events
from auditor.readers._metadata import Metadata
from auditor.readers._page import Page
from auditor.registry import Reader, ReadOptions

# Browsers look for the encoding in the first 1,024 bytes; some pages have it later.
_PRESCAN = 8192
_CHARSET = re.compile(
    rb"<meta[^>]{0,500}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([a-zA-Z0-9_:.-]{2,40})|"
    rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([a-zA-Z0-9_:.-]{2,40})",
    re.IGNORECASE,
)


class HtmlReader(Reader):
    """One document a page. The text is what a browser shows, one block a line."""

    suffixes = (".html", ".htm", ".xhtml")

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield the page's text."""
        source, encoding = read_text(path, options, declared_encoding)
        yield page_document(source, name, Origin(name, "html"), encoding_note(encoding))


READERS = (HtmlReader(),)


def page_document(source: str, identity: str, origin: Origin, notes: dict[str, object] | None = None) -> Document:
    """Make the document of a page's source; ``notes`` are added to its metadata."""
    page, metadata = Page(), Metadata()
    for event in events(source):
        tag = event if isinstance(event, Start) else event.start if isinstance(event, Raw) else None
        attributes = tag.attributes() if tag and tag.raw else {}
        metadata.feed(event, attributes)
        page.feed(event, attributes)
    text, blocks = page.finish()
    return Document(
        identity,
        text,
        origin,
        blocks=blocks,
        declared_language=metadata.declared_language,
        metadata={**metadata.facts(), **(notes or {})},
    )


def declared_encoding(data: bytes) -> str | None:
    """The encoding that a page names in its first kilobytes."""
    match = _CHARSET.search(data[:_PRESCAN])
    return (match[1] or match[2]).decode("ascii") if match else None
