"""Readers: listing, decompression, encodings, plain text, Markdown and rows. Web pages: see test_readers_web.py."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import random
import socket
import subprocess
import sys
import tracemalloc
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
import zstandard

from auditor.data import Document, Origin, Skipped
from auditor.errors import UsageError
from auditor.readers import Input, list_inputs, read_inputs, read_one, unique_ids
from auditor.readers._encoding import decode
from auditor.readers._listing import format_of, matches
from auditor.readers._streams import UnreadableError


@dataclass(frozen=True)
class Options:
    text_field: str = "text"
    id_field: str = "id"
    group_field: str = "group"
    max_document_chars: int = 1_000_000
    max_expansion: int = 4 << 30
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def read(path: Path | str, **options: object) -> list[Document | Skipped]:
    return list(read_inputs([str(path)], Options(**options)))  # type: ignore[arg-type]


def only(path: Path | str, **options: object) -> Document:
    (found,) = read(path, **options)
    assert isinstance(found, Document), found
    return found


def reason(path: Path | str, **options: object) -> str:
    (found,) = read(path, **options)
    assert isinstance(found, Skipped), found
    return found.reason


def write(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def zst(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


# --- listing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    for name in ("b.txt", "a/2.txt", "a/10.txt", "a-b/x.md", "a.txt", "a/drafts/d.txt", "README"):
        write(root / name, name)
    for name in (".hidden.txt", ".git/config", "a.txt~", "#a.txt#", ".a.txt.swp", "old.bak"):
        write(root / name, name)
    return root


def names(*paths: Path | str, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> list[str]:
    return [one.name for one in list_inputs([str(path) for path in paths], include, exclude)]


def test_folder_is_sorted_by_posix_path_without_hidden_files_and_backups(tree: Path) -> None:
    expected = ["README", "a-b/x.md", "a.txt", "a/10.txt", "a/2.txt", "a/drafts/d.txt", "b.txt"]
    assert names(tree) == expected == sorted(expected)


def test_order_of_arguments_is_kept_and_no_file_is_read_twice(tree: Path) -> None:
    assert names(tree / "b.txt", tree / "a.txt", tree / "a") == ["b.txt", "a.txt", "10.txt", "2.txt", "drafts/d.txt"]
    assert names(tree / "b.txt", tree).count("b.txt") == 1


def test_a_hidden_file_is_read_when_named(tree: Path) -> None:
    assert names(tree / ".hidden.txt") == [".hidden.txt"]


def test_equal_names_become_the_paths_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("en", "de"):
        write(tmp_path / folder / "1.txt", folder)
    write(tmp_path / "de/2.txt", "2")
    monkeypatch.chdir(tmp_path)
    assert names("en", "de") == ["en/1.txt", "de/1.txt", "2.txt"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["a.txt", "b.txt"]),
        ("a/*", ["10.txt", "2.txt", "drafts/d.txt"]),
        ("**/*.txt", ["a.txt", "a/10.txt", "a/2.txt", "a/drafts/d.txt", "b.txt"]),
        ("a/[0-9].txt", ["2.txt"]),
        ("a/[!0-9]*", ["drafts/d.txt"]),
        ("?", ["a/10.txt", "a/2.txt", "a/drafts/d.txt"]),
    ],
)
def test_globs_that_the_shell_left_alone(tree: Path, pattern: str, expected: list[str]) -> None:
    assert names(f"{tree}/{pattern}") == expected


def test_glob_relative_to_the_working_folder(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    assert names("*.txt") == ["a.txt", "b.txt"]


def test_a_file_whose_name_looks_like_a_glob(tmp_path: Path) -> None:
    assert names(write(tmp_path / "a[1].txt", "x")) == ["a[1].txt"]


@pytest.mark.parametrize("path", ["nothing.txt", "no/such", "*.nothing", "none/*.txt", "", "[z-a]*"])
def test_what_is_not_there_is_wrong_use_at_once(tree: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    with pytest.raises(UsageError) as caught:
        read_inputs([path], Options())
    assert path in str(caught.value)
    assert "\n" not in str(caught.value)


def test_include_and_exclude(tree: Path) -> None:
    assert names(tree, include=("*.md", "b.txt")) == ["a-b/x.md", "b.txt"]
    assert names(tree, exclude=("a", "README")) == ["a-b/x.md", "a.txt", "b.txt"]
    assert names(tree, exclude=("a/drafts/",)) == ["README", "a-b/x.md", "a.txt", "a/10.txt", "a/2.txt", "b.txt"]
    assert names(tree, include=("*.txt",), exclude=("drafts", "a/1*")) == ["a.txt", "a/2.txt", "b.txt"]
    with pytest.raises(UsageError):
        names(tree, exclude=("[z-a]",))


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        ("a/b/c.txt", "c.txt", True),
        ("a/b/c.txt", "b", True),
        ("a/b/c.txt", "a/*", True),
        ("a/b/c.txt", "b/c.txt", False),
        ("a/b/c.txt", "**/c.txt", True),
        ("c.txt", "**/c.txt", True),
        ("a/b/c.txt", "*.md", False),
        ("a.b", "a?b", True),
        ("a-b", "a[-_]b", True),
        ("a]b", "a[]]b", True),
        ("a+b", "a+b", True),
        ("aab", "a+b", False),
    ],
)
def test_matches(name: str, pattern: str, expected: bool) -> None:
    assert matches(name, pattern) is expected


def test_format_is_the_suffix_below_the_compression() -> None:
    assert [format_of(name) for name in ("a.JSONL.gz", "a.txt", "a.zst", "README", "a.b.html.ZST", ".x")] == [
        "jsonl",
        "txt",
        "",
        "",
        "html",
        "",
    ]


def test_inputs_can_go_to_other_processes(tree: Path) -> None:
    inputs = list_inputs([str(tree)])
    assert pickle.loads(pickle.dumps(inputs)) == inputs
    with pytest.raises(AttributeError):
        inputs[0].name = "other"  # type: ignore[misc]


def test_link_loops_and_special_files_have_reasons(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root / "a.txt", "a")
    (root / "loop").symlink_to(root)
    (root / "self").symlink_to("self")
    (root / "gone").symlink_to("nowhere")
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(root / "sock"))
        found = {item.origin.path: item for item in read(root)}
    assert isinstance(found.pop("a.txt"), Document)
    assert {name: item.reason for name, item in found.items() if isinstance(item, Skipped)} == {
        "gone": "no such file or directory",
        "loop": "a link to a folder that is already read",
        "pipe": "not a file but a named pipe",
        "self": "too many levels of symbolic links",
        "sock": "not a file but a socket",
    }


def test_each_folder_is_entered_once_however_many_links_lead_there(tmp_path: Path) -> None:
    for number in range(30):
        folder = tmp_path / "root" / f"d{number}"
        write(folder / "a.txt", "a")
        for link in ("x", "y"):
            (folder / link).symlink_to(tmp_path / "root" / f"d{number + 1}", target_is_directory=True)
    inputs = list_inputs([str(tmp_path / "root")])
    assert sum(not one.problem for one in inputs) == 30
    assert len(inputs) < 100


def test_a_deep_folder_needs_no_recursion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(1100):
        Path("d").mkdir()
        os.chdir("d")
    write(Path("deep.txt"), "x")
    monkeypatch.chdir(tmp_path)
    (found,) = list_inputs([str(tmp_path)])
    assert found.name == "d/" * 1100 + "deep.txt"
    # Too deep for pytest's own clean-up.
    subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_permission_denied(tmp_path: Path) -> None:
    secret = write(tmp_path / "root/a.txt", "a")
    secret.chmod(0)
    assert reason(tmp_path / "root") == "permission denied"


def test_a_system_error_while_reading_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.txt", "a")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    assert reason(path) == "permission denied"


def test_a_file_that_vanished_since_listing(tmp_path: Path) -> None:
    (found,) = read_one(Input(str(tmp_path / "gone.txt"), "gone.txt", "txt"), Options())
    assert found == Skipped(Origin("gone.txt", "txt"), "no such file or directory")


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    write(tmp_path / os.fsdecode(b"caf\xe9.txt"), "x")
    document = only(tmp_path)
    assert document.id == "caf\ufffd.txt"
    document.id.encode()


# --- streams ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [gzip.compress, zst], ids=["gzip", "zstd"])
@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.zst", "a"])
def test_compression_is_told_by_content(tmp_path: Path, pack: object, name: str) -> None:
    assert only(write(tmp_path / name, pack("Ünï".encode()))).text == "Ünï"  # type: ignore[operator]


@pytest.mark.parametrize("pack", [gzip.compress, zst], ids=["gzip", "zstd"])
def test_members_are_joined(tmp_path: Path, pack: object) -> None:
    assert only(write(tmp_path / "a.txt.gz", pack(b"one ") + pack(b"") + pack(b"two"))).text == "one two"  # type: ignore[operator]


def test_padding_after_gzip_members(tmp_path: Path) -> None:
    data = gzip.compress(b"one ") + bytes(70_000) + gzip.compress(b"two") + bytes(512)
    assert only(write(tmp_path / "a.txt.gz", data)).text == "one two"


def test_skippable_zstd_frame(tmp_path: Path) -> None:
    assert only(write(tmp_path / "a.txt.zst", b"\x50\x2a\x4d\x18\x04\0\0\0abcd" + zst(b"hi"))).text == "hi"


NOISE = random.Random(7).randbytes(60_000).hex().encode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (gzip.compress(NOISE)[:-40], "truncated gzip data"),
        (gzip.compress(b"hi")[:-8] + b"xxxxxxxx", "damaged gzip data"),
        (gzip.compress(b"hi") + b"junk", "damaged gzip data"),
        (b"\x1f\x8b\x08", "truncated gzip data"),
        (zst(NOISE)[:-40], "truncated zstd data"),
        (zst(b"hello " * 5000)[:12] + b"\xff" * 100, "damaged zstd data"),
        (b"\x28\xb5\x2f\xfd", "truncated zstd data"),
        (b"\x28\xb5\x2f\xfdjunkjunkjunk", "damaged zstd data"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.md", "a"])
def test_partial_texts_are_left_out(tmp_path: Path, data: bytes, expected: str, name: str) -> None:
    assert reason(write(tmp_path / name, data)) == expected


@pytest.mark.parametrize("pack", [gzip.compress, zst], ids=["gzip", "zstd"])
def test_bombs(tmp_path: Path, pack: object) -> None:
    bomb = write(tmp_path / "a.txt", pack(b" " * 20_000_000))  # type: ignore[operator]
    assert reason(bomb) == "longer than 1000000 characters (max_document_chars)"
    assert reason(bomb, max_expansion=1_000_000) == "unpacks to more than 1000000 bytes (max_expansion)"


def test_a_bomb_of_rows_stops_at_the_ratio(tmp_path: Path) -> None:
    bomb = write(tmp_path / "a.jsonl.zst", zst(b"{}\n" + b"\n" * 300_000_000))
    found = read(bomb)
    assert [one.reason for one in found if isinstance(one, Skipped)][1:] == [
        "the rest is unreadable: unpacks to more than 1000 times its size (decompression bomb?)"
    ]


def test_long_texts_are_left_out_within_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        for _ in range(50):
            file.write(b"word " * 200_000)
    tracemalloc.start()
    try:
        assert reason(path) == "longer than 1000000 characters (max_document_chars)"
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_length_is_in_characters_not_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "😀" * 100)
    assert len(only(path, max_document_chars=100).text) == 100
    assert reason(path, max_document_chars=99) == "longer than 99 characters (max_document_chars)"


@pytest.mark.parametrize(
    ("data", "form", "texts"),
    [
        (b"Plain words.", "txt", ["Plain words."]),
        (b"<!DOCTYPE html><p>Page", "html", ["Page"]),
        (b'{"text": "a"}\n{"text": "b"}', "jsonl", ["a", "b"]),
        (gzip.compress(b"Plain words."), "txt", ["Plain words."]),
        (b"", "txt", [""]),
    ],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes, form: str, texts: list[str]) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    found = read("-")
    assert [one.text for one in found if isinstance(one, Document)] == texts
    assert {one.origin.format for one in found} == {form}
    assert {one.origin.path for one in found} == {"-"}


def test_endless_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/zero").open("rb") as zeros:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=zeros))
        assert reason("-", max_expansion=5_000_000).startswith("stream is longer than 5000000 bytes")


def test_a_pipe_is_read_when_named() -> None:
    out, into = os.pipe()
    try:
        os.write(into, b"from a pipe")
        os.close(into)
        assert only(f"/dev/fd/{out}").text == "from a pipe"
    finally:
        os.close(out)


# --- encodings -------------------------------------------------------------------------------------------------------

RUSSIAN = "Президент заявил в среду, что переговоры продолжатся на следующей неделе. Стороны близки к соглашению."
TEXTS = [
    ("cp1251", RUSSIAN),
    ("koi8_r", RUSSIAN),
    (
        "cp1252",
        "Le président a déclaré que les négociations reprendraient bientôt. « C’est un début », a-t-il ajouté à Genève.",
    ),
    (
        "cp1250",
        "Prezydent oświadczył w środę, że rozmowy będą kontynuowane. Źródła podają, że strony są bliskie porozumienia.",
    ),
    (
        "iso8859_2",
        "Prezydent oświadczył w środę, że rozmowy będą kontynuowane. Źródła podają, że są bliskie porozumienia.",
    ),
    ("cp932", "大統領は水曜日、交渉は来週も続くと述べた。関係者によると、双方は合意に近づいているという。"),
    ("euc_jp", "大統領は水曜日、交渉は来週も続くと述べた。関係者によると、双方は合意に近づいているという。"),
    ("iso2022_jp", "大統領は水曜日、交渉は来週も続くと述べた。"),
    ("gb18030", "总统周三表示，谈判将在下周继续进行。据知情人士透露，双方已接近达成协议。"),
    ("big5", "總統週三表示，談判將在下週繼續進行。據知情人士透露，雙方已接近達成協議。"),
    ("cp949", "대통령은 수요일 협상이 다음 주에도 계속될 것이라고 말했다. 소식통에 따르면 양측은 합의에 근접했다."),
    ("cp1253", "Ο πρόεδρος δήλωσε την Τετάρτη ότι οι διαπραγματεύσεις θα συνεχιστούν την επόμενη εβδομάδα."),
    (
        "cp1254",
        "Cumhurbaşkanı çarşamba günü müzakerelerin gelecek hafta da süreceğini söyledi. Taraflar anlaşmaya yakın.",
    ),
    ("cp1255", "הנשיא אמר ביום רביעי כי המשא ומתן יימשך בשבוע הבא. לדברי גורמים, הצדדים קרובים להסכם."),
    ("cp1256", "قال الرئيس يوم الأربعاء إن المفاوضات ستستمر الأسبوع المقبل. وقالت مصادر إن الجانبين قريبان."),
    ("cp874", "ประธานาธิบดีกล่าวเมื่อวันพุธว่าการเจรจาจะดำเนินต่อไปในสัปดาห์หน้า"),
    (
        "cp1252",
        "The “talks” go on, the president said on Wednesday — the sides are close to an agreement, sources say.",
    ),
    ("utf-8", "Ünïcødé 😀"),
    ("utf-8-sig", "Ünïcødé 😀"),
    ("utf-16", "Ünïcødé 😀"),
    ("utf-32", "Ünïcødé 😀"),
]


@pytest.mark.parametrize(("encoding", "text"), TEXTS, ids=[f"{name}-{at}" for at, (name, _) in enumerate(TEXTS)])
@pytest.mark.parametrize("behind", ["", "a line of ASCII before it\r\n" * 20_000], ids=["alone", "late"])
def test_encodings(tmp_path: Path, encoding: str, text: str, behind: str) -> None:
    assert only(write(tmp_path / "a.txt", (behind + text).encode(encoding))).text == behind + text


def test_the_encoding_is_noted_unless_it_is_utf8(tmp_path: Path) -> None:
    assert only(write(tmp_path / "a.txt", RUSSIAN.encode("cp1251"))).metadata == {"encoding": "cp1251"}
    assert only(write(tmp_path / "b.txt", b"\xef\xbb\xbfx")).metadata == {}


def test_line_ends_stay(tmp_path: Path) -> None:
    assert only(write(tmp_path / "a.txt", "a\r\nb\rc\n\u2028d\x0c")).text == "a\r\nb\rc\n\u2028d\x0c"


def test_damaged_utf8_stays_utf8(tmp_path: Path) -> None:
    data = RUSSIAN.encode()
    assert only(write(tmp_path / "a.txt", data + b"\xff" + data)).text == f"{RUSSIAN}\ufffd{RUSSIAN}"
    # The damage may lie behind what is looked at for a guess.
    assert only(write(tmp_path / "a.txt", data * 2000 + b"\xff")).text == RUSSIAN * 2000 + "\ufffd"


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a\x00\x00text",
        bytes(range(256)) * 10,
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"text with one \x00 NUL",
        b"\x01\x02\x03\x04\x05\x06\x07 binary",
        "NUL\0".encode("utf-16"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.bin", "a"])
def test_binary(tmp_path: Path, data: bytes, name: str) -> None:
    assert reason(write(tmp_path / name, data)) == "binary file"


def test_a_large_binary_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        file.truncate(1 << 33)
    assert reason(path, max_document_chars=1 << 34) == "binary file"


@pytest.mark.parametrize("size", [1, 7, 100, 5000])
def test_junk_is_never_an_error(size: int) -> None:
    noise = random.Random(size)
    for _ in range(100):
        with suppress(UnreadableError):
            decode(noise.randbytes(size))[0].encode()


def test_undecodable(tmp_path: Path) -> None:
    assert reason(write(tmp_path / "a.txt", b"\xff\xfe\x00")).startswith("undecodable")


# --- plain text and Markdown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a"])
def test_an_empty_file_is_an_empty_document(tmp_path: Path, name: str) -> None:
    document = only(write(tmp_path / name, b""))
    assert (document.text, document.blocks, document.id) == ("", (), name)


def test_an_empty_file_of_rows_has_none(tmp_path: Path) -> None:
    assert [read(write(tmp_path / name, b"")) for name in ("a.jsonl", "a.json")] == [[], []]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.TXT", "txt"),
        ("a.log", "txt"),
        ("LICENSE", "txt"),
        ("a.markdown", "md"),
        ("a.htm", "html"),
        ("a.ndjson", "jsonl"),
    ],
)
def test_formats_by_name(tmp_path: Path, name: str, form: str) -> None:
    assert read(write(tmp_path / name, "x"))[0].origin.format == form


MARKDOWN = """---
title: "The title"
date: 2024-05-01
lang: de
unknown: x
---
# Heading one #

