"""Readers for tables, bitext, zip and tar archives, and files behind URLs."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from auditor.errors import MissingExtraError, UsageError
from auditor.readers import list_inputs, read_inputs
from tests.test_readers_archives import Options, in_parts, read, split


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id;text;lang\n1;"two\nlines; one cell";de\n2;"a ""quoted"" word";en\n3;too;many;cells\n4;x;fr\n')
    good, bad = split(read(path))
    assert [(one.id, one.text, one.declared_language) for one in good] == [
        ("1", "two\nlines; one cell", "de"),
        ("2", 'a "quoted" word', "en"),
        ("4", "x", "fr"),
    ]
    assert [(one.origin.locator, one.reason) for one in bad] == [("5", "4 cells where the table has 3 columns")]


def test_tsv_keeps_quotation_marks(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text('id\ttext\n1\t"Yes", she said.\n2\t„Ja“\n')
    assert [one.text for one in read(tmp_path / "a.tsv")] == ['"Yes", she said.', "„Ja“"]


def test_csv_without_text_column_and_with_an_endless_cell(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,body\nx,y\n")
    (found,) = read(tmp_path / "a.csv")
    assert found.reason == "no column 'text'; the columns are 'name', 'body'"
    (tmp_path / "b.csv").write_text('id,text\n1,"never closed\n' + "word " * 60_000 + "\n")
    assert "longer than" in read(tmp_path / "b.csv")[0].reason
    (tmp_path / "c.csv").write_bytes(
        "id,text\n1,größer\n2,caf\xe9\n".encode("latin-1").replace(b"gr\xf6", "grö".encode())
    )
    assert [one.id for one in read(tmp_path / "c.csv")] == ["1", "2"]


TMX = """<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="en" creationtool="x"/><body>
<tu tuid="a"><prop type="domain">law</prop>
 <tuv xml:lang="de"><seg>Der <bpt i="1">&lt;b&gt;</bpt>Hund<ept i="1">&lt;/b&gt;</ept></seg></tuv>
 <tuv xml:lang="EN"><seg>The <hi>dog</hi></seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>One</seg></tuv></tu>
<tu tuid="c"><tuv xml:lang="en"><seg>Cat</seg></tuv><tuv xml:lang="fr"><seg>Chat</seg></tuv>
 <tuv xml:lang="es"><seg>Gato</seg></tuv></tu></body></tmx>"""
XLIFF_1 = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file source-language="en" target-language="fr" original="x"><body>
<trans-unit id="1"><source>Hello <g id="1">world</g><x id="2"/></source><target>Bonjour <ph id="3">{0}</ph>monde</target>
<alt-trans><source>other</source><target>autre</target></alt-trans><note>greeting</note></trans-unit>
<trans-unit id="2"><source>Empty</source><target/></trans-unit></body></file></xliff>"""
XLIFF_2 = """<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="uk"><file id="f">
<unit id="u1"><notes><note>n</note></notes><segment id="s1"><source>A<cp hex="001A"/></source><target>Б</target></segment>
<ignorable><source> </source></ignorable><segment id="s2"><source>C</source><target>Д</target></segment></unit></file></xliff>"""


def test_tmx(tmp_path: Path) -> None:
    (tmp_path / "a.tmx").write_text(TMX)
    good, bad = split(read(tmp_path / "a.tmx"))
    assert [(one.id, one.metadata["source"], one.text, one.declared_language) for one in good] == [
        ("a", "The dog", "Der Hund", "de"),
        ("c:fr", "Cat", "Chat", "fr"),
        ("c:es", "Cat", "Gato", "es"),
    ]
    assert good[0].metadata["domain"] == "law"
    assert [(one.origin.locator, one.reason) for one in bad] == [("6", "no translation")]


