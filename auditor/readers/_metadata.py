"""What a page says of itself: title, language, author, dates, and marks that a translation program left.

Sources: HTML (``title``, ``meta``, ``link``, ``html lang``), Open Graph and article properties, Dublin Core, simple
JSON-LD of schema.org. Values are cut to a sane length; nothing here is checked, it is the page's own claim.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from auditor.readers._markup import Event, Raw, Start
from auditor.readers._roles import Attributes
from auditor.readers._translators import marks_of

_BLANKS = re.compile(r"\s+")
_LONGEST = 1000
_LONGEST_JSON = 1 << 20
_MOST_MARKS = 50
_LONGEST_MANIFEST = 2 << 20
# ITS 2.0 provenance in HTML: who translated and revised.
_ITS = frozenset({"its-person", "its-org", "its-tool", "its-rev-person", "its-rev-org", "its-rev-tool"})
# Names of meta elements (and Open Graph properties) for each fact, the most trusted first.
_NAMES = {
    "title": ("og:title", "twitter:title", "dc.title", "dcterms.title"),
    "site_name": ("og:site_name", "application-name", "dc.publisher"),
    "author": ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "byl"),
    "translator": ("translator", "dc.contributor.translator"),
    "published": (
        *("article:published_time", "datepublished", "date", "dc.date", "dcterms.created", "dc.date.issued", "pubdate"),
        *("publish-date", "parsely-pub-date", "sailthru.date"),
    ),
    "modified": ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified"),
    "description": ("description", "og:description", "twitter:description", "dc.description"),
    "canonical": ("og:url",),
    "generator": ("generator",),
}
_WANTED = {name for names in _NAMES.values() for name in names}
_WORKS = ("Article", "Posting", "Report", "WebPage", "CreativeWork", "Book")


class Metadata:
    """Collects the facts of a page from its events."""

    def __init__(self) -> None:
        self._title = ""
        self._language = ""
        self._content_language = ""
        self._canonical = ""
        self._meta: dict[str, str] = {}
        self._linked: dict[str, str] = {}
        self._marks: dict[str, None] = {}
        self._manifests: list[str] = []
        self._its: dict[str, str] = {}

    def feed(self, event: Event, attributes: Attributes) -> None:
        """Take the next event; ``attributes`` are those of a start tag or raw element."""
        if isinstance(event, Start):
            self._start(event.name, attributes)
        elif isinstance(event, Raw):
            self._start(event.start.name, attributes)
            if event.start.name == "title" and not self._title:
                self._title = _tidy(event.text)
            elif event.start.name == "script" and "ld+json" in attributes.get("type", "").lower():
                self._json(event.text)
            elif event.start.name == "script" and attributes.get("type", "").lower() == "application/c2pa":
                self._manifests.append("".join(event.text.split())[:_LONGEST_MANIFEST])

    @property
    def declared_language(self) -> str | None:
        """The language that the page declares."""
        return self._language or self._content_language or None

    def facts(self) -> dict[str, object]:
        """Known facts by name; an unknown one is left out."""
        found: dict[str, object] = {"title": self._title, "html_lang": self._language, "canonical": self._canonical}
        for fact, names in _NAMES.items():
            if not found.get(fact):
                found[fact] = next((self._meta[name] for name in names if name in self._meta), "")
        for fact, value in self._linked.items():
            found[fact] = found.get(fact) or value
        found["translation_markers"] = list(self._marks)
        found["c2pa_manifests"] = self._manifests[:_MOST_MARKS]
        found["its_provenance"] = self._its
        return {fact: value for fact, value in found.items() if value}

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "html" and not self._language:
            self._language = _tidy(attributes.get("lang") or attributes.get("xml:lang", ""))
        elif name == "link" and "canonical" in attributes.get("rel", "").lower().split():
            self._canonical = self._canonical or _tidy(attributes.get("href", ""))
        elif name == "link" and "c2pa-manifest" in attributes.get("rel", "").lower().split():
            self._manifests.append(_tidy(attributes.get("href", "")))
        elif name == "meta":
            self._read_meta(attributes)
        for key in _ITS.intersection(attributes):
            self._its.setdefault(key, _tidy(attributes[key]))
        if len(self._marks) < _MOST_MARKS:
            self._marks.update(dict.fromkeys(marks_of(name, attributes)))

    def _read_meta(self, attributes: Attributes) -> None:
        content = _tidy(attributes.get("content", ""))
        if not content:
            return
        if attributes.get("http-equiv", "").strip().lower() == "content-language":
            self._content_language = self._content_language or content.split(",")[0].strip()
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = attributes.get(key, "").strip().lower()
            if name in _WANTED:
                self._meta.setdefault(name, content)

    def _json(self, text: str) -> None:
        if len(text) > _LONGEST_JSON:
            return
        try:
            works = list(_works(json.loads(text)))
        except (ValueError, RecursionError):
            return
        for work in works[:5]:
            for fact, key in (
                ("author", "author"),
                ("translator", "translator"),
                ("site_name", "publisher"),
                ("published", "datePublished"),
                ("modified", "dateModified"),
                ("title", "headline"),
                ("translation_of", "translationOfWork"),
                ("based_on", "isBasedOn"),
            ):
                if (value := _name(work.get(key))) and fact not in self._linked:
                    self._linked[fact] = value


def _works(value: object) -> Iterator[Mapping[str, object]]:
    """Objects that describe a text, at the top, in a list or in ``@graph``."""
    top = value if isinstance(value, list) else [value]
    for one in top[:50]:
        if isinstance(one, dict):
            graph = one.get("@graph")
            for work in [one, *(graph[:50] if isinstance(graph, list) else [])]:
                if isinstance(work, dict) and any(
                    str(work.get("@type", "")).strip("[]'\"").endswith(end) for end in _WORKS
                ):
                    yield work


def _name(value: object) -> str:
    """A string, the name or address of an object, or the names of a list of these."""
    if isinstance(value, str):
        return _tidy(value)
    if isinstance(value, dict):
        return next(
            (_tidy(one) for key in ("name", "url", "@id") if isinstance(one := value.get(key), str) and one), ""
        )
    if isinstance(value, list):
        names = [
            _tidy(one) if isinstance(one, str) else _name(one) for one in value[:10] if isinstance(one, str | dict)
        ]
        return ", ".join(dict.fromkeys(name for name in names if name))
    return ""


def _tidy(text: str) -> str:
    # JSON-LD may hold halves of surrogate pairs, which no report could write.
    return _BLANKS.sub(" ", text[:_LONGEST]).strip().encode("utf-8", "replace").decode()