Paragraph *one*
on two lines.

Under
=====

- item one
  goes on
  1. inner
* [a link](http://x.y/z) rest

> quoted text

```python
code = 1

more
```

    indented

| a | b |
|---|---|
| 1 | 2 |

<!-- unseen -->

<div>
html
</div>

[ref]: http://x.y
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_markdown_blocks(tmp_path: Path, end: str) -> None:
    document = only(write(tmp_path / "a.md", MARKDOWN.replace("\n", end)))
    assert document.text == MARKDOWN.replace("\n", end)
    found = [(block.role, block.span.cut(document.text).replace(end, "\n")) for block in document.blocks]
    assert found == [
        ("heading", "Heading one"),
        ("paragraph", "Paragraph *one*\non two lines."),
        ("heading", "Under"),
        ("list_item", "item one\n  goes on"),
        ("list_item", "inner"),
        ("list_item", "[a link](http://x.y/z) rest"),
        ("paragraph", "quoted text"),
        ("code", "code = 1\n\nmore"),
        ("code", "indented"),
        ("table", "| a | b |"),
        ("table", "| 1 | 2 |"),
        ("", "<div>\nhtml\n</div>"),
    ]
    assert document.metadata == {"title": "The title", "published": "2024-05-01"}
    assert document.declared_language == "de"
    assert document.blocks[5].link_density == 0.556


@pytest.mark.parametrize("text", ["---\nno: end\n", "---", "--- \n---", "----\ntitle: x\n---\n"])
def test_no_front_matter(tmp_path: Path, text: str) -> None:
    assert only(write(tmp_path / "a.md", text)).metadata == {}


def test_an_unclosed_fence_loses_nothing(tmp_path: Path) -> None:
    document = only(write(tmp_path / "a.md", "```\na\nb"))
    assert [block.span.cut(document.text) for block in document.blocks] == ["a\nb"]


HOSTILE_MARKDOWN = [
    "> " * 100_000,
    ">" * 50_000,
    "- " * 30_000,
    "[" * 100_000,
    "[a]: \n" * 20_000,
    "`" * 100_000,
    "<a>\n" * 20_000,
]
HOSTILE_MARKDOWN += [
    "#" * 100_000,
    "# " + " #" * 50_000,
    "|" * 50_000 + "\n" + "|-" * 50_000,
    "[x](" * 50_000,
    "\t" * 100_000,
]


@pytest.mark.parametrize("text", HOSTILE_MARKDOWN, ids=range(len(HOSTILE_MARKDOWN)))
def test_hostile_markdown(tmp_path: Path, text: str) -> None:
    document = only(write(tmp_path / "a.md", text))
    assert document.text == text
    assert all(0 <= block.span.start < block.span.end <= len(text) for block in document.blocks)


# --- rows ------------------------------------------------------------------------------------------------------------


def test_rows(tmp_path: Path) -> None:
    rows = [
        {"text": "one", "id": "x", "group": "g", "lang": "de", "score": 1.5, "nested": {"a": [1]}},
        {"text": "two\u2028lines", "id": 7, "group": 3, "language": "fr"},
        {"text": "", "id": "", "group": None},
    ]
    path = write(tmp_path / "a.jsonl", "\r\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    first, second, third = read(path)
    assert first == Document(
        "x",
        "one",
        Origin("a.jsonl", "jsonl", "1"),
        declared_language="de",
        group="g",
        metadata={"lang": "de", "score": 1.5, "nested": {"a": [1]}},
    )
    assert isinstance(second, Document)
    assert isinstance(third, Document)
    assert (second.id, second.text, second.group, second.declared_language) == ("7", "two\u2028lines", "3", "fr")
    assert (third.id, third.text, third.group, third.origin.locator) == ("a.jsonl#L3", "", None, "3")


def test_other_fields(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"body": "b", "url": "u", "story": "s", "text": "t", "id": "i"}')
    document = only(path, text_field="body", id_field="url", group_field="story")
    assert (document.text, document.id, document.group) == ("b", "u", "s")
    assert document.metadata == {"text": "t", "id": "i"}


def test_bad_rows_have_line_and_reason_and_the_rest_is_kept(tmp_path: Path) -> None:
    lines = [
        '{"text": "gööd, möre thän ten äccents: ä ö ü ß é è"}'.encode(),
        b"",
        b'{"text": ',
        b"[1]",
        b'{"body": "x"}',
        b'{"text": null}',
        b'{"text": "\xff"}',
        b'{"text": "a\\u0000b"}',
        b'{"text": ' + b"[" * 100_000,
        b'{"text": "n", "n": ' + b"1" * 5000 + b"}",
        b'{"text": "' + b"long " * 1000 + b'"}',
        b'{"text": "last"}',
    ]
    found = read(write(tmp_path / "a.jsonl", b"\n".join(lines)), max_document_chars=2000)
    assert [one.text for one in found if isinstance(one, Document)] == [
        "gööd, möre thän ten äccents: ä ö ü ß é è",
        "last",
    ]
    assert [(one.origin.locator, one.reason) for one in found if isinstance(one, Skipped)] == [
        ("3", "malformed JSON: Expecting value at column 10"),
        ("4", "not a JSON object"),
        ("5", "no field 'text'"),
        ("6", "field 'text' is not a string"),
        ("7", "not valid UTF-8"),
        ("8", "binary data (NUL characters) in the text"),
        ("9", "malformed JSON: nested too deeply or a number too long"),
        ("10", "malformed JSON: nested too deeply or a number too long"),
        ("11", "longer than 2000 characters (max_document_chars)"),
    ]


def test_a_line_of_any_length_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "first"}\n{"text": "')
        for _ in range(60):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n{"text": "last"}')
    tracemalloc.start()
    try:
        found = read(path, max_document_chars=100_000)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()
    assert [type(one) for one in found] == [Document, Skipped, Document]


def test_rows_stream(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", 1) as file:
        for number in range(3000):
            file.write(json.dumps({"text": f"{number} " * 4000}).encode() + b"\n")
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_inputs([str(path)], Options())) == 3000
        assert tracemalloc.get_traced_memory()[1] < 25_000_000
    finally:
        tracemalloc.stop()


def test_what_json_allows_but_reports_cannot_hold(tmp_path: Path) -> None:
    row = b'{"text": "a\\ud800b \\ud83d\\ude00", "id": "\\udfff", "x": NaN, "y": 1e999, "k\\ud800": "\\\\ud800"}'
    document = only(write(tmp_path / "a.jsonl", row))
    assert document.text == "a\ufffdb 😀"
    assert document.id == "\ufffd"
    assert document.metadata == {"x": None, "y": None, "k\ufffd": "\\ud800"}
    json.dumps(dict(document.metadata), allow_nan=False, ensure_ascii=False).encode()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1251", "utf-16-be"])
def test_rows_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    data = mark + "\n".join(json.dumps({"text": RUSSIAN, "id": str(at)}, ensure_ascii=False) for at in range(5))
    found = read(write(tmp_path / "a.jsonl", data.encode(encoding)))
    assert [one.text for one in found if isinstance(one, Document)] == [RUSSIAN] * 5


def test_good_rows_of_a_small_truncated_file_are_kept(tmp_path: Path) -> None:
    data = b"".join(json.dumps({"text": f"row {number} of many"}).encode() + b"\n" for number in range(5000))
    *rows, last = read(write(tmp_path / "a.jsonl.gz", gzip.compress(data)[:9000]))
    assert len(rows) > 500
    assert isinstance(last, Skipped)
    assert last.origin.locator == str(len(rows) + 1)


@pytest.mark.parametrize("pack", [gzip.compress, zst], ids=["gzip", "zstd"])
def test_good_rows_of_a_truncated_file_are_kept(tmp_path: Path, pack: object) -> None:
    noise = random.Random(3)
    data = b"".join(json.dumps({"text": noise.randbytes(200).hex()}).encode() + b"\n" for _ in range(2000))
    packed = pack(data)  # type: ignore[operator]
    *rows, last = read(write(tmp_path / "a.jsonl.gz", packed[: len(packed) // 2]))
    assert len(rows) > 100
    assert all(isinstance(one, Document) for one in rows)
    assert isinstance(last, Skipped)
    assert last.reason.startswith("the rest is unreadable: truncated")
    assert int(last.origin.locator) == len(rows) + 1


def test_a_list_in_a_json_file(tmp_path: Path) -> None:
    rows = [{"text": f"text {at} " * 3000, "id": f"id{at}"} for at in range(50)] + [{"text": "no id"}, 5, {"text": 1}]
    for name in ("a.json", "a.jsonl"):
        for indent in (None, 2):
            *found, last, skipped, other = read(write(tmp_path / name, json.dumps(rows, indent=indent)))
            assert [one.id for one in found if isinstance(one, Document)] == [f"id{at}" for at in range(50)]
            assert isinstance(last, Document)
            assert (last.id, last.origin) == (f"{name}#51", Origin(name, "json", "51"))
            assert skipped == Skipped(Origin(name, "json", "52"), "not a JSON object")
            assert other == Skipped(Origin(name, "json", "53"), "field 'text' is not a string")


def test_objects_in_a_json_file(tmp_path: Path) -> None:
    one = json.dumps({"text": "one", "more": {"a": 1}}, indent=2)
    assert only(write(tmp_path / "a.json", one)).id == "a.json#1"
    assert [item.id for item in read(write(tmp_path / "b.json", one + one)) if isinstance(item, Document)] == [
        "b.json#1",
        "b.json#2",
    ]
    lines = '{"text": "one"}\n{"text": "two"}\n{"text"\n{"text": "four"}\n'
    found = read(write(tmp_path / "c.json", lines))
    assert [type(item) for item in found] == [Document, Document, Skipped, Document]


@pytest.mark.parametrize(
    ("text", "kept", "expected"),
    [
        ('[{"text": "a"}, {"text": ', 1, "the rest is unreadable: malformed JSON: Expecting value"),
        (
            '[{"text": "a"}, {"text" 1}, {"text": "b"}]',
            1,
            "the rest is unreadable: malformed JSON: Expecting ':' delimiter",
        ),
        ('[{"text": "a"}', 1, "the rest is unreadable: malformed JSON: the list is not closed"),
        ("{", 0, "malformed JSON: Expecting property name enclosed in double quotes"),
        ("[" * 200_000, 0, "malformed JSON: nested too deeply or a number too long"),
        ("word", 0, "malformed JSON: Expecting value"),
    ],
)
def test_broken_json_files(tmp_path: Path, text: str, kept: int, expected: str) -> None:
    *rows, last = read(write(tmp_path / "a.json", text))
    assert len(rows) == kept
    assert isinstance(last, Skipped)
    assert last.reason == expected


def test_a_json_value_longer_than_the_limit(tmp_path: Path) -> None:
    text = '[{"text": "a"}, {"text": "' + "x" * 9_000_000 + '"}]'
    found = read(write(tmp_path / "a.json", text), max_document_chars=1000)
    assert [type(one) for one in found] == [Document, Skipped]


# --- ids -------------------------------------------------------------------------------------------------------------


def test_colliding_ids(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(
            tmp_path / f"{name}.jsonl", "\n".join(json.dumps({"text": "t", "id": one}) for one in ("1", "2", "1", "1"))
        )
    ids = [one.id for one in read(tmp_path) if isinstance(one, Document)]
    assert ids == ["1", "2", "a.jsonl#1", "a.jsonl#1#4", "b.jsonl#1", "b.jsonl#2", "b.jsonl#1#3", "b.jsonl#1#4"]


def test_unique_ids_streams_and_passes_skipped_on() -> None:
    def forever() -> object:
        while True:
            yield Document("same", "", Origin("p", "txt"))
            yield Skipped(Origin("q", "txt"), "why")

    found = unique_ids(forever())  # type: ignore[arg-type]
    first = [next(found) for _ in range(6)]
    assert [one.id for one in first if isinstance(one, Document)] == ["same", "p#same", "p#same#2"]
    assert sum(isinstance(one, Skipped) for one in first) == 3


def test_the_same_input_gives_the_same_documents(tree: Path) -> None:
    assert read(tree) == read(tree)
