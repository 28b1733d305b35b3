"""Finding placeholders: brackets that say what should be filled in, rows of X, filler text, template variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from auditor.data import SegmentedDocument, Span
from auditor.language import primary
from auditor.lexicon import Match, rows
from auditor.normalize import fold
from auditor.rules._chatbot import lexicon_of, quoted

# After a letter or another bracket a bracket is an index or part of a word ("list[str]"); before one it is a link.
_BRACKET = re.compile(r"(?<![\w\])])[\[【]([^\[\]【】\n]{2,120})[\]】](?![(\[\w:])")
_ROW_OF_X = re.compile(
    r"(?<![\w-])(?:[$€£]\s?X{2,5}\b|X{2,5}(?:[.,]X{1,3})?\s?(?:%|percent\b|per cent\b|million\b|billion\b|Prozent\b|"
    r"pour cent\b|por ciento\b|por cento\b|процент\w{0,4}|відсотк\w{0,4}|млн\b|euros?\b|dollars?\b|Euro\b|€))"
)
_FILLER = re.compile(r"\blorem ipsum dolor\b")
_VARIABLE = re.compile(r"(?<![{%$\w])\{\{\s?[A-Za-z_][\w. ]{0,40}\s?\}\}(?!\})")
_PLAIN = re.compile(r"[^\W\d_]+")
_INSTRUCTION_REACH = 30
# "[Photo here by J. Hart]" credits a picture that stands there.
_CREDIT = re.compile(
    r"(?i:photos?|images?|pictures?|fotos?|bild|fotografías?|imagen|immagine|imagem|zdjęcie|снимок|фото)\b"
    r"[^\n]{0,40}?[ :©](?:(?i:by|von|de|par|por|di|av|af|door)\s|©|:)\s{0,2}[^\W\d_a-zß-ÿа-я]"
)
# A form letter may hold hundreds; the first ones tell.
_MOST = 50


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A place that should have been filled in; ``sure`` unless people write it on purpose, too."""

    span: Span
    kind: str
    sure: bool


@cache
def _blanks() -> frozenset[str]:
    """The words, of all languages, that name what a placeholder stands for."""
    found = (fold(row["pattern"]) for row in rows("generated") if row["kind"] == "blank")
    return frozenset(word for pattern in found for word in _PLAIN.findall(pattern))


@cache
def _small_words() -> frozenset[str]:
    """Articles and prepositions that may stand between words for blanks."""
    return frozenset(fold(row["pattern"]) for row in rows("generated") if row["kind"] == "small")


def placeholders(page: SegmentedDocument) -> Iterator[Placeholder]:
    """Yield the placeholders of a page in reading order, none where its subject are forms or templates."""
    found = sorted(_all(page), key=lambda one: one.span)
    if not _about_templates(page, found):
        yield from found[:_MOST]


def _all(page: SegmentedDocument) -> Iterator[Placeholder]:
    for line in page.lines:
        span = Span(line.span.start, min(line.span.end, line.span.start + 20_000))
        text = span.cut(page.text)
        tags = {primary(line.language.tag), primary(page.language.tag), "en"}
        if "[" in text or "【" in text:
            yield from _brackets(page, span, tags)
        if "XX" in text:
            yield from (Placeholder(_at(hit, span), "number", sure=True) for hit in _ROW_OF_X.finditer(text))
        if "{{" in text:
            yield from (Placeholder(_at(hit, span), "variable", sure=False) for hit in _VARIABLE.finditer(text))
        filler = _FILLER.search(page.folded, span.start, span.end)
        if filler and not quoted(page.text, span, filler.start()):
            yield Placeholder(Span(filler.start(), span.end), "filler", sure=False)


def _at(hit: re.Match[str], span: Span) -> Span:
    return Span(span.start + hit.start(), span.start + hit.end())


def _brackets(page: SegmentedDocument, line: Span, tags: set[str]) -> Iterator[Placeholder]:
    text = line.cut(page.text)
    for hit in _BRACKET.finditer(text):
        place = _at(hit, line)
        inner = hit.group(1)
        if quoted(page.text, line, place.start) or _CREDIT.match(inner):
            continue
        alone = not any(char.isalnum() for char in text[: hit.start()] + text[hit.end() :])
        if _is_instruction(fold(inner), tags):
            yield Placeholder(
                place, "instruction", sure=alone or inner[0].isupper() or inner[0].lower() == inner[0].upper()
            )
        elif _is_blank(inner):
            yield Placeholder(place, "blank", sure=True)


def _is_instruction(inner: str, tags: set[str]) -> bool:
    found: list[Match] = lexicon_of("insert").find(inner)
    longer = len(_PLAIN.findall(inner)) >= 2 or not inner.isascii()
    return longer and any(
        one.entry.language in tags and (one.span.start <= _INSTRUCTION_REACH or one.span.end == len(inner))
        for one in found
    )


def _is_blank(inner: str) -> bool:
    """Words for blanks: in capitals the first or half of the words, else two or more capitalised words that all are."""
    words = _PLAIN.findall(inner)
    known = [fold(word) in _blanks() for word in words]
    if not words or not any(known) or any(char.isdigit() for char in inner):
        return False
    if inner.isupper() and len(inner) >= 4:
        return (len(words) <= 8 and known[0]) or sum(known) * 2 >= len(words)
    content = [
        (word, is_known) for word, is_known in zip(words, known, strict=True) if fold(word) not in _small_words()
    ]
    return len(words) >= 2 and all(word[0].isupper() and is_known for word, is_known in content)


def _about_templates(page: SegmentedDocument, found: list[Placeholder]) -> bool:
    """Whether the page's first lines, or the lines of the placeholders, speak of forms and templates."""
    if not found:
        return False
    starts = {one.span.start for one in found}
    for number, line in enumerate(page.lines):
        here = number < 2 or any(line.span.start <= at < line.span.end for at in starts)
        if not here:
            continue
        low, high = line.span.start, min(line.span.end, line.span.start + 5_000)
        tags = {primary(line.language.tag), primary(page.language.tag)}
        inside = [one.span for one in found]
        for match in lexicon_of("template").find(page.folded[low:high]):
            place = Span(low + match.span.start, low + match.span.end)
            if match.entry.language in tags and not any(span.contains(place) for span in inside):
                return True
    return False
