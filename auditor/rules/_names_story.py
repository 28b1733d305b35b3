"""Name words of a document with the words around them, for comparing documents of one story.

Any capitalised word may be a name here (person, place, organisation); what makes it comparable is not a table but the
sentence that it stands in. In Japanese a run of katakana takes
the place of a capitalised word, in Chinese three characters that can be a name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256

from auditor.data import SegmentedDocument, Sentence, Span
from auditor.language import primary, script_of
from auditor.normalize import fold
from auditor.rules._memo import once_a_page
from auditor.rules._mentions import people
from auditor.rules._names_fold import plain_key
from auditor.rules._names_homophones import names_in

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ‐‑-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_KATAKANA = re.compile(r"[ァ-ヺー]{2,20}(?:[・＝=][ァ-ヺー]{2,20}){0,3}")
_NEAR = re.compile(r"[㐀-鿿]{2}|\d+")
_POSSESSIVE = re.compile(r"['’ʼ]s$")
_UNSPACED = frozenset({"ja", "zh"})
_SHORTEST = 3
_LONGEST_SENTENCE = 1500
# A page may list thousands of names; the first ones stand for the story.
_MOST = 400
_PLACES = 4
_STEM = 5
_REACH = 40


@dataclass(frozen=True, slots=True)
class Place:
    """One occurrence: the name that it belongs to, its neighbours' keys, words of its sentence, the sentence's hash."""

    span: Span
    quote: str
    left: str
    right: str
    around: frozenset[str]
    copy: str


@dataclass(frozen=True, slots=True)
class NameWord:
    """A word that a document only writes with a capital, as first spelled, with its first places."""

    key: str
    word: str
    language: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as spelled, without a possessive; ``stem`` is empty where it says little of its sentence."""

    bare: str
    key: str
    stem: str
    lower: bool
    upper: bool
    name: bool


@once_a_page
def name_words(page: SegmentedDocument) -> tuple[NameWord, ...]:
    """The name words of a page in order of their first place, at most ``_MOST``."""
    found: dict[tuple[str, str], tuple[str, list[Place]]] = {}
    lower: set[str] = set()
    enough: set[tuple[str, str]] = set()
    full = [mention.span for mention in people(page).full]
    for sentence in page.sentences:
        if len(sentence.span) > _LONGEST_SENTENCE:
            continue
        language = _language(page, sentence)
        for word, place in _places(page, sentence, language, lower, enough):
            key = (language, word if language in _UNSPACED else plain_key(word))
            places = found.setdefault(key, (word, []))[1]
            if len(places) < _PLACES:
                places.append(_whole(page, place, full))
                if len(places) == _PLACES:
                    enough.add(key)
    kept = [NameWord(key, word, tag, tuple(at)) for (tag, key), (word, at) in found.items() if key not in lower]
    return tuple(kept[:_MOST])


def _language(page: SegmentedDocument, sentence: Sentence) -> str:
    """The page's language where it has the sentence's script: that of one sentence full of names is often a guess."""
    main, own = primary(page.language.tag), primary(sentence.language.tag)
    return main if script_of(main) == script_of(own) else own


def _whole(page: SegmentedDocument, place: Place, full: Sequence[Span]) -> Place:
    """Widen the name to the full mention that holds it."""
    at = bisect_right(full, place.span.start, key=lambda span: span.start) - 1
    if at < 0 or not full[at].contains(place.span):
        return place
    return replace(place, span=full[at], quote=full[at].cut(page.text))


@lru_cache(maxsize=65536)
def _read(word: str) -> _Word:
    bare = _POSSESSIVE.sub("", word)
    key = plain_key(bare) or word
    upper = word[0].isupper()
    name = upper and len(key) >= _SHORTEST and not (word.isupper() and len(word) < 5)
    stem = key[:_STEM] if len(key) > 3 or key.isdigit() else ""
    return _Word(bare, key, stem, word[0].islower(), upper, name)


def _places(
    page: SegmentedDocument, sentence: Sentence, language: str, lower: set[str], enough: set[tuple[str, str]]
) -> Iterator[tuple[str, Place]]:
    """The capitalised words of a sentence with their neighbours; words in lower case are added to ``lower``.

    Words of ``enough`` (language and key) are left out.
    """
    text = sentence.span.cut(page.text)
    if language in _UNSPACED:
        yield from _unspaced(text, sentence.span.start, language)
        return
    words = [_read(word) for word in _WORD.findall(text)]
    lower.update([word.key for word in words if word.lower])
    if len(words) > 4 and sum([word.upper for word in words]) > 0.7 * len(words):
        return
    # Only English has a list of ordinary words to tell the first word of a sentence from a name.
    first = 0 if language == "en" else 1
    names = [at for at, word in enumerate(words) if word.name and at >= first and (language, word.key) not in enough]
    if not names:
        return
    starts = [sentence.span.start + match.start() for match in _WORD.finditer(text)]
    around = frozenset([word.stem for word in words if word.stem])
    copy = _hash("".join([word.key for word in words]))
    for at in names:
        word = words[at]
        span = Span(starts[at], starts[at] + len(word.bare))
        left, right = (words[at - 1].key if at else ""), (words[at + 1].key if at + 1 < len(words) else "")
        yield word.bare, Place(span, word.bare, left, right, around - {word.key[:_STEM]}, copy)


def _unspaced(text: str, base: int, language: str) -> Iterator[tuple[str, Place]]:
    copy = _hash(re.sub(r"\W", "", text))
    around = frozenset(_NEAR.findall(text))
    found = (
        (match.span("name") for match in names_in(text))
        if language == "zh"
        else (match.span() for match in _KATAKANA.finditer(text))
    )
    for start, end in found:
        left, right = text[max(0, start - 2) : start], text[end : end + 2]
        if end - start >= _SHORTEST:
            name = text[start:end]
            yield name, Place(Span(base + start, base + end), name, left, right, around, copy)


def _hash(text: str) -> str:
    return sha256(fold(text).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def pack(words: Iterable[NameWord]) -> list[list[object]]:
    """The words as JSON-serialisable lists: language, word, places."""
    return [
        [
            one.language,
            one.word,
            [
                [p.span.start, p.span.end, p.quote, p.left, p.right, sorted(p.around)[:_REACH], p.copy]
                for p in one.places
            ],
        ]
        for one in words
    ]


def unpack(packed: object) -> list[NameWord]:
    """The words of ``pack``."""
    found = []
    for language, word, places in packed if isinstance(packed, list) else ():
        read = tuple(Place(Span(p[0], p[1]), p[2], p[3], p[4], frozenset(p[5]), p[6]) for p in places)
        found.append(NameWord(word if language in _UNSPACED else plain_key(word), word, language, read))
    return found
