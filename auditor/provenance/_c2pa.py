"""Reading C2PA manifests in text (C2PA 2.4, Appendix A.7 HTML, A.8 unstructured, A.9 structured text).

Only what a manifest asserts is read; no hash and no signature is checked here, and claims made of it say so.
A manifest store is a tree of JUMBF boxes (ISO/IEC 19566-5), its assertions are CBOR or JSON.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_MAGIC = b"C2PATXT\0"
_HEADER = struct.Struct(">8sBI")
# A mark, then the wrapper's bytes as variation selectors: 0-15 as VS1-16, 16-255 as VS17-256.
_WRAPPER = re.compile("\ufeff([\ufe00-\ufe0f\U000e0100-\U000e01ef]{13,})")
_ARMOUR = re.compile(r"-----BEGIN C2PA MANIFEST-----\s*(\S{1,2000000}?)\s*-----END C2PA MANIFEST-----")
_DATA = re.compile(r"data:application/c2pa;base64,", re.IGNORECASE)
_LARGEST = 4 << 20
_DEEPEST = 8
_MOST_BOXES = 2_000


@dataclass(slots=True)
class Manifest:
    """What was found of a manifest store: where it was kept, size in bytes, actions, what stood in the way."""

    kind: str
    start: int | None
    end: int | None
    size: int = 0
    reference: str = ""
    actions: list[dict[str, Any]] = field(default_factory=list)
    problem: str = ""


def manifests(text: str) -> Iterator[Manifest]:
    """Yield the manifests embedded in a text."""
    if "\ufeff" in text:
        for match in _WRAPPER.finditer(text):
            found = Manifest("unstructured text", match.start(), match.end())
            _unwrap(found, bytes(_byte(char) for char in match.group(1)[:_LARGEST]))
            # Selectors without the magic are some other use of them.
            if found.problem != "no wrapper":
                yield found
    if "-----BEGIN C2PA MANIFEST-----" in text:
        for match in _ARMOUR.finditer(text):
            found = Manifest("structured text", match.start(), match.end())
            embedded(found, match.group(1))
            yield found


def embedded(found: Manifest, reference: str) -> None:
    """Fill in a manifest from a reference: the store itself as a data URI or bare base64, else an address."""
    head = _DATA.match(reference)
    if head is None and "://" in reference[:40]:
        found.reference = reference[:2_000]
        return
    try:
        store = base64.b64decode(reference[head.end() if head else 0 :], validate=True)
    except (binascii.Error, ValueError):
        found.problem = "not base64"
        return
    _read(found, store)


def _byte(char: str) -> int:
    code = ord(char)
    return code - 0xFE00 if code < 0xFE10 else code - 0xE0100 + 16


def _unwrap(found: Manifest, raw: bytes) -> None:
    if not raw.startswith(_MAGIC):
        found.problem = "no wrapper"
        return
    _, version, length = _HEADER.unpack_from(raw)
    store = raw[_HEADER.size : _HEADER.size + length]
    if version != 1 or len(store) < length:
        found.problem = f"version {version}" if version != 1 else "cut off"
        return
    _read(found, store)


def _read(found: Manifest, store: bytes) -> None:
    found.size = len(store)
    if found.size > _LARGEST:
        found.problem = "too large"
        return
    try:
        for label, kind, payload in _contents(store):
            if label.startswith("c2pa.actions"):
                found.actions += _actions(_decoded(kind, payload))
    except MissingDecoder as problem:
        found.problem = str(problem)
    except (ValueError, struct.error, RecursionError) as problem:
        found.problem = f"damaged: {type(problem).__name__}"


class MissingDecoder(Exception):  # noqa: N818 - it ends the reading of one manifest and is told in its claim
    """The package that reads CBOR is not installed."""


def _contents(store: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Yield (label of the assertion, box type, payload) of the content boxes that hold CBOR or JSON."""
    waiting: list[tuple[bytes, str, int]] = [(store, "", 0)]
    seen = 0
    while waiting:
        data, label, depth = waiting.pop(0)
        for kind, payload in _boxes(data):
            seen += 1
            if seen > _MOST_BOXES or depth > _DEEPEST:
                return
            if kind == "jumb":
                waiting.append((payload, _label(payload), depth + 1))
            elif kind in {"cbor", "json"}:
                yield label, kind, payload


def _boxes(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        end = len(data) if length == 0 else at + length
        if end < at + head or end > len(data):
            message = "box beyond its parent"
            raise ValueError(message)
        yield kind.decode("latin-1"), data[at + head : end]
        at = end


def _label(superbox: bytes) -> str:
    """The label in the description box that begins a superbox: 16 bytes of type, toggles, then the label if any."""
    for kind, payload in _boxes(superbox):
        if kind == "jumd" and len(payload) > 17 and payload[16] & 2:
            return payload[17:].split(b"\0", 1)[0].decode("utf-8", "replace")
        break
    return ""


def _decoded(kind: str, payload: bytes) -> object:
    if kind == "json":
        return json.loads(payload)
    try:
        import cbor2
    except ImportError as problem:
        message = "not decoded: pip install 'auditor[c2pa]'"
        raise MissingDecoder(message) from problem
    try:
        return cbor2.loads(payload)
    except cbor2.CBORDecodeError as problem:
        raise ValueError(str(problem)) from problem


def _actions(value: object) -> list[dict[str, Any]]:
    listed = value.get("actions") if isinstance(value, dict) else None
    return [one for one in listed[:50] if isinstance(one, dict)] if isinstance(listed, list) else []
