"""What is known of outlets: kind, language, country, by name or by homepage (``knowledge/media.tsv``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from auditor.lexicon import rows
from auditor.normalize import fold

KINDS = {
    "agency": "agency",
    "broadcaster": "broadcast",
    "magazine": "magazine",
    "newspaper": "newspaper",
    "online": "online outlet",
    "photo": "picture desk",
    "official": "official statement",
}


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet under its usual name; ``language`` and ``country`` are those it publishes in and from."""

    name: str
    kind: str
    language: str
    country: str
    homepage: str


@cache
def _tables() -> tuple[dict[str, Outlet], dict[str, Outlet]]:
    by_name: dict[str, Outlet] = {}
    by_home: dict[str, Outlet] = {}
    for row in rows("media"):
        one = Outlet(row["name"], row["kind"], row["language"], row["country"], row["homepage"])
        by_name.setdefault(fold(one.name), one)
        if one.homepage:
            by_home.setdefault(one.homepage.lower(), one)
    return by_name, by_home


def outlet(name: object, homepage: object = "") -> Outlet | None:
    """The outlet of this name or homepage, None where the table has none."""
    by_name, by_home = _tables()
    found = by_name.get(fold(name)) if isinstance(name, str) and name else None
    return found or (by_home.get(homepage.lower()) if isinstance(homepage, str) and homepage else None)


def of_address(address: object) -> Outlet | None:
    """The outlet at a web address. Example: ``https://www.bbc.com/news/1`` -> BBC."""
    host = host_of(address).removeprefix("www.")
    parts = host.split(".")
    for at in range(max(0, len(parts) - 1)):
        found = _tables()[1].get(".".join(parts[at:]))
        if found:
            return found
    return None


def host_of(address: object) -> str:
    """The host of a web address in lower case, empty for anything else."""
    if not isinstance(address, str) or "://" not in address[:12]:
        return ""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
