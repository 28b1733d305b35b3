"""Archives for the benchmarks: documents recombined with a seed from real sentences, as JSON lines of any size.

The sentences are the originals and human translations of the labelled corpus, training and development years only; in
one document a source segment stands once. Documents have 3 to 24 sentences of one language in paragraphs.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

_KINDS = {"original", "human_translation"}
_PARAGRAPH = (1, 5)
_SENTENCES = (3, 24)


def sentences(shared: Path) -> dict[str, list[tuple[str, str]]]:
    """Source segment and text by language, in a fixed order."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for part in ("train", "dev"):
        with gzip.open(shared / "data" / "mt_detect" / f"{part}.jsonl.gz", "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                if row["label"] in _KINDS:
                    found[row["lang"]].add((row["seg_id"], row["text"]))
    return {language: sorted(texts) for language, texts in sorted(found.items())}


def documents(shared: Path, size: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """Yield rows until their texts hold ``size`` bytes of UTF-8. Languages come as often as the corpus has text."""
    texts = sentences(shared)
    names = list(texts)
    weights = [sum(len(text) for _, text in texts[name]) for name in names]
    rng = random.Random(seed)  # noqa: S311 - a sample, no secret
    held = number = 0
    while held < size:
        (language,) = rng.choices(names, weights)
        chosen = dict(rng.choices(texts[language], k=rng.randint(*_SENTENCES)))
        left = list(chosen.values())
        paragraphs = []
        while left:
            count = rng.randint(*_PARAGRAPH)
            paragraphs.append(" ".join(left[:count]))
            left = left[count:]
        text = "\n\n".join(paragraphs)
        held += len(text.encode())
        number += 1
        yield {"id": f"{language}-{number}", "text": text, "lang": language}


def write(path: Path, shared: Path, size: int, seed: int = 1) -> int:
    """Write an archive and return its number of documents."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in documents(shared, size, seed):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count
