"""Readers for archives: WARC and WET, Parquet, Arrow, tables, bitext, zip and tar; damage is counted, the rest kept."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from auditor.data import Document, Skipped
from auditor.readers import list_inputs, read_inputs, read_one, split_input


@dataclass(frozen=True)
class Options:
    text_field: str = "text"
    id_field: str = "id"
    group_field: str = "group"
    max_document_chars: int = 10_000
    max_expansion: int = 4 << 30
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def read(path: Path | str, **options: object) -> list[Document | Skipped]:
    return list(read_inputs([str(path)], Options(**options)))  # type: ignore[arg-type]


def split(found: list[Document | Skipped]) -> tuple[list[Document], list[Skipped]]:
    return [one for one in found if isinstance(one, Document)], [one for one in found if isinstance(one, Skipped)]


def in_parts(path: Path, size: int) -> list[Document | Skipped]:
    (source,) = list_inputs([str(path)])
    parts = split_input(source, Options(), size)
    assert len(parts) > 2
    return [one for part in parts for one in read_one(part, Options())]


def record(number: int, body: bytes, kind: str = "conversion", **headers: str) -> bytes:
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{number}>",
        "WARC-Target-URI": f"https://example.org/{number}",
        "Content-Type": "application/http; msgtype=response" if kind == "response" else "text/plain",
        "Content-Length": str(len(body)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + body + b"\r\n\r\n"


def answer(body: bytes, *headers: str, status: int = 200) -> bytes:
    lines = "".join(f"{line}\r\n" for line in headers or ("Content-Type: text/html; charset=utf-8",))
    return f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + body


WET = [record(number, f"Text number {number}.\nWARC/1.0 is no header here.".encode()) for number in range(8)]


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.warc.wet", b"".join(WET)),
        ("a.warc.wet.gz", b"".join(map(gzip.compress, WET))),
        ("whole.wet.gz", gzip.compress(b"".join(WET))),
        ("blocks.wet.gz", b"".join(gzip.compress(b"".join(WET)[at : at + 100]) for at in range(0, 3000, 100))),
        ("a.wet.zst", b"".join(map(zstd, WET))),
        ("no-suffix", b"".join(WET)),
    ],
)
def test_wet(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    found = read(tmp_path / name)
    assert [one.id for one in found] == [f"urn:uuid:{number}" for number in range(8)]
    assert found[3].text.startswith("Text number 3.")
    assert found[3].metadata["url"] == "https://example.org/3"


def test_zstd_with_a_dictionary_of_its_own(tmp_path: Path) -> None:
    samples = [record(n, (f"Sentence {n} of many. " * (n % 9 + 1)).encode()) for n in range(300)]
    trained = zstandard.train_dictionary(2000, samples)
    raw = trained.as_bytes()
    packer = zstandard.ZstdCompressor(dict_data=trained)
    data = b"\x5d\x2a\x4d\x18" + len(raw).to_bytes(4, "little") + raw + b"".join(map(packer.compress, samples))
    (tmp_path / "a.warc.zst").write_bytes(data)
    assert len(read(tmp_path / "a.warc.zst")) == 300


def test_places_lead_to_the_record(tmp_path: Path) -> None:
    packed = list(map(gzip.compress, WET))
    (tmp_path / "a.wet.gz").write_bytes(b"".join(packed))
    at = int(read(tmp_path / "a.wet.gz")[2].origin.locator)
    assert at == len(packed[0] + packed[1])
    (tmp_path / "b.wet").write_bytes(b"".join(WET))
    assert int(read(tmp_path / "b.wet")[2].origin.locator) == len(WET[0] + WET[1])


@pytest.mark.parametrize("pack", [gzip.compress, zstd, bytes])
def test_warc_behind_damage_goes_on(tmp_path: Path, pack: object) -> None:
    packed = list(map(pack, WET))
    data = bytearray(b"".join(packed))
    start = len(b"".join(packed[:2]))
    if pack is bytes:
        data[start : start + 30] = b"x" * 30
    else:
        data[start + 12 : start + 40] = b"\0" * 28
    (tmp_path / "a.wet").write_bytes(data)
    good, bad = split(read(tmp_path / "a.wet"))
    assert [one.id[-1] for one in good] == list("0134567")
    assert [one.origin.locator for one in bad] == [str(start)]
    assert "damaged" in bad[0].reason


@pytest.mark.parametrize("pack", [gzip.compress, zstd, bytes])
def test_truncated_warc(tmp_path: Path, pack: object) -> None:
    data = b"".join(map(pack, WET))
    (tmp_path / "a.wet").write_bytes(data[:-20])
    good, bad = split(read(tmp_path / "a.wet"))
    assert len(good) == 7
    assert len(bad) == 1
    assert "truncated" in bad[0].reason


def test_a_wrong_length_costs_one_record(tmp_path: Path) -> None:
    for wrong in ("5", "400", "-1", "many"):
        broken = [*WET[:2], record(2, b"short text", Content_Length=wrong), *WET[3:]]
        (tmp_path / "a.wet.gz").write_bytes(b"".join(map(gzip.compress, broken)))
        good, bad = split(read(tmp_path / "a.wet.gz"))
        assert [one.id[-1] for one in good] == list("0134567"), wrong
        assert len(bad) == 1
        # One gzip member over all: reading goes on at the next line that begins a record.
        (tmp_path / "b.wet.gz").write_bytes(gzip.compress(b"".join(broken)))
        good, bad = split(read(tmp_path / "b.wet.gz"))
        assert [one.id[-1] for one in good][-3:] == list("567"), wrong
        assert len(bad) >= 1


def test_pages_of_a_crawl(tmp_path: Path) -> None:
    page = "<html lang=de><title>Ä</title><body><p>Straße</p></body></html>"
    chunked = b"5\r\n" + page.encode()[:5] + b"\r\n" + f"{len(page.encode()) - 5:x}\r\n".encode() + page.encode()[5:]
    records = [
        record(0, b"software: x", "warcinfo"),
        record(1, answer(page.encode()), "response"),
        record(2, answer(page.encode("latin-1"), "Content-Type: text/html; charset=iso-8859-1"), "response"),
        record(
            3, answer(gzip.compress(page.encode()), "Content-Type: text/html", "Content-Encoding: gzip"), "response"
        ),
        record(
            4, answer(chunked + b"\r\n0\r\n\r\n", "Content-Type: text/html", "Transfer-Encoding: chunked"), "response"
        ),
        record(5, answer(b"plain", "Content-Type: text/plain"), "response"),
        record(6, answer(b"", status=404), "response"),
        record(7, answer(b"\x89PNG", "Content-Type: image/png"), "response"),
        record(8, answer(b"\1\2", "Content-Type: text/html", "Content-Encoding: gzipp"), "response"),
        record(9, b"GET / HTTP/1.1\r\n\r\n", "request"),
        record(10, b"no http", "response"),
        record(11, b"x" * 5_000_000, "response"),
    ]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    good, bad = split(read(tmp_path / "a.warc.gz"))
    assert [one.text.strip() for one in good] == ["Straße"] * 4 + ["plain"]
    assert good[0].declared_language == "de"
    assert [one.reason for one in bad] == [
        "HTTP status 404",
        "image/png is not read",
        "unknown content coding 'gzipp'",
        "no HTTP response in the record",
        "longer than 10000 characters (max_document_chars)",
    ]


@pytest.mark.parametrize("pack", [gzip.compress, zstd, bytes])
def test_warc_in_parts(tmp_path: Path, pack: object) -> None:
    many = [record(number, f"Text {number}. ".encode() * 20) for number in range(200)]
    (tmp_path / "a.warc").write_bytes(b"".join(map(pack, many)))
    assert in_parts(tmp_path / "a.warc", 4000) == read(tmp_path / "a.warc")


def rows(count: int) -> list[dict[str, object]]:
    return [{"id": f"r{n}", "text": f"Row number {n}. " * 5, "metadata": {"url": f"u{n}"}} for n in range(count)]


def test_json_lines_in_parts_keep_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [json.dumps({"text": f"Row number {number}. " * 9}) for number in range(30_000)]
    lines[100] = "{"
    lines[20_000] = "\udcff"
    path.write_text("\ufeff" + "\n".join(lines), "utf-8", "surrogateescape")
    found = in_parts(path, 1_000_000)
    assert found == read(path)
    assert found[-1].id == "a.jsonl#L30000"


def test_parquet(tmp_path: Path) -> None:
    table = pa.Table.from_pylist([{**row, "picture": b"\0", "score": 0.5} for row in rows(1000)])
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=100)
    found = read(tmp_path / "a.parquet")
    assert [one.id for one in found] == [f"r{n}" for n in range(1000)]
    assert found[5].metadata == {"url": "u5", "score": 0.5}
    assert found[5].origin.locator == "6"
    assert in_parts(tmp_path / "a.parquet", 5000) == found


def test_a_bad_parquet_page_costs_its_row_group_at_most(tmp_path: Path) -> None:
    table = pa.Table.from_pylist(rows(1000))
    path = tmp_path / "a.parquet"
    pq.write_table(table, path, row_group_size=100, write_page_checksum=True)
    chunk = pq.ParquetFile(path).metadata.row_group(4).column(1)
    data = bytearray(path.read_bytes())
    at = chunk.dictionary_page_offset + 60
    data[at : at + 60] = b"\xff" * 60
    path.write_bytes(data)
    good, bad = split(read(path))
    assert len(good) == 900
    assert [one.origin.locator for one in bad] == ["401"]
    assert bad[0].reason.startswith("100 rows of row group 4 are unreadable")


def test_not_parquet(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 nothing")
    (found,) = read(tmp_path / "a.parquet")
    assert found.reason.startswith("not a whole Parquet file")


def test_a_dataset_saved_to_disk(tmp_path: Path) -> None:
    folder = tmp_path / "set" / "train"
    folder.mkdir(parents=True)
    (tmp_path / "set" / "dataset_dict.json").write_text("{}")
    for name in ("dataset_info.json", "state.json"):
        (folder / name).write_text("{}")
    table = pa.Table.from_pylist(rows(500))
    with (
        pa.OSFile(str(folder / "data-00000-of-00001.arrow"), "wb") as sink,
        pa.ipc.new_stream(sink, table.schema) as out,
    ):
        for batch in table.to_batches(max_chunksize=50):
            out.write_batch(batch)
    found = read(tmp_path / "set")
    assert [one.id for one in found] == [f"r{n}" for n in range(500)]
    path = folder / "data-00000-of-00001.arrow"
    assert [one.id for one in in_parts(path, 9000)] == [one.id for one in found]
    path.write_bytes(path.read_bytes()[:-20_000])
    good, bad = split(read(path))
    assert 0 < len(good) < 500
    assert "unreadable" in bad[0].reason