def test_xliff(tmp_path: Path) -> None:
    (tmp_path / "a.xlf").write_text(XLIFF_1)
    good, bad = split(read(tmp_path / "a.xlf"))
    assert [(one.metadata["source"], one.text, one.metadata["source_language"]) for one in good] == [
        ("Hello world", "Bonjour monde", "en")
    ]
    assert good[0].metadata["note"] == "greeting"
    assert [one.reason for one in bad] == ["no translation"]
    (tmp_path / "no-suffix").write_text(XLIFF_2)
    found = read(tmp_path / "no-suffix")
    assert [(one.id, one.metadata["source"], one.text) for one in found] == [
        ("u1/s1", "A\x1a", "Б"),
        ("u1/s2", "C", "Д"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<!DOCTYPE t [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><tmx><body>&b;</body></tmx>', "declares entities"),
        ("<tmx>" + "<a>" * 5000, "nested too deeply"),
        ("<tmx><body></tmx>", "malformed XML: mismatched tag in line 1"),
        ('<!DOCTYPE t [<!ENTITY a SYSTEM "file:///etc/passwd">]><tmx>&a;</tmx>', "declares entities"),
    ],
)
def test_hostile_xml(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "a.tmx").write_text(text)
    (found,) = read(tmp_path / "a.tmx")
    assert reason in found.reason


def test_bitext_before_damage_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.tmx.gz").write_bytes(gzip.compress(TMX.replace("</body>", "<bad").encode()))
    good, bad = split(read(tmp_path / "a.tmx.gz"))
    assert len(good) == 3
    assert bad[-1].reason.startswith("the rest is unreadable: malformed XML")


def members() -> dict[str, bytes]:
    row = json.dumps({"text": "a row"}).encode()
    return {
        "one.txt": b"text one",
        "sub/two.jsonl.gz": gzip.compress(row + b"\n" + row),
        "sub/.hidden": b"x",
        "__MACOSX/one.txt": b"x",
        "page.html": b"<html><p>page",
        "inner.zip": b"PK\x03\x04",
        "bad.txt": b"\0\0\0\0",
    }


def packed(path: Path, form: str) -> Path:
    if form == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members().items():
                archive.writestr(name, data)
        return path
    with tarfile.open(path, f"w:{form}") as archive:
        for name, data in members().items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return path


@pytest.mark.parametrize(
    ("name", "form"), [("a.zip", "zip"), ("a.tar", ""), ("a.tar.gz", "gz"), ("a.tgz", "gz"), ("a", "")]
)
def test_members(tmp_path: Path, name: str, form: str) -> None:
    good, bad = split(read(packed(tmp_path / name, form)))
    assert [one.id for one in good] == [
        f"{name}/one.txt",
        f"{name}/sub/two.jsonl.gz#L1",
        f"{name}/sub/two.jsonl.gz#L2",
        f"{name}/page.html",
    ]
    assert [(one.origin.path.split("/")[1], one.reason) for one in bad][:2] == [
        ("inner.zip", "an archive inside an archive"),
        ("bad.txt", "binary file"),
    ]
    assert len(bad) == (2 if form == "zip" else 3)


def test_a_damaged_member_costs_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(200):
            archive.writestr(f"{number:03}.txt", f"text number {number} " * 20)
    data = bytearray(path.read_bytes())
    data[data.index(b"text number 7 ") + 30] ^= 0xFF
    path.write_bytes(data)
    good, bad = split(read(path))
    assert len(good) == 199
    assert [(one.origin.path, one.reason.split(":")[0]) for one in bad] == [("a.zip/007.txt", "damaged member")]
    assert in_parts(path, 9000) == read(path)


def test_a_truncated_tar_keeps_what_came_before(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.tar.gz", "gz")
    path.write_bytes(path.read_bytes()[:-60])
    good, bad = split(read(path))
    assert len(good) >= 3
    assert "truncated" in bad[-1].reason or "damaged" in bad[-1].reason


def test_zip_bombs(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.txt", b" " * 3_000_000)
    *_, last = read(path, max_expansion=5_000_000)
    assert last.reason == "unpacks to more than 5000000 bytes (max_expansion)"


def test_office_documents_are_no_archives(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", "<x/>")
    (found,) = read(tmp_path / "a.docx")
    assert found.reason.startswith("an office document")


def test_urls(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text("text")
    (tmp_path / "sub" / "b.jsonl").write_text('{"text": "row"}\n')
    assert [one.id for one in read(f"file://{tmp_path}")] == ["sub/a.txt", "sub/b.jsonl#L1"]
    assert [one.id for one in read(f"file://{tmp_path}/sub/*.txt")] == ["a.txt"]
    with pytest.raises(UsageError, match="no file at"):
        list_inputs([f"file://{tmp_path}/none"])


def test_a_file_system_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    import fsspec.core

    def missing(_: str) -> None:
        message = "Install s3fs to access S3"
        raise ImportError(message)

    monkeypatch.setattr(fsspec.core, "url_to_fs", missing)
    with pytest.raises(MissingExtraError, match=r"s3fs is not installed: pip install 'auditor\[s3\]'"):
        list_inputs(["s3://bucket/x.warc.gz"])
    monkeypatch.undo()
    with pytest.raises(UsageError, match="Protocol not known"):
        list_inputs(["nosuch://x"])


def test_the_form_of_datatrove_and_dolma(tmp_path: Path) -> None:
    row = {"text": "t", "id": "i", "metadata": {"url": "u"}, "added": "2024", "source": "s"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    (found,) = read_inputs([str(tmp_path / "a.jsonl")], Options())
    assert (found.id, found.metadata) == ("i", {"url": "u", "added": "2024", "source": "s"})
