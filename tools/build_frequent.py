"""Builds ``knowledge/frequent_words.tsv``: words by which a line is told to be in its page's language, counted.

    python tools/build_frequent.py [--shared ../shared]

Counted in how many rows of what people wrote or translated (the parts that may be learned from) a word stands. Kept are
words that are twice as frequent as in any other language of the script, and that no capital letter makes a name.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from auditor.language import primary, script_of
from auditor.normalize import fold
from models.training.lines.corpus import people

OUT = Path(__file__).parents[1] / "auditor" / "knowledge" / "frequent_words.tsv"
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")
# Scripts that write no blanks between words, and languages that a script tells alone.
LEFT_OUT = frozenset({"zh", "ja", "he", "gu", "ta", "te", "si"})
MOST, FEWEST_ROWS, LEAST_LENGTH = 1200, 8, 2
TIMES, CAPITAL = 2.0, 0.5
NEWS, WIKIPEDIA = "WMT 2021 and 2022 news (counts)", "MLQE-PE, Wikipedia sentences (counts)"


def texts(data: Path) -> Iterator[tuple[str, str, str]]:
    """Language, text and source of what people wrote."""
    for row in people(data, "train"):
        yield primary(row["lang"]), row["text"], NEWS
    with gzip.open(data / "qe" / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["dataset"] == "mlqe-pe":
                yield primary(row["src_lang"]), row["source"], WIKIPEDIA
            elif row["tgt_lang"] in {"hi", "mr"}:
                yield row["tgt_lang"], row["translation"], "WMT quality estimation 2023 (counts)"


def main() -> None:
    """Count, choose and write."""
    parser = argparse.ArgumentParser(description="Frequent words by language")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    capital: dict[str, Counter[str]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    sources: dict[str, Counter[str]] = defaultdict(Counter)
    for tag, text, source in texts(parser.parse_args().shared / "data"):
        if tag in LEFT_OUT:
            continue
        sizes[tag] += 1
        sources[tag][source] += 1
        found = {fold(one.group()): one.group()[0].isupper() and one.start() > 0 for one in WORD.finditer(text)}
        counts[tag].update(found.keys())
        capital[tag].update(word for word, upper in found.items() if upper)
    lines = [
        "# Words that are frequent in a language and rarer in others of its script; see tools/build_frequent.py.",
        "# Only counts were taken from the texts, and which words are frequent is nobody's property.",
        "language\twords\tsource\tlicence",
    ]
    for tag in sorted(counts):
        words = [word for word, _ in counts[tag].most_common() if _is_good(word, tag, counts, capital, sizes)][:MOST]
        lines.append(f"{tag}\t{' '.join(words)}\t{sources[tag].most_common(1)[0][0]}\tfacts")
    OUT.write_text("\n".join(lines) + "\n", "utf-8")


def _is_good(
    word: str, tag: str, counts: dict[str, Counter[str]], capital: dict[str, Counter[str]], sizes: Counter[str]
) -> bool:
    own = counts[tag][word]
    if own < FEWEST_ROWS or len(word) < LEAST_LENGTH or (tag != "de" and capital[tag][word] > CAPITAL * own):
        return False
    others = [other for other in counts if other != tag and script_of(other) == script_of(tag)]
    return all(own / sizes[tag] >= TIMES * counts[other][word] / sizes[other] for other in others)


if __name__ == "__main__":
    main()
