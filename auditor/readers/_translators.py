"""Marks in the markup that a translation program or service left.

What only forbids or prepares a translation (``translate="no"``, ``notranslate``, most ITS attributes) is no such mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.readers._roles import Attributes

_LONGEST = 200
# Machine translation in a language tag: private use of some proxies, and the transformed-content extension (RFC 6497).
_TRANSFORMED = re.compile(r"-x-mtfrom-|-t-[a-z]{2,8}", re.IGNORECASE)
_CLASSES = frozenset({"translated-ltr", "translated-rtl", "gtranslate_wrapper", "goog-te-gadget"})
_IDS = frozenset({"gtranslate", "gtranslate-style-css", "google_translate_element", "transposh"})
_META = frozenset({"x-translated-by", "x-translated-to", "translation-stats", "x-translation-engine"})
_SCRIPTS = re.compile(
    r"(?:^|[/.])(?:gtranslate\.net|translate\.google(?:apis)?\.com|cdn\.weglot\.com|cdn\.transifex\.com|conveythis\.com|"
    r"translate\.yandex\.net|cdn\.localizeapi\.com|linguise\.com)(?:/|$)",
    re.IGNORECASE,
)
# Attributes that translating browsers and extensions add to what they have translated.
_ATTRIBUTES = (
    "its-mt-",
    "data-its-mt-",
    "_msttexthash",
    "_msthash",
    "data-immersive-translate",
    "data-wg-",
    "data-moz-translations",
)
_TAGS = frozenset({"ya-tr-span", "immersive-translate-popup", "deepl-input-controller"})


def marks_of(tag: str, attributes: Attributes) -> Iterator[str]:
    """Yield the marks of one element, as ``<tag> attribute=value``."""
    if tag in _TAGS:
        yield f"<{tag}>"
    if not attributes:
        return
    if tag == "html" and _TRANSFORMED.search(attributes.get("lang", "")):
        yield _mark(tag, "lang", attributes["lang"])
    if attributes.get("id", "").lower() in _IDS:
        yield _mark(tag, "id", attributes["id"])
    if "class" in attributes:
        for name in sorted(_CLASSES.intersection(attributes["class"].lower().split())):
            yield _mark(tag, "class", name)
    yield from _by_tag(tag, attributes)
    for name in attributes:
        if name.startswith(_ATTRIBUTES):
            yield _mark(tag, name, attributes[name] if "its-mt-" in name else "")


def _by_tag(tag: str, attributes: Attributes) -> Iterator[str]:
    if tag == "meta":
        name = (attributes.get("http-equiv") or attributes.get("name", "")).lower()
        content = attributes.get("content", "")
        if name in _META:
            yield _mark(tag, name, content)
    elif tag == "link" and "machine-translated-from" in attributes.get("rel", "").lower():
        rest = " ".join(f"{key}={attributes[key]}" for key in ("hreflang", "href") if key in attributes)
        yield _mark(tag, "rel", f"{attributes['rel']} {rest}")
    elif tag == "script" and _SCRIPTS.search(attributes.get("src", "")[:_LONGEST]):
        yield _mark(tag, "src", attributes["src"])
    elif tag == "font" and attributes.get("style", "").replace(" ", "").startswith("vertical-align:inherit"):
        # Google Translate wraps every text of a page that it has translated in this.
        yield _mark(tag, "style", "vertical-align: inherit")


def _mark(tag: str, name: str, value: str) -> str:
    shown = f"<{tag}> {name}={value}" if value else f"<{tag}> {name}"
    return shown[:_LONGEST].strip()
