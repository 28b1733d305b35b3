"""C2PA manifests in text and HTML, and ITS markup: read, told as unverified, harmless when damaged."""

from __future__ import annotations

import base64
import struct
from pathlib import Path

import cbor2
import pytest

from auditor.data import Document, Origin
from auditor.provenance._c2pa import manifests
from auditor.provenance._credentials import credentials

ACTION = {
    "action": "c2pa.translated",
    "parameters": {"sourceLanguage": "de", "targetLanguage": "en"},
    "softwareAgent": {"name": "DeepThought"},
}


def box(kind: str, payload: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(payload), kind.encode()) + payload


def superbox(label: str, *contents: bytes) -> bytes:
    return box("jumb", box("jumd", bytes(16) + b"\x03" + label.encode() + b"\0") + b"".join(contents))


def store(*actions: dict) -> bytes:
    assertion = superbox("c2pa.actions.v2", box("cbor", cbor2.dumps({"actions": list(actions)})))
    return superbox("c2pa", superbox("urn:c2pa:x", superbox("c2pa.assertions", assertion)))


def claims(text: str, **metadata: object) -> list[dict]:
    return [dict(one) for one in credentials(Document("a", text, Origin("a", "txt"), metadata=metadata))]


def test_a_manifest_written_by_the_reference_implementation_is_read() -> None:
    import c2pa_text

    text = c2pa_text.embed_manifest("A text that was translated.", store(ACTION))
    (claim,) = claims(text)
    assert claim["actions"] == [
        {"action": "c2pa.translated", "source_language": "de", "target_language": "en", "software": "DeepThought"}
    ]
    assert claim["verified"] is False
    place = claim["evidence"][0]
    assert text[place["start"]] == "\ufeff"
    assert place["end"] == len(text)


def test_structured_text_and_html() -> None:
    data = base64.b64encode(store(ACTION)).decode()
    armour = f"-----BEGIN C2PA MANIFEST-----\ndata:application/c2pa;base64,{data}\n-----END C2PA MANIFEST-----"
    (claim,) = claims(f"# {armour}\nText.")
    assert claim["kind"] == "structured text"
    assert claim["actions"][0]["source_language"] == "de"
    (linked, own) = claims("Text.", c2pa_manifests=["https://example.org/x.c2pa", data])
    assert linked["reference"] == "https://example.org/x.c2pa"
    assert linked["actions"] == []
    assert own["actions"][0]["action"] == "c2pa.translated"


def test_html_pages_bring_manifests_and_its(tmp_path: Path) -> None:
    from auditor import Settings, audit

    data = base64.b64encode(store(ACTION)).decode()
    page = (
        f'<html><head><script type="application/c2pa">{data}</script></head><body its-tool="Engine X" '
        "its-rev-person='Jane Doe'><p>The council met on Tuesday and decided to repair the old bridge.</p></body></html>"
    )
    (tmp_path / "a.html").write_text(page, "utf-8")
    record = audit([str(tmp_path)], Settings(score="none")).documents[0].provenance
    assert {one.get("name") for one in record.credentials} >= {"Engine X", "Jane Doe"}
    assert any(one["standard"] == "C2PA" and one["actions"] for one in record.credentials)


def wrapped(raw: bytes) -> str:
    return "\ufeff" + "".join(chr(0xFE00 + one if one < 16 else 0xE0100 + one - 16) for one in raw)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"C2PATXT\0" + struct.pack(">BI", 1, 500) + store(ACTION), "cut off"),
        (b"C2PATXT\0" + struct.pack(">BI", 9, 1) + b"x", "version 9"),
        (
            b"C2PATXT\0" + struct.pack(">BI", 1, 40) + struct.pack(">I4s", 2**31, b"jumb") + bytes(32),
            "damaged: ValueError",
        ),
    ],
)
def test_damaged_manifests_are_told_and_harmless(raw: bytes, problem: str) -> None:
    (claim,) = claims("Text." + wrapped(raw))
    assert claim["problem"] == problem
    assert claim["actions"] == []


def test_other_uses_of_selectors_are_no_manifest() -> None:
    assert not list(manifests("\ufeff" + "\ufe0f" * 40))
    assert not list(manifests("Emoji ❤\ufe0f and text"))
    deep = store(ACTION)
    for _ in range(200):
        deep = superbox("x", deep)
    text = "T" + wrapped(b"C2PATXT\0" + struct.pack(">BI", 1, len(deep)) + deep)
    (claim,) = claims(text)
    assert claim["actions"] == []
