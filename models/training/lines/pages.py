"""Pages with known lines: clean articles with interface lines and foreign content put in, and labelled web pages."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.data import Block, Document, Origin, SegmentedDocument, Span
from auditor.readers.web import page_document
from auditor.segment import segment
from models.training.lines import corpus
from models.training.lines.corpus import Example

_QUOTES = {"de": "„“", "ru": "«»", "uk": "«»", "fr": "«»", "zh": "“”", "ja": "「」", "cs": "„“", "pl": "„”"}
# Blocks whose letters stand in the gold text to at most this share are boilerplate; those between are left out.
_LOW, _HIGH = 0.35, 0.8
_GRAM = 8


@dataclass(slots=True)
class Labelled:
    """A segmented page and, for each line, 1 for interface text, 0 for content, -1 for unknown; and its weight."""

    page: SegmentedDocument
    labels: list[int]
    weight: float = 1.0
    notes: list[str] = field(default_factory=list)


class Maker:
    """Builds pages from articles by language and interface lines by language, all choices from one seed."""

    def __init__(self, articles: dict[str, list[list[str]]], strings: Sequence[Example], seed: int) -> None:
        self.chance = random.Random(seed)
        self.articles = {tag: texts for tag, texts in sorted(articles.items()) if texts}
        groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for one in strings:
            groups[one.language, one.source, one.kind].append(one.text)
        self.groups = dict(sorted(groups.items()))
        self.by_language: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for key in self.groups:
            self.by_language[key[0]].append(key)
        self.hosts = list(self.articles)

    def page(self) -> Labelled:
        """One page."""
        chance = self.chance
        host = chance.choice(self.hosts)
        lines = [(text, 0, "text") for text in chance.choice(self.articles[host])]
        if chance.random() < 0.5:
            lines = self._short_content(host, lines)
        if chance.random() < 0.4:
            lines = self._foreign_content(host, lines)
        turn = chance.random()
        if turn < 0.5:
            lines = self._chrome(lines, chance.choice([tag for tag in self.by_language if tag != host]))
        if (turn < 0.15 or turn > 0.7) and self.by_language.get(host):
            lines = self._chrome(lines, host)
        return _labelled(lines)

    def _chrome(self, lines: list[tuple[str, int, str]], tag: str) -> list[tuple[str, int, str]]:
        chance = self.chance
        out = lines
        for _ in range(chance.choice((1, 1, 1, 2))):
            texts = self.groups[chance.choice(self.by_language[tag])]
            run = [
                (_cased(one, chance), 1, "chrome")
                for one in chance.sample(texts, min(len(texts), chance.choice((1, 1, 2, 3, 5))))
            ]
            at = chance.choice((0, len(out), len(out), chance.randint(0, len(out))))
            out = [*out[:at], *run, *out[at:]]
        return out

    def _short_content(self, host: str, lines: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
        """Headings, captions, names and short lines of speech, which are content."""
        chance = self.chance
        source = chance.choice(self.articles[host])
        for _ in range(chance.choice((1, 1, 2, 4))):
            at = chance.choice((0, chance.randint(0, len(lines)), len(lines)))
            short = corpus.piece(chance.choice(source), chance)
            lines = [*lines[:at], (short, 0, "short"), *lines[at:]]
        return lines

    def _foreign_content(self, host: str, lines: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
        """Quotations, verses, untranslated sentences and parallel text in another language."""
        chance = self.chance
        other = chance.choice([tag for tag in self.hosts if tag != host])
        texts = chance.choice(self.articles[other])
        at = chance.randint(0, len(lines))
        form = chance.choice(("quoted", "plain", "verse", "broken", "parallel"))
        marks = _QUOTES.get(host, "“”")
        if form == "quoted":
            run = [f"{marks[0]}{chance.choice(texts)}{marks[1]}"]
        elif form == "plain":
            run = texts[: chance.choice((1, 1, 2))]
        elif form == "verse":
            run = [corpus.piece(chance.choice(texts), chance) for _ in range(chance.randint(4, 9))]
        elif form == "broken":
            run = corpus.broken(" ".join(texts[: chance.choice((1, 2, 3))]), chance)
        else:
            pairs = zip(lines, texts, strict=False)
            return [line for own, text in pairs for line in (own, (text, 0, form))]
        return [*lines[:at], *((one, 0, form) for one in run), *lines[at:]]


def _cased(text: str, chance: random.Random) -> str:
    """Phrases of the tables are folded; on pages most begin with a capital, some consist of them."""
    if text != text.lower() or chance.random() < 0.2:
        return text
    return text.upper() if chance.random() < 0.1 else text[:1].upper() + text[1:]


def _labelled(lines: list[tuple[str, int, str]]) -> Labelled:
    flat = [(" ".join(text.split()), label, note) for text, label, note in lines]
    flat = [one for one in flat if one[0]]
    blocks, at = [], 0
    for text, _, _ in flat:
        blocks.append(Block(Span(at, at + len(text))))
        at += len(text) + 1
    document = Document("a", "\n".join(text for text, _, _ in flat), Origin("a", "txt"), tuple(blocks))
    return Labelled(segment(document), [label for _, label, _ in flat], notes=[note for _, _, note in flat])


def from_blocks(rows: Sequence[dict[str, Any]], *, markup: bool) -> list[Labelled]:
    """Pages of labelled blocks; with ``markup`` each line keeps its element and its share of links."""
    roles = {"p": "paragraph", "li": "list_item", "td": "table", "th": "table", "figcaption": "caption"}
    roles |= dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading") | dict.fromkeys(("button", "form"), "form")
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["dataset"] + row["doc_id"]].append(row)
    pages = []
    for name, own in sorted(groups.items()):
        blocks, texts, at = [], [], 0
        for row in own:
            text = " ".join(row["text"].split())
            role, link = (roles.get(row["tag"], ""), row["link_density"] or 0.0) if markup else ("", 0.0)
            blocks.append(Block(Span(at, at + len(text)), role, link))
            texts.append(text)
            at += len(text) + 1
        document = Document(name, "\n".join(texts), Origin(name, "html"), tuple(blocks))
        pages.append(Labelled(segment(document), [int(row["label"] == "boilerplate") for row in own]))
    return pages


def from_html(rows: Sequence[dict[str, Any]]) -> list[Labelled]:
    """Pages read by the package's own reader, lines labelled by the gold text."""
    pages = []
    for row in rows:
        document = page_document(row["html"], row["doc_id"], Origin(row["doc_id"], "html"))
        page = segment(document)
        pages.append(Labelled(page, gold_labels([line.span.cut(page.text) for line in page.lines], row["gold"])))
    return pages


