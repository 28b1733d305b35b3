"""Bytes of an input, decompressed, in pieces, with a guard against decompression bombs.

Compression is told by the first bytes, never by the name. Both gzip (RFC 1952) and Zstandard (RFC 8878) files may hold
several members, one after the other.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

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
_FREE = 100 << 20
_RATIO = 1000


class UnreadableError(AuditorError):
    """An input, or the rest of it, cannot be read: it becomes a ``Skipped`` with this text as its reason."""


def stream(path: Path, max_expansion: int) -> Iterator[bytes]:
    """Yield the decompressed bytes of a file in pieces.

    Raises UnreadableError when the file is damaged or unpacks to more than ``max_expansion`` bytes; what was read
    before that has been yielded by then.
    """
    try:
        with path.open("rb") as file:
            head = file.read(len(_ZSTD))
            file.seek(0)
            if head.startswith(_GZIP):
                yield from _guarded(file, _unpacked(file, _GZIP_PIECE, _Gzip), max_expansion)
            elif head == _ZSTD or (head[1:] == _SKIPPABLE and 0x50 <= head[0] <= 0x5F):
                yield from _guarded(file, _unpacked(file, _ZSTD_PIECE, _Zstd), max_expansion)
            else:
                yield from _pieces(file, _PIECE)
    except OSError as problem:
        raise UnreadableError(reason_of(problem)) from problem


def reason_of(problem: OSError) -> str:
    """The system's own words for what went wrong, without path and number: ``permission denied``."""
    return (problem.strerror or type(problem).__name__).lower()


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    while piece := file.read(size):
        yield piece


def _guarded(file: BinaryIO, unpacked: Iterator[bytes], limit: int) -> Iterator[bytes]:
    total = 0
    for piece in unpacked:
        total += len(piece)
        if total > limit:
            message = f"unpacks to more than {limit} bytes (max_expansion)"
            raise UnreadableError(message)
        if total > _FREE and total > _RATIO * file.tell():
            message = f"unpacks to more than {_RATIO} times its size (decompression bomb?)"
            raise UnreadableError(message)
        yield piece


class _Gzip:
    """One gzip member. Output is bounded: a call returns at most a MiB, the rest waits inside."""

    name = "gzip"
    _MOST = 1 << 20

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)
        self.waiting = False

    def feed(self, data: bytes) -> bytes:
        unpacked = self._inner.decompress(self._inner.unconsumed_tail + data, self._MOST)
        self.waiting = not self._inner.eof and (bool(self._inner.unconsumed_tail) or len(unpacked) == self._MOST)
        return unpacked

    def rest(self) -> bytes | None:
        return self._inner.unused_data if self._inner.eof else None


class _Zstd:
    """One Zstandard frame."""

    name = "zstd"
    waiting = False

    def __init__(self) -> None:
        import zstandard

        self._inner = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        self._error = zstandard.ZstdError

    def feed(self, data: bytes) -> bytes:
        try:
            unpacked: bytes = self._inner.decompress(data)
        except self._error as problem:
            raise zlib.error(str(problem)) from problem
        return unpacked

    def rest(self) -> bytes | None:
        return self._inner.unused_data if self._inner.eof else None


def _unpacked(file: BinaryIO, size: int, new: type[_Gzip | _Zstd]) -> Iterator[bytes]:
    """Unpack all members of a file; zero bytes between members (tapes, padded blocks) are no data."""
    member: _Gzip | _Zstd | None = new()
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
