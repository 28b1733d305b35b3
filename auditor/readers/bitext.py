"""Bitext: TMX and XLIFF. One document a pair of source and translation.

The document's text is the translation; ``metadata`` holds ``source``, ``target`` (the same as the text),
``source_language``, ``target_language`` and the notes that the format has, so that ``auditor pairs`` and ``audit``
read the same records. Markup inside a segment is left out, its text kept (TMX 1.4b, XLIFF 1.2 and 2.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from auditor.data import Document, Origin, Skipped
from auditor.readers._helpers import too_long
from auditor.readers._streams import UnreadableError
from auditor.readers._xml import Event, Open, xml_events
from auditor.registry import Reader, ReadOptions

# Elements whose content is the code of another format, not text.
_CODE = frozenset({"bpt", "ept", "ph", "it", "ut", "x", "bx", "ex", "sc", "ec", "sm", "em"})
_NOTES = frozenset({"note", "prop", "context"})
_MOST_NOTE = 1000


@dataclass(slots=True)
class _Segment:
    language: str
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass(slots=True)
class _Unit:
    """One translation unit with its segments in the order of the file."""

    line: int
    identity: str
    language: str = ""
    segments: list[_Segment] = field(default_factory=list)
    notes: dict[str, object] = field(default_factory=dict)


class TmxReader(Reader):
    """Translation memories; a unit in more than two languages gives a pair for each language but the source."""

    suffixes = (".tmx",)

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield one document a pair; an incomplete unit is left out with its line."""
        pairs = _Pairs(name, "tmx", options)
        header = ""
        try:
            for one in _units(xml_events(path, options.max_expansion), _TMX):
                if isinstance(one, Open):
                    header = one.attributes.get("srclang", "")
                else:
                    one.language = one.language or header
                    yield from pairs.of(one)
        except UnreadableError as problem:
            yield pairs.rest(problem)


class XliffReader(Reader):
    """XLIFF 1.2 and 2.x; a unit without translation is left out with its line."""

    suffixes = (".xlf", ".xliff", ".sdlxliff", ".mxliff")

    def read(self, path: Path, name: str, options: ReadOptions) -> Iterator[Document | Skipped]:
        """Yield one document a unit (1.2) or segment (2.x)."""
        pairs = _Pairs(name, "xliff", options)
        source = target = ""
        try:
            for one in _units(xml_events(path, options.max_expansion), _XLIFF):
                if isinstance(one, Open):
                    source = one.attributes.get("source-language") or one.attributes.get("srcLang") or source
                    target = one.attributes.get("target-language") or one.attributes.get("trgLang") or target
                    continue
                for segment, language in zip(one.segments, (source, target), strict=False):
                    segment.language = segment.language or language
                yield from pairs.of(one)
        except UnreadableError as problem:
            yield pairs.rest(problem)


READERS = (TmxReader(), XliffReader())


class _Pairs:
    """Makes documents of the units of one file."""

    def __init__(self, name: str, form: str, options: ReadOptions) -> None:
        self._name = name
        self._form = form
        self._options = options
        self._line = 0

    def rest(self, problem: UnreadableError) -> Skipped:
        reason = f"the rest is unreadable: {problem}" if self._line else str(problem)
        return Skipped(Origin(self._name, self._form, str(self._line or "")), reason)

    def of(self, unit: _Unit) -> Iterator[Document | Skipped]:
        """Yield the pairs of a unit."""
        self._line = unit.line
        origin = Origin(self._name, self._form, str(unit.line))
        filled = [one for one in unit.segments if one.text.strip()]
        source = _source(unit, filled)
        targets = [one for one in filled if one is not source] if source else []
        if source is None or not targets:
            yield Skipped(origin, "no translation" if filled else "no text")
            return
        for target in targets:
            if max(len(source.text), len(target.text)) > self._options.max_document_chars:
                yield Skipped(origin, too_long(self._options))
                continue
            identity = unit.identity or f"{self._name}#L{unit.line}"
            if len(targets) > 1:
                identity = f"{identity}:{target.language}"
            yield _pair(identity, origin, (source, target), unit)


