"""Which part of a page an element is: from its tag, its ARIA role, and the usual names of classes and ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from auditor.lexicon import rows

Attributes = Mapping[str, str]

# Parts of a page that are not its text proper. Their role stands above that of the blocks in them.
CHROME = frozenset({"navigation", "header", "footer", "aside", "dialog", "form"})
_BY_TAG = {
    "nav": "navigation",
    "header": "header",
    "footer": "footer",
    "aside": "aside",
    "dialog": "dialog",
    "form": "form",
    "search": "form",
    "main": "main",
}
_BY_ARIA = {
    "navigation": "navigation",
    "menu": "navigation",
    "menubar": "navigation",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "dialog": "dialog",
    "alertdialog": "dialog",
    "form": "form",
    "search": "form",
    "main": "main",
}
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("p", "blockquote"), "paragraph"),
    **dict.fromkeys(("li", "dt", "dd"), "list_item"),
    **dict.fromkeys(("td", "th"), "table"),
    **dict.fromkeys(("caption", "figcaption"), "caption"),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), "code"),
    **dict.fromkeys(("button", "select", "option", "optgroup", "textarea", "legend"), "form"),
    **dict.fromkeys(("ul", "ol", "dl", "table", "section", "article", "figure", "main", "details", "body"), ""),
}
_ARIA_KINDS = {"heading": "heading", "listitem": "list_item", "button": "form"}
_HINTED_TAGS = frozenset({"div", "section", "ul", "ol", "p", "table", "td", "header", "footer", "aside", "li", "dl"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Pages built with utility classes have dozens a tag, none of which names a part.
_MOST_NAMES = 12
_LONGEST_NAME = 60
_UNSEEN = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden", re.IGNORECASE)


@cache
def _hints() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What names stand for which part, from ``knowledge/page_parts.tsv``."""
    names: dict[str, list[str]] = {}
    for row in rows("page_parts"):
        names.setdefault(row["role"], []).append(row["name"])
    return tuple((role, re.compile("|".join(patterns))) for role, patterns in names.items())


def region_of(tag: str, attributes: Attributes, *, inside_section: bool) -> tuple[str, bool]:
    """Return the part of the page that an element begins (``""`` for none) and whether that is only a guess.

    A header or footer inside an article or section is that one's own, not the page's (HTML-AAM).
    """
    aria = attributes.get("role", "").split(None, 1)
    if aria and aria[0].lower() in _BY_ARIA:
        return _BY_ARIA[aria[0].lower()], False
    if tag in _BY_TAG and not (inside_section and tag in {"header", "footer"}):
        # Some systems wrap the whole page in one form.
        return _BY_TAG[tag], tag == "form"
    if tag in _HINTED_TAGS:
        for name in _names(attributes):
            for role, pattern in _hints():
                if pattern.fullmatch(name):
                    return role, True
    return "", False


def kind_of(tag: str, attributes: Attributes, parent: str) -> str:
    """Role of the text of a block by itself; ``parent`` is that of the block around it."""
    aria = _ARIA_KINDS.get(attributes.get("role", ""))
    kind = aria or _KINDS.get(tag, parent)
    return "list_item" if tag == "p" and parent == "list_item" else kind


def is_hidden(attributes: Attributes) -> bool:
    """Whether an element is not shown, as far as its own attributes tell."""
    if "hidden" in attributes or attributes.get("aria-hidden", "").strip().lower() == "true":
        return True
    return "style" in attributes and _UNSEEN.search(attributes["style"]) is not None


def _names(attributes: Attributes) -> Iterator[str]:
    words = [attributes.get("id", ""), *attributes.get("class", "")[:2000].split()[:_MOST_NAMES]]
    for word in words:
        if 0 < len(word) <= _LONGEST_NAME:
            yield _CAMEL.sub("-", word).replace("_", "-").lower()
