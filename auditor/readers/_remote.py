"""Files behind URLs (``s3://``, ``gs://``, ``hdfs://``, ``https://``, …) through fsspec, which is asked only for these.

A remote file is copied whole to a temporary file by the process that reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from auditor.errors import MissingExtraError, UsageError
from auditor.readers._streams import UnreadableError, reason_of

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}(?:::[^:]{1,1000})?://")
# The extra that brings what a protocol needs.
_EXTRAS = {
    **dict.fromkeys(("s3", "s3a"), ("s3fs", "s3")),
    **dict.fromkeys(("gs", "gcs"), ("gcsfs", "gcs")),
    **dict.fromkeys(("http", "https"), ("aiohttp", "http")),
    **dict.fromkeys(("az", "abfs", "abfss", "adl"), ("adlfs", "azure")),
}
_COPY = 1 << 20


def is_url(path: str) -> bool:
    """Whether a path names a file system of its own."""
    return _URL.match(path) is not None


def remote_files(url: str) -> list[tuple[str, str]]:
    """The files at a URL, below it or matching it: (URL, path relative to what was named), sorted.

    Raises UsageError for what is not there or cannot be listed, MissingExtraError where a package is missing.
    """
    system, path = _system(url)
    try:
        if any(sign in path for sign in "*?["):
            root = re.split(r"[*?\[]", path, maxsplit=1)[0].rpartition("/")[0]
            found = [one for one in system.glob(path) if not system.isdir(one)]
        elif system.isdir(path):
            root, found = path.rstrip("/"), system.find(path)
        else:
            root = path.rpartition("/")[0]
            found = [path] if system.exists(path) else []
    except Exception as problem:
        # Each file system has errors of its own (no credentials, no such host).
        message = f"cannot list {url}: {_short(problem)}"
        raise UsageError(message) from problem
    if not found:
        message = f"no file at {url}"
        raise UsageError(message)
    names = [(str(system.unstrip_protocol(one)), str(one)[len(root) :].strip("/")) for one in sorted(found)]
    return [(one, name) for one, name in names if not any(part.startswith(".") for part in name.split("/"))]


def fetch(url: str, target: IO[bytes]) -> None:
    """Copy a remote file. Raises UnreadableError."""
    system, path = _system(url)
    try:
        with system.open(path, "rb") as source:
            for piece in _pieces(source):
                target.write(piece)
    except OSError as problem:
        raise UnreadableError(reason_of(problem) if problem.strerror else _short(problem)) from problem
    except Exception as problem:
        message = f"cannot be fetched: {_short(problem)}"
        raise UnreadableError(message) from problem
    target.flush()


def _system(url: str) -> tuple[Any, str]:
    protocol = url.partition("://")[0].partition("::")[0].lower()
    package, extra = _EXTRAS.get(protocol, ("fsspec", "remote"))
    try:
        from fsspec.core import url_to_fs
    except ImportError as problem:
        raise MissingExtraError(package, extra) from problem
    try:
        system, path = url_to_fs(url)
    except ImportError as problem:
        raise MissingExtraError(package, extra) from problem
    except (ValueError, OSError) as problem:
        message = f"cannot open {url}: {_short(problem)}"
        raise UsageError(message) from problem
    return system, str(path)


def _pieces(source: Any) -> Iterator[bytes]:
    while piece := source.read(_COPY):
        yield piece


def _short(problem: Exception) -> str:
    return " ".join(f"{type(problem).__name__}: {problem}".split())[:200]


def suffixed(url: str) -> str:
    """The last part of a URL's path, whose suffix tells the format."""
    return Path(url.partition("://")[2].partition("?")[0]).name
