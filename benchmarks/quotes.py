"""Quotation drift on real machine translation: F1 on pairs of quotations, and false alarms on unrelated ones.

    python -m benchmarks.quotes [--shared ../shared] [--part dev] [--pairs 400] [--embed]
                                [--write docs/quotes_figures.md]

The quotations are those of WMT rows: lines of a translation with one quotation of at least six words and a verb of
speech beside it. Each pair of documents is one story; a document is such a line with the lines before and behind it.

drift      two systems' translations of one source line, whose quotations differ in at least a fifth of their words;
identical  one system's line, and the same quotation in the lines of another system;
shortened  the same, with the last words of the quotation cut off behind at least five;
unrelated  two different quotations of one source file, in lines of one system, said by one speaker.

Right is a finding of QD001, of any severity, on ``drift`` and none on the others. Pairs between (a word or two of
many differ) are neither and are left out. Intervals are 95 % bootstrap intervals over pairs (fixed seed).

With ``--embed`` a second table tells the same of runs in which the shipped encoder scores the texts: it then also
matches quotations of a story that share few words.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

from auditor import Document, Settings
from auditor.data import Origin, Severity, Span
from auditor.embedding import embedder
from auditor.pipeline import Detector
from auditor.registry import Embed
from auditor.resolve import resolve_all
from auditor.rules import _speakers
from benchmarks.names_gold import Row, read

_QUOTES = Settings(select=("QD",), score="none")
_QUOTED = re.compile(r"[“\"«„]([^“”\"«»„\n]{20,400})[”\"»“]")
_LEAST = 6
_KEPT = 5
_DIFFERENT = 0.8
_SAMPLES = 1000
_LANGUAGES = ("en", "de", "cs", "ru", "uk", "fr")
_NAMES = {"en": "Anna Keller said", "de": "Anna Keller sagte", "cs": "řekla Anna Kellerová", "fr": "a dit Anna Keller",
          "ru": "сказала Анна Келлер", "uk": "сказала Анна Келлер"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents of one story, whether a quotation drifted between them, and the lines that hold it."""

    kind: str
    language: str
    one: str
    other: str
    lines: tuple[str, str]


def quotation(text: str) -> str:
    """The only quotation of a line, empty when there is none or several, or when nothing stands beside it."""
    found = _QUOTED.findall(text)
    if len(found) != 1 or len(found[0].split()) < _LEAST or len(text) - len(found[0]) < 12:
        return ""
    return found[0].strip(" ,.")


def _reported(line: str, text: str, language: str) -> bool:
    """Whether a verb of speech stands beside the quotation: titles and words in quotation marks are no utterances."""
    return bool(_speakers.verbs(line.replace(text, " "), language))


def bare(text: str) -> list[str]:
    """Words without marks and case."""
    return re.findall(r"\w+", text.lower())


def _line(segments: Mapping[str, list[Row]], name: str, system: str) -> str:
    return next((str(row["text"]) for row in segments.get(name, ()) if row["system"] == system), "")


def document(segments: Mapping[str, list[Row]], name: str, system: str, text: str) -> str:
    """A line between its neighbours of the same system."""
    head, _, number = name.rpartition(":")
    around = [_line(segments, f"{head}:{int(number) + step}", system) for step in (-1, 1)]
    return "\n".join(part for part in (around[0], text, around[1]) if part)


