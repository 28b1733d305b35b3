"""The interface strings of reports in the reader's language, through gettext.

English stands in the code; other languages are catalogues under ``locale/``, so adding a language is adding a file.
Rules' own messages and the wire formats stay English.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

from auditor.errors import UsageError

DOMAIN = "auditor"
_current: ContextVar[str] = ContextVar("report_language", default="en")


def languages() -> tuple[str, ...]:
    """The languages that reports can be written in, English first."""
    folder = files("auditor.formatters").joinpath("locale")
    found = [one.name for one in folder.iterdir() if one.is_dir() and _catalogue(one.name).is_file()]
    return ("en", *sorted(found))


def _catalogue(language: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - importlib's Traversable moves between versions
    return files("auditor.formatters").joinpath("locale", language, "LC_MESSAGES", f"{DOMAIN}.mo")


@cache
def _load(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    known = languages()
    if language not in known:
        message = f"no report language {language!r}; known: {', '.join(known)}"
        raise UsageError(message)
    with _catalogue(language).open("rb") as file:
        return gettext.GNUTranslations(file)


@contextmanager
def speak(language: str) -> Iterator[None]:
    """Write in a language until the block ends; UsageError when there is no catalogue for it."""
    _load(language)
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def translations() -> gettext.NullTranslations:
    """The catalogue in use."""
    return _load(_current.get())


def spoken() -> str:
    """The language in use."""
    return _current.get()


def _(text: str) -> str:
    """The text in the language of the report."""
    return translations().gettext(text)


def many(one: str, several: str, number: int) -> str:
    """The form for a number, with the number put in for ``{}``. Example: ``many("{} page", "{} pages", 2)``."""
    return translations().ngettext(one, several, number).format(f"{number:,}")
