"""What readers share: a file's text within the limits, and ids that do not collide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from auditor.data import Document, Origin, Skipped
from auditor.readers._encoding import SAMPLE, UTF8, decode, refuse_binary
from auditor.readers._streams import UnreadableError, stream
from auditor.registry import ReadOptions

# The most bytes that one code point takes in any encoding that is read.
MAX_BYTES_PER_CHAR = 4


def read_text(
    path: Path, options: ReadOptions, declared: Callable[[bytes], str | None] | None = None
) -> tuple[str, str]:
    """Return the whole text of a file and its encoding; ``declared`` finds the encoding that the file itself names.

    Raises UnreadableError for damaged, binary, undecodable and too long files.
    """
    data = bytearray()
    checked = False
    for piece in stream(path, options.max_expansion):
        data += piece
        if not checked and len(data) >= SAMPLE:
            # A film need not be read to its end to be known for no text.
            checked = True
            refuse_binary(bytes(data))
        if len(data) > MAX_BYTES_PER_CHAR * (options.max_document_chars + 1):
            raise UnreadableError(too_long(options))
    whole = bytes(data)
    del data
    text, encoding = decode(whole, declared(whole) if declared else None)
    if len(text) > options.max_document_chars:
        raise UnreadableError(too_long(options))
    return text, encoding


def too_long(options: ReadOptions) -> str:
    """The reason for leaving out a long text."""
    return f"longer than {options.max_document_chars} characters (max_document_chars)"


def encoding_note(encoding: str) -> dict[str, object]:
    """Metadata that names the encoding where it is not UTF-8."""
    return {} if encoding == UTF8 else {"encoding": encoding}


def unique_ids(sources: Iterable[Document | Skipped]) -> Iterator[Document | Skipped]:
    """Pass everything on; an id that an earlier document has becomes ``path#id``, then ``path#id#2`` and so on."""
    seen: set[str] = set()
    for one in sources:
        if isinstance(one, Document):
            identity = free_id(one.id, one.origin, seen)
            seen.add(identity)
            yield one if identity == one.id else replace(one, id=identity)
        else:
            yield one


def free_id(identity: str, origin: Origin, seen: set[str]) -> str:
    """The id itself, or the first one made of it that is not in ``seen``."""
    if identity not in seen:
        return identity
    base = candidate = f"{origin.path}#{identity}"
    if candidate in seen and origin.locator:
        # The place is different for each row, so this is found at once however often an id is repeated.
        base = candidate = f"{base}#{origin.locator}"
    number = 1
    while candidate in seen:
        number += 1
        candidate = f"{base}#{number}"
    return candidate