def pairs(segments: Mapping[str, list[Row]], language: str) -> Iterator[Pair]:
    """All pairs of a language, in order of the segments."""
    singles: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for name, rows in segments.items():
        said = [(row, quotation(row["text"])) for row in rows if row["label"] == "machine_translation"]
        quoted = [(row, text) for row, text in said if text and _reported(row["text"], text, language)]
        for (one, mine), (other, theirs) in pairwise(quoted):
            alike = SequenceMatcher(None, bare(mine), bare(theirs), autojunk=False).ratio()
            if alike <= _DIFFERENT:
                yield _pair("drift", language, (segments, name), (one, one["text"]), (other, other["text"]))
            same = other["text"].replace(theirs, mine)
            yield _pair("identical", language, (segments, name), (one, one["text"]), (other, same))
            cut = mine.split()[: max(_KEPT, len(mine.split()) * 2 // 3)]
            if len(cut) < len(mine.split()):
                short = other["text"].replace(theirs, " ".join(cut))
                yield _pair("shortened", language, (segments, name), (one, one["text"]), (other, short))
        if quoted:
            singles[name.rpartition(":")[0]].append((name, quoted[0][0]["system"], quoted[0][1]))
    for lines in singles.values():
        for (_, _, one), (_, _, other) in zip(lines, lines[7:], strict=False):
            said = _said(one, language), _said(other, language)
            yield Pair("unrelated", language, *said, said)


def _pair(
    kind: str, language: str, place: tuple[Mapping[str, list[Row]], str], one: tuple[Row, str], other: tuple[Row, str]
) -> Pair:
    """Both lines between the neighbours that their systems give them."""
    texts = [document(*place, row["system"], text) for row, text in (one, other)]
    return Pair(kind, language, texts[0], texts[1], (one[1], other[1]))


def _said(text: str, language: str) -> str:
    return f"“{text}”, {_NAMES[language]}."


def judge(made: Sequence[Pair], embed: Embed | None = None) -> list[bool]:
    """Whether a quotation was reported as drifted, of any severity, for each pair."""
    found, detector = [], Detector(_QUOTES)
    for at in range(0, len(made), 200):
        part = made[at : at + 200]
        sources = [
            Document(f"{number}{side}", text, Origin("", "txt"), group=str(number))
            for number, pair in enumerate(part)
            for side, text in (("a", pair.one), ("b", pair.other))
        ]
        places = {}
        for one in sources:
            line = part[int(one.id[:-1])].lines[one.id[-1] == "b"]
            start = one.text.find(line)
            places[one.id] = Span(start, start + len(line))
        observed = (seen for one in sources for seen in detector.detect(one).observations)
        alarmed = {
            one.document_id[:-1]
            for one in resolve_all(detector.rules, observed, [], embed)
            if one.severity > Severity.NEUTRAL and places[one.document_id].overlaps(one.span)
        }
        found += [str(number) in alarmed for number in range(len(part))]
    return found


def f1(results: Sequence[tuple[Pair, bool]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of ``drift`` against ``identical`` and ``shortened``."""
    said = [(pair.kind == "drift", alarm) for pair, alarm in results if pair.kind != "unrelated"]
    hits = sum(drift and alarm for drift, alarm in said)
    precision = hits / max(1, sum(alarm for _, alarm in said))
    recall = hits / max(1, sum(drift for drift, _ in said))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def table(results: Sequence[tuple[Pair, bool]]) -> list[str]:
    """The figures by language as a Markdown table."""
    lines = [
        "| language | drift found | identical | shortened | unrelated | precision | recall | F1 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for language in [*sorted({pair.language for pair, _ in results}), "all"]:
        own = [one for one in results if language in {"all", one[0].language}]
        cells = []
        for kind in ("drift", "identical", "shortened", "unrelated"):
            of = [alarm for pair, alarm in own if pair.kind == kind]
            cells.append(f"{sum(of)} of {len(of)}")
        figures = " | ".join(f"{value:.2f}" for value in f1(own))
        lines.append(f"| {language} | {' | '.join(cells)} | {figures} |")
    dice = random.Random(1)  # noqa: S311 - a sample, no secret
    values = sorted(f1(dice.choices(list(results), k=len(results)))[2] for _ in range(_SAMPLES)) if results else []
    if values:
        lines += ["", f"F1 of all, 95 % interval: {values[24]:.3f} to {values[974]:.3f}."]
    return lines


def sample(made: Sequence[Pair], most: int) -> list[Pair]:
    """At most so many pairs of each kind, and as many of ``identical`` and ``shortened`` together as of ``drift``."""
    dice = random.Random(3)  # noqa: S311 - a sample, no secret
    by_kind: dict[str, list[Pair]] = defaultdict(list)
    for pair in made:
        by_kind[pair.kind].append(pair)
    drifts = min(most, len(by_kind["drift"]))
    sizes = {"drift": drifts, "identical": drifts // 2, "shortened": drifts // 2, "unrelated": most}
    return [pair for kind, size in sizes.items() for pair in dice.sample(by_kind[kind], min(size, len(by_kind[kind])))]


def show(results: Sequence[tuple[Pair, bool]], most: int) -> None:
    """Print so many wrong answers of each kind."""
    for kind in ("drift", "identical", "shortened", "unrelated"):
        wrong = [pair for pair, alarm in results if pair.kind == kind and alarm != (kind == "drift")]
        for pair in wrong[:most]:
            print(f"--- {kind} {pair.language}\n{pair.one}\n-\n{pair.other}")


def main() -> None:
    """Print the table; with ``--write`` also put it into a file."""
    parser = argparse.ArgumentParser(description="Quotation drift on machine translation")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--part", choices=("train", "dev", "test"), default="dev")
    parser.add_argument("--pairs", type=int, default=300, help="at most so many pairs of a kind and language")
    parser.add_argument(
        "--show", type=int, default=0, help="print so many wrong answers of a kind (not of the test part)"
    )
    parser.add_argument("--embed", action="store_true", help="also with the shipped encoder")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    start, results, read_too = time.perf_counter(), [], []
    embed = embedder(Settings()) if options.embed else None
    for language in _LANGUAGES:
        made = sample(list(pairs(read(options.shared, options.part, language), language)), options.pairs)
        results += list(zip(made, judge(made), strict=True))
        read_too += list(zip(made, judge(made, embed), strict=True)) if embed else []
    lines = [f"Part {options.part}, {len(results)} pairs.", "", *table(results)]
    lines += ["", "Where the shipped encoder scores the texts:", "", *table(read_too)] if embed else []
    print("\n".join(lines), f"\n{time.perf_counter() - start:.0f} s")
    if options.part != "test":
        show(results, options.show)
    if options.write:
        options.write.write_text(
            "# Quotation drift on real machine translation\n\n" + (__doc__ or "") + "\n" + "\n".join(lines) + "\n",
            "utf-8",
        )


if __name__ == "__main__":
    main()
