"""Web archives: WARC (pages as they were crawled) and WET (their text), also as .gz and .zst."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditor.data import Document, Origin, Skipped
from auditor.readers._encoding import decode
from auditor.readers._helpers import MAX_BYTES_PER_CHAR, encoding_note, too_long
from auditor.readers._http import Response, media_type, response
from auditor.readers._parts import span_of, spans
from auditor.readers._streams import UnreadableError
from auditor.readers._warc import Damage, Record, borders, records
from auditor.readers.web import declared_encoding, page_document
from auditor.registry import Reader, ReadOptions

_HTML = frozenset({"text/html", "application/xhtml+xml", "application/xhtml"})
_ROOM = 1 << 20
# Crawlers name the languages that they found in a page, ISO 639-3 codes joined by commas.
_NOTES = {"warc-target-uri": "url", "warc-date": "fetched", "warc-identified-content-language": "identified_languages"}


class WarcReader(Reader):
    """One document a page that was answered with success; its id is the record's, its place the file offset."""

    suffixes = (".warc", ".wet", ".wat")

    def split(self, path: Path, options: ReadOptions, size: int) -> tuple[str, ...]:
        """Parts of about ``size`` bytes of the file that begin where a record does."""
        del options
        return spans([0, *borders(path, size)]) if path.stat().st_size > 2 * size else ("",)

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield the pages; damage is left out with its place, and reading goes on at the next record."""
        return self.read_part(path, name, options, "")

    def read_part(self, path: Path, name: str, options: ReadOptions, part: str) -> Iterator[Document | Skipped]:
        """Yield the pages of a part that ``split`` named."""
        most = MAX_BYTES_PER_CHAR * options.max_document_chars + _ROOM
        form = "wet" if ".wet" in name.lower()[-9:] else "warc"
        for one in records(path, most, *span_of(part)):
            origin = Origin(name, form, one.place)
            try:
                found = _page(one, origin, options, most)
            except UnreadableError as problem:
                yield Skipped(origin, str(problem))
                continue
            if found is not None:
                yield found


READERS = (WarcReader(),)


def _page(one: Record | Damage, origin: Origin, options: ReadOptions, most: int) -> Document | None:
    """The document of a record, None for a record that holds none. Raises UnreadableError with the reason."""
    if isinstance(one, Damage):
        raise UnreadableError(one.reason)
    kind = one.headers.get("warc-type", "").lower()
    if kind not in {"response", "resource", "conversion"} or (kind == "response" and not _is_http(one)):
        return None
    if one.content is None:
        raise UnreadableError(too_long(options))
    if kind == "response":
        answer = response(one.content, most)
        if not 200 <= answer.status < 300:
            message = f"HTTP status {answer.status}"
            raise UnreadableError(message)
    else:
        answer = Response(200, {"content-type": one.headers.get("content-type", "")}, one.content)
    return _document(one, answer, origin, options)


def _is_http(record: Record) -> bool:
    """Whether a response was got by HTTP; answers of name servers and the like hold no page."""
    return media_type(record.headers.get("content-type", "application/http")) == "application/http"


def _document(record: Record, answer: Response, origin: Origin, options: ReadOptions) -> Document:
    kind = answer.media_type
    body = answer.body
    markup = kind in _HTML or (not kind and b"<html" in body[:4096].lower())
    if not markup and kind not in {"", "text/plain"}:
        message = f"{kind} is not read"
        raise UnreadableError(message)
    text, encoding = decode(body, answer.charset or (declared_encoding(body) if markup else None))
    notes = {
        fact: value[:2000] for field, fact in _NOTES.items() if (value := record.headers.get(field, "").strip("<>"))
    }
    if cut := record.headers.get("warc-truncated"):
        notes["truncated"] = cut[:100]
    identity = record.headers.get("warc-record-id", "").strip("<>")[:500] or f"{origin.path}#{origin.locator}"
    more = {**notes, **encoding_note(encoding)}
    if len(text) > options.max_document_chars:
        raise UnreadableError(too_long(options))
    return page_document(text, identity, origin, more) if markup else Document(identity, text, origin, metadata=more)
