"""The stories of a run: made once while its texts are there, kept as a JSON file beside the shards, a story a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from auditor.data import DocumentAudit, Story
from auditor.provenance import sketch, weave
from auditor.runs._folder import RunFolder
from auditor.store.rows import plain_json
from auditor.store.shards import whole

_NAME = "stories.json"
_HEAD, _FOOT = '{"stories": [\n', "]}\n"


def has_stories(folder: RunFolder) -> bool:
    """Whether the stories of a run have been told."""
    return (folder.root / _NAME).exists()


def write_stories(folder: RunFolder, audits: Iterable[DocumentAudit]) -> int:
    """Tie the documents of a run and keep the stories; returns how many there are."""
    stories = weave(map(sketch, audits))
    with whole(folder.root / _NAME) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD)
        for number, one in enumerate(stories, 1):
            file.write(plain_json(asdict(one)) + (",\n" if number < len(stories) else "\n"))
        file.write(_FOOT)
    return len(stories)


def read_stories(folder: RunFolder) -> tuple[Story, ...]:
    """The stories of a run; none for one that was made before there were any."""
    return tuple(
        Story(one["id"], one["title"], tuple(one["documents"]), tuple(one["edges"])) for one in _listed(folder)
    )


def _listed(folder: RunFolder) -> Iterator[dict[str, Any]]:
    path = folder.root / _NAME
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        if file.readline() != _HEAD:
            # A run of an earlier version, which laid the file out in another way.
            yield from json.loads(path.read_text("utf-8"))["stories"]
            return
        for line in file:
            if line != _FOOT:
                yield json.loads(line.rstrip(",\n"))