def letters_of(text: str) -> str:
    """Only the letters and digits of a text, in lower case."""
    return "".join(char for char in text.lower() if char.isalnum())


def gold_labels(lines: Sequence[str], gold: str) -> list[int]:
    """Label lines as the block sets do: content if the gold text holds them, boilerplate if it holds little of them."""
    whole = letters_of(gold)
    known = {whole[at : at + _GRAM] for at in range(max(0, len(whole) - _GRAM + 1))}
    short = {letters_of(line) for line in gold.splitlines()}
    labels = []
    for line in lines:
        own = letters_of(line)
        grams = [own[at : at + _GRAM] for at in range(len(own) - _GRAM + 1)]
        share = sum(one in known for one in grams) / len(grams) if grams else 0.0
        if len(own) < 3 * _GRAM:
            labels.append(-1 if not own else 0 if own in short else 1)
        else:
            labels.append(0 if share >= _HIGH else 1 if share <= _LOW else -1)
    return labels


def articles(data: Path, part: str, lines: int, most: int, seed: int) -> dict[str, list[list[str]]]:
    """Clean articles by language: neighbouring sentences of news, and of translation-quality sets elsewhere."""
    groups: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for row in corpus.people(data, part):
        pair, _, number = row["seg_id"].rpartition(":")
        key = f"{row['label']}|{row['system']}|{row.get('doc_id') or pair}"
        groups[corpus.tag(row["lang"]), key][int(number)] = row["text"]
    for at, row in enumerate(corpus.load(data / "qe" / f"{part}.jsonl.gz")):
        if row["dataset"] == "mlqe-pe" and row["src_lang"] != "en":
            groups[corpus.tag(row["src_lang"]), f"qe|{part}"][at] = row["source"]
        elif row["tgt_lang"] in {"gu", "hi", "mr", "ta", "te"}:
            groups[corpus.tag(row["tgt_lang"]), f"qe|{part}"][at] = row["translation"]
    found: dict[str, list[list[str]]] = defaultdict(list)
    for (language, _), numbered in sorted(groups.items()):
        texts = list(dict.fromkeys(text for _, text in sorted(numbered.items())))
        found[language] += [texts[at : at + lines] for at in range(0, len(texts), lines) if len(texts) - at > 3]
    chance = random.Random(seed)
    return {tag: chance.sample(own, min(most, len(own))) for tag, own in sorted(found.items())}
