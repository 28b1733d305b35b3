"""A text without some of its passages, and the way from the cleaned text back to the original."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter

from auditor.data import DocumentAudit, Finding, SegmentedDocument, Span
from auditor.lines import load

_ENDS_LINE = frozenset("\n\r\u2028\u2029\x0b\x0c")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned text and its pieces: (start in the cleaned text, start in the original, length), in code points.

    For every piece ``text[clean : clean + length] == original[start : start + length]``; the pieces make up the whole.
    """

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    def original(self, place: int) -> int:
        """The place in the original of a place in the cleaned text; the end of the text is the end of the last piece.

        Raises IndexError for a place outside the cleaned text.
        """
        if not 0 <= place <= len(self.text):
            message = f"place {place} is outside a text of {len(self.text)} code points"
            raise IndexError(message)
        if not self.pieces:
            return 0
        at = bisect_right(self.pieces, place, key=itemgetter(0)) - 1
        clean, start, _ = self.pieces[at]
        return start + place - clean

    def cleaned(self, place: int) -> int | None:
        """The place in the cleaned text of a place in the original, None for what was taken out."""
        at = bisect_right(self.pieces, place, key=itemgetter(1)) - 1
        if at < 0:
            return None
        clean, start, length = self.pieces[at]
        return clean + place - start if place < start + length else None


def clean_text(audit: DocumentAudit) -> Cleaned:
    """The text of an audited document without its boilerplate (BP findings), with the way back to the original."""
    return without_boilerplate(audit.page.text, audit.findings)


def main_text(audit: DocumentAudit) -> tuple[Span, ...]:
    """The ranges of a document's text that are content, without the white space around them.

    Findings are made only where a line is almost surely interface text; here the line classifier decides every line at
    the threshold that balances what is kept and what is lost, so a headline or two may go and less chrome stays. Raises
    MissingModelError when the classifier's weights are not there.
    """
    return main_spans(audit.page, audit.findings)


def main_spans(page: SegmentedDocument, findings: Iterable[Finding]) -> tuple[Span, ...]:
    """The same for a page and its findings."""
    model, text = load(), page.text
    markup = any(line.role or line.link_density for line in page.lines)
    wanted = model.thresholds.main_markup if markup else model.thresholds.main_plain
    chrome = [one.span for one in findings if one.rule.startswith("BP")]
    chrome += [line.span for line, value in zip(page.lines, model.probabilities(page), strict=True) if value >= wanted]
    spans = [Span(start, start + length) for _, start, length in without(text, chrome).pieces]
    return tuple(Span(*_trimmed(text, span)) for span in spans if span.cut(text).strip())


def _trimmed(text: str, span: Span) -> tuple[int, int]:
    cut = span.cut(text)
    return span.start + len(cut) - len(cut.lstrip()), span.end - len(cut) + len(cut.rstrip())


def without_boilerplate(text: str, findings: Iterable[Finding]) -> Cleaned:
    """The text without the spans of ``BP`` findings."""
    return without(text, (one.span for one in findings if one.rule.startswith("BP")))


def without(text: str, spans: Iterable[Span]) -> Cleaned:
    """The text without the spans; a line that loses all it holds goes as a whole, with the blank lines behind it.

    Inside a line the blanks on one side of a passage go with it. Linear in text and spans.
    """
    pieces: list[tuple[int, int, int]] = []
    parts: list[str] = []
    length = 0
    for start, end in _kept(text, _merged(text, spans)):
        pieces.append((length, start, end - start))
        parts.append(text[start:end])
        length += end - start
    return Cleaned("".join(parts), tuple(pieces))


def _merged(text: str, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Spans in order, joined where nothing but blanks of one line stands between them."""
    start = end = -1
    for span in sorted(spans):
        if end < 0:
            start, end = span.start, span.end
        elif span.start <= end or _blank_until(text, end) >= span.start:
            end = max(end, span.end)
        else:
            yield start, end
            start, end = span.start, span.end
    if end >= 0:
        yield start, end


def _blank_until(text: str, at: int) -> int:
    """End of the blanks that begin at ``at``, within the line."""
    while at < len(text) and text[at].isspace() and text[at] not in _ENDS_LINE:
        at += 1
    return at


def _blank_since(text: str, at: int, least: int) -> int:
    """Beginning of the blanks that end at ``at``, within the line and not before ``least``."""
    while at > least and text[at - 1].isspace() and text[at - 1] not in _ENDS_LINE:
        at -= 1
    return at


def _kept(text: str, dropped: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What is left between the dropped ranges, once they have taken the blanks that would be left over."""
    at = 0
    for start, end in dropped:
        before, after = _blank_since(text, start, at), _blank_until(text, end)
        opens = before == 0 or text[before - 1] in _ENDS_LINE
        closes = after == len(text) or text[after] in _ENDS_LINE
        if opens and closes:
            after = _past_lines(text, after)
        elif not closes:
            before = start
        if after == len(text):
            while before > at and text[before - 1].isspace():
                before -= 1
        if before > at:
            yield at, before
        at = max(at, after)
    if at < len(text):
        yield at, len(text)


def _past_lines(text: str, at: int) -> int:
    """Past the end of this line and the blank lines that follow it."""
    end = at
    while at < len(text) and text[at].isspace():
        at += 1
        if text[at - 1] in _ENDS_LINE:
            end = at
    return end if at < len(text) else at
