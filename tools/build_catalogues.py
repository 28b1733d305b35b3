"""Collects the interface strings of reports and compiles their translations.

    python tools/build_catalogues.py            renew every catalogue: add new strings, drop old ones, write .mo
    python tools/build_catalogues.py de         begin a catalogue for German
    python tools/build_catalogues.py --check    exit 1 when a catalogue is not current or a string is not translated

Names of languages are filled in from Unicode CLDR (through babel, Unicode-3.0); all else is translated by hand in the
``.po`` files under ``auditor/formatters/locale``.
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from auditor.formatters import _labels
from auditor.registry import FAMILIES

ROOT = Path(__file__).parent.parent / "auditor" / "formatters"
LOCALE = ROOT / "locale"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
# Lines of the header that say nothing of the strings.
_NOISE = (b'"POT-', b'"PO-Rev', b'"Generated', b'"Report-Msgid', b'"Last-Tr', b'"Language-Team', b'"Project-Id')
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "many": (1, 2)}


def _labels_of() -> Iterator[str]:
    """Strings of tables, which are translated where they are shown."""
    yield from FAMILIES.values()
    for table, parts in ((_labels.LABELS, (0, 1)), (_labels.DECISIONS, (0, 1)), (_labels.MEASURES, (0, 1))):
        yield from (entry[part] for entry in table.values() for part in parts)
    yield from (entry[part] for entry in _labels.SEVERITIES.values() for part in (0, 2))
    yield from _labels._LANGUAGES.values()  # noqa: SLF001 - a tool of the same house


def template() -> Catalog:
    """All strings that the reports show."""
    found = Catalog(project="auditor", charset="utf-8", fuzzy=False)
    options = {"**.html": {"newstyle_gettext": "true", "trimmed": "false"}}
    for name, _line, message, comments, context in extract_from_dir(
        str(ROOT), METHODS, options, keywords=KEYWORDS, strip_comment_tags=True
    ):
        found.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    for text in _labels_of():
        found.add(text)
    return found


def renewed(path: Path, language: str) -> Catalog:
    """The catalogue of a language with today's strings."""
    if path.is_file():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    else:
        catalogue = Catalog(locale=language, project="auditor", fuzzy=False)
    catalogue.update(template(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    names = Locale.parse(language).languages
    for tag, english in _labels._LANGUAGES.items():  # noqa: SLF001
        message = catalogue.get(english)
        if message is not None and not message.string and names.get(tag):
            message.string = names[tag][:1].upper() + names[tag][1:]
    return catalogue


def texts(catalogue: Catalog) -> tuple[bytes, bytes]:
    """The ``.po`` without places and dates, which only make noise, and the ``.mo``."""
    catalogue.header_comment = "# Interface strings of the reports; licensed as the package."
    source, compiled = io.BytesIO(), io.BytesIO()
    write_po(source, catalogue, no_location=True, sort_output=True, width=110)
    lines = [line for line in source.getvalue().split(b"\n") if not line.startswith(_NOISE)]
    again = read_po(io.BytesIO(b"\n".join(lines)), locale=catalogue.locale)
    # The compiled header holds a date, which would differ with every build.
    again.creation_date = again.revision_date = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    write_mo(compiled, again)
    return b"\n".join(lines), compiled.getvalue()


def missing(catalogue: Catalog) -> list[str]:
    """Strings without a translation."""
    return [
        str(one.id)
        for one in catalogue
        if one.id and not (all(one.string) if isinstance(one.string, tuple | list) else one.string)
    ]


def main(arguments: list[str]) -> int:
    """Renew or check the catalogues; the exit status."""
    check = "--check" in arguments
    wanted = {one for one in arguments if not one.startswith("-")}
    wanted |= {one.name for one in LOCALE.iterdir() if one.is_dir()} if LOCALE.is_dir() else set()
    status = 0
    for language in sorted(wanted):
        folder = LOCALE / language / "LC_MESSAGES"
        catalogue = renewed(folder / "auditor.po", language)
        source, compiled = texts(catalogue)
        left = missing(catalogue)
        for text in left:
            print(f"{language}: not translated: {text}")
        if check:
            current = (folder / "auditor.mo").is_file() and (folder / "auditor.po").read_bytes() == source
            same = current and _entries((folder / "auditor.mo").read_bytes()) == _entries(compiled)
            status |= bool(left) or not same
            continue
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "auditor.po").write_bytes(source)
        (folder / "auditor.mo").write_bytes(compiled)
    return status


def _entries(compiled: bytes) -> dict[str, str]:
    import gettext

    return gettext.GNUTranslations(io.BytesIO(compiled))._catalog  # type: ignore[attr-defined]  # noqa: SLF001


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
