"""What the shipped policies do: accept, review and reject by policy on labelled and on clean documents.

    python -m benchmarks.policies [--shared ../shared] [--documents 3000] [--write docs/policies.md]

``with faults`` and ``controls`` are the labelled development documents: invented, with faults denser than on real
pages, and the rules were written with them in view. ``clean`` is original WMT text of ``benchmarks.false_alarms``, a
seeded sample. Every document is audited once, with the rules alone, and each policy decides on the same results.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from auditor import Auditor, Document, DocumentAudit, Settings
from auditor.data import Origin
from auditor.decisions import Facts, decide, facts_of_audit
from auditor.policy import PRESETS
from auditor.totals import DECISIONS
from benchmarks.false_alarms import documents


def labelled(folder: Path) -> tuple[list[Document], list[Document]]:
    """Documents with marked faults, and controls."""
    rows = [json.loads(line) for name in ("a", "b") for line in (folder / f"{name}.jsonl").open(encoding="utf-8")]
    made = {True: [], False: []}
    for row in rows:
        document = Document(row["id"], row["text"], Origin(row["id"], "txt"), group=row["group"])
        made[bool(row["control"])].append(document)
    return made[False], made[True]


def audited(texts: Iterable[Document]) -> list[Facts]:
    """Facts of each document, audited by itself."""
    auditor = Auditor(Settings(score="none"))
    return [facts_of_audit(one) for one in auditor.screen_many(texts) if isinstance(one, DocumentAudit)]


def table(parts: dict[str, list[Facts]]) -> list[str]:
    """Rows of a Markdown table."""
    lines = ["| documents | policy | accept | review | reject |", "|---|---|---|---|---|"]
    for name, facts in parts.items():
        for policy in PRESETS.values():
            counts = Counter(decide(policy, one)[0] for one in facts)
            shares = " | ".join(f"{counts[one]} ({counts[one] / len(facts):.1%})" for one in DECISIONS)
            lines.append(f"| {name}, {len(facts)} | {policy.name} | {shares} |")
    return lines


def main() -> None:
    """Print the table; with ``--write`` also put it into a file."""
    parser = argparse.ArgumentParser(description="Decisions by policy")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--documents", type=int, default=3000)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    faulty, controls = labelled(options.shared / "data" / "dev_docs")
    clean = documents(options.shared, options.documents)
    lines = table({"with faults": audited(faulty), "controls": audited(controls), "clean": audited(clean)})
    print("\n".join(lines))
    if options.write:
        head = (
            "# What the shipped policies decide\n\nPrinted by `python -m benchmarks.policies --write docs/policies.md`."
            " `with faults` and `controls` are invented development\ndocuments in which faults are denser than on real"
            " pages, each audited by itself; `clean` is untranslated WMT text up to\n2022. Rules only, no model.\n\n"
        )
        options.write.write_text(head + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
