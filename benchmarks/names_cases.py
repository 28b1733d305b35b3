"""Documents with garbled names for ``benchmarks.names``, alone and with two clean documents of the same story."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from auditor import Document, Finding, Settings, Severity, audit_documents
from auditor.data import Origin
from benchmarks.names_gold import Item, Row, block, items

NAMES = Settings(select=("NM",), score="none")
_SAMPLES = 1000


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
    seen: list[bool] = field(default_factory=list)

    @property
    def source(self) -> str:
        """Language that the document was translated from."""
        return self.name.split(":")[1].partition("-")[0]

    @property
    def strong_hits(self) -> list[bool]:
        """Which items a finding of severity major or above overlaps."""
        strong = [one for one in self.found if one.severity >= Severity.MAJOR]
        return [any(overlaps(one, low, high) for one in strong) for low, high, _ in self.spans]

    @property
    def hits(self) -> list[bool]:
        """Which items a finding overlaps."""
        return [any(overlaps(one, low, high) for one in self.found) for low, high, _ in self.spans]


def overlaps(one: Finding, low: int, high: int) -> bool:
    """Whether a finding lies on a range of code points."""
    return one.span.start < high and low < one.span.end


def cases(segments: Mapping[str, list[Row]], language: str) -> list[Case]:
    """Documents with at least one garbled name, each with two documents on the same lines."""
    blocks: dict[tuple[str, int], list[str]] = defaultdict(list)
    for line in sorted(segments, key=lambda one: (block(one), int(one.rpartition(":")[2]))):
        blocks[block(line)].append(line)
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
        for audited in audit_documents(sources, NAMES).documents:
            found[audited.document.id] = [one for one in audited.findings if one.severity > Severity.NEUTRAL]
        for case in part:
            case.found = found[case.name]
            case.strays = [
                one for one in case.found if not any(overlaps(one, low, high) for low, high, _ in case.spans)
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
