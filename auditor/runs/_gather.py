"""What is done once over many shards, in a process of its own: the process that leads a run keeps little memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.runs._folder import RunFolder
from auditor.runs._read import listed
from auditor.runs._stored import stream_audits
from auditor.runs._stories import write_stories
from auditor.store.query import connect
from auditor.store.shards import counters, whole

GATHERED = "gathered"
# So many observations are sorted at once. Merging takes memory that grows with what is sorted: of the observations
# of two gigabytes of text it was more than 128 MB.
_SORTED = 1_000_000


@dataclass
class TellStories:
    """A worker: ties the documents of a run and keeps the stories."""

    folder: RunFolder

    def __call__(self, shards: Sequence[str]) -> dict[str, int]:
        """Tell the stories of all shards; returns how many there are."""
        audits = (one for shard in shards for one in stream_audits(self.folder, shard))
        return {"stories": write_stories(self.folder, audits)}


@dataclass
class Gather:
    """A worker: puts observations of many shards into one file by hash, so that a bucket need not open them all."""

    folder: RunFolder

    def __call__(self, item: tuple[str, Sequence[str]]) -> dict[str, int]:
        """Sort the observations of some shards into a file of this name; returns how many shards they are."""
        name, shards = item
        files = listed([str(self.folder.shard("observations", one)) for one in shards])
        with connect(self.folder.spill) as connection, whole(self.folder.shard(GATHERED, name)) as draft:
            connection.execute(
                f"COPY (SELECT * FROM read_parquet({files}) ORDER BY hash, shard, row, number) "  # noqa: S608 - own
                f"TO {listed([str(draft)])[1:-1]} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20000)"
            )
        return {"shards": len(shards)}


def ungathered(folder: RunFolder, shards: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The portions of observations that are still to be sorted, with the names of their files."""
    (folder.root / GATHERED).mkdir(exist_ok=True)
    named = ((f"{number:06}", names) for number, names in enumerate(_portions(folder, shards)))
    return [one for one in named if not folder.has(GATHERED, one[0])]


def _portions(folder: RunFolder, shards: Sequence[str]) -> Iterator[list[str]]:
    """Consecutive shards that have about ``_SORTED`` observations together."""
    names: list[str] = []
    held = 0
    for name in shards:
        names.append(name)
        held += int(counters(folder.shard("observations", name))["observations"])
        if held >= _SORTED:
            yield names
            names, held = [], 0
    if names:
        yield names
