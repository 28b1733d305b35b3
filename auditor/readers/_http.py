"""The HTTP response inside a WARC record: status, headers, and the body without its transfer and content codings."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.readers._streams import UnreadableError, Zstd

_HEAD = re.compile(rb"\r?\n\r?\n")
_MOST_HEAD = 1 << 18
_STATUS = re.compile(rb"HTTP/[0-9.]{1,5}[ \t]{1,9}([0-9]{3})")
_CHUNK = re.compile(rb"\s{0,4}([0-9A-Fa-f]{1,8})[ \t]{0,99}(?:;[^\r\n]{0,999})?\r?\n")
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Response:
    """A response; header names are lower case. ``status`` is 0 where the record holds no status line."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """Type of the content, lower case and without parameters; "" where it is not said."""
        return media_type(self.headers.get("content-type", ""))

    @property
    def charset(self) -> str | None:
        """The encoding that the server names."""
        match = _CHARSET.search(self.headers.get("content-type", "")[:1000])
        return match[1] if match else None


def media_type(value: str) -> str:
    """``Text/HTML; charset=x`` -> ``text/html``."""
    return value.partition(";")[0].strip().lower()[:100]


def response(content: bytes, most: int) -> Response:
    """Parse a response. Raises UnreadableError for a damaged or unknown coding, or a body of more than ``most``."""
    status = _STATUS.match(content)
    if not status:
        message = "no HTTP response in the record"
        raise UnreadableError(message)
    end = _HEAD.search(content, 0, _MOST_HEAD)
    head, body = (content[: end.start()], content[end.end() :]) if end else (content, b"")
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _joined(body)
    for coding in reversed(headers.get("content-encoding", "").lower().split(",")):
        body = _decoded(body, coding.strip(), most)
    return Response(int(status[1]), headers, body)


def _joined(body: bytes) -> bytes:
    """The body of its chunks; crawlers often keep the header but store the body joined, which is left as it is."""
    parts: list[bytes] = []
    at = 0
    while match := _CHUNK.match(body, at):
        size = int(match[1], 16)
        if not size:
            return b"".join(parts)
        parts.append(body[match.end() : match.end() + size])
        at = match.end() + size
    # A last chunk that was cut off is kept as far as it goes.
    return b"".join(parts) if parts and at >= len(body) else body


def _decoded(body: bytes, coding: str, most: int) -> bytes:
    if coding in {"", "identity", "none", "utf-8", "binary"}:
        return body
    if coding in {"gzip", "x-gzip"}:
        # Crawlers may have unpacked it and kept the header.
        return _unzipped(body, 31, most) if body.startswith(b"\x1f\x8b") else body
    if coding == "deflate":
        try:
            return _unzipped(body, 15, most)
        except UnreadableError:
            return _unzipped(body, -15, most)
    if coding == "zstd" and body.startswith(b"\x28\xb5\x2f\xfd"):
        return _frame(body, most)
    if coding == "br":
        return _brotli(body, most)
    message = f"unknown content coding {coding[:40]!r}"
    raise UnreadableError(message)


def _unzipped(body: bytes, bits: int, most: int) -> bytes:
    inner = zlib.decompressobj(wbits=bits)
    try:
        found = inner.decompress(body, most + 1)
    except zlib.error as problem:
        message = "damaged content coding"
        raise UnreadableError(message) from problem
    return _within(found, most)


def _frame(body: bytes, most: int) -> bytes:
    inner, found = Zstd(), bytearray()
    try:
        for at in range(0, len(body), 1024):
            found += inner.feed(body[at : at + 1024])
            if len(found) > most or inner.rest() is not None:
                break
    except zlib.error as problem:
        message = "damaged content coding"
        raise UnreadableError(message) from problem
    return _within(bytes(found), most)


def _brotli(body: bytes, most: int) -> bytes:
    """Brotli is one of the extra ``warc``; a page in it is left out with this reason where that is missing."""
    try:
        import brotli
    except ImportError as problem:
        message = "content coding br needs: pip install 'auditor[warc]'"
        raise UnreadableError(message) from problem
    inner, found = brotli.Decompressor(), bytearray()
    try:
        for at in range(0, len(body), 1024):
            found += inner.process(body[at : at + 1024])
            if len(found) > most or inner.is_finished():
                break
    except brotli.error as problem:
        # Many servers and crawlers keep the header beside a plain body.
        if not found and body.lstrip()[:1] == b"<":
            return body
        message = "damaged content coding"
        raise UnreadableError(message) from problem
    return _within(bytes(found), most)


def _within(body: bytes, most: int) -> bytes:
    if len(body) > most:
        message = f"unpacks to more than {most} bytes"
        raise UnreadableError(message)
    return body
