"""Unpacked bytes of a WARC file that know the file offset they came from, and the way on behind damage."""

from __future__ import annotations

import re
import zlib
from collections import deque
from typing import BinaryIO

from auditor.readers._members import Member, kind_of, new_member
from auditor.readers._streams import UnreadableError

# How much is read at once: what follows a member is copied, and one byte of Zstandard may unpack to 32 KiB.
_PIECES = {"": 1 << 16, "gzip": 1 << 14, "zstd": 1 << 10}
_MAGIC = {"": b"\nWARC/", "gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd"}
_SEARCH = 1 << 20
# One member that unpacks to more is no archive of pages.
_BOMB = 1 << 33
MOST_HEADER = 1 << 18
BEGIN = b"WARC/"
_FIRST = re.compile(rb"WARC/[0-9]\.[0-9]{1,2}\r?\n")


class Feed:
    """Unpacked bytes of a file from ``start`` on, up to the member that begins at or behind ``end``."""

    def __init__(self, file: BinaryIO, start: int, end: int | None) -> None:
        self._file = file
        self._kind = kind_of(file)
        self._size = _PIECES[self._kind]
        self._end = end
        self._buffer = bytearray()
        self._start(start)

    def _start(self, offset: int) -> None:
        """Read on from this offset of the file."""
        self._file.seek(offset)
        self._buffer.clear()
        # Unpacked positions: of the buffer's first byte, and of the record that is read.
        self._base = self._begun = 0
        # Where each member begins: unpacked position, file offset.
        self._members: deque[tuple[int, int]] = deque([(0, offset)])
        self._member: Member | None = None
        self._packed = b""
        self._unpacked = 0

    @property
    def place(self) -> str:
        """Where the record that is read began."""
        offset, behind = self._origin()
        if not self._kind:
            return str(offset + behind)
        return f"{offset}+{behind}" if behind else str(offset)

    def mark(self) -> None:
        """The next record begins here."""
        self._begun = self._base

    def _origin(self) -> tuple[int, int]:
        """File offset of the member in which the record began, and how far behind its begin."""
        while len(self._members) > 1 and self._members[1][0] <= self._begun:
            self._members.popleft()
        position, offset = self._members[0]
        return offset, self._begun - position

    def line(self) -> bytes:
        """The next line with its end; empty at the end of the data."""
        at = 0
        while not (end := self._buffer.find(b"\n", at) + 1):
            at = len(self._buffer)
            if at > MOST_HEADER or not self._fill():
                end = at
                break
        found = bytes(self._buffer[:end])
        self._drop(end)
        return found

    def take(self, size: int, *, keep: bool) -> bytes | None:
        """The next bytes, None when they are not kept. Raises UnreadableError when there are fewer."""
        parts = []
        left = size
        while left:
            if not self._buffer and not self._fill():
                message = "truncated WARC record"
                raise UnreadableError(message)
            some = min(left, len(self._buffer))
            if keep:
                parts.append(bytes(self._buffer[:some]))
            self._drop(some)
            left -= some
        return b"".join(parts) if keep else None

    def recover(self) -> bool:
        """Go on at the next record that begins a member, or a line of what is one piece; False when there is none."""
        offset, behind = self._origin()
        if self._kind and behind and self._unpacked >= 0 and self._next_line():
            return True
        at = offset + 1 if self._kind else offset + behind + 1
        while (found := self._search(at)) is not None:
            if self._end is not None and found >= self._end:
                return False
            if self._is_record(found):
                self._start(found)
                return True
            at = found + 1
        return False

    def _next_line(self) -> bool:
        """Look for a record in the rest of a member that holds many."""
        try:
            while (found := self._buffer.find(b"\n" + BEGIN)) < 0:
                self._drop(max(0, len(self._buffer) - len(BEGIN)))
                if not self._fill():
                    return False
        except UnreadableError:
            return False
        self._drop(found + 1)
        self.mark()
        return True

    def _drop(self, size: int) -> None:
        del self._buffer[:size]
        self._base += size

    def _fill(self) -> bool:
        """Unpack some more; False at the end."""
        if not self._kind:
            room = self._size if self._end is None else min(self._size, self._end - self._file.tell())
            piece = self._file.read(max(0, room))
            self._buffer += piece
            return bool(piece)
        while self._member is not None or self._next_member():
            if piece := self._feed():
                self._buffer += piece
                return True
        return False

    def _next_member(self) -> bool:
        packed = self._packed
        # Zero bytes between members (tapes, padded blocks) are no data.
        while not (packed := packed.lstrip(b"\0")):
            if not (packed := self._file.read(self._size)):
                return False
        self._packed = packed
        offset = self._file.tell() - len(self._packed)
        if self._end is not None and offset >= self._end:
            return False
        self._member, self._unpacked = new_member(self._kind, self._file), 0
        self._members.append((self._base + len(self._buffer), offset))
        return True

    def _feed(self) -> bytes:
        member = self._member
        if member is None:
            return b""
        if not self._packed and not member.waiting:
            self._packed = self._file.read(self._size)
            if not self._packed:
                self._unpacked = -1
                message = f"truncated {self._kind} data"
                raise UnreadableError(message)
        try:
            piece = member.feed(self._packed)
        except zlib.error as problem:
            self._unpacked = -1
            message = f"damaged {self._kind} data"
            raise UnreadableError(message) from problem
        self._unpacked += len(piece)
        if self._unpacked > _BOMB:
            self._unpacked = -1
            message = f"one member unpacks to more than {_BOMB} bytes"
            raise UnreadableError(message)
        rest = member.rest()
        self._packed, self._member = (b"", member) if rest is None else (rest, None)
        return piece

    def _search(self, at: int) -> int | None:
        """The first place at or behind ``at`` where a member may begin."""
        magic = _MAGIC[self._kind]
        # A line of a plain file begins behind the sign that is looked for.
        shift = 0 if self._kind else 1
        at -= shift
        self._file.seek(at)
        tail = b""
        while piece := self._file.read(_SEARCH):
            data = tail + piece
            if (found := data.find(magic)) >= 0:
                return at - len(tail) + found + shift
            at += len(piece)
            tail = data[-len(magic) + 1 :]
        return None

    def _is_record(self, offset: int) -> bool:
        self._file.seek(offset)
        head = self._file.read(_PIECES["gzip"])
        if self._kind:
            try:
                head = new_member(self._kind, self._file).feed(head)
            except zlib.error:
                return False
        return _FIRST.match(head) is not None
