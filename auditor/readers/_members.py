"""Members of compressed WARC files: each begins at a known offset and can be unpacked by itself."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import Any, BinaryIO, Protocol

from auditor.readers._streams import Gzip, Zstd, packing

_ZSTD = b"\x28\xb5\x2f\xfd"
# A WARC file of Zstandard frames may begin with this skippable frame, which holds the dictionary of all others.
_DICTIONARY = b"\x5d\x2a\x4d\x18"
_MOST_DICTIONARY = 1 << 24


class Member(Protocol):
    """Unpacks one member; see ``Gzip`` and ``Zstd``."""

    waiting: bool

    def feed(self, data: bytes) -> bytes:
        """Unpack some more; zlib.error when it is damaged."""

    def rest(self) -> bytes | None:
        """What follows the member, None as long as it goes on."""


def kind_of(file: BinaryIO) -> str:
    """``gzip``, ``zstd`` or "" for a plain file, told by its first bytes."""
    place = file.tell()
    file.seek(0)
    head = file.read(4)
    file.seek(place)
    return packing(head)


def new_member(kind: str, file: BinaryIO) -> Member:
    """What unpacks the next member of a file of this kind."""
    if kind == "gzip":
        return Gzip()
    place = file.tell()
    file.seek(0)
    head = file.read(8)
    dictionary = b""
    if head[:4] == _DICTIONARY and len(head) == 8:
        (size,) = struct.unpack("<I", head[4:])
        if size > _MOST_DICTIONARY:
            file.seek(place)
            message = "the dictionary is too long"
            raise zlib.error(message)
        dictionary = file.read(size)
    file.seek(place)
    return Zstd(_trained(dictionary) if dictionary else None)


@lru_cache(maxsize=4)
def _trained(data: bytes) -> Any:
    import zstandard

    if data[:4] == _ZSTD:
        unpacked = zstandard.ZstdDecompressor().decompressobj().decompress(data)
        if len(unpacked) > _MOST_DICTIONARY:
            message = "the dictionary is too long"
            raise zlib.error(message)
        data = unpacked
    return zstandard.ZstdCompressionDict(data)
