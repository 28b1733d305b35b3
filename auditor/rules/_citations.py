"""Agencies in datelines, outlets cited in running text, and notices of first publication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cache

from auditor.data import SegmentedDocument, Span
from auditor.language import primary
from auditor.lexicon import Entry, Lexicon, Match, rows
from auditor.normalize import fold
from auditor.rules._dates import dates
from auditor.rules._media import LONGEST_LINE, Mention, Outlet, mentions
from auditor.rules._names import read_name, word_count

_WINDOW = 45
# A notice of first publication is a line of its own; in longer lines the phrase is about some other work.
_NOTICE, _NOTICE_START = 250, 60
_DATELINE = 110
_OPEN, _CLOSE = "(（[［【/=<-–—－", ")）]］】/=>-–—－"
_PLACE = re.compile(r"[\W_]*([^\W\d_][^\W\d_ .'’-]{1,20}(?:[ -][^\W\d_]{1,20}){0,3}?)(?=\s?[,，(（/=【\[—–-]|\s\d|$)")
_CHINESE_WIRE = re.compile(r"(新华社|新華社|中新社|中央社)([一-鿿]{2,8}?)(\d{1,2}月)?\d{1,2}日[电電]")
_SENTENCE_END = re.compile(r"[.;!?。；！？]")
_STOP = re.compile(r"[.;!?。；！？\n|]")
_QUOTED = re.compile(r"\s?[«“„\"《「『‘']([^«»“”„\"《》「」『』\n]{2,50})[»”“\"》」』’']")
_ADDRESS = re.compile(r"\s*([\w-]{2,40}(?:\.[\w-]{2,20}){1,3})")
_FORMER = re.compile(
    r"\b(?:former|ex|ehemalig|früher|ancien|antigu|antig|exp?|były|byłe|bývalé|bývalým|бывш|колишн|бивш|eski|voormalig|tidigere|tidligere|fost)"
)
_AFTER_ENGLISH = re.compile(r"\s*(?:$|[.,;:)\]”\"]|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)")


@cache
def _phrases(*kinds: str) -> Lexicon:
    chosen = (row for row in rows("attribution") if row["kind"] in kinds and len(row["pattern"]) > 1)
    return Lexicon(tuple(Entry(row["language"], row["kind"], fold(row["pattern"])) for row in chosen))


def _credit(outlet: Outlet, role: str) -> dict[str, object]:
    return {role: outlet.name, "homepage": outlet.homepage}


def agency_credits(page: SegmentedDocument) -> Iterator[tuple[Span, dict[str, object]]]:
    """Yield datelines and closing credits of agencies."""
    for number, line in enumerate(page.lines):
        span = line.span
        edge = number < 12 or number >= len(page.lines) - 10
        head = Span(span.start, min(span.end, span.start + _DATELINE))
        found = _chinese_wire(page, head) or _dateline(page, head, span)
        found = found or _closing(page, Span(max(span.start, span.end - 40), span.end), span, edge=edge)
        found = found or (_agencies(page, span) if edge else None)
        if found:
            yield found


def _chinese_wire(page: SegmentedDocument, head: Span) -> tuple[Span, dict[str, object]] | None:
    hit = _CHINESE_WIRE.search(page.text, head.start, head.end)
    if hit is None or hit.start() > head.start + 20:
        return None
    outlet = mentions(page, Span(hit.start(1), hit.end(1)))[0].outlet
    return Span(*hit.span()), {**_credit(outlet, "agency"), "place": hit.group(2)}


def _dateline(page: SegmentedDocument, head: Span, line: Span) -> tuple[Span, dict[str, object]] | None:
    """An agency between brackets, slashes or dashes with nothing but place and date before it."""
    text = page.text
    for one in mentions(page, head):
        if one.outlet.kind != "agency":
            continue
        before = text[head.start : one.span.start].rstrip(' "“«„')
        after = text[one.span.end : min(line.end, one.span.end + 3)].lstrip(' "”»“')
        opened = not before or before[-1] in _OPEN
        closed = after[:1] in _CLOSE or (after[:1] == "." and before[-1:] in {"—", "–", "-"})
        if (
            not (opened and closed and after)
            or len(before) > 60
            or _STOP.search(before[:-1].replace(". ", " ").rstrip("."))
        ):
            continue
        place = _PLACE.match(before)
        if before and not place and any(char.isalpha() for char in before):
            continue
        data = _credit(one.outlet, "agency")
        if place and not place.group(1)[0].islower():
            data["place"] = place.group(1).strip()
        end = one.span.end + (text[one.span.end : one.span.end + 1] in {")", "）", "/", "】", "]"})
        return Span(head.start, end), data
    return None


def _closing(page: SegmentedDocument, tail: Span, line: Span, *, edge: bool) -> tuple[Span, dict[str, object]] | None:
    """An agency in brackets, or after a dash, at the very end of a line; alone on a line only at the page's edge."""
    text = page.text
    for one in mentions(page, tail):
        rest = text[one.span.end : line.end].strip()
        before = text[line.start : one.span.start].rstrip()
        if one.outlet.kind != "agency" or rest not in {")", "）", "]", "】", "/", "", "."}:
            continue
        bracket = before[-1:] in {"(", "（", "[", "【", "/"} and rest[:1] in {")", "）", "]", "】", "/"}
        dashed = before[-1:] in {"—", "–"} and len(before) > 60
        alone = edge and not before and not one.outlet.marked
        if bracket or dashed or alone:
            start = line.start + len(before) - (1 if before else 0)
            return Span(start, line.end), _credit(one.outlet, "agency")
    return None


