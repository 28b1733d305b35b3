"""XML read as a stream of events by expat, hardened: no entity may be declared, nothing outside is fetched.

Entities of one's own are what "billion laughs" and external-entity attacks are made of; bitext needs none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from auditor.readers._streams import UnreadableError, stream

_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Open:
    """A start tag; names are without namespace, those of attributes too but for ``xml:lang``."""

    name: str
    attributes: dict[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class Close:
    """An end tag."""

    name: str


Event = Open | Close | str


def xml_events(path: Path, max_expansion: int) -> Iterator[Event]:
    """Yield tags and character data. Raises UnreadableError behind what could be read."""
    found: list[Event] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            message = "XML is nested too deeply"
            raise UnreadableError(message)
        named = {_local(key): value for key, value in attributes.items()}
        found.append(Open(_local(name), named, parser.CurrentLineNumber))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        found.append(Close(_local(name)))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = found.append
    parser.EntityDeclHandler = _refuse
    try:
        for piece in stream(path, max_expansion):
            parser.Parse(piece, False)
            yield from found
            found.clear()
        parser.Parse(b"", True)
    except expat.ExpatError as problem:
        yield from found
        message = f"malformed XML: {expat.ErrorString(problem.code)} in line {problem.lineno}"
        raise UnreadableError(message) from problem
    except UnreadableError:
        yield from found
        raise
    yield from found


def _local(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return "xml:lang" if local == "lang" and space.endswith("/namespace") else local


def _refuse(*_: object) -> None:
    message = "XML that declares entities is not read"
    raise UnreadableError(message)
