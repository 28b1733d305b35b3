"""Readers: from paths to documents. A module ends in ``READERS = (...)``; see ``auditor.registry`` for the base.

Bad input never stops a run: what cannot be read comes out as ``Skipped`` with its reason, in place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from auditor.data import Document, Origin, Skipped
from auditor.readers._encoding import SAMPLE, has_bom
from auditor.readers._helpers import unique_ids
from auditor.readers._listing import Input, list_inputs
from auditor.readers._streams import STDIN, UnreadableError, as_file, reason_of, stream
from auditor.registry import Reader, ReadOptions, readers

__all__ = ["STDIN", "Input", "InputOptions", "list_inputs", "read_inputs", "read_one", "unique_ids"]

_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,1000}?-->\s*)?<(?:!doctype html|html)[\s>]", re.IGNORECASE | re.DOTALL
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
        with as_file(source.path, options.max_expansion) as path:
            reader = _by_suffix().get(source.format) or _by_content(path, options)
            yield from reader.read(path, source.name, options)
    except UnreadableError as problem:
        yield Skipped(origin, str(problem))
    except OSError as problem:
        yield Skipped(origin, reason_of(problem))


@cache
def _by_suffix() -> dict[str, Reader]:
    return {suffix.removeprefix("."): reader for reader in readers() for suffix in reader.suffixes}


def _by_content(path: Path, options: ReadOptions) -> Reader:
    """Choose the reader of a file whose name says nothing: a page, rows or text. Binary data is left to the last."""
    from auditor.readers.rows import is_row

    head = b""
    for piece in stream(path, options.max_expansion):
        head += piece
        if len(head) >= SAMPLE:
            break
    known = _by_suffix()
    text = head.decode("utf-16" if has_bom(head) and head[:1] != b"\xef" else "utf-8", "replace").lstrip("\ufeff")
    if _MARKUP.match(text):
        return known["html"]
    first = text.lstrip().split("\n", 1)[0]
    if is_row(first.encode("utf-8", "replace")):
        return known["jsonl"]
    return known["txt"]
