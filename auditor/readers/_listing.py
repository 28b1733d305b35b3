"""From what the user names to a list of inputs: files, folders, globs that the shell left alone, standard input."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePath

from auditor.errors import UsageError
from auditor.readers._remote import is_url, remote_files, suffixed
from auditor.readers._streams import STDIN, reason_of

_MAGIC = re.compile(r"[*?\[]")
# What editors leave beside a file: emacs' and others' backups, emacs' autosaves, vim's swap files.
_BACKUP = re.compile(r".*(?:~|\.bak|\.orig|\.sw[a-p])|#.*#", re.DOTALL)
_COMPRESSED = (".gz", ".zst")
_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# What Hugging Face datasets, saved to disk, keep beside their Arrow files.
_DATASET = frozenset({"dataset_info.json", "state.json"})
_Keep = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to read. Picklable, so that any process can read it (but ``-``, which only the first one has).

    ``name`` is the path relative to what was audited (POSIX) and the id of a text in it; ``format`` is the suffix
    without dot, ``""`` where only the content can tell. A ``problem`` found while listing becomes a ``Skipped``.
    ``part`` names a part of a large file, "" for the whole.
    """

    path: str
    name: str
    format: str = ""
    problem: str = ""
    part: str = ""


def list_inputs(paths: Sequence[str], include: Sequence[str] = (), exclude: Sequence[str] = ()) -> list[Input]:
    """List what is to be read, in the order of ``paths``, folders sorted by path; no file twice.

    ``include`` and ``exclude`` are globs over the relative path. ``*`` and ``?`` stay inside one folder, ``**`` does
    not; a pattern without ``/`` may match any one part of the path, so ``drafts`` stands for a folder wherever it is.
    Raises UsageError for a path that is not there.
    """
    found: dict[str, Input] = {}
    for path in paths:
        for one in _expand(path):
            if one.path == STDIN or _wanted(one.name, include, exclude):
                fixed = one.path == STDIN or is_url(one.path)
                found.setdefault(one.path if fixed else os.path.abspath(one.path), one)  # noqa: PTH100
    counts = Counter(one.name for one in found.values())
    return [one if counts[one.name] == 1 else replace(one, name=_printable(one.path)) for one in found.values()]


def matches(name: str, pattern: str) -> bool:
    """Whether a glob matches a relative path or a folder above it: ``a/b/c.txt`` is matched by ``b`` and ``a/*``."""
    bare = pattern.strip("/")
    if "/" in bare:
        return _below(name, bare)
    return any(_glob(bare).fullmatch(part) for part in name.split("/"))


def format_of(name: str) -> str:
    """Suffix of a name without dot and without that of the compression. Example: ``a.JSONL.gz`` -> ``jsonl``."""
    path = PurePath(name)
    if path.suffix.lower() in _COMPRESSED:
        path = PurePath(path.stem)
    return path.suffix.lower().removeprefix(".")


def is_backup(name: str) -> bool:
    """Whether an editor left this file beside another."""
    return _BACKUP.fullmatch(name) is not None


def _wanted(name: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    if include and not any(matches(name, pattern) for pattern in include):
        return False
    return not any(matches(name, pattern) for pattern in exclude)


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    parts = []
    for piece in re.findall(r"\*\*/|\*\*|\*|\?|\[[!^]?\]?[^\]/]*\]|.", pattern, re.DOTALL):
        plain = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(piece)
        if plain is None and len(piece) > 1:
            negated = piece[1] in "!^"
            letters = re.sub(r"([\\\[\]^&~|])", r"\\\1", piece[1 + negated : -1])
            plain = f"[{'^' * negated}{letters}]"
        parts.append(re.escape(piece) if plain is None else plain)
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error as problem:
        message = f"not a valid pattern: {pattern!r}"
        raise UsageError(message) from problem


def _expand(path: str) -> Iterator[Input]:
    if path == STDIN:
        yield Input(STDIN, STDIN)
    elif is_url(path):
        yield from (Input(url, name, format_of(suffixed(url))) for url, name in remote_files(path))
    elif os.path.isdir(path):  # noqa: PTH112
        yield from _walk(path, lambda _: True)
    elif os.path.lexists(path):
        name = _printable(os.path.basename(path))  # noqa: PTH119
        yield Input(path, name, format_of(name))
    elif _MAGIC.search(path):
        yield from _matching(path)
    else:
        message = f"no such file or folder: {_printable(path)!r}"
        raise UsageError(message)


def _matching(pattern: str) -> Iterator[Input]:
    """Files that a glob matches, named relative to the folder before its first sign."""
    parts = pattern.rstrip("/").split("/")
    fixed = next(at for at, part in enumerate(parts) if _MAGIC.search(part))
    root = "/".join(parts[:fixed]) + "/" if fixed else "."
    rest = "/".join(parts[fixed:])
    depth = len(parts) - fixed

    def enter(folder: str) -> bool:
        return "**" in rest or folder.count("/") + 1 < depth or _below(folder, rest)

    known = os.path.isdir(root)  # noqa: PTH112
    found = [one for one in _walk(root, enter) if _below(one.name, rest)] if known else []
    if not found:
        message = f"no file matches {_printable(pattern)!r}"
        raise UsageError(message)
    yield from found


def _below(name: str, pattern: str) -> bool:
    """Whether the pattern matches the whole path or that of a folder above it."""
    compiled, parts = _glob(pattern), name.split("/")
    return any(compiled.fullmatch("/".join(parts[: count + 1])) for count in range(len(parts)))


def _walk(root: str, enter: _Keep) -> Iterator[Input]:
    """Yield the files below ``root``, sorted by relative path, without recursion; each folder is entered once."""
    seen: set[tuple[int, int]] = set()
    waiting = [(root, "", True)]
    while waiting:
        path, name, folder = waiting.pop()
        try:
            if not folder:
                yield _file(path, name)
                continue
            status = os.stat(path)  # noqa: PTH116
            if (status.st_dev, status.st_ino) in seen:
                yield Input(path, name, problem="a link to a folder that is already read")
                continue
            seen.add((status.st_dev, status.st_ino))
            waiting.extend(reversed(_entries(path, name, enter)))
        except OSError as problem:
            yield Input(path, name or _printable(path), problem=reason_of(problem))


def _entries(path: str, name: str, enter: _Keep) -> list[tuple[str, str, bool]]:
    """Entries of a folder in the order of their full relative paths: a folder sorts as its name with a slash."""
    entries = []
    with os.scandir(path) as scan:
        found = list(scan)
        dataset = {one.name for one in found} >= _DATASET
        for one in found:
            if (dataset and one.name in _DATASET) or one.name == "dataset_dict.json":
                continue
            if one.name.startswith(".") or is_backup(one.name):
                continue
            inner = f"{name}/{_printable(one.name)}" if name else _printable(one.name)
            folder = _is_folder(one)
            if not folder or enter(inner):
                entries.append((inner + "/" * folder, one.path, inner, folder))
    return [(where, inner, folder) for _, where, inner, folder in sorted(entries)]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link to itself, for instance: it is listed as a file, and reading it tells the reason.
        return False


def _file(path: str, name: str) -> Input:
    mode = os.stat(path).st_mode  # noqa: PTH116
    for test, kind in _KINDS:
        if test(mode):
            return Input(path, name, problem=f"not a file but {kind}")
    return Input(path, name, format_of(name))


def _printable(path: str) -> str:
    """The path as text: POSIX, with replacement characters where the name is not UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace").replace(os.sep, "/")
