"""Build the name tables of ``auditor/knowledge`` from a gazetteer of office holders.

Usage: ``python tools/build_names.py GAZETTEER.jsonl.gz``. Each input row has ``name``, ``aliases``, ``type``,
``role``, ``country``, ``origin`` and ``licence``. Written are ``people.tsv`` (who holds or held a public office in
recent years) and ``name_parts.tsv`` (how often a word begins or ends a person's name). Only rows under CC0-1.0 or in
the public domain are taken, so the tables may be passed on freely; every row says where it comes from.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

KNOWLEDGE = Path(__file__).parent.parent / "auditor" / "knowledge"
SINCE = 2010
# Kinds of office as in roles.tsv, told from the English wording of the gazetteer; the first that fits counts.
OFFICES = (
    ("", r"vice[- ]president|deputy president|president of the|secretary-general to|representative|advisor|counsel"),
    ("vice-president", r"vice president"),
    ("president", r"chief of state|^president$|us president"),
    ("prime-minister", r"head of government|^prime minister|^premier|federal chancellor|taoiseach"),
    ("foreign-minister", r"minister (of|for) (foreign|external)"),
    ("defence-minister", r"minister (of|for) (national )?defen[cs]e|^secretary of defen[cs]e"),
    ("finance-minister", r"minister (of|for) finance|^secretary of the treasury|chancellor of the exchequer"),
    ("interior-minister", r"minister (of|for) (the )?(interior|internal affairs|home)"),
    ("secretary-of-state", r"^secretary of state$"),
    ("minister", r"minister"),
    ("governor", r"^governor of|head of .*oblast|chief minister"),
    ("mayor", r"^mayor of|head of kyiv city"),
    ("minister", r"executive branch"),
)
_YEARS = re.compile(r"\((\d{4})?-?(\d{4})?\)")
# Deputy ministers, junior ministers and ambassadors are too many and too little known.
_JUNIOR = re.compile(r"deputy|assistant|under-?secretary|state for|ambassador|shadow")
COUNTRIES = {
    "Australia": "au", "Austria": "at", "Belarus": "by", "Belgium": "be", "Brazil": "br", "Bulgaria": "bg",
    "Canada": "ca", "China": "cn", "Croatia": "hr", "Czechia": "cz", "Denmark": "dk", "Egypt": "eg",
    "Finland": "fi", "France": "fr", "Georgia": "ge", "Germany": "de", "Greece": "gr", "Hungary": "hu",
    "India": "in", "Iran": "ir", "Israel": "il", "Italy": "it", "Japan": "jp", "Kazakhstan": "kz",
    "Korea, South": "kr", "Korea, North": "kp", "Mexico": "mx", "Moldova": "md", "Netherlands": "nl",
    "Norway": "no", "Pakistan": "pk", "Poland": "pl", "Portugal": "pt", "Romania": "ro", "Russia": "ru",
    "Saudi Arabia": "sa", "Serbia": "rs", "Slovakia": "sk", "Spain": "es", "Sweden": "se", "Switzerland": "ch",
    "Taiwan": "tw", "Turkey (Turkiye)": "tr", "Turkey": "tr", "Ukraine": "ua", "United Kingdom": "gb",
    "United States": "us", "Argentina": "ar",
}  # fmt: skip


def people(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the gazetteer's persons whose licence lets them be passed on."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["type"] == "person" and ("CC0" in row["licence"] or "public domain" in row["licence"]):
                yield row


def recent(role: str) -> bool:
    """Whether an office was held in or after ``SINCE`` (or without years: the World Factbook lists present holders)."""
    found = _YEARS.search(role)
    return found is None or not found.group(2) or int(found.group(2)) >= SINCE


def offices(roles: str) -> list[str]:
    """Kinds of office among the roles, in the order of the gazetteer."""
    found: list[str] = []
    for role in roles.split("; "):
        bare = re.sub(r" \(\d.*", "", role).lower()
        kind = next((kind for kind, pattern in OFFICES if re.search(pattern, bare)), "")
        # Heads of state and government stay known, so that a namesake of today's is not taken for an error.
        if _JUNIOR.search(bare) or not (recent(role) or kind in {"president", "prime-minister"}):
            continue
        if kind and kind not in found:
            found.append(kind)
    return found


def source(row: dict[str, Any]) -> tuple[str, str]:
    """Short name of the source and its licence."""
    if "factbook" in row["origin"]:
        return "CIA World Factbook", "public domain"
    return ("Wikidata", "CC0-1.0") if "Wikidata" in row["origin"] else ("congress-legislators", "CC0-1.0")


def clean(name: str) -> str:
    """Drop comments in brackets, invisible signs and double blanks."""
    return " ".join(re.sub(r"\([^)]*\)|[\u200b-\u200f\u2060\ufeff]", " ", name).split())


def public_office(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of ``people.tsv``: one a name, offices and aliases of namesakes joined."""
    merged: dict[str, tuple[list[str], set[str], str, tuple[str, str]]] = {}
    for row in rows:
        held, name = offices(row["role"]), clean(row["name"])
        if not held or len(name.split()) < 2:
            continue
        known = merged.setdefault(name, ([], set(), "", source(row)))
        country = known[2] or COUNTRIES.get(row["country"], "")
        known[0].extend(kind for kind in held if kind not in known[0])
        known[1].update(clean(alias.replace(",", " ")) for alias in row["aliases"] if len(alias.split()) > 1)
        merged[name] = (known[0], known[1], country, known[3])
    for name in sorted(merged):
        held, aliases, country, origin = merged[name]
        yield "\t".join((name, country, ",".join(held), ";".join(sorted(aliases)), *origin))