def _source(unit: _Unit, filled: list[_Segment]) -> _Segment | None:
    """The segment in the source language; the first where none is."""
    wanted = unit.language.lower()
    named = [one for one in filled if wanted and one.language.lower() == wanted]
    near = [one for one in filled if wanted and one.language.lower().split("-")[0] == wanted.split("-")[0]]
    return next(iter([*named, *near, *filled]), None)


def _pair(identity: str, origin: Origin, pair: tuple[_Segment, _Segment], unit: _Unit) -> Document:
    source, target = pair
    return Document(
        identity,
        target.text,
        origin,
        declared_language=target.language or None,
        metadata={
            **unit.notes,
            "source": source.text,
            "target": target.text,
            "source_language": source.language,
            "target_language": target.language,
        },
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """Names of elements: what says the languages of all units, units, parts of them with pairs of their own, texts."""

    heads: frozenset[str]
    units: frozenset[str]
    parts: frozenset[str]
    texts: frozenset[str]


_TMX = _Form(frozenset({"header"}), frozenset({"tu"}), frozenset(), frozenset({"seg"}))
_XLIFF = _Form(
    frozenset({"xliff", "file"}),
    frozenset({"trans-unit", "unit"}),
    frozenset({"segment"}),
    frozenset({"source", "target"}),
)


def _units(events: Iterator[Event], form: _Form) -> Iterator[_Unit | Open]:
    """Yield units, and before them the elements that say the languages of what follows."""
    unit: _Unit | None = None
    part: _Unit | None = None
    whole = True
    names: list[str] = []
    collector = _Collector()
    for event in events:
        if isinstance(event, str):
            collector.feed(event)
        elif isinstance(event, Open):
            names.append(event.name)
            if event.name in form.heads:
                yield event
            elif event.name in form.units:
                unit, part, whole = _begin(event, None), None, True
            elif event.name in form.parts and unit:
                part, whole = _begin(event, unit), False
            elif unit:
                collector.open(event, part or unit, form, names)
        else:
            names.pop()
            collector.close(event.name)
            if event.name in form.parts and part:
                yield part
                part = None
            elif event.name in form.units and unit:
                if whole:
                    yield unit
                unit = None


def _begin(event: Open, around: _Unit | None) -> _Unit:
    """A unit, or a part of the unit around it."""
    identity = event.attributes.get("tuid") or event.attributes.get("id") or ""
    if around is not None and around.identity:
        identity = f"{around.identity}/{identity}" if identity else around.identity
    notes = dict(around.notes) if around else {}
    return _Unit(event.line, identity, event.attributes.get("srclang", ""), notes=notes)


class _Collector:
    """Puts character data where it belongs: into the text that is open, unless it is code."""

    def __init__(self) -> None:
        self._target: list[str] | None = None
        self._name = ""
        self._code = 0
        self._language = ""
        self._note: tuple[_Unit, str] | None = None

    def open(self, event: Open, unit: _Unit, form: _Form, open_names: list[str]) -> None:
        if self._target is not None:
            self._code += event.name in _CODE
            if event.name == "cp" and not self._code:
                self.feed(_char(event.attributes.get("hex", "")))
        elif event.name == "tuv":
            self._language = event.attributes.get("xml:lang") or event.attributes.get("lang", "")
        elif event.name in form.texts and "alt-trans" not in open_names:
            language = event.attributes.get("xml:lang", "") or self._language
            unit.segments.append(_Segment(language))
            self._target, self._name, self._language = unit.segments[-1].parts, event.name, ""
        elif event.name in _NOTES:
            self._note = (unit, event.attributes.get("type", event.name))

    def close(self, name: str) -> None:
        if self._target is not None and name == self._name:
            self._target, self._code = None, 0
        elif self._target is not None:
            self._code -= name in _CODE
        elif name in _NOTES:
            self._note = None

    def feed(self, text: str) -> None:
        if self._target is not None:
            if not self._code:
                self._target.append(text)
        elif self._note is not None:
            unit, key = self._note
            unit.notes[key] = (str(unit.notes.get(key, "")) + text)[:_MOST_NOTE]


def _char(code: str) -> str:
    """XLIFF 2 writes characters that XML cannot hold as ``<cp hex="001A"/>``."""
    try:
        found = chr(int(code[:8], 16))
    except (ValueError, OverflowError):
        return ""
    return "" if found == "\0" or "\ud800" <= found <= "\udfff" else found
