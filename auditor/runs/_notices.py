"""What a run has to say, gathered from its shards: faults of rules by document, and what models had to say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from auditor.runs._detect import documents
from auditor.runs._folder import RunFolder
from auditor.store.shards import counters, read_rows

# Models count what they cut; counts of shards are added up.
_COUNTED = re.compile(r"(\d+) (.+)", re.DOTALL)
_MOST = 10_000


def since(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """What is new in ``after``; a count that has grown is told by how much."""
    old = {match[2]: int(match[1]) for one in before if (match := _COUNTED.fullmatch(one))}
    found = []
    for one in after:
        match = _COUNTED.fullmatch(one)
        if match is None:
            found.append(one)
        elif more := int(match[1]) - old.get(match[2], 0):
            found.append(f"{more} {match[2]}")
    return found


def added(notices: Iterable[str]) -> list[str]:
    """Each notice once, counts added up."""
    sums: dict[str, int] = {}
    for one in notices:
        match = _COUNTED.fullmatch(one)
        text, number = (match[2], int(match[1])) if match else (one, 0)
        sums[text] = sums.get(text, 0) + number
    return [f"{number} {text}" if number else text for text, number in sums.items()]


def collected(folder: RunFolder, shards: Sequence[str], buckets: int, lost: Sequence[str]) -> list[str]:
    """All notices of a run, in the order in which one process would have said them."""
    found = list(_first(_failures(folder, shards)))
    for bucket in range(buckets):
        path = folder.shard("resolve", f"{bucket:06}")
        found += counters(path)["notices"] if path.exists() else []
    said = [
        one for name in shards if folder.has("score", name) for one in counters(folder.shard("score", name))["notices"]
    ]
    return [*dict.fromkeys(found), *lost, *added(said)]


def _failures(folder: RunFolder, shards: Sequence[str]) -> Iterator[str]:
    for shard in shards:
        if not counters(folder.shard("detect", shard)).get("failures"):
            continue
        failed = {row["row"]: row["failures"] for row in read_rows(folder.shard("detect", shard), ["row", "failures"])}
        for row, document in documents(folder, shard):
            for one in json.loads(failed[row] or "[]"):
                yield f"{document.id}: {one}"


def _first(notices: Iterator[str]) -> Iterator[str]:
    for number, one in enumerate(notices):
        if number == _MOST:
            yield f"more than {_MOST} faults of rules: the rest is not listed"
            return
        yield one
