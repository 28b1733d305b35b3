"""Training material as token ids: groups of the same lines by several hands, lines, pairs and documents.

A *group* holds the same consecutive lines of one document as the human translator and up to two machine translation
systems wrote them (or as the author wrote them and a back-translation has them). Comparing inside a group keeps topic
and outlet out of what the model can learn from.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.ngrams import normalise
from models.training.corpora import held_out, rows

KINDS = (
    "content",
    "chrome",
    "cookie",
    "subscribe",
    "outdated_browser",
    "pager",
    "byline_meta",
    "nav_readmore",
    "nav_search",
    "nav_related",
    "share",
    "rights",
    "comments",
    "nav_home",
    "nav_menu",
)
LABELS = {"original": "o", "human_translation": "h", "machine_translation": "m"}


@dataclass(slots=True)
class Block:
    """Lines of one document in one language: ``by[hand][line]`` is a list of token ids; ``hand`` is label + system."""

    language: str
    source: str
    year: str
    by: dict[str, dict[int, list[int]]] = field(default_factory=dict)

    def hands(self, label: str) -> list[str]:
        """Hands of one label (``o``, ``h`` or ``m``), in a fixed order."""
        return sorted(hand for hand in self.by if hand[0] == label)


def blocks(data: Path, parts: Iterable[str], tokenise: Any) -> list[Block]:
    """The mt_detect rows of some splits, grouped; text normalised so that its quotation marks teach nothing."""
    found: dict[tuple[str, ...], Block] = {}
    todo: list[tuple[Block, str, int]] = []
    texts: list[str] = []
    for part in parts:
        for row in rows(data / "mt_detect" / f"{part}.jsonl.gz"):
            if part == "dev" and held_out(row):
                continue
            year, pair, line = row["seg_id"].rsplit(":", 2)
            # Documents are not always named; a hundred lines of one test set stand in for one.
            name = row.get("doc_id") or f"{int(line) // 100}"
            source = row["src_lang"]
            key = (row["dataset"], year, pair, str(name), row["lang"])
            block = found.setdefault(key, Block(row["lang"], source, str(row["year"])))
            if row["label"] != "original":
                block.source = source
            hand = LABELS[row["label"]] + ":" + str(row["system"])
            todo.append((block, hand, int(line)))
            texts.append(normalise(row["text"]))
    for (block, hand, line), ids in zip(todo, tokenise(texts), strict=True):
        block.by.setdefault(hand, {})[line] = ids
    return list(found.values())


def tokeniser(folder: Path) -> Any:
    """A function from texts to lists of token ids without special tokens."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def run(texts: list[str]) -> list[list[int]]:
        out: list[list[int]] = []
        for at in range(0, len(texts), 4096):
            out += [one.ids for one in tokenizer.encode_batch(texts[at : at + 4096], add_special_tokens=False)]
        return out

    return run


@dataclass(slots=True)
class Window:
    """One text of an origin batch: ids, label, language, language it was translated from, number of its group."""

    ids: list[int]
    label: str
    language: str
    source: str
    group: int


class OriginSampler:
    """Draws groups of windows; the same seed and step give the same windows."""

    def __init__(self, material: list[Block], longest: int, english: float) -> None:
        self.longest = longest
        self.english = english
        self._translated: dict[str, list[Block]] = defaultdict(list)
        self._original: dict[str, list[Block]] = defaultdict(list)
        for block in material:
            if block.hands("m") and (block.hands("h") or block.hands("o")):
                self._translated[block.language].append(block)
            if block.hands("o"):
                self._original[block.language].append(block)

    def draw(self, chance: random.Random, tokens: int, batch: int) -> list[Window]:
        """Windows of up to ``batch`` tokens in all, ``tokens`` being the longest window."""
        out: list[Window] = []
        size, number = 0, 0
        language = self._language(chance)
        while size < batch:
            number += 1
            lines = chance.choice((1, 1, 2, 3, 4, 6))
            alone = chance.random() < 0.3 and language in self._original
            among = (self._original if alone else self._translated)[language]
            block = chance.choices(among, cum_weights=_weights(among))[0]
            fresh = self._group(block, chance, lines, number, tokens, alone=alone)
            out += fresh
            size += sum(len(one.ids) for one in fresh) + 2 * len(fresh)
        return out

    def _language(self, chance: random.Random) -> str:
        if chance.random() < self.english:
            return "en"
        others = sorted(set(self._translated) - {"en"})
        return chance.choice(others)

    def _group(
        self, block: Block, chance: random.Random, lines: int, number: int, tokens: int, *, alone: bool
    ) -> list[Window]:
        humans = block.hands("o") if alone else (block.hands("h") or block.hands("o"))
        first = chance.choice(humans)
        at = sorted(block.by[first])
        start = chance.randrange(len(at))
        chosen = at[start : start + lines]
        hands = [first]
        if not alone or (block.hands("m") and chance.random() < 0.5):
            machines = [one for one in block.hands("m") if all(line in block.by[one] for line in chosen)]
            hands += chance.sample(machines, min(2, len(machines)))
        out = []
        for hand in hands:
            ids = [token for line in chosen for token in block.by[hand][line]][:tokens]
            source = block.source if hand[0] != "o" else block.language
            out.append(Window(ids, hand[0], block.language, source, number))
        return out


_CACHE: dict[int, list[float]] = {}


def _weights(among: list[Block]) -> list[float]:
    key = id(among)
    if key not in _CACHE:
        total, out = 0.0, []
        for block in among:
            total += min(len(next(iter(block.by.values()))), 40)
            out.append(total)
        _CACHE[key] = out
    return _CACHE[key]