def _agencies(page: SegmentedDocument, line: Span) -> tuple[Span, dict[str, object]] | None:
    """A line that credits agencies in general."""
    if len(line) > 80:
        return None
    for match in _phrases("agencies").within(page.folded, line.start, line.end):
        if match.whole_line:
            return line, {"agency": line.cut(page.text)}
    return None


def citations(page: SegmentedDocument, skip: AbstractSet[int]) -> Iterator[tuple[Span, dict[str, object], float]]:
    """Yield cited outlets with the phrase that cites them, leaving out the lines in ``skip``."""
    for number, line in enumerate(page.lines):
        if number in skip:
            continue
        span = Span(line.span.start, min(line.span.end, line.span.start + LONGEST_LINE))
        tags = {primary(line.language.tag), primary(page.language.tag)}
        last = span.start
        for one in mentions(page, span):
            place = None if _credited(page, span, one) else _frame(page, span, one, tags)
            if place and place.start >= last:
                last = place.end
                confidence = 0.75 if one.outlet.marked else 0.9
                yield place, _credit(one.outlet, "source"), confidence
        yield from _unknown(page, span, tags)


def _credited(page: SegmentedDocument, line: Span, one: Mention) -> bool:
    """Whether another rule reads this mention: picture desks, datelines."""
    head = Span(line.start, min(line.end, line.start + _DATELINE))
    wire = one.outlet.kind == "agency" and head.contains(one.span)
    return one.outlet.kind == "photo" or (wire and bool(_chinese_wire(page, head) or _dateline(page, head, line)))


def _frame(page: SegmentedDocument, line: Span, one: Mention, tags: AbstractSet[str]) -> Span | None:
    """The stretch from the outlet to the word of reporting beside it, or None."""
    name = one.span
    if name.start == line.start and page.text[name.end : name.end + 1] in {":", "："} and not one.outlet.marked:
        return Span(name.start, name.end + 1)
    low, high = max(line.start, name.start - _WINDOW), min(line.end, name.end + _WINDOW)
    best: Span | None = None
    for match in _phrases("verb", "according").within(page.folded, low, high, tags):
        phrase = match.span
        if not phrase.overlaps(name) and _cites(page, line, one, (phrase, match)):
            place = Span(min(phrase.start, name.start), max(phrase.end, name.end))
            best = min(best or place, place, key=len)
    return best


def _cites(page: SegmentedDocument, line: Span, one: Mention, found: tuple[Span, Match]) -> bool:
    phrase, match = found
    name = one.span
    after = phrase.start >= name.end
    gap = page.text[name.end : phrase.start] if after else page.text[phrase.end : name.start]
    if _SENTENCE_END.search(gap) or "," in gap or _FORMER.search(gap.lower()):
        return False
    words = len(gap.split())
    if after:
        return match.entry.kind == "verb" and words <= (0 if one.outlet.marked else 2) and len(gap) <= 25
    if match.entry.kind == "according":
        if _phrases("republish").within(page.folded, max(line.start, phrase.start - 40), name.start):
            return False
        return words <= (1 if one.outlet.marked else 4) and len(gap) <= 35
    if match.entry.language == "en" and not _AFTER_ENGLISH.match(page.folded, name.end, line.end):
        return False
    return words <= (1 if one.outlet.marked else 2) and len(gap) <= 20


def _unknown(
    page: SegmentedDocument, line: Span, tags: AbstractSet[str]
) -> Iterator[tuple[Span, dict[str, object], float]]:
    """Names between quotation marks beside a word for newspaper or agency, and beside a word of reporting."""
    last = line.start
    for match in _phrases("outlet").within(page.folded, line.start, line.end, tags):
        noun = match.span
        name = _QUOTED.match(page.text, noun.end, line.end)
        if noun.start < last or name is None:
            continue
        place = Span(name.start(1), name.end(1))
        if any(one.span.overlaps(place) for one in mentions(page, line)) or page.text[place.start].islower():
            continue
        outlet = Outlet(place.cut(page.text), "newspaper")
        frame = _frame(page, line, Mention(Span(noun.start, name.end()), outlet), tags)
        if frame:
            last = frame.end
            yield frame, {"source": outlet.name}, 0.75


def republications(page: SegmentedDocument) -> Iterator[tuple[Span, dict[str, object]]]:
    """Yield notices of first publication with the publisher they name."""
    for line in page.lines:
        span = line.span
        if len(span) > _NOTICE:
            continue
        last = span.start
        for match in _phrases("republish").within(page.folded, span.start, span.end):
            at = match.span.end
            if match.span.start < last or match.span.start - span.start > _NOTICE_START:
                continue
            end = min(span.end, at + 120)
            source = _publisher(page, at, end)
            if source:
                place, data = source
                if when := next(iter(dates(page.text[at:end], primary(line.language.tag))), None):
                    data["date"] = when[1]
                last = max(place.end, at)
                yield Span(match.span.start, last), data


def _publisher(page: SegmentedDocument, at: int, end: int) -> tuple[Span, dict[str, object]] | None:
    stop = _STOP.search(page.text, at, end)
    near = Span(at, min(end, stop.start() + 6 if stop else end))
    named = mentions(page, near)
    if named and named[0].span.start - at <= 40:
        return named[0].span, _credit(named[0].outlet, "source")
    quoted = _QUOTED.match(page.text, at, end)
    if quoted:
        return Span(at, quoted.end()), {"source": quoted.group(1)}
    address = _ADDRESS.match(page.text, at, end)
    if address:
        return Span(*address.span(1)), {"source": address.group(1)}
    # One capitalised word may be any noun ("im Jahr"); two are a name.
    name = read_name(page.text, at, end)
    if name and name.start - at <= 6 and word_count(name.cut(page.text)) >= 2:
        return name, {"source": name.cut(page.text)}
    return None
