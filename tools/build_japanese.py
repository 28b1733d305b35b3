"""Build ``auditor/knowledge/japanese_names.tsv``: Japanese names as Chinese reads their characters.

Usage: ``python tools/build_japanese.py FOLDER`` with the unpacked package japanese-personal-name-dataset (MIT) and
pypinyin (MIT) installed. Kinds: ``surname`` (reading of two or more characters, with the family name in Hepburn),
``given`` (Hepburn only), ``person`` (public figures of ``eastern_figures.tsv``).
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from pypinyin import lazy_pinyin

KNOWLEDGE = Path(__file__).parent.parent / "auditor" / "knowledge"
_SURNAMES = 1200
_MIT = "japanese-personal-name-dataset 0.4.0\tMIT"


def main(folder: str) -> None:
    """Write the table."""
    data = Path(folder) / "japanese_personal_name_dataset" / "dataset"
    lines = ["kind\treading\tname\tsource\tlicence"]
    with (data / "last_name_org.csv").open(encoding="utf-8") as rows:
        for kanji, _, _, romaji in list(csv.reader(rows))[:_SURNAMES]:
            if len(kanji) > 1 and "々" not in kanji:
                lines.append(f"surname\t{''.join(lazy_pinyin(kanji))}\t{plain(romaji)}\t{_MIT}")
    for part in ("man", "woman"):
        with (data / f"first_name_{part}_opti.csv").open(encoding="utf-8") as rows:
            lines += [f"given\t\t{plain(row[1])}\t{_MIT}" for row in csv.reader(rows)]
    with (KNOWLEDGE / "eastern_figures.tsv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            family, given = (" ".join(lazy_pinyin(part)).replace(" ", "") for part in row["characters"].split("·"))
            lines.append(f"person\t{family} {given}\t{row['name']}\town\tApache-2.0")
    (KNOWLEDGE / "japanese_names.tsv").write_text("\n".join(dict.fromkeys(lines)) + "\n", "utf-8")


def plain(romaji: str) -> str:
    """Hepburn as newspapers print it, without marks for length: satou -> Sato."""
    return romaji.strip().lower().replace("ou", "o").replace("oo", "o").replace("uu", "u").capitalize()


if __name__ == "__main__":
    main(sys.argv[1])
