"""Labelled web blocks: what this package, trafilatura and jusText keep of the same pages, and of their plain lines.

A block counts as kept when the tool's text holds it: a short one as a line of its own, a longer one when at least half
of its eight-letter pieces stand in the text. The same rule for every tool.
"""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.cleaning import main_spans, without_boilerplate
from auditor.data import Document, Finding, Origin, SegmentedDocument
from auditor.readers.web import page_document
from auditor.rules import boilerplate, chrome_kinds
from auditor.segment import segment
from benchmarks._articles import load

_GRAM, _STEP, _SHORT = 8, 3, 24
_STOPLISTS = {"de": "German", "en": "English", "es": "Spanish", "fr": "French", "pl": "Polish", "pt": "Portuguese"}
Extract = Callable[[str, str], str]


@dataclass(slots=True)
class Counts:
    """Content kept and lost, boilerplate kept and dropped, in blocks."""

    kept: int = 0
    lost: int = 0
    left: int = 0
    dropped: int = 0

    def row(self, name: str) -> str:
        """One line of the table."""
        precision, recall = self.kept / max(1, self.kept + self.left), self.kept / max(1, self.kept + self.lost)
        other = self.dropped / max(1, self.dropped + self.lost), self.dropped / max(1, self.dropped + self.left)
        cells = [precision, recall, _f1(precision, recall), *other, _f1(*other)]
        return f"| {name} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |"


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / max(1e-9, precision + recall)


def tables(data: Path, split: str) -> list[str]:
    """All tables of the block sets."""
    pages: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for name in ("article_extraction_blocks", "trafilatura_eval_blocks"):
        for row in load(data / "boilerplate" / f"{name}.jsonl.gz"):
            if row["split"] == split:
                pages[row["dataset"]][row["doc_id"]].append(row)
    sources = {
        row["doc_id"]: row["html"]
        for row in load(data / "boilerplate" / "article_extraction_html_gold.jsonl.gz")
        if row["split"] == split
    }
    head = "| tool | content precision | recall | F1 | boilerplate precision | recall | F1 |"
    lines = [f"### Pages with their HTML ({len(sources)} pages)", "", head, "|---|---|---|---|---|---|---|"]
    benchmark = pages["article-extraction-benchmark"]
    for name, tool in (
        ("auditor, main text", _ours_html),
        ("auditor, without what BP rules report", _findings_html),
        ("trafilatura", _trafilatura),
        ("jusText", _justext),
    ):
        lines.append(_measure(((sources[one], "en", rows) for one, rows in sorted(benchmark.items())), tool).row(name))
    for dataset, own in sorted(pages.items()):
        lines += ["", f"### Plain lines of {dataset} ({len(own)} pages)", "", head, "|---|---|---|---|---|---|---|"]
        for name, tool in (
            ("auditor, main text", _ours_lines),
            ("auditor, without what BP rules report", _findings_lines),
            ("trafilatura, a paragraph a line", _wrapped(_trafilatura)),
            ("jusText, a paragraph a line", _wrapped(_justext)),
            ("everything kept", lambda text, _: text),
        ):
            made = ((_lines(rows), rows[0]["lang"] or "de", rows) for _, rows in sorted(own.items()))
            lines.append(_measure(made, tool).row(name))
    return lines


def _lines(rows: Iterable[dict[str, Any]]) -> str:
    return "\n".join(" ".join(row["text"].split()) for row in rows)


def _measure(pages: Iterable[tuple[str, str, list[dict[str, Any]]]], tool: Extract) -> Counts:
    counts = Counts()
    for source, language, rows in pages:
        holds = holder(tool(source, language))
        for row in rows:
            held = holds(row["text"])
            if held is None:
                continue
            if row["label"] == "content":
                counts.kept, counts.lost = counts.kept + held, counts.lost + (not held)
            else:
                counts.left, counts.dropped = counts.left + held, counts.dropped + (not held)
    return counts


def _bare(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def holder(text: str) -> Callable[[str], bool | None]:
    """A test whether a text holds a block; None for blocks without letters or digits."""
    whole = _bare(text)
    known = {whole[at : at + _GRAM] for at in range(max(0, len(whole) - _GRAM + 1))}
    lines = {_bare(line) for line in text.splitlines()}

    def holds(block: str) -> bool | None:
        bare = _bare(block)
        if len(bare) < _SHORT:
            return bare in lines if bare else None
        pieces = [bare[at : at + _GRAM] for at in range(0, len(bare) - _GRAM + 1, _STEP)]
        return 2 * sum(one in known for one in pieces) >= len(pieces)

    return holds


def _ours(document: Document) -> str:
    page = segment(document)
    return "\n".join(one.cut(page.text) for one in main_spans(page, _findings(page)))


def _findings(page: SegmentedDocument) -> list[Finding]:
    return [one for rule in (*boilerplate.RULES, *chrome_kinds.RULES) for one in rule.check(page)]


def _without_findings(document: Document) -> str:
    page = segment(document)
    return without_boilerplate(page.text, _findings(page)).text


def _ours_html(source: str, _: str) -> str:
    return _ours(page_document(source, "a", Origin("a", "html")))


def _ours_lines(text: str, _: str) -> str:
    return _ours(Document("a", text, Origin("a", "txt")))


def _findings_html(source: str, _: str) -> str:
    return _without_findings(page_document(source, "a", Origin("a", "html")))


def _findings_lines(text: str, _: str) -> str:
    return _without_findings(Document("a", text, Origin("a", "txt")))


def _trafilatura(source: str, _: str) -> str:
    import trafilatura

    return trafilatura.extract(source, include_comments=False) or ""


def _justext(source: str, language: str) -> str:
    import justext

    stoplist = justext.get_stoplist(_STOPLISTS.get(language, "English"))
    try:
        paragraphs = justext.justext(source.encode(), stoplist, encoding="utf-8")
    except ValueError:
        return ""
    return "\n".join(one.text for one in paragraphs if not one.is_boilerplate)


def _wrapped(tool: Extract) -> Extract:
    def on_lines(text: str, language: str) -> str:
        body = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines())
        return tool(f"<html><body>{body}</body></html>", language)

    return on_lines
