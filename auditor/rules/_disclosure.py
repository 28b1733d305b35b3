"""Reading notices such as "Translated and reviewed by Jane Doe with AI translator".

A notice is told from prose about translation by its closed vocabulary: nearly all letters of it belong to words that
such notices are made of (``knowledge/disclosure.tsv``), names of languages, engines, or the name of the translator.
All evidence in one notice must come from one language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.data import SegmentedDocument, Span
from auditor.language import letters, main_script, primary
from auditor.lexicon import Match, load
from auditor.rules._disclosure_units import (
    EDGE_HEAD,
    EDGE_TAIL,
    TRIGGERS,
    Unit,
    candidates,
    coverage,
    denied,
    is_quotation,
    makers,
    says_generated,
    triggers,
)
from auditor.rules._memo import once_a_page
from auditor.rules._names import read_name, word_count

_COVERED = 0.88
_COLON = re.compile(r"[^:：|・\n]{0,45}?[:：|・]")
_INTO_REACH = 40
# "日本語に翻訳": the word for "into" stands behind the language.
_POSTPOSED = frozenset({"ja", "ko", "ur", "hi"})
_UNSPACED = frozenset({"ja", "zh"})
# Scripts in which single letters are words.
_DENSE = frozenset({"Hani", "Kana", "Hang"})
# Words so short count for nothing; names, which stand beside such words, are no longer than this.
_SHORT_WORD, _LONGEST_NAME = 2, 80
_NAMED = frozenset({"by", "label", "after", "reviewer"})


@dataclass(frozen=True, slots=True)
class Notice:
    """One disclosure: ``method`` is machine, machine_reviewed, human or generated.

    ``named_engine`` tells that ``data["engine"]`` is the name of a product and not a word such as "AI".
    """

    span: Span
    method: str
    confidence: float
    data: dict[str, str]
    named_engine: bool = False


@once_a_page
def notices(page: SegmentedDocument) -> tuple[Notice, ...]:
    """The disclosures of a page in reading order, at most one of each method for a line."""
    return tuple(_notices(page))


def _notices(page: SegmentedDocument) -> Iterator[Notice]:
    for number in triggers().touched(page.folded, [line.span for line in page.lines]):
        line = page.lines[number]
        edge = number < EDGE_HEAD or number >= len(page.lines) - EDGE_TAIL
        seen: set[str] = set()
        for span in candidates(page, number, line.span, edge=edge):
            if is_quotation(span.cut(page.text)) or not _is_telling(page.folded, span):
                continue
            for notice in _read(page, span, edge=edge):
                kind = "machine" if notice.method.startswith("machine") else notice.method
                if kind not in seen:
                    seen.add(kind)
                    yield notice


def _is_telling(folded: str, span: Span) -> bool:
    """Whether a stretch holds what a notice needs: of making ("created by") only a machine or an engine says enough."""
    found = {one.entry.kind for one in triggers().within(folded, span.start, span.end)}
    return bool(found) and (found != {"generate"} or makers().touches(folded, span.start, span.end))


def _read(page: SegmentedDocument, span: Span, *, edge: bool) -> Iterator[Notice]:
    text = span.cut(page.text)
    folded = page.folded[span.start : span.end]
    found = load("disclosure", "engines", "language_names", pooled=False).find(folded)
    if _is_prose(text, found):
        return
    languages = sorted({one.entry.language for one in found if one.entry.kind in TRIGGERS})
    best: dict[str, tuple[float, Notice]] = {}
    own = {tag: [one for one in found if one.entry.language in {tag, "mul"}] for tag in languages}
    units = [Unit(span, text, tag, _proper(own[tag]), edge) for tag in languages]
    # Chinese words are Japanese words, too: what the one reading denies the other must not claim.
    silent = _UNSPACED if any(denied(unit) for unit in units if unit.language in _UNSPACED) else frozenset()
    for unit in units:
        for covered, notice in _judge(page, unit) if unit.language not in silent else ():
            if notice.method not in best or covered > best[notice.method][0]:
                best[notice.method] = (covered, notice)
    yield from (notice for _, (_, notice) in sorted(best.items()))


def _is_prose(text: str, found: Sequence[Match]) -> bool:
    """Whether too many letters are accounted for by nothing, however long the names in a text may be; a cheap bound."""
    if main_script(text) in _DENSE:
        return False
    size, short = letters(text), _SHORT_WORD * (text.count(" ") + 1)
    known = sum(len(one.span) for one in found) + _LONGEST_NAME * sum(one.entry.kind in _NAMED for one in found)
    return size - short - known > (1 - _COVERED) * size


def _proper(found: list[Match]) -> list[Match]:
    """Drop triggers that are part of a longer word of notices ("bài viết", article, holds "viết", write)."""
    longer = [one.span for one in found if one.entry.kind in {"notice", "other"}]

    def hidden(one: Match) -> bool:
        return one.entry.kind == "generate" and any(span.contains(one.span) and span != one.span for span in longer)

    return [one for one in found if not hidden(one)]


def _judge(page: SegmentedDocument, unit: Unit) -> Iterator[tuple[float, Notice]]:
    """Say what one unit discloses, read in one language, with the share of its letters that is accounted for."""
    if unit.kinds("said") or denied(unit):
        return
    engines = [one for one in unit.matches if one.entry.language == "mul"]
    machines = unit.kinds("machine", "tool")
    reviewer = _named(unit, unit.kinds("reviewer"), colon=False)
    translator = (
        _named(unit, unit.kinds("by"), colon=False) or _named(unit, unit.kinds("label"), colon=True) or _before(unit)
    )
    unchecked = bool(unit.kinds("unreviewed") or (unit.kinds("not", "undone") and unit.kinds("reviewed")))
    # "The network translated Pushkin": one bare name beside a machine is what was translated, not who did it.
    whole = translator and (word_count(translator.cut(unit.text)) >= 2 or not (machines or engines) or unchecked)
    names = [one for one in (reviewer, translator if whole else None) if one]
    covered = coverage(unit, names)
    if covered < _COVERED:
        return
    languages = _languages(page, unit)
    if unit.kinds("translate", "label", "by"):
        if machines or engines or (translator and unchecked):
            yield covered, _machine(unit, (engines, machines), (reviewer, translator), languages, unchecked=unchecked)
        elif translator and _is_person(translator.cut(unit.text), unit):
            data = {"method": "human", "translator": translator.cut(unit.text), **languages}
            if reviewer and not translator.overlaps(reviewer):
                data["reviewer"] = reviewer.cut(unit.text)
            yield covered, Notice(unit.span, "human", 0.9 if unit.edge else 0.75, data)
    if says_generated(unit) and (machines or engines):
        data = {"method": "generated", **_engine(unit, engines, machines)}
        short = len(unit.text.split()) <= 3 and unit.language not in _UNSPACED
        yield (
            covered,
            Notice(unit.span, "generated", (0.9 if unit.edge else 0.7) - (0.25 if short else 0.0), data, bool(engines)),
        )


def _machine(
    unit: Unit,
    tools: tuple[list[Match], list[Match]],
    people: tuple[Span | None, Span | None],
    languages: dict[str, str],
    *,
    unchecked: bool,
) -> Notice:
    engines, machines = tools
    reviewer, translator = people
    data = {"method": "machine", **_engine(unit, engines, machines), **languages}
    checked = bool(unit.kinds("reviewed")) and not unchecked
    if checked:
        data["method"] = "machine_reviewed"
    if checked and reviewer and not _is_tool(reviewer, (*engines, *machines)):
        data["reviewer"] = reviewer.cut(unit.text)
    elif translator and "engine" not in data and not machines:
        data["engine"] = translator.cut(unit.text)
    bare = not (engines or languages or people != (None, None) or unit.kinds("notice", "reviewed"))
    confidence = (0.95 if unit.edge else 0.85) - (0.25 if bare else 0.0)
    return Notice(unit.span, data["method"], confidence, data, bool(engines) or (not machines and "engine" in data))


def _is_tool(name: Span, tools: Sequence[Match]) -> bool:
    return any(one.span.overlaps(name) for one in tools)


def _engine(unit: Unit, engines: Sequence[Match], machines: Sequence[Match]) -> dict[str, str]:
    """The engine under its usual name, else the words the page has for it, the longest first."""
    if engines:
        best = max(engines, key=lambda one: (len(one.span), -one.span.start))
        return {"engine": best.entry.kind}
    tools = [one for one in machines if one.entry.kind == "tool"]
    if not tools:
        return {}
    return {"engine": max(tools, key=lambda one: (len(one.span), -one.span.start)).span.cut(unit.text)}


def _named(unit: Unit, heads: Sequence[Match], *, colon: bool) -> Span | None:
    """The name after one of ``heads``; with ``colon`` only where a colon or bar stands between."""
    for head in sorted(heads, key=lambda one: (-one.span.end, one.span.start)):
        at = head.span.end
        if colon:
            mark = _COLON.match(unit.text, at)
            if mark is None:
                continue
            at = mark.end()
        for start in (at, *_past_languages(unit, at)):
            name = read_name(unit.text, start, len(unit.text))
            if name is not None:
                return name
    return None


def _past_languages(unit: Unit, at: int) -> list[int]:
    """Ends of the language names shortly after ``at``: "translated from English Jane Doe" in Slavic word order."""
    ends = (one.span.end for one in unit.matches if one.entry.kind not in _KINDS and one.entry.language != "mul")
    return sorted(end for end in ends if at < end <= at + _INTO_REACH)


def _before(unit: Unit) -> Span | None:
    """The name that fills the unit up to the word for translation, as in Korean and Turkish credits."""
    for mark in unit.kinds("after"):
        name = read_name(unit.text, 0, mark.span.start)
        if name and name.start <= 1 and not any(char.isalnum() for char in unit.text[name.end : mark.span.start]):
            return name
    return None


def _is_person(name: str, unit: Unit) -> bool:
    known = unit.kinds("notice", "translate", "machine", "other", "reviewed")
    inside = any(len(one.span) >= len(name) and one.span.cut(unit.text) == name for one in known)
    return not inside and word_count(name) >= 2


def _languages(page: SegmentedDocument, unit: Unit) -> dict[str, str]:
    """Source and target language (BCP 47): after "into" stands the target, else a second name is the page's own."""
    named: dict[str, Span] = {}
    verbs = unit.kinds("translate")
    for one in unit.matches:
        if (
            one.entry.language != "mul"
            and one.entry.kind not in _KINDS
            and not any(one.span.overlaps(v.span) for v in verbs)
        ):
            named.setdefault(one.entry.kind, one.span)
    targets = {tag for tag, span in named.items() if _after_into(unit, span)}
    own = primary(page.language.tag)
    if not targets and len(named) > 1 and own in named:
        targets = {own}
    found: dict[str, str] = {}
    for tag, _ in sorted(named.items(), key=lambda item: item[1].start):
        found.setdefault("target_language" if tag in targets else "source_language", tag)
    return found


_KINDS = frozenset(
    {"translate", "machine", "tool", "by", "label", "after", "reviewed", "reviewer", "unreviewed", "not", "other"}
    | {"generate", "notice", "into", "undone", "check", "said"}
)


def _after_into(unit: Unit, name: Span) -> bool:
    verbs = unit.kinds("translate")
    for one in unit.kinds("into"):
        if one.span.overlaps(name) or (unit.language in _POSTPOSED and 0 <= one.span.start - name.end < 3):
            return True
        after_verb = any(0 <= one.span.start - verb.span.end <= _INTO_REACH for verb in verbs)
        if after_verb and 0 <= name.start - one.span.end <= 12:
            return True
    return False
