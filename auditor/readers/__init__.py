"""Readers: from paths to documents. A module ends in ``READERS = (...)``; see ``auditor.registry`` for the base.

Bad input never stops a run: what cannot be read comes out as ``Skipped`` with its reason, in place.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Protocol

from auditor.data import Document, Origin, Skipped
from auditor.readers._encoding import SAMPLE, has_bom
from auditor.readers._helpers import unique_ids
from auditor.readers._listing import Input, list_inputs
from auditor.readers._remote import fetch, is_url
from auditor.readers._streams import STDIN, UnreadableError, as_file, reason_of, stream
from auditor.registry import Reader, ReadOptions, readers

__all__ = [
    "STDIN",
    "Input",
    "InputOptions",
    "list_inputs",
    "read_file",
    "read_inputs",
    "read_one",
    "split_input",
    "unique_ids",
]

_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,1000}?-->\s*)?<(?:!doctype html|html)[\s>]", re.IGNORECASE | re.DOTALL
)
_BITEXT = re.compile(
    r"\s{0,99}(?:<\?xml[^>]{0,200}>\s{0,99})?(?:<!--.{0,1000}?-->\s{0,99})?(?:<!DOCTYPE[^>]{0,200}>\s{0,99})?<(tmx|xliff)[\s>]",
    re.DOTALL,
)
_MAGIC = (
    *((b"WARC/1.", 0, "warc"), (b"WARC/0.", 0, "warc"), (b"PAR1", 0, "parquet"), (b"ARROW1", 0, "arrow")),
    *((b"PK\x03\x04", 0, "zip"), (b"ustar", 257, "tar")),
)


class InputOptions(ReadOptions, Protocol):
    """What reading a list of paths needs of the settings."""

    @property
    def include(self) -> tuple[str, ...]:
        """Globs over the relative path; where there are any, only what matches is read."""

    @property
    def exclude(self) -> tuple[str, ...]:
        """Globs over the relative path; what matches is not read."""


def read_inputs(paths: Sequence[str], options: InputOptions) -> Iterator[Document | Skipped]:
    """Read files, folders, globs and ``-`` in the order given; ids are made unique.

    Raises UsageError at once for a path that is not there.
    """
    inputs = list_inputs(paths, options.include, options.exclude)
    return unique_ids(one for source in inputs for one in read_one(source, options))


def read_one(source: Input, options: ReadOptions) -> Iterator[Document | Skipped]:
    """Read one input. Any process may do it, but only the first one has standard input."""
    origin = Origin(source.name, source.format or "txt")
    if source.problem:
        yield Skipped(origin, source.problem)
        return
    try:
        with _local(source, options) as path:
            yield from read_file(path, source.name, source.format, options, source.part)
    except UnreadableError as problem:
        yield Skipped(origin, str(problem))
    except OSError as problem:
        yield Skipped(origin, reason_of(problem))


@contextmanager
def _local(source: Input, options: ReadOptions) -> Iterator[Path]:
    """A path on this machine. Raises UnreadableError, OSError."""
    if not is_url(source.path):
        with as_file(source.path, options.max_expansion) as path:
            yield path
        return
    with tempfile.NamedTemporaryFile(prefix="auditor-") as copy:
        fetch(source.path, copy.file)
        yield Path(copy.name)


def read_file(path: Path, name: str, form: str, options: ReadOptions, part: str = "") -> Iterator[Document | Skipped]:
    """Read a local file of the format that its suffix or else its content tells. Raises UnreadableError, OSError."""
    reader = _by_suffix().get(form) or _by_content(path, options)
    yield from reader.read_part(path, name, options, part)


def split_input(source: Input, options: ReadOptions, size: int) -> list[Input]:
    """The input in parts of about ``size`` bytes of the file, each to be read by any process; often only itself."""
    if source.problem or source.path == STDIN or is_url(source.path):
        return [source]
    path = Path(source.path)
    try:
        if not path.is_file() or path.stat().st_size <= 2 * size:
            return [source]
        reader = _by_suffix().get(source.format) or _by_content(path, options)
        return [replace(source, part=part) for part in reader.split(path, options, size)]
    except (UnreadableError, OSError):
        # Reading it will tell the reason.
        return [source]


@cache
def _by_suffix() -> dict[str, Reader]:
    return {suffix.removeprefix("."): reader for reader in readers() for suffix in reader.suffixes}


def _by_content(path: Path, options: ReadOptions) -> Reader:
    """Choose the reader of a file whose name says nothing. Binary data is left to the last, which refuses it."""
    from auditor.readers.rows import is_row

    known = _by_suffix()
    head = b""
    for piece in stream(path, options.max_expansion):
        head += piece
        if len(head) >= SAMPLE:
            break
    for magic, at, form in _MAGIC:
        if head[at:].startswith(magic):
            return known[form]
    text = head.decode("utf-16" if has_bom(head) and head[:1] != b"\xef" else "utf-8", "replace").lstrip("\ufeff")
    if _MARKUP.match(text):
        return known["html"]
    if found := _BITEXT.match(text):
        return known["tmx" if found[1] == "tmx" else "xliff"]
    first = text.lstrip().split("\n", 1)[0]
    if is_row(first.encode("utf-8", "replace")):
        return known["jsonl"]
    return known["txt"]
