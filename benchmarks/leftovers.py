"""How many real interface strings BP001 recognises when one stands below a clean article of another language.

    python -m benchmarks.leftovers [--shared ../shared] [--strings 2500] [--write docs/leftovers.md]

The strings come from free-licence packages in 79 languages (consent tools, blog engines, browser notices): those that
neither the phrase tables of the rule nor the line classifier were made from. Most are texts from inside consent
dialogues, which news pages rarely print. Each string is put as the last line below one article of eight host languages
in turn; a finding that covers any of it counts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter, defaultdict
from pathlib import Path

from auditor.data import Document, Origin
from auditor.language import primary, script_of
from auditor.rules.boilerplate import ForeignBoilerplate
from auditor.segment import segment
from benchmarks._articles import HELD_OUT
from benchmarks.false_alarms import documents
from models.training.lines.corpus import product

_HOSTS = ("en", "de", "ru", "zh", "uk", "cs", "ja", "fr")
_LONGEST = 200


def strings(shared: Path, limit: int) -> list[dict[str, str]]:
    """A seeded sample of the strings without placeholders, of products that nothing was learned from."""
    with gzip.open(shared / "data" / "boilerplate" / "ui_strings.jsonl.gz", "rt", encoding="utf-8") as rows:
        every = [row for row in map(json.loads, rows) if product(row["origin"]) in HELD_OUT]
    random.Random(2).shuffle(every)  # noqa: S311 - a sample, no secret
    return [one for one in every if len(one["text"]) <= _LONGEST and not set("{%") & set(one["text"])][:limit]


def measure(shared: Path, limit: int) -> tuple[Counter[str], Counter[str]]:
    """Count strings and hits by category, by script and over all."""
    articles: dict[str, list[str]] = defaultdict(list)
    for one in documents(shared, 3000):
        if len(one.text) > 600:
            articles[one.id.partition("/")[0]].append(one.text)
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    rule = ForeignBoilerplate()
    for number, row in enumerate(strings(shared, limit)):
        own = primary(row["lang"])
        hosts = [host for host in _HOSTS if host != own]
        host = hosts[number % len(hosts)]
        article = articles[host][number % len(articles[host])]
        page = segment(Document("a", f"{article}\n{' '.join(row['text'].split())}", Origin("a", "txt")))
        hit = any(finding.span.end > len(article) for finding in rule.check(page))
        scripts = "other script" if script_of(own) != script_of(host) else "same script"
        for key in (row["category"], scripts, "all"):
            asked[key] += 1
            found[key] += hit
    return asked, found


def main() -> None:
    """Print the table; with ``--write`` also put it into a file."""
    parser = argparse.ArgumentParser(description="Recall of foreign interface strings")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--strings", type=int, default=2500)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    asked, found = measure(options.shared, options.strings)
    lines = ["| strings | number | recognised |", "|---|---|---|"]
    lines += [f"| {key} | {asked[key]} | {found[key] / asked[key]:.2f} |" for key in sorted(asked)]
    print("\n".join(lines))
    if options.write:
        head = (
            "# Foreign interface strings that nothing was learned from\n\nPrinted by `python -m benchmarks.leftovers "
            "--write docs/leftovers.md`; what the strings are stands in that\nfile's docstring.\n\n"
        )
        options.write.write_text(head + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
