"""Records of WARC files (ISO 28500:2017), plain, gzip and Zstandard, with the way on behind damage.

Written here because the known readers stop at the first damaged member and take a cut file for a whole one: behind
damage the next member that begins with a record is looked for, and reading goes on there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.readers._streams import UnreadableError, reason_of
from auditor.readers._warc_feed import BEGIN, MOST_HEADER, Feed

# Types of records whose content is a page or text.
_PAGES = frozenset({"response", "resource", "conversion"})


@dataclass(frozen=True, slots=True)
class Record:
    """A record; ``place`` is the file offset of its member (``+n``: n unpacked bytes behind the member's begin).

    Header names are lower case. ``content`` is None where it is longer than was asked for, or of another type than
    those that hold pages.
    """

    place: str
    headers: Mapping[str, str]
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Damage:
    """A place that cannot be read, and why; reading went on behind it."""

    place: str
    reason: str


def records(path: Path, most: int, start: int = 0, end: int | None = None) -> Iterator[Record | Damage]:
    """Yield the records whose members begin in ``start`` to ``end``; content of more than ``most`` bytes is not held.

    Raises UnreadableError when the file cannot be opened.
    """
    try:
        with path.open("rb") as file:
            yield from _records(Feed(file, start, end), most)
    except OSError as problem:
        raise UnreadableError(reason_of(problem)) from problem


def borders(path: Path, every: int) -> Iterator[int]:
    """File offsets at which a part may begin, the first behind every ``every`` bytes of the file."""
    wanted = every
    for one in records(path, 0):
        plain = one.place.partition("+")
        if isinstance(one, Record) and not plain[1] and int(plain[0]) >= wanted:
            yield int(plain[0])
            wanted = int(plain[0]) + every


def _records(feed: Feed, most: int) -> Iterator[Record | Damage]:
    while True:
        try:
            record = _record(feed, most)
            if record is None:
                return
            yield record
        except UnreadableError as problem:
            yield Damage(feed.place, str(problem))
            if not feed.recover():
                return


def _record(feed: Feed, most: int) -> Record | None:
    while (line := feed.line()) in {b"\r\n", b"\n"}:
        feed.mark()
    if not line:
        return None
    headers = _headers(feed, line)
    try:
        length = int(headers["content-length"])
    except (KeyError, ValueError) as problem:
        message = "damaged WARC record: no length"
        raise UnreadableError(message) from problem
    if length < 0:
        message = "damaged WARC record: negative length"
        raise UnreadableError(message)
    keep = length <= most and headers.get("warc-type", "").lower() in _PAGES
    content = feed.take(length, keep=keep)
    if feed.line() not in {b"\r\n", b"\n", b""}:
        message = "damaged WARC record: its length is wrong"
        raise UnreadableError(message)
    place = feed.place
    feed.mark()
    return Record(place, headers, content)


def _headers(feed: Feed, first: bytes) -> dict[str, str]:
    if not first.startswith(BEGIN):
        message = "damaged WARC record: no header"
        raise UnreadableError(message)
    headers: dict[str, str] = {}
    name, size = "", 0
    while (line := feed.line()) not in {b"\r\n", b"\n"}:
        size += len(line)
        text = line.decode("utf-8", "replace")
        if not line.endswith(b"\n") or size > MOST_HEADER:
            message = "truncated WARC record" if not line else "damaged WARC record: no end of its header"
            raise UnreadableError(message)
        if text[0] in " \t" and name:
            headers[name] += f" {text.strip()}"
            continue
        name, _, value = text.partition(":")
        name = name.strip().lower()
        headers.setdefault(name, value.strip())
    return headers
