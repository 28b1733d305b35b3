"""False alarms of the name rules on clean human text, for ``benchmarks.names``."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from auditor import Document, Severity, audit_documents
from auditor.data import Origin
from benchmarks.false_alarms import words
from benchmarks.names_cases import NAMES
from benchmarks.names_gold import Row, block

_DOMAINS = {"news", "general_unlabelled", "other"}
_HEAD = "| text | language | words | major | per 50,000 | below major | all per 50,000 |"


def clean(shared: Path, part: str, limit: int, *, show: bool) -> list[str]:
    """A table of findings on originals and human translations, each document alone, by kind of text and language."""
    lines = [_HEAD, "|---|---|---|---|---|---|---|"]
    for kind, documents in sorted(_documents(shared, part).items()):
        random.Random(1).shuffle(documents)  # noqa: S311 - a sample, no secret
        lines += _rows(kind, documents[: limit or None], show=show)
    return lines


def _documents(shared: Path, part: str) -> dict[str, list[Document]]:
    texts: dict[tuple[str, str, str, int], list[tuple[int, str]]] = defaultdict(list)
    with gzip.open(shared / "data" / "mt_detect" / f"{part}.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            if row["label"] == "machine_translation" or row["domain"] not in _DOMAINS:
                continue
            kind = f"{row['label'].replace('_', ' ')}, {'HT-vs-MT' if row['dataset'] == 'HT-vs-MT' else 'WMT'}"
            name, number = block(row["seg_id"])
            line = int(row["seg_id"].rpartition(":")[2]), row["text"]
            texts[kind, row["lang"], f"{name}|{row['system']}", number].append(line)
    sources: dict[str, list[Document]] = defaultdict(list)
    for (kind, language, name, number), own in sorted(texts.items()):
        text = "\n".join(dict.fromkeys(text for _, text in sorted(own)))
        origin = Origin(name, "txt")
        sources[kind].append(Document(f"{language}/{name}/{number}", text, origin, metadata={"lang": language}))
    return sources


def _rows(kind: str, documents: Sequence[Document], *, show: bool) -> list[str]:
    size: dict[str, float] = defaultdict(float)
    found: Counter[tuple[str, bool]] = Counter()
    for one in documents:
        size[str(one.metadata["lang"])] += words(one.text)
    for audited in audit_documents(documents, NAMES).documents:
        for one in audited.findings:
            if one.severity > Severity.NEUTRAL:
                found[str(audited.document.metadata["lang"]), one.severity >= Severity.MAJOR] += 1
                if show:
                    print("CLEAN", audited.document.id, one.rule, one.severity.label, one.quote, "->", one.suggestion)
    lines = [_row(kind, name, size[name], (found[name, True], found[name, False])) for name in sorted(size)]
    total = [sum(number for (_, major), number in found.items() if major == wanted) for wanted in (True, False)]
    return [*lines, _row(kind, "**all**", sum(size.values()), (total[0], total[1]))]


def _row(kind: str, language: str, size: float, found: tuple[int, int]) -> str:
    per = [number / max(1.0, size) * 50_000 for number in (found[0], sum(found))]
    return f"| {kind} | {language} | {size:,.0f} | {found[0]} | {per[0]:.2f} | {found[1]} | {per[1]:.2f} |"


def clean_in_story(segments: Mapping[str, list[Row]], limit: int, *, show: bool) -> str:
    """Findings on references beside two systems' translations of the same lines, blocks drawn at random."""
    blocks: dict[tuple[str, int], list[str]] = defaultdict(list)
    for line in sorted(segments, key=lambda one: (block(one), int(one.rpartition(":")[2]))):
        blocks[block(line)].append(line)
    chosen = sorted(blocks)
    random.Random(4).shuffle(chosen)  # noqa: S311 - a sample, no secret
    sources, size = [], 0.0
    for name in chosen[: limit or None]:
        rows = [row for line in blocks[name] for row in segments[line]]
        human = sorted({row["system"] for row in rows if row["label"] == "human_translation"})[:1]
        machine = sorted({row["system"] for row in rows if row["label"] == "machine_translation"})[:2]
        if not human or len(machine) < 2:
            continue
        for system in (*human, *machine):
            text = "\n".join(row["text"] for row in rows if row["system"] == system)
            sources.append(Document(f"{name}|{system}", text, Origin("", "txt"), group=str(name)))
        size += words(sources[-3].text)
    references = {one.id for one in sources[::3]}
    found = [
        one
        for audited in audit_documents(sources, NAMES).documents
        if audited.document.id in references
        for one in audited.findings
    ]
    if show:
        for one in found:
            print("STORY", one.document_id, one.rule, one.severity.label, one.quote, "->", one.suggestion)
    strong = sum(one.severity >= Severity.MAJOR for one in found)
    per = [number / max(1.0, size) * 50_000 for number in (strong, len(found))]
    return (
        f"{len(references)} references, {size:,.0f} words, each in a story with two systems' translations: "
        f"{strong} findings of severity major ({per[0]:.2f} per 50,000 words), {len(found)} of all ({per[1]:.2f})."
    )
