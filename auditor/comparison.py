"""Two policies on the same stored results: what changes, where, and for how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.decisions import decide, facts_of_row
from auditor.errors import UsageError
from auditor.policy import Policy
from auditor.totals import DECISIONS

# So many changed documents are kept by name; the rest is counted.
_NAMED = 1000


@dataclass(slots=True)
class Comparison:
    """Counts of (decision by the first policy, decision by the second), by language too, and documents that change."""

    first: Policy
    second: Policy
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    languages: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    changed: list[dict[str, str]] = field(default_factory=list)

    def add(self, row: Mapping[str, Any]) -> None:
        """Decide on one stored result by both policies."""
        try:
            facts = facts_of_row(row)
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            message = f"{row.get('id')!r} is no whole result of this program: {type(problem).__name__} {problem}"
            raise UsageError(message) from problem
        (before, _, _), (after, reason, _) = decide(self.first, facts), decide(self.second, facts)
        self.pairs[before, after] += 1
        self.languages.setdefault(facts.language, Counter())[before, after] += 1
        if before != after and len(self.changed) < _NAMED:
            self.changed.append({"id": facts.sources[0], "before": before, "after": after, "reason": reason})

    def as_object(self) -> dict[str, Any]:
        """All counts, for JSON."""
        return {
            "policies": [self.first.name, self.second.name],
            "documents": self.pairs.total(),
            "changed": sum(number for (before, after), number in self.pairs.items() if before != after),
            "decisions": _nested(self.pairs),
            "languages": {tag: _nested(self.languages[tag]) for tag in sorted(self.languages)},
            "changed_documents": self.changed,
        }

    def lines(self) -> Iterator[str]:
        """The comparison as text: a table of both decisions, then languages in which something changes."""
        yield f"{self.pairs.total()} documents; rows: {self.first.name}, columns: {self.second.name}"
        yield from _table(self.pairs)
        for tag in sorted(self.languages):
            own = self.languages[tag]
            changed = {pair: number for pair, number in own.items() if pair[0] != pair[1]}
            if changed:
                told = ", ".join(f"{number} {old} to {new}" for (old, new), number in sorted(changed.items()))
                yield f"{tag}: {sum(changed.values())} of {own.total()} change ({told})"


def compare(rows: Iterable[Mapping[str, Any]], first: Policy, second: Policy) -> Comparison:
    """Decide on stored results by two policies, without a new audit."""
    comparison = Comparison(first, second)
    for row in rows:
        comparison.add(row)
    return comparison


def _nested(pairs: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    return {before: {after: pairs[before, after] for after in DECISIONS} for before in DECISIONS}


def _table(pairs: Counter[tuple[str, str]]) -> Iterator[str]:
    yield f"{'':8}" + "".join(f"{name:>10}" for name in (*DECISIONS, "all"))
    for before in DECISIONS:
        counts = [pairs[before, after] for after in DECISIONS]
        yield f"{before:8}" + "".join(f"{number:>10}" for number in (*counts, sum(counts)))
    columns = [sum(pairs[before, after] for before in DECISIONS) for after in DECISIONS]
    yield f"{'all':8}" + "".join(f"{number:>10}" for number in (*columns, sum(columns)))
