"""Source and translation: false alarms on human translations, planted faults, and quality estimates against people.

    python -m benchmarks.qe [--shared ../shared] [--part dev] [--pairs 6000] [--write docs/pair_quality.md]

1. Checks on human translations (WMT sources with their references; thresholds were set on the training part, so ``dev``
   and ``test`` are fresh). A finding here is a false alarm unless the translator slipped.
2. Planted faults: one seeded fault a pair in the same human translations, and how many the checks find at the place.
   Additions and omissions in paragraphs of six such segments, where a quality model is installed.
3. Checks on machine translations that people rated: mean rating of pairs with a finding of a check and without.
4. Where a quality model is installed (``qe_estimates``): Spearman and Pearson correlation of its estimates with the
   ratings by direction, beside published systems and the plain cosine of vectors, and pairs a second.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from auditor import Settings
from auditor.data import Severity
from auditor.pairs import Pair, PairAudit, PairOptions, audit_pairs, check_metas, quality_model
from benchmarks.planted import PLANTS
from benchmarks.qe_estimates import estimates

_OPTIONS = PairOptions(metrics=False)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Objects of a compressed file of lines."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        yield from map(json.loads, handle)


def human(shared: Path, part: str, most: int) -> list[Pair]:
    """A seeded sample of sources with their human translations."""
    sources, targets = {}, []
    for row in rows(shared / "data" / "mt_detect" / f"{part}.jsonl.gz"):
        if row["label"] == "original":
            sources[row["seg_id"]] = row
        elif row["label"] == "human_translation" and row["dataset"] != "HT-vs-MT":
            targets.append(row)
    made = []
    for row in targets:
        source = sources.get(row["seg_id"])
        if source and source["lang"] == row["src_lang"]:
            name = f"{row['seg_id']}:{row['system']}"
            made.append(Pair(name, source["text"], row["text"], None, source["lang"], row["lang"]))
    random.Random(1).shuffle(made)  # noqa: S311 - a sample, no secret
    return made[:most]


def rated(shared: Path, part: str) -> list[tuple[Pair, dict[str, Any]]]:
    """Machine translations with their ratings; planted hallucinations are left out."""
    return [
        (Pair(str(at), row["source"], row["translation"], None, row["src_lang"], row["tgt_lang"]), row)
        for at, row in enumerate(rows(shared / "data" / "qe" / f"{part}.jsonl.gz"))
        if not row.get("hallucination_probe")
    ]


def audited(pairs: Iterable[Pair]) -> list[PairAudit]:
    """Checks only."""
    return [one for one in audit_pairs(pairs, _OPTIONS) if isinstance(one, PairAudit)]


def false_alarms(pairs: Sequence[Pair]) -> list[str]:
    """Table of findings on human translations."""
    start = time.perf_counter()
    results = audited(pairs)
    seconds = time.perf_counter() - start
    counts: Counter[tuple[str, Severity]] = Counter()
    for one in results:
        counts.update({(finding.rule, finding.severity) for finding in one.findings})
    names = {meta.code: meta.name for meta in check_metas()}
    lines = [f"{len(pairs)} human translations, {len(pairs) / seconds:.0f} pairs a second, checks only.", ""]
    lines += ["| check | severity | pairs | per 1,000 |", "|---|---|---|---|"]
    for (code, severity), number in sorted(counts.items()):
        lines.append(f"| {code} {names[code]} | {severity.label} | {number} | {number / len(pairs) * 1000:.2f} |")
    major = sum(any(finding.severity >= Severity.MAJOR for finding in one.findings) for one in results)
    return [*lines, "", f"With a finding of severity major: {major} ({major / len(pairs) * 1000:.2f} per 1,000)."]


def planted(pairs: Sequence[Pair], most: int = 300) -> list[str]:
    """Table of planted faults that are found at their place."""
    lines = ["| fault | check | planted | found | share |", "|---|---|---|---|---|"]
    for name, (code, plant) in PLANTS.items():
        damaged = list(_damaged(pairs, plant, most))
        found = 0
        for one, (_, place) in zip(audited(pair for pair, _ in damaged), damaged, strict=True):
            found += any(finding.rule == code and finding.span.overlaps(place) for finding in one.findings)
        share = f"{found / len(damaged):.2f}" if damaged else ""
        lines.append(f"| {name} | {code} | {len(damaged)} | {found} | {share} |")
    return lines


def _damaged(pairs: Sequence[Pair], plant: Callable[..., Any], most: int) -> Iterator[tuple[Pair, Any]]:
    chance = random.Random(2)  # noqa: S311 - a sample, no secret
    made = 0
    for at, pair in enumerate(pairs):
        result = plant(pair, pairs[at - 1], chance)
        if result and made < most:
            made += 1
            yield replace(pair, target=result[0]), result[1]


def paragraphs(pairs: Sequence[Pair], size: int = 6) -> list[list[Pair]]:
    """Neighbouring segments of one text and translator, joined to paragraphs of so many segments."""
    groups: dict[tuple[str, str, str], list[tuple[int, Pair]]] = defaultdict(list)
    for pair in pairs:
        year, direction, line, system = pair.id.split(":")
        groups[year, direction, system].append((int(line), pair))
    made = []
    for own in groups.values():
        own.sort(key=lambda one: one[0])
        for at in range(0, len(own) - size, size):
            part = own[at : at + size]
            if part[-1][0] - part[0][0] == size - 1:
                made.append([pair for _, pair in part])
    random.Random(4).shuffle(made)  # noqa: S311 - a sample, no secret
    return made


def aligned(pairs: Sequence[Pair], settings: Settings, most: int = 200) -> list[str]:
    """Table of additions and omissions in paragraphs of six segments: planted ones found, and false alarms."""
    scorer = quality_model(settings)
    if scorer is None:
        return ["No quality model is installed: no additions and omissions."]
    chosen = paragraphs(pairs)[:most]
    chance = random.Random(5)  # noqa: S311
    counts: Counter[str] = Counter()
    options = PairOptions(metrics=False, select=("TP009", "TP010"))
    for part in chosen:
        gone = chance.randrange(1, len(part))
        whole, short = part, part[:gone] + part[gone + 1 :]
        dropped = part[gone]
        for kind, sources, targets in (("clean", whole, whole), ("omission", whole, short), ("addition", short, whole)):
            joined = replace(
                part[0],
                source=_joined([one.source for one in sources], part[0].source_language),
                target=_joined([one.target for one in targets], part[0].target_language),
            )
            (one,) = audit_pairs([joined], options, scorer)
            findings = one.findings if isinstance(one, PairAudit) else ()
            wanted = {"omission": ("TP010", dropped.source), "addition": ("TP009", dropped.target)}.get(kind)
            hits = [f for f in findings if wanted and f.rule == wanted[0] and _shares(f.quote, wanted[1])]
            counts[f"{kind} found"] += bool(hits)
            counts["stray"] += len(findings) - len(hits)
            counts[f"{kind} false"] += bool(findings) and not wanted
    lines = ["| paragraphs | planted | found |", "|---|---|---|"]
    lines += [f"| {kind} | {len(chosen)} | {counts[f'{kind} found']} |" for kind in ("omission", "addition")]
    false = f"{counts['clean false']} of {len(chosen)} clean paragraphs have a finding"
    return [*lines, "", f"{false}; findings at other places in all three kinds: {counts['stray']}."]


def _joined(texts: Sequence[str], language: str | None) -> str:
    return ("" if language in {"zh", "ja"} else " ").join(texts)


def _shares(quote: str, wanted: str) -> bool:
    """Whether a finding and the planted segment overlap by half of the shorter."""
    shorter, longer = sorted((quote.strip(), wanted.strip()), key=len)
    return shorter in longer or shorter[: len(shorter) // 2] in longer or shorter[len(shorter) // 2 :] in longer


def ratings(pairs: Sequence[tuple[Pair, dict[str, Any]]], most: int) -> list[str]:
    """Mean rating of pairs with and without a finding, by check; ratings are z-scores within their kind."""
    chosen = random.Random(3).sample(list(pairs), min(most, len(pairs)))  # noqa: S311
    kinds: dict[str, list[float]] = defaultdict(list)
    for _, row in chosen:
        kinds[row["score_type"]].append(row["score"])
    levels = {kind: (float(np.mean(own)), float(np.std(own)) or 1.0) for kind, own in kinds.items()}
    with_check: dict[str, list[float]] = defaultdict(list)
    values = []
    for one, (_, row) in zip(audited(pair for pair, _ in chosen), chosen, strict=True):
        middle, spread = levels[row["score_type"]]
        values.append((row["score"] - middle) / spread)
        for code in {(finding.rule, finding.severity.label) for finding in one.findings}:
            with_check[" ".join(code)].append(values[-1])
    lines = [f"{len(chosen)} rated machine translations.", "", "| check | pairs | mean rating (z) |", "|---|---|---|"]
    lines += [f"| {code} | {len(own)} | {np.mean(own):+.2f} |" for code, own in sorted(with_check.items())]
    return [*lines, f"| all | {len(values)} | {np.mean(values):+.2f} |"]


def main() -> None:
    """Print the tables; with ``--write`` also put them into a file."""
    parser = argparse.ArgumentParser(description="Quality of translations with their source")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--part", default="dev", choices=("train", "dev", "test"))
    parser.add_argument("--pairs", type=int, default=6000, help="most pairs of parts 1 to 3")
    parser.add_argument("--paragraphs", type=int, default=200, help="paragraphs for additions and omissions")
    parser.add_argument("--model", default="", help="folder or name of a quality model")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    people = human(options.shared, options.part, options.pairs)
    machines = rated(options.shared, options.part)
    parts = {
        "False alarms on human translations": false_alarms(people),
        "Planted faults": planted(people),
        "Additions and omissions": aligned(
            human(options.shared, options.part, 1_000_000), Settings(model=options.model), options.paragraphs
        ),
        "Findings and ratings": ratings(machines, options.pairs),
        "Estimates and ratings": list(estimates(machines, Settings(model=options.model))),
    }
    lines = [line for title, own in parts.items() for line in (f"## {title}", "", *own, "")]
    print("\n".join(lines))
    if options.write:
        command = f"python -m benchmarks.qe --part {options.part} --write {options.write.as_posix()}"
        head = f"# Quality of translations with their source\n\nPrinted by `{command}`.\n\n"
        options.write.write_text(head + "\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
