"""The stories of a run: made once while its texts are there, kept as one JSON file beside the shards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from auditor.data import DocumentAudit, Story
from auditor.provenance import Sketch, sketch, weave
from auditor.runs._folder import RunFolder
from auditor.store.rows import plain_json
from auditor.store.shards import write_json

_NAME = "stories.json"


def write_stories(folder: RunFolder, audits: Iterable[DocumentAudit]) -> None:
    """Tie the documents of a run and keep the stories; a run that was stopped here does it again."""
    path = folder.root / _NAME
    if not path.exists():
        stories = weave(_sketches(audits))
        write_json(path, {"stories": json.loads(plain_json([asdict(one) for one in stories]))})


def _sketches(audits: Iterable[DocumentAudit]) -> Iterator[Sketch]:
    return (sketch(one) for one in audits)


def read_stories(folder: RunFolder) -> tuple[Story, ...]:
    """The stories of a run; none for one that was made before there were any."""
    path = folder.root / _NAME
    listed = json.loads(path.read_text("utf-8"))["stories"] if path.exists() else []
    return tuple(Story(one["id"], one["title"], tuple(one["documents"]), tuple(one["edges"])) for one in listed)