# Whose parliament or territory the wording of an office points to.
HOMES = (
    ("ua", r"ukrain|kyiv|oblast council"),
    ("ru", r"state duma|russia|federation council"),
    ("by", r"belarus"),
    ("tr", r"turkey"),
    ("gb", r"united kingdom|house of lords"),
    ("fr", r"french|france|regional council of"),
    ("de", r"bundestag|german"),
    ("il", r"knesset"),
    ("in", r"lok sabha|rajya|legislative assembly"),
    ("cn", r"people's congress"),
    ("jp", r"house of councillors|member of the house of representatives \(20"),
    ("kr", r"south korea"),
    ("us", r"united states|us |massachusetts|washington house|michigan|texas"),
    ("ir", r"islamic consultative"),
    ("it", r"ital"),
    ("es", r"spain|congress of deputies"),
    ("pl", r"sejm|poland"),
    ("cz", r"czech"),
    ("gr", r"hellenic|greece"),
    ("hu", r"hungar"),
)


def home(row: dict[str, Any]) -> str:
    """Country that a row's person serves, empty when the wording does not tell."""
    known = COUNTRIES.get(row["country"], "")
    return known or next((code for code, pattern in HOMES if re.search(pattern, row["role"].lower())), "")


def parts(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of ``name_parts.tsv``: words of names seen at least twice in one place, or three times in all."""
    first: Counter[str] = Counter()
    last: Counter[str] = Counter()
    homes: dict[str, Counter[str]] = {}
    for name, code in sorted({clean(row["name"]): home(row) for row in rows}.items()):
        words = [word for word in name.lower().split() if not word.endswith(".")]
        if len(words) > 1:
            first[words[0]] += 1
            last[words[-1]] += 1
            homes.setdefault(words[0], Counter())[code] += 1
    for word in sorted(first.keys() | last.keys()):
        if first[word] >= 2 or last[word] >= 2 or first[word] + last[word] >= 2:
            code, number = min(homes.get(word, Counter({"": 0})).items(), key=lambda item: (-item[1], item[0]))
            origin = code if number >= 2 and number >= 0.6 * first[word] else ""
            yield f"{word}\t{first[word]}\t{last[word]}\t{origin}\tWikidata, CIA World Factbook\tCC0-1.0"


def main(path: str) -> None:
    """Write both tables."""
    rows = list(people(Path(path)))
    for table, header, lines in (
        ("people", "name\tcountry\toffices\taliases\tsource\tlicence", public_office(rows)),
        ("name_parts", "word\tfirst\tlast\torigin\tsource\tlicence", parts(rows)),
    ):
        (KNOWLEDGE / f"{table}.tsv").write_text("\n".join((header, *lines)) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
