"""Recall, precision and false alarms of the name rules on real machine translation and clean human text.

    python -m benchmarks.names [--shared ../shared] [--part dev] [--limit 0] [--write docs/names_figures.md]

Items are the garbled names of ``benchmarks.names_gold``. With a story: the document of the system at fault, the
reference and one other system's translation of the same lines that has none of the document's faults. Alone: the
document at fault by itself; counted are the items whose right form the shipped tables know or whose wrong form is an
invalid romanisation. Intervals are 95 % bootstrap intervals over documents (1,000 samples, fixed seed).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from auditor import Document, Finding, Settings, Severity, audit_documents
from auditor.data import Origin
from auditor.rules._mentions import people
from auditor.rules._names_atlas import SUGGESTED, keyed, places
from auditor.rules._names_fold import plain_key
from auditor.rules._names_people import figures, is_known
from auditor.rules._romanisation import restored
from auditor.segment import segment
from benchmarks.false_alarms import words
from benchmarks.names_gold import Item, Row, block, items, read

_NAMES = Settings(select=("NM",), score="none")
_LANGUAGES = {"dev": ("en",), "test": ("en",), "train": ("en", "de", "ru")}
_SAMPLES = 1000
_CLEAN = {"news", "general_unlabelled", "other"}


@dataclass(slots=True)
class Case:
    """One document of a system with its items, and the texts of the same lines that others wrote."""

    name: str
    language: str
    text: str
    spans: list[tuple[int, int, Item]]
    mates: tuple[str, ...]
    found: list[Finding] = field(default_factory=list)
    strays: list[Finding] = field(default_factory=list)
    known: list[bool] = field(default_factory=list)

    @property
    def hits(self) -> list[bool]:
        """Which items a finding overlaps."""
        return [any(_overlaps(one, low, high) for one in self.found) for low, high, _ in self.spans]


def _overlaps(one: Finding, low: int, high: int) -> bool:
    return one.span.start < high and low < one.span.end


def cases(segments: Mapping[str, list[Row]], language: str) -> list[Case]:
    """Documents with at least one garbled name, each with two documents on the same lines."""
    blocks: dict[tuple[str, int], list[str]] = defaultdict(list)
    for segment in sorted(segments, key=lambda one: (block(one), int(one.rpartition(":")[2]))):
        blocks[block(segment)].append(segment)
    at_fault: dict[tuple[str, int], dict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in items(segments, language):
        at_fault[block(item.segment)][item.system].append(item)
    made = []
    for name, by_system in sorted(at_fault.items()):
        for system, own in sorted(by_system.items()):
            text, starts = _joined(segments, blocks[name], system)
            spans = [
                (starts[one.segment] + one.start, starts[one.segment] + one.start + len(one.wrong), one) for one in own
            ]
            mates = _mates(segments, blocks[name], system, own)
            if len(mates) == 2:
                made.append(Case(f"{name[0]}:{name[1]}:{system}", language, text, spans, mates))
    return made


def _joined(segments: Mapping[str, list[Row]], lines: Iterable[str], system: str) -> tuple[str, dict[str, int]]:
    text, starts = "", {}
    for line in lines:
        row = next((row for row in segments[line] if row["system"] == system), None)
        if row:
            starts[line] = len(text)
            text += row["text"] + "\n"
    return text, starts


def _mates(segments: Mapping[str, list[Row]], lines: list[str], system: str, own: list[Item]) -> tuple[str, ...]:
    """The reference and the first other system that writes most of the right names."""
    rows = [row for line in lines for row in segments[line] if row["label"] != "original" and row["system"] != system]
    humans = sorted({row["system"] for row in rows if row["label"] == "human_translation"})
    machines = sorted({row["system"] for row in rows if row["label"] == "machine_translation"})

    def right(name: str) -> int:
        text = _joined(segments, [one.segment for one in own], name)[0]
        return sum(item.right in text for item in own)

    best = [max(side, key=lambda one: (right(one), one)) for side in (humans, machines) if side]
    return tuple(_joined(segments, lines, one)[0] for one in best)


def run(made: Sequence[Case], *, story: bool) -> list[Finding]:
    """Audit the cases; returns the findings on the mates."""
    on_mates = []
    for at in range(0, len(made), 200):
        part = made[at : at + 200]
        sources = []
        for case in part:
            group = case.name if story else None
            sources.append(Document(case.name, case.text, Origin(case.name, "txt"), group=group))
            for number, mate in enumerate(case.mates if story else ()):
                sources.append(Document(f"{case.name}#{number}", mate, Origin(case.name, "txt"), group=group))
        found: dict[str, list[Finding]] = defaultdict(list)
        for audited in audit_documents(sources, _NAMES).documents:
            found[audited.document.id] = [one for one in audited.findings if one.severity > Severity.NEUTRAL]
        for case in part:
            case.found = found[case.name]
            case.strays = [
                one for one in case.found if not any(_overlaps(one, low, high) for low, high, _ in case.spans)
            ]
            on_mates += [one for number in range(2) for one in found[f"{case.name}#{number}"]]
    return on_mates


def interval(made: Sequence[Case], value: Callable[[Case], tuple[int, int]]) -> str:
    """A ratio over cases with its bootstrap interval: ``0.61 [0.55, 0.66] (120 of 197)``."""
    pairs = [value(case) for case in made]
    top, bottom = (sum(side) for side in zip(*pairs, strict=True)) if pairs else (0, 0)
    if not bottom:
        return "- (0 items)"
    dice, ratios = random.Random(1), []  # noqa: S311 - a sample, no secret
    for _ in range(_SAMPLES):
        drawn = dice.choices(pairs, k=len(pairs))
        below = sum(pair[1] for pair in drawn)
        ratios.append(sum(pair[0] for pair in drawn) / below if below else 0.0)
    ratios.sort()
    return f"{top / bottom:.2f} [{ratios[24]:.2f}, {ratios[974]:.2f}] ({top} of {bottom})"


def in_story(made: Sequence[Case], language: str, *, show: bool) -> list[str]:
    """Recall and precision with two documents of the same story, and what fires on those two."""
    on_mates = run(made, story=True)
    if show:
        for one in on_mates:
            print("MATE", one.document_id, one.rule, repr(one.quote), "->", one.suggestion, one.data.get("reason"))
    hit = interval(made, lambda case: (sum(case.hits), len(case.hits)))
    strong = interval(made, lambda case: (sum(_hit_strongly(case)), len(case.hits)))
    found = sum(len(case.found) for case in made)
    right = found - sum(len(case.strays) for case in made)
    seen = sum(_unseen_elsewhere(case, one) for case in made for one in case.strays)
    total = sum(words(mate) for case in made for mate in case.mates)
    return [
        f"- {language}: recall {hit}, at severity major {strong}; precision {right / max(1, found):.2f} ({found} findings; of the "
        f"{found - right} on no item, {seen} are words that neither the reference nor the other system has); on the "
        f"clean documents {len(on_mates)} findings, {len(on_mates) / max(1.0, total) * 50_000:.2f} per 50,000 words."
    ]


def covered(case: Case, item: Item) -> bool:
    """Whether the tables know the right form as one to suggest, or the wrong form is an impossible Chinese spelling."""
    right, wrong = (re.sub(r"['’]s$", "", word) for word in (item.right, item.wrong))
    if any(place.weight >= SUGGESTED and plain_key(place.name) == plain_key(right) for place in places(keyed([right]))):
        return True
    if plain_key(right) in _surnames() or (":zh-" in item.segment and restored(wrong)):
        return True
    return any(
        right in mention.words and is_known(mention.words, case.language)
        for mate in case.mates
        for mention in people(segment(Document("", mate, Origin("", "txt")))).full
    )


@cache
def _surnames() -> frozenset[str]:
    return frozenset(plain_key(person.surname) for person in figures() if person.famous)


def alone(made: Sequence[Case], language: str) -> list[str]:
    """Recall of each document by itself, of the items that the tables cover."""
    run(made, story=False)
    for case in made:
        case.known = [covered(case, item) for _, _, item in case.spans]
    share = interval(made, lambda case: (sum(case.known), len(case.known)))
    hit = interval(made, lambda case: (sum(map(min, case.hits, case.known)), sum(case.known)))
    strong = interval(made, lambda case: (sum(map(min, _hit_strongly(case), case.known)), sum(case.known)))
    every = interval(made, lambda case: (sum(case.hits), len(case.hits)))
    return [f"- {language}: covered {share}; recall of these {hit}, at severity major {strong}; of all items {every}."]


def clean(shared: Path, part: str, limit: int, *, show: bool) -> list[str]:
    """Findings on clean human text: originals and human translations, each document alone, and in a story."""
    texts: dict[tuple[str, str, str, int], list[tuple[int, str]]] = defaultdict(list)
    with gzip.open(shared / "data" / "mt_detect" / f"{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["label"] != "machine_translation" and row["domain"] in _CLEAN:
                kind = f"{row['label']}, {'HT-vs-MT' if row['dataset'] == 'HT-vs-MT' else 'WMT'}"
                name, number = block(row["seg_id"])
                texts[kind, row["lang"], f"{name}|{row['system']}", number].append(
                    (int(row["seg_id"].rpartition(":")[2]), row["text"])
                )
    sources: dict[str, list[Document]] = defaultdict(list)
    for (kind, language, name, number), own in sorted(texts.items()):
        text = "\n".join(dict.fromkeys(text for _, text in sorted(own)))
        sources[kind].append(
            Document(f"{language}/{name}/{number}", text, Origin(name, "txt"), metadata={"lang": language})
        )
    out = []
    for kind, documents in sorted(sources.items()):
        random.Random(1).shuffle(documents)  # noqa: S311 - a sample, no secret
        out += _clean_table(kind, documents[: limit or None], show=show)
    return out


def _clean_table(kind: str, documents: Sequence[Document], *, show: bool) -> list[str]:
    size: Counter[str] = Counter()
    found: Counter[tuple[str, bool]] = Counter()
    for one in documents:
        size[str(one.metadata["lang"])] += words(one.text)  # type: ignore[assignment]
    for audited in audit_documents(documents, _NAMES).documents:
        for one in audited.findings:
            if one.severity > Severity.NEUTRAL:
                found[str(audited.document.metadata["lang"]), one.severity >= Severity.MAJOR] += 1
                if show:
                    print(
                        "CLEAN",
                        audited.document.id,
                        one.rule,
                        one.severity.label,
                        repr(one.quote),
                        "->",
                        one.suggestion,
                    )
    rows = [
        f"| {kind} | {name} | {size[name]:,.0f} | {found[name, True]} | {found[name, False]} | |"
        for name in sorted(size)
    ]
    total, strong = sum(size.values()), sum(number for (_, major), number in found.items() if major)
    every = sum(found.values())
    rows.append(
        f"| **{kind}** | all | {total:,.0f} | {strong} ({strong / total * 50_000:.2f}) | {every - strong} | {every / total * 50_000:.2f} |"
    )
    return rows


def _hit_strongly(case: Case) -> list[bool]:
    strong = [one for one in case.found if one.severity >= Severity.MAJOR]
    return [any(_overlaps(one, low, high) for one in strong) for low, high, _ in case.spans]


def _unseen_elsewhere(case: Case, one: Finding) -> bool:
    return not all(any(word in mate for mate in case.mates) for word in one.quote.split())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Recall and false alarms of the name rules")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--part", action="append", choices=sorted(_LANGUAGES))
    parser.add_argument("--limit", type=int, default=0, help="at most so many documents at fault a language")
    parser.add_argument("--show", action="store_true", help="print misses and strays (not for the test part)")
    parser.add_argument("--skip-clean", action="store_true")
    options = parser.parse_args()
    for part in options.part or ["dev"]:
        if not options.skip_clean:
            print("\n".join(clean(options.shared, part, options.limit, show=options.show and part != "test")))
        for language in _LANGUAGES[part]:
            segments = read(options.shared, part, language)
            made = cases(segments, language)
            random.Random(2).shuffle(made)  # noqa: S311 - a sample, no secret
            made = made[: options.limit or None]
            start = time.perf_counter()
            print(
                part,
                "\n".join(in_story(made, language, show=options.show and part != "test")),
                f"{time.perf_counter() - start:.0f} s",
            )
            print(part, "alone", "\n".join(alone(made, language)))
            if options.show and part != "test":
                for case in made:
                    for (low, high, item), hit, known in zip(case.spans, case.hits, case.known, strict=True):
                        if known:
                            context = case.text[max(0, low - 60) : high + 40].replace("\n", "/")
                            print("ALONE", "HIT " if hit else "MISS", item.wrong, "<-", item.right, "|", context)
                    for one in case.strays:
                        context = case.text[max(0, one.span.start - 60) : one.span.end + 40].replace("\n", "/")
                        print(
                            "ALONE STRAY", one.rule, one.severity.label, one.quote, "->", one.suggestion, "|", context
                        )
                continue
            if options.show and part != "test":
                for case in made:
                    for (low, high, item), hit in zip(case.spans, case.hits, strict=True):
                        if not hit:
                            mates = [mate.count(item.right) for mate in case.mates]
                            print("MISS", case.name, item.wrong, "<-", item.right, mates)
                    for one in case.strays:
                        print(
                            "STRAY",
                            case.name,
                            one.rule,
                            repr(one.quote),
                            "->",
                            one.suggestion,
                            one.severity.label,
                            _unseen_elsewhere(case, one),
                        )


if __name__ == "__main__":
    main()
