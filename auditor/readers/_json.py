"""Lines and values of JSON text that arrives in pieces; never more than one row is held."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator
from itertools import chain

from auditor.readers._encoding import SAMPLE, UTF8, encodings
from auditor.readers._streams import UnreadableError

_BLANK = re.compile(r"[ \t\r\n]*")
_FILLED = re.compile(rb"[^\n]+")
_BOM = codecs.BOM_UTF8
# An error so near to the end of what has been read may only mean that more must be read.
_NEAR = 16
_READ_AHEAD = 1 << 16


def _finite(number: str) -> float | None:
    """JSON knows no infinity; ``1e999`` would become one that no report could hold."""
    value = float(number)
    return value if math.isfinite(value) else None


DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=lambda _: None)


def as_utf8(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Pass bytes on as UTF-8 without byte order mark, whatever their encoding; told from their beginning.

    Invalid UTF-8 is passed on as it is, so that only the rows it stands in are lost.
    """
    head, pieces = _head(pieces)
    encoding = encoding_of(head)
    if encoding in {UTF8, "utf-8-sig"}:
        yield head.removeprefix(_BOM)
        yield from pieces
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in chain([head], pieces):
            yield decoder.decode(piece).encode(UTF8)
        yield decoder.decode(b"", final=True).encode(UTF8)
    except UnicodeError as problem:
        message = f"not valid {encoding}"
        raise UnreadableError(message) from problem


def _head(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The beginning and what follows; damage in the beginning is met only after what could be read of it."""
    head = bytearray()
    try:
        for piece in pieces:
            head += piece
            if len(head) >= SAMPLE:
                break
    except UnreadableError as problem:
        return bytes(head), _raising(problem)
    return bytes(head), pieces


def _raising(problem: UnreadableError) -> Iterator[bytes]:
    yield b""
    raise problem


def encoding_of(head: bytes) -> str:
    """The encoding of a text that begins so, as far as the whole lines of it tell."""
    sample = head[: head.rfind(b"\n") + 1] or head
    for name in encodings(sample):
        try:
            codecs.getincrementaldecoder(name)().decode(sample)
        except UnicodeError:
            continue
        return name
    return UTF8


def lines(pieces: Iterator[bytes], most: int) -> Iterator[tuple[int, bytes | None]]:
    """Split at line feeds only; yield the number and content of lines that are not empty.

    None stands for a line of more than ``most`` bytes, which is not held.
    """
    parts: list[bytes] = []
    number, size = 1, 0
    for piece in pieces:
        at = 0
        for match in _FILLED.finditer(piece):
            if feeds := piece.count(b"\n", at, match.start()):
                if size:
                    yield number, b"".join(parts) if size <= most else None
                parts, size, number = [], 0, number + feeds
            at = match.end()
            size += len(match[0])
            if size <= most:
                parts.append(match[0])
            else:
                parts = []
        if feeds := piece.count(b"\n", at):
            if size:
                yield number, b"".join(parts) if size <= most else None
            parts, size, number = [], 0, number + feeds
    if size:
        yield number, b"".join(parts) if size <= most else None


def texts(pieces: Iterator[bytes]) -> Iterator[str]:
    """Decode UTF-8 that arrives in pieces. Raises UnreadableError where it is not valid."""
    decoder = codecs.getincrementaldecoder(UTF8)()
    try:
        for piece in pieces:
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        message = "not valid UTF-8"
        raise UnreadableError(message) from problem


def values(pieces: Iterator[str], most: int) -> Iterator[object]:
    """Yield the elements of a JSON list, or JSON values that stand one after the other.

    Raises UnreadableError where something is malformed or longer than ``most`` characters: what follows cannot be told.
    """
    text, at, listed, first = "", 0, False, True
    while True:
        at = _end_of_blanks(text, at)
        if at == len(text):
            if (more := next(pieces, None)) is None:
                break
            text, at = more, 0
        elif first and text[at] == "[":
            at, listed, first = at + 1, True, False
        elif listed and text[at] in ",]":
            at, listed = at + 1, text[at] == ","
        else:
            first = False
            value, text, at = _value(text, at, pieces, most)
            yield value
    if listed:
        message = "malformed JSON: the list is not closed"
        raise UnreadableError(message)


def _end_of_blanks(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int, pieces: Iterator[str], most: int) -> tuple[object, str, int]:
    """Parse the value that begins at ``at``, reading on as needed: value, text, place after the value."""
    while True:
        try:
            value, end = DECODER.raw_decode(text, at)
        except json.JSONDecodeError as problem:
            cut = problem.msg.startswith("Unterminated string") or problem.pos >= len(text) - _NEAR
            more = _ahead(pieces, max(_READ_AHEAD, len(text) - at)) if cut else ""
            if not more:
                message = f"malformed JSON: {problem.msg}"
                raise UnreadableError(message) from problem
            text, at = text[at:] + more, 0
            if len(text) > most + len(more):
                message = "a row is too long"
                raise UnreadableError(message) from problem
        except (RecursionError, ValueError) as problem:
            message = "malformed JSON: nested too deeply or a number too long"
            raise UnreadableError(message) from problem
        else:
            return value, text, end


def _ahead(pieces: Iterator[str], size: int) -> str:
    """So many characters more, or what is left; as much again as is held, so that the cost stays linear."""
    parts: list[str] = []
    held = 0
    for piece in pieces:
        parts.append(piece)
        held += len(piece)
        if held >= size:
            break
    return "".join(parts)


def without_surrogates(row: dict[str, object]) -> dict[str, object]:
    """Replace halves of surrogate pairs, which no encoding can write, by replacement characters."""
    plain = json.dumps(row, ensure_ascii=False).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    cleaned: dict[str, object] = json.loads(plain)
    return cleaned
