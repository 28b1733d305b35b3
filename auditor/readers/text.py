"""Plain text and Markdown. The document's text is the file's text exactly as read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditor.data import Document, Origin, Skipped
from auditor.readers._helpers import encoding_note, read_text
from auditor.readers._markdown import blocks_of, front_matter
from auditor.registry import Reader, ReadOptions


class PlainTextReader(Reader):
    """One document a file; segmentation finds the lines."""

    suffixes = (".txt", ".text")

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield the file's text."""
        text, encoding = read_text(path, options)
        yield Document(name, text, Origin(name, "txt"), metadata=encoding_note(encoding))


class MarkdownReader(Reader):
    """One document a file, with the roles of its blocks (CommonMark and tables); front matter becomes metadata."""

    suffixes = (".md", ".markdown")

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield the file's text with its blocks."""
        text, encoding = read_text(path, options)
        fields, body = front_matter(text)
        language = fields.pop("lang", None)
        yield Document(
            name,
            text,
            Origin(name, "md"),
            blocks=blocks_of(text, body),
            declared_language=language,
            metadata={**fields, **encoding_note(encoding)},
        )


READERS = (PlainTextReader(), MarkdownReader())
