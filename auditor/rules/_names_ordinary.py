"""Ordinary English words (SCOWL), which a capital at the start of a sentence or in a headline makes look like names."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files


@cache
def _english() -> frozenset[str]:
    packed = files("auditor.knowledge").joinpath("words_en.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split())


def is_word(key: str, language: str) -> bool:
    """Whether a word (plain key) is an ordinary word of the language, as far as a list of the language is there."""
    return language == "en" and key in _english()
