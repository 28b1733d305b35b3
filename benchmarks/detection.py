"""Recall by family and false alarms on labelled development documents, and what is found in real articles.

    python -m benchmarks.detection [--shared ../shared] [--write docs/detection.md] [--misses]
    python -m benchmarks.detection --without name_figures,name_meanings

``dev_docs`` are invented documents whose faults are denser than on real pages: the figures show regressions, misses
and false alarms, and say nothing of the quality on real pages. The scoring is that of the data's own README: a finding
hits an item of its family when they share at least half of the shorter span; four families count only from severity
major; a finding of more than 200 characters and three times the item is no hit, boilerplate excepted.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor import Document, Finding, Report, Settings, Severity, audit, audit_documents
from auditor.data import Origin

FAMILIES = {
    "foreign_boilerplate": ("BP001",),
    "boilerplate": ("BP1",),
    "wrong_name": ("NM",),
    "number_conflict": ("NC",),
    "mt_artifact": ("MT", "LI"),
    "translation_disclosure": ("TD",),
    "quote_drift": ("QD",),
    "llm_artifact": ("LM",),
    "source_attribution": ("SA",),
    "encoding": ("EN",),
}
STRONG = {"foreign_boilerplate", "wrong_name", "number_conflict", "quote_drift"}
# In these families every item is marked, so a finding elsewhere is a false one.
COMPLETE = {name for name in FAMILIES if name not in {"mt_artifact", "source_attribution"}}


@dataclass
class Tally:
    """Counts of one family."""

    items: int = 0
    found: int = 0
    findings: int = 0
    strays: int = 0
    misses: list[str] = field(default_factory=list)
    stray_notes: list[str] = field(default_factory=list)


def load(folder: Path) -> list[dict[str, Any]]:
    """Read the labelled documents."""
    lines = [line for name in ("a", "b") for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines if line.strip()]


def places(document: dict[str, Any], item: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    """Where a finding may stand to hit an item: its own place, or the other side in its own document."""
    yield document["id"], item["start"], item["end"]
    others = item.get("alt") or []
    for other in others if isinstance(others, list) else [others]:
        if other.get("start") is not None:
            yield other["doc"], other["start"], other["end"]


def hits(finding: Finding, place: tuple[str, int, int], family: str) -> bool:
    """The rule of the data's README."""
    name, start, end = place
    shared = min(finding.span.end, end) - max(finding.span.start, start)
    broad = len(finding.span) > 200 and len(finding.span) > 3 * (end - start) and "boilerplate" not in family
    return (
        finding.document_id == name and shared > 0 and not broad and 2 * shared >= min(len(finding.span), end - start)
    )


def measure(documents: list[dict[str, Any]], report: Report) -> dict[str, Tally]:
    """Count items, hits and strays of each family."""
    findings = [one for audited in report.documents for one in audited.findings]
    out = {}
    for family, codes in FAMILIES.items():
        floor = Severity.MAJOR if family in STRONG else Severity.NEUTRAL
        own = [one for one in findings if one.rule.startswith(codes) and one.severity >= floor]
        out[family] = _measure_family(documents, own, family)
    return out


def _measure_family(documents: list[dict[str, Any]], findings: list[Finding], family: str) -> Tally:
    by_document: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(findings):
        by_document[one.document_id].append(at)
    tally, used = Tally(findings=len(findings)), set()
    for document in documents:
        for item in (one for one in document["gold"] if one["family"] == family):
            tally.items += 1
            at_place = {
                at
                for place in places(document, item)
                for at in by_document[place[0]]
                if hits(findings[at], place, family)
            }
            tally.found += bool(at_place)
            used |= at_place
            if not at_place:
                tally.misses.append(f"{document['id']} {item['quote'][:90]!r}")
    if family in COMPLETE:
        stray = [one for at, one in enumerate(findings) if at not in used]
        tally.strays = len(stray)
        tally.stray_notes = [f"{one.rule} {one.document_id} {one.quote[:90]!r}" for one in stray]
    return tally


