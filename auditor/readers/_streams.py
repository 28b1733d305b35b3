"""Bytes of an input, decompressed, in pieces, with a guard against decompression bombs.

Compression is told by the first bytes, never by the name. Both gzip (RFC 1952) and Zstandard (RFC 8878) files may hold
several members, one after the other.
"""

from __future__ import annotations

import codecs
import os
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

from auditor.errors import AuditorError

STDIN = "-"
_PIECE = 1 << 16
# What follows a member is copied, so pieces stay small for files of very many tiny members.
_GZIP_PIECE = 1 << 14
# One byte of Zstandard may unpack to 32 KiB: a small piece keeps what one call can return below 32 MiB.
_ZSTD_PIECE = 1 << 10
# Larger windows (zstd --long=31) would let a file of a few bytes claim gigabytes of memory.
_ZSTD_WINDOW = 1 << 27
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
# pzstd begins its files with a skippable frame: 5x 2A 4D 18.
_SKIPPABLE = b"\x2a\x4d\x18"
# Honest text rarely shrinks to a thousandth; logs of one repeated line do, so small outputs are let through.
FREE = 100 << 20
RATIO = 1000
# Dumps of many gigabytes are common: a large file may unpack to so many times its size whatever the limit says.
LARGE = 64 << 20
HONEST = 40


class UnreadableError(AuditorError):
    """An input, or the rest of it, cannot be read: it becomes a ``Skipped`` with this text as its reason."""


def stream(path: Path, max_expansion: int) -> Iterator[bytes]:
    """Yield the decompressed bytes of a file in pieces.

    Raises UnreadableError when the file is damaged or unpacks to more than ``max_expansion`` bytes; what was read
    before that has been yielded by then.
    """
    try:
        with path.open("rb") as file:
            packed = compression(path)
            if packed == "gzip":
                yield from _guarded(file, _unpacked(file, _GZIP_PIECE, Gzip), max_expansion)
            elif packed == "zstd":
                yield from _guarded(file, _unpacked(file, _ZSTD_PIECE, Zstd), max_expansion)
            else:
                yield from _pieces(file, _PIECE)
    except OSError as problem:
        raise UnreadableError(reason_of(problem)) from problem


def stretch(path: Path, start: int, end: int | None) -> Iterator[bytes]:
    """Yield the bytes of a plain file from ``start`` to ``end`` (None: to its end), without a byte order mark."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            left = file.seek(0, os.SEEK_END) - start if end is None else end - start
            file.seek(start)
            while left > 0 and (piece := file.read(min(_PIECE, left))):
                yield piece if start or file.tell() > len(piece) else piece.removeprefix(codecs.BOM_UTF8)
                left -= len(piece)
    except OSError as problem:
        raise UnreadableError(reason_of(problem)) from problem


def compression(path: Path) -> str:
    """``gzip``, ``zstd`` or "" for a plain file, told by its first bytes."""
    with path.open("rb") as file:
        return packing(file.read(len(_ZSTD)))


def packing(head: bytes) -> str:
    """``gzip``, ``zstd`` or "" by the first four bytes of a file."""
    if head.startswith(_GZIP):
        return "gzip"
    return "zstd" if head == _ZSTD or (head[1:] == _SKIPPABLE and 0x50 <= head[0] <= 0x5F) else ""


def reason_of(problem: OSError) -> str:
    """The system's own words for what went wrong, without path and number: ``permission denied``."""
    return (problem.strerror or type(problem).__name__).lower()


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    while piece := file.read(size):
        yield piece


def _guarded(file: BinaryIO, unpacked: Iterator[bytes], limit: int) -> Iterator[bytes]:
    total = 0
    size = os.fstat(file.fileno()).st_size
    if size >= LARGE:
        limit = max(limit, HONEST * size)
    for piece in unpacked:
        total += len(piece)
        if total > limit:
            message = f"unpacks to more than {limit} bytes (max_expansion)"
            raise UnreadableError(message)
        if total > FREE and total > RATIO * file.tell():
            message = f"unpacks to more than {RATIO} times its size (decompression bomb?)"
            raise UnreadableError(message)
        yield piece


class Gzip:
    """One gzip member. Output is bounded: a call returns at most a MiB, the rest waits inside."""

    name = "gzip"
    _MOST = 1 << 20

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)
        self.waiting = False

    def feed(self, data: bytes) -> bytes:
        """Unpack some more; zlib.error when it is damaged."""
        unpacked = self._inner.decompress(self._inner.unconsumed_tail + data, self._MOST)
        self.waiting = not self._inner.eof and (bool(self._inner.unconsumed_tail) or len(unpacked) == self._MOST)
        return unpacked

    def rest(self) -> bytes | None:
        """What follows the member, None as long as it goes on."""
        return self._inner.unused_data if self._inner.eof else None


class Zstd:
    """One Zstandard frame; ``dictionary`` is what zstandard's ``ZstdCompressionDict`` made of the file's own."""

    name = "zstd"

    def __init__(self, dictionary: Any = None) -> None:
        import zstandard

        self.waiting = False
        given = {} if dictionary is None else {"dict_data": dictionary}
        self._inner = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW, **given).decompressobj()
        self._error = zstandard.ZstdError

    def feed(self, data: bytes) -> bytes:
        """Unpack some more; zlib.error when it is damaged."""
        try:
            unpacked: bytes = self._inner.decompress(data)
        except self._error as problem:
            raise zlib.error(str(problem)) from problem
        return unpacked

    def rest(self) -> bytes | None:
        """What follows the member, None as long as it goes on."""
        return self._inner.unused_data if self._inner.eof else None


def _unpacked(file: BinaryIO, size: int, new: type[Gzip | Zstd]) -> Iterator[bytes]:
    """Unpack all members of a file; zero bytes between members (tapes, padded blocks) are no data."""
    member: Gzip | Zstd | None = new()
    for piece in _pieces(file, size):
        data = piece
        while data or (member and member.waiting):
            if member is None and not (data := data.lstrip(b"\0")):
                break
            member = member or new()
            try:
                yield member.feed(data)
            except zlib.error as problem:
                message = f"damaged {new.name} data"
                raise UnreadableError(message) from problem
            rest = member.rest()
            data, member = (b"", member) if rest is None else (rest, None)
    if member is not None:
        message = f"truncated {new.name} data"
        raise UnreadableError(message)


@contextmanager
def as_file(path: str, max_bytes: int) -> Iterator[Path]:
    """Give a path that can be opened more than once: standard input and pipes are copied to a temporary file.

    Raises UnreadableError when they hold more than ``max_bytes``.
    """
    if path != STDIN and not _is_stream(path):
        yield Path(path)
        return
    with tempfile.NamedTemporaryFile(prefix="auditor-") as copy:
        if path == STDIN:
            _copy(sys.stdin.buffer, copy.file, max_bytes)
        else:
            with Path(path).open("rb") as pipe:
                _copy(pipe, copy.file, max_bytes)
        yield Path(copy.name)


def _is_stream(path: str) -> bool:
    mode = os.stat(path).st_mode  # noqa: PTH116 - '-' and bytes-like names never become a Path here
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


def _copy(source: IO[bytes], target: IO[bytes], limit: int) -> None:
    total = 0
    for piece in _pieces(source, 1 << 20):
        total += len(piece)
        if total > limit:
            message = f"stream is longer than {limit} bytes (max_expansion); save it to a file"
            raise UnreadableError(message)
        target.write(piece)
    target.flush()
