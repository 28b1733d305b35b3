"""Members of archive files, each copied to a temporary file and read by its own reader."""

from __future__ import annotations

import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from auditor.readers._streams import FREE, HONEST, LARGE, RATIO, UnreadableError, compression, reason_of, stream

# An archive of more members is listed so far; the rest is one reason.
_MOST_MEMBERS = 2_000_000
_COPY = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its path there, its size unpacked, and what is wrong with it."""

    name: str
    size: int
    handle: Any
    problem: str = ""


class ExhaustedError(UnreadableError):
    """The archive as a whole unpacks to too much: what is left of it is not read."""


class Budget:
    """How much one archive may unpack to, over all its members."""

    def __init__(self, limit: int, packed: int) -> None:
        # A large archive may unpack to so many times its size whatever the limit says, as a large file may.
        self._limit = max(limit, HONEST * packed) if packed >= LARGE else limit
        self._packed = packed
        self._used = 0

    def take(self, size: int) -> None:
        """Count bytes. Raises UnreadableError when they are too many for the size of the archive."""
        self._used += size
        if self._used > self._limit:
            message = f"unpacks to more than {self._limit} bytes (max_expansion)"
            raise ExhaustedError(message)
        if self._used > FREE and self._used > RATIO * self._packed:
            message = f"unpacks to more than {RATIO} times its size (decompression bomb?)"
            raise ExhaustedError(message)


@contextmanager
def copied(source: IO[bytes], budget: Budget) -> Iterator[Path]:
    """A member as a file. Raises UnreadableError for damage, encryption and bombs."""
    with tempfile.NamedTemporaryFile(prefix="auditor-") as copy:
        try:
            while piece := source.read(_COPY):
                budget.take(len(piece))
                copy.write(piece)
        except (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, NotImplementedError) as problem:
            message = f"damaged member: {str(problem)[:200]}"
            raise UnreadableError(message) from problem
        copy.flush()
        yield Path(copy.name)


@contextmanager
def zip_members(path: Path) -> Iterator[tuple[zipfile.ZipFile, list[Member]]]:
    """An open zip file and its files in the order of its directory."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as problem:
        message = f"not a whole zip file: {str(problem)[:200]}"
        raise UnreadableError(message) from problem
    with archive:
        found = [
            Member(one.filename, one.file_size, one, "an encrypted member" if one.flag_bits & 1 else "")
            for one in archive.infolist()[:_MOST_MEMBERS]
            if not one.is_dir()
        ]
        yield archive, found


def tar_members(path: Path, limit: int) -> Iterator[tuple[tarfile.TarFile, Member]]:
    """The files of a tar archive as they come, with the archive that opens them; links and devices have a problem.

    Raises UnreadableError behind what could be read.
    """
    packed = compression(path)
    source = _Unpacked(path, limit) if packed else path.open("rb")
    try:
        # A stream is read once and in order; a plain file is read at its places.
        archive = tarfile.open(fileobj=source, mode="r|" if packed else "r:")  # type: ignore[call-overload]  # noqa: SIM115
        with archive:
            for one in archive:
                if not one.isdir():
                    yield archive, Member(one.name, one.size, one, "" if one.isfile() else "not a file")
    except tarfile.TarError as problem:
        message = f"damaged tar archive: {str(problem)[:200]}"
        raise UnreadableError(message) from problem
    except EOFError as problem:
        message = "truncated tar archive"
        raise UnreadableError(message) from problem
    except OSError as problem:
        raise UnreadableError(reason_of(problem)) from problem
    finally:
        source.close()


class _Unpacked:
    """The unpacked bytes of a compressed file behind the ``read`` that tarfile wants."""

    def __init__(self, path: Path, limit: int) -> None:
        self._pieces = stream(path, limit)
        self._held = bytearray()
        self._problem: UnreadableError | None = None

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end. Raises UnreadableError for damage once all before it has been read."""
        try:
            while len(self._held) < size and (piece := next(self._pieces, None)) is not None:
                self._held += piece
        except UnreadableError as problem:
            self._problem = problem
        if self._problem and not self._held:
            raise self._problem
        found = bytes(self._held[:size])
        del self._held[:size]
        return found

    def close(self) -> None:
        """Let the file go."""
        self._pieces.close()  # type: ignore[attr-defined]