def table(tallies: dict[str, Tally]) -> list[str]:
    """The figures as a Markdown table."""
    lines = ["| family | items | found | recall | findings | strays |", "|---|---|---|---|---|---|"]
    for family, one in tallies.items():
        strays = str(one.strays) if family in COMPLETE else "not marked completely"
        recall = f"{one.found / one.items:.2f}" if one.items else "-"
        lines.append(f"| {family} | {one.items} | {one.found} | {recall} | {one.findings} | {strays} |")
    items, found = sum(one.items for one in tallies.values()), sum(one.found for one in tallies.values())
    lines.append(f"| **all** | {items} | {found} | **{found / items:.2f}** | | |")
    return lines


def development(shared: Path, *, misses: bool) -> list[str]:
    """Audit the labelled documents and report."""
    documents = load(shared / "data" / "dev_docs")
    sources = [Document(one["id"], one["text"], Origin(one["id"], "jsonl"), group=one["group"]) for one in documents]
    start = time.perf_counter()
    report = audit_documents(sources, Settings(score="none"))
    seconds = time.perf_counter() - start
    tallies = measure(documents, report)
    controls = {one["id"] for one in documents if one["control"]}
    alarms = [
        finding
        for audited in report.documents
        if audited.document.id in controls
        for finding in audited.findings
        if finding.severity >= Severity.MAJOR
    ]
    out = ["## Labelled development documents", "", *table(tallies), ""]
    false = len({one.document_id for one in alarms})
    out.append(f"Control documents with a finding of severity major or above: {false} of {len(controls)}.")
    out += [f"- {one.rule} {one.document_id} {one.quote[:100]!r}: {one.message}" for one in alarms]
    chars = sum(len(one.text) for one in sources)
    print(f"{len(sources)} documents, {chars:,} characters in {seconds:.1f} s, rules only, one process")
    if misses:
        for family, one in tallies.items():
            print("\n".join([f"miss {family} {note}" for note in one.misses]))
            print("\n".join([f"stray {family} {note}" for note in one.stray_notes]))
    return out


def articles(shared: Path) -> list[str]:
    """Audit the five real articles and list what is found by rule and document."""
    report = audit([str(shared / "seeds")], Settings(score="none"))
    out = ["## Five real articles", "", "| document | decision | label | findings by rule |", "|---|---|---|---|"]
    for audited in report.documents:
        counts: dict[str, int] = defaultdict(int)
        for one in audited.findings:
            counts[one.rule] += 1
        found = ", ".join(f"{rule} {number}" for rule, number in sorted(counts.items()))
        verdict = audited.verdict
        out.append(f"| {audited.document.id} | {verdict.decision} | {verdict.label} | {found} |")
    return out


def leave_out(tables: list[str]) -> None:
    """Make knowledge tables of the name rules empty, to see how much of their recall rests on them."""
    from auditor.lexicon import rows
    from auditor.rules import _names_people, _names_tables

    for module in (_names_people, _names_tables):
        module.rows = lambda table: iter(()) if table in tables else rows(table)


def main() -> None:
    """Print the figures; with ``--write`` also put them into a file."""
    parser = argparse.ArgumentParser(description="Recall and false alarms of the rules")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--without", default="", help="name tables to leave out, e.g. name_figures,name_meanings")
    parser.add_argument("--misses", action="store_true", help="list every miss and stray")
    options = parser.parse_args()
    if not (options.shared / "data" / "dev_docs").is_dir():
        parser.error(f"no labelled documents under {options.shared}; name the folder with --shared")
    leave_out(options.without.split(","))
    body = "\n".join([*development(options.shared, misses=options.misses), "", *articles(options.shared), ""])
    print(body)
    if options.write:
        head = (
            "# Detection figures\n\nPrinted by `python -m benchmarks.detection --write docs/detection.md`, rules only "
            "(no model).\nThe labelled documents are development data, written for this purpose with faults denser and "
            "plainer than on\nreal pages, and the knowledge tables were written with them in view: they show "
            "regressions, misses and false alarms,\nnot the quality on real pages. For names this matters most: "
            "`python -m benchmarks.detection --without name_figures,name_meanings`\nprints how little of the recall of "
            "wrong names is left without two of their tables.\n\n"
        )
        options.write.write_text(head + body, "utf-8")


if __name__ == "__main__":
    main()
