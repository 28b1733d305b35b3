"""Archive files: zip and tar (also .gz, .zst), with members of every format that is read, one archive deep."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from auditor.data import Document, Origin, Skipped
from auditor.readers._listing import format_of, is_backup
from auditor.readers._package import Budget, ExhaustedError, Member, copied, tar_members, zip_members
from auditor.readers._parts import runs, span_of, spans
from auditor.readers._streams import UnreadableError
from auditor.registry import Reader, ReadOptions

_ARCHIVES = frozenset({"zip", "tar", "tgz"})
# Office documents and e-books are zip files whose members are no texts of their own.
_OFFICE = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})


class ZipReader(Reader):
    """The members in the order of the directory, each called ``archive.zip/path``."""

    suffixes = (".zip",)

    def split(self, path: Path, options: ReadOptions, size: int) -> tuple[str, ...]:
        """Ranges of members."""
        del options
        if path.stat().st_size <= 2 * size:
            return ("",)
        with zip_members(path) as (_, members):
            return spans(runs([one.handle.compress_size for one in members], size))

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield what the members hold."""
        return self.read_part(path, name, options, "")

    def read_part(self, path: Path, name: str, options: ReadOptions, part: str) -> Iterator[Document | Skipped]:
        """Yield what a range of members holds."""
        start, end = span_of(part)
        budget = Budget(options.max_expansion, path.stat().st_size)
        with zip_members(path) as (archive, members):
            if any(one.name in _OFFICE for one in members):
                message = "an office document, e-book or program, not an archive of texts"
                raise UnreadableError(message)
            for member in members[start:end]:
                yield from _member(partial(archive.open, member.handle), member, name, options, budget)


class TarReader(Reader):
    """The members in their order, each called ``archive.tar/path``."""

    suffixes = (".tar", ".tgz")

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield what the members hold; what follows damage is left out."""
        budget = Budget(options.max_expansion, path.stat().st_size)
        last = ""
        try:
            for archive, member in tar_members(path, options.max_expansion):
                last = member.name
                yield from _member(partial(archive.extractfile, member.handle), member, name, options, budget)
        except UnreadableError as problem:
            reason = f"the rest is unreadable: {problem}" if last else str(problem)
            yield Skipped(Origin(name, "tar", last), reason)


READERS = (ZipReader(), TarReader())


def _member(
    opened: Callable[[], IO[bytes] | None], member: Member, name: str, options: ReadOptions, budget: Budget
) -> Iterator[Document | Skipped]:
    """What one member holds. Hidden files and backups are passed over, as in folders."""
    from auditor.readers import read_file

    parts = [part for part in member.name.replace("\\", "/").split("/") if part not in {"", "."}]
    if not parts or "__MACOSX" in parts or parts[-1].startswith(".") or is_backup(parts[-1]):
        return
    inner = "/".join([name, *parts]).encode("utf-8", "replace").decode()
    form = format_of(parts[-1])
    origin = Origin(inner, form or "txt")
    problem = "an archive inside an archive" if form in _ARCHIVES else member.problem
    if problem:
        yield Skipped(origin, problem)
        return
    try:
        source = opened()
        if source is not None:
            with source, copied(source, budget) as path:
                yield from read_file(path, inner, form, options)
    except ExhaustedError:
        raise
    except UnreadableError as reason:
        yield Skipped(origin, str(reason))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as reason:
        yield Skipped(origin, f"damaged member: {str(reason)[:200]}")
