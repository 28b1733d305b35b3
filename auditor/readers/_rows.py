"""From rows to documents: what JSON lines, tables and columnar files share."""

from __future__ import annotations

import json

from auditor.data import Document, Origin, Skipped
from auditor.readers._encoding import UTF8
from auditor.readers._helpers import too_long
from auditor.readers._json import DECODER, without_surrogates
from auditor.readers._streams import UnreadableError
from auditor.registry import ReadOptions

_LANGUAGE_FIELDS = ("lang", "language")


class Rows:
    """Makes documents of the rows of one file."""

    def __init__(self, name: str, form: str, options: ReadOptions) -> None:
        self.name = name
        self.form = form
        self.options = options

    def skipped(self, locator: str, reason: str) -> Skipped:
        """A row that is left out."""
        return Skipped(Origin(self.name, self.form, locator), reason)

    def rest(self, number: int, problem: UnreadableError) -> Skipped:
        """What follows row ``number`` is left out; the file itself where there is no such row."""
        if not number:
            return self.skipped("", str(problem))
        return self.skipped(str(number + 1), f"the rest is unreadable: {problem}")

    def parse(self, line: bytes, number: int) -> Document | Skipped:
        """One line of JSON."""
        locator = str(number)
        try:
            row = DECODER.decode(line.decode(UTF8))
        except UnicodeDecodeError:
            return self.skipped(locator, "not valid UTF-8")
        except json.JSONDecodeError as problem:
            return self.skipped(locator, f"malformed JSON: {problem.msg} at column {problem.colno}")
        except (RecursionError, ValueError):
            return self.skipped(locator, "malformed JSON: nested too deeply or a number too long")
        return self.document(row, locator, f"{self.name}#L{number}")

    def document(self, row: object, locator: str, identity: str) -> Document | Skipped:
        """The document of a parsed row; ``identity`` is its id where the row names none."""
        if not isinstance(row, dict):
            return self.skipped(locator, "not a JSON object")
        wanted = self.options
        text = row.get(wanted.text_field)
        if not isinstance(text, str):
            missing = wanted.text_field not in row
            problem = f"no field {wanted.text_field!r}" if missing else f"field {wanted.text_field!r} is not a string"
            return self.skipped(locator, problem)
        if len(text) > wanted.max_document_chars:
            return self.skipped(locator, too_long(wanted))
        if "\0" in text:
            return self.skipped(locator, "binary data (NUL characters) in the text")
        try:
            return self._made(_clean(row), locator, identity)
        except RecursionError:
            return self.skipped(locator, "malformed JSON: nested too deeply")

    def _made(self, fields: dict[str, object], locator: str, identity: str) -> Document:
        text = str(fields.pop(self.options.text_field))
        inner = fields.get("metadata")
        if isinstance(inner, dict):
            # The form of datatrove and dolma: text, id, and the rest in one field.
            del fields["metadata"]
            fields = {**inner, **fields}
        declared = [value for key in _LANGUAGE_FIELDS if isinstance(value := fields.get(key), str) and value]
        return Document(
            id=_taken(fields, self.options.id_field) or identity,
            text=text,
            origin=Origin(self.name, self.form, locator),
            declared_language=declared[0] if declared else None,
            group=_taken(fields, self.options.group_field),
            metadata=fields,
        )


def _clean(row: dict[str, object]) -> dict[str, object]:
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return without_surrogates(row)
    return row


def _taken(fields: dict[str, object], key: str) -> str | None:
    """Take an identifying field out of the row; what is neither text nor a whole number stays in the metadata."""
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return None
    del fields[key]
    return str(value)
