"""Clean articles and interface strings by language, for benchmarks; nothing that weights were fitted on."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.language import letters, primary
from auditor.normalize import fold
from models.training.lines.corpus import is_learned

# Products whose strings neither weights nor thresholds have seen (models/training/lines/corpus.py).
HELD_OUT = ("@c15t/translations", "klaro", "outdated-browser-rework", "outdatedbrowser", "TryGhost/Themes")
# What thresholds were set on.
SET_ON = ("@dargmuesli/nuxt-cookie-control", "orejime")
_DOMAINS = {"news", "general_unlabelled", "other"}
_LINES = 10
_ODD_TAGS = {"cz": "cs", "ua": "uk", "ee": "et", "rs": "sr", "fil": "tl", "zh-hant": "zh", "zh-hans": "zh"}


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface string with its product, category and language."""

    text: str
    language: str
    category: str
    product: str


def load(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a packed JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        yield from map(json.loads, rows)


def strings(data: Path, products: Sequence[str] = HELD_OUT) -> tuple[list[Interface], dict[str, set[str]]]:
    """Strings of some products without placeholders, and all known strings of each language, folded."""
    found: dict[tuple[str, str], Interface] = {}
    known: dict[str, set[str]] = defaultdict(set)
    for row in load(data / "boilerplate" / "ui_strings.jsonl.gz"):
        tag = _ODD_TAGS.get(row["lang"].lower(), primary(row["lang"]))
        text = " ".join(row["text"].split())
        product = re.sub(r"(?<=.)@[^@/]*$", "", row["origin"].split(":", 1)[1])
        # That product names countries, not languages.
        tag = "sl" if (product, tag) == ("outdated-browser-rework", "si") else tag
        known[tag].add(fold(text))
        if product in products and not set("{%<$") & set(text) and letters(text) >= 3:
            found.setdefault((tag, fold(text)), Interface(text, tag, row["category"], product))
    # What a translation leaves in English is no text of its language.
    english = known["en"]
    return [one for (tag, form), one in found.items() if tag == "en" or form not in english], known


def articles(data: Path, most: int, part: str = "test", seed: int = 1) -> dict[str, list[list[str]]]:
    """Articles of some ten lines by language: the newest news, else translation-quality sources, else page content.

    ``part`` is ``test``, or ``dev`` while developing.
    """
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    found = _news(data, part)
    for more in (_quality(data, part), _news(data, "dev"), _blocks(data), _controls(data)):
        for tag, own in more.items():
            if len(found.get(tag, ())) < 4:
                found[tag] = own
    return {tag: chance.sample(own, min(most, len(own))) for tag, own in sorted(found.items())}


def _news(data: Path, part: str) -> dict[str, list[list[str]]]:
    groups: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for row in load(data / "mt_detect" / f"{part}.jsonl.gz"):
        person = row["label"] in {"original", "human_translation"} or row["lang"] == "he"
        if part == "dev" and is_learned(row):
            continue
        if person and row["domain"] in _DOMAINS:
            pair, _, line = row["seg_id"].rpartition(":")
            groups[primary(row["lang"]), f"{row['label']}|{row.get('doc_id') or pair}"][int(line)] = row["text"]
    return _cut(groups)


def _quality(data: Path, part: str) -> dict[str, list[list[str]]]:
    groups: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for at, row in enumerate(load(data / "qe" / f"{part}.jsonl.gz")):
        if row["dataset"] == "mlqe-pe" and row["src_lang"] != "en":
            groups[row["src_lang"], "qe"][at] = row["source"]
        elif row["tgt_lang"] in {"gu", "hi", "mr", "ta", "te"}:
            groups[row["tgt_lang"], "qe"][at] = row["translation"]
    return _cut(groups)


def _blocks(data: Path) -> dict[str, list[list[str]]]:
    groups: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for row in load(data / "boilerplate" / "trafilatura_eval_blocks.jsonl.gz"):
        if row["label"] == "content" and row["lang"] and letters(row["text"]) > 60:
            groups[primary(row["lang"]), row["lang"]][len(groups[primary(row["lang"]), row["lang"]])] = row["text"]
    return _cut(groups, lines=4)


def _controls(data: Path) -> dict[str, list[list[str]]]:
    """The clean ones of the development documents."""
    made: dict[str, list[list[str]]] = defaultdict(list)
    for name in ("a", "b"):
        for row in map(json.loads, (data / "dev_docs" / f"{name}.jsonl").read_text("utf-8").splitlines()):
            if row["control"]:
                made[row["lang"]].append([line for line in row["text"].splitlines() if line.strip()])
    return made


def _cut(groups: dict[tuple[str, str], dict[int, str]], lines: int = _LINES) -> dict[str, list[list[str]]]:
    made: dict[str, list[list[str]]] = defaultdict(list)
    for (tag, _), numbered in sorted(groups.items()):
        texts = list(dict.fromkeys(" ".join(text.split()) for _, text in sorted(numbered.items())))
        made[tag] += [texts[at : at + lines] for at in range(0, len(texts) - 3, lines)]
    return made
