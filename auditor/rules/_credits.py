"""Reading credit lines: "Source: BBC, March 10, 2025", "Фото: Иван Петров", "文/张三", "By Jane Doe"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from auditor.data import SegmentedDocument, Span
from auditor.language import primary
from auditor.lexicon import rows
from auditor.normalize import fold
from auditor.rules._memo import once_a_page
from auditor.rules._names import read_name, word_count

KINDS = ("source", "photo", "author", "editor", "data_source")
_LONGEST = 300
_MOST_LABELS = 12
_TAIL = 200
_LABEL_END = re.compile(r"[:：|｜]|(?<=[文图圖摄])[/／]")
_LABEL_START = re.compile(r".*(?:[|·•¦;,；。，(（\[【—–]|[.!?”\"»)]\s|\s{2})\s*", re.DOTALL)
_BULLET = re.compile(r"[\W_]*")
_TRIM = " \t\u00a0*_|·•;,；，([（【—–-"
_TITLE = re.compile(r"\s*(?:[,，|/·•—–-]|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bи\b|\bі\b|\bта\b|&).{0,80}$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Credit:
    """One credit: its whole place, its kind (one of ``KINDS``), the place of what stands after the label."""

    span: Span
    kind: str
    value: Span
    line: int


@cache
def labels() -> dict[str, dict[str, str]]:
    """The kinds of each label by language, from ``knowledge/attribution.tsv``."""
    found: dict[str, dict[str, str]] = {}
    for row in rows("attribution"):
        if row["kind"] in KINDS:
            found.setdefault(fold(row["pattern"]), {}).setdefault(row["language"], row["kind"])
    return found


@cache
def _picture_phrases() -> dict[str, list[str]]:
    """Labels of more than one word that introduce a photographer without a colon, by their first two letters."""
    found: dict[str, list[str]] = {}
    for label, kinds in labels().items():
        if " " in label and "photo" in kinds.values():
            found.setdefault(label[:2], []).append(f"{label} ")
    return found


@cache
def bylines() -> dict[str, frozenset[str]]:
    """The words of each language that introduce an author without a colon ("By", "Von")."""
    found: dict[str, set[str]] = {}
    for row in rows("attribution"):
        if row["kind"] == "byline":
            found.setdefault(row["language"], set()).add(fold(row["pattern"]))
    return {language: frozenset(words) for language, words in found.items()}


@once_a_page
def credit_lines(page: SegmentedDocument) -> tuple[Credit, ...]:
    """The labelled credits of a page in reading order."""
    return tuple(_credits(page))


def _credits(page: SegmentedDocument) -> Iterator[Credit]:
    for number, line in enumerate(page.lines):
        if len(line.span) <= _LONGEST:
            found = list(_in_line(page, number, line.span, whole=True))
            yield from found or _photo_by(page, number, line.span)
        else:
            yield from _in_line(page, number, Span(line.span.end - _TAIL, line.span.end), whole=False)


def _photo_by(page: SegmentedDocument, number: int, span: Span) -> Iterator[Credit]:
    """A picture's credit without a colon: "Photo by Jane Doe", alone on its line or in brackets at its end."""
    text = span.cut(page.text)
    opened = max(text.rfind("("), text.rfind("["))
    low = opened + 1 if opened >= 0 and text.rstrip()[-1:] in ")]" else 0
    folded = page.folded[span.start + low : span.start + low + 30]
    for label in _picture_phrases().get(folded[:2], ()):
        if folded.startswith(label):
            start = span.start + low + len(label)
            names = names_in(page.text, start, span.end)
            if plausible_author(page.text, names, span.end):
                end = span.start + len(text.rstrip(")]. "))
                yield Credit(Span(span.start + low, end), "photo", Span(start, end), number)
                return


def _in_line(page: SegmentedDocument, number: int, span: Span, *, whole: bool) -> Iterator[Credit]:
    """Read the labels of one line; what follows a label goes as far as the next label or the end."""
    text = span.cut(page.text)
    starts: list[tuple[int, int, str]] = []
    for end in islice(_LABEL_END.finditer(text), _MOST_LABELS):
        before = starts[-1][1] if starts else 0
        head = _LABEL_START.match(text, before, end.start())
        if head is None and (starts or not whole):
            continue
        low = head.end() if head else _BULLET.match(text).end()  # type: ignore[union-attr]
        kind = _kind(page, number, text[low : end.start()])
        # A bar is a label's end only after the first word of a line ("Source | BBC"); elsewhere it divides credits.
        if kind and (end.group() not in "|｜" or low <= 3):
            starts.append((low, end.end(), kind))
    for at, (low, high, kind) in enumerate(starts):
        stop = starts[at + 1][0] if at + 1 < len(starts) else len(text)
        value = _value(text, high, stop)
        if value:
            place = Span(span.start + low, span.start + value.end)
            yield Credit(place, kind, Span(span.start + value.start, span.start + value.end), number)


def _kind(page: SegmentedDocument, number: int, label: str) -> str:
    known = labels().get(fold(label.strip(_TRIM + ">")).strip())
    if not known:
        return ""
    for tag in (page.lines[number].language.tag, page.language.tag):
        if primary(tag) in known:
            return known[primary(tag)]
    return min(known.values(), key=KINDS.index)


def _value(text: str, start: int, stop: int) -> Span | None:
    while start < stop and text[start] in _TRIM:
        start += 1
    while stop > start and text[stop - 1] in _TRIM + ")]）】":
        stop -= 1
    return Span(start, stop) if stop - start >= 2 else None


@cache
def _not_names() -> frozenset[str]:
    """Capitalised words of headlines that show that no name is meant."""
    return frozenset(fold(row["pattern"]) for row in rows("attribution") if row["kind"] == "not_name")


def names_in(text: str, start: int, limit: int) -> list[Span]:
    """The people named from ``start`` on: one name, or several joined by commas and "and"."""
    first = read_name(text, start, limit)
    if first is None:
        return []
    found = [first]
    while len(found) < 6:
        joint = _JOINT.match(text, found[-1].end, limit)
        following = read_name(text, joint.end(), limit) if joint else None
        if following is None or word_count(following.cut(text)) < 2:
            break
        found.append(following)
    return found


_JOINT = re.compile(r"\s*(?:,|，|、|&|/|\s(?:and|und|et|y|e|i|a|og|och|ja|és|și|ve|dan|en|и|та|і|й|και)\s)\s*")


def plausible_author(text: str, names: list[Span], limit: int) -> bool:
    """Whether the names are people's by their form, and nothing but a short title or date follows them."""
    if not names or word_count(names[0].cut(text)) < 2:
        return False
    words = {word.lower().strip(".") for name in names for word in name.cut(text).split()}
    rest = text[names[-1].end : limit]
    return not words & _not_names() and (not rest.strip(" .)]") or bool(_TITLE.fullmatch(rest)))
