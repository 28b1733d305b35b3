"""Mentions of people: capitalised names of Latin, Cyrillic and Greek text with the office that stands beside them.

A run of capitalised words counts as a person only when its first word is known as a given name or an office or title
stands beside it, so sentence starts, institutions and places drop out. Cost is linear: one pattern over each
sentence, then table look-ups a run.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from auditor.data import SegmentedDocument, Sentence, Span
from auditor.normalize import fold
from auditor.rules import _names_roles as roles
from auditor.rules._memo import once_a_page
from auditor.rules._names_fold import plain_key, soft_key
from auditor.rules._names_roles import Role
from auditor.rules._names_tables import country, is_given, is_surname, name_parts, particles, stopwords


def _letters(*categories: str) -> str:
    """Character class of all letters of some categories in Latin, Cyrillic, Greek and Armenian."""
    codes = (*range(0x41, 0x590), *range(0x1E00, 0x2000))
    return "".join(chr(code) for code in codes if unicodedata.category(chr(code)) in categories)


_UPPER = _letters("Lu", "Lt")
_ANY = _letters("Lu", "Lt", "Ll", "Lo", "Lm")
_PARTS = "|".join(sorted(particles(), key=lambda word: (-len(word), word)))
_WORD = (
    rf"(?:(?:[Aa]l|[Ee]l|аль|Аль|эль)[-‐])?[{_UPPER}][{_ANY}\u0300-\u036f]{{0,30}}(?:[-‐‑'’ʼ][{_ANY}]{{1,30}}){{0,3}}"
)
_TOKEN = rf"(?:[{_UPPER}][.](?:[-‐]?[{_UPPER}][.]){{0,2}}|{_WORD})"
_RUN = re.compile(
    rf"(?<![{_ANY}\d@#/_.-]){_TOKEN}(?:[ \u00a0](?:(?:{_PARTS})[ \u00a0]){{0,3}}{_TOKEN}){{0,7}}(?![{_ANY}\d@_])"
)
_SPLIT = re.compile(r"[^ \u00a0]+")
# A suffix after an apostrophe: the English possessive, Turkish cases. O'Neill and D'Angelo keep theirs.
_SUFFIX = re.compile(r"['’ʼ]([^\W\d_]{1,5})$")
# "L'académicien": an article and an ordinary word, not a name like D'Angelo.
_ELISION = re.compile(r"\w{1,4}['’][^\W\d_A-Z]{2}")
_LONG_SENTENCE = 20_000
_OPENING = "\"“„«»‹‘'"
_CLOSING = "\"”“»«›’'"
_TITLE_WORDS = 4
_MOST_WORDS = 7


@dataclass(frozen=True, slots=True)
class Mention:
    """A person as written at ``span``.

    ``words`` are the name's words without particles, initials and possessive; ``suffix`` is what an apostrophe cut
    off; ``quoted`` when quotation marks enclose just the name (it is then spoken of, not used).
    """

    span: Span
    words: tuple[str, ...]
    language: str
    role: Role | None = None
    suffix: str = ""
    quoted: bool = False

    @property
    def key(self) -> str:
        """The words' plain keys, blank between."""
        return " ".join(plain_key(word) for word in self.words)


@dataclass(frozen=True, slots=True)
class People:
    """What a document says of people: full mentions, mentions by one word and an office, all capitalised words.

    ``seen`` holds the first place of each capitalised word by soft key, ``counts`` how often it stands there.
    """

    full: tuple[Mention, ...]
    short: tuple[Mention, ...]
    seen: dict[str, Span]
    counts: dict[str, int]


@once_a_page
def people(page: SegmentedDocument) -> People:
    """All mentions of a page."""
    full: list[Mention] = []
    short: list[Mention] = []
    doubtful: list[Mention] = []
    seen: dict[str, Span] = {}
    counts: dict[str, int] = {}
    for sentence in page.sentences:
        if len(sentence.span) > _LONG_SENTENCE or _title_case(page, sentence):
            continue
        for run in _RUN.finditer(page.text, sentence.span.start, sentence.span.end):
            for tokens in _pieces(run, sentence.language.tag):
                for word, at in tokens:
                    key = _key(word)
                    seen.setdefault(key, Span(at, at + len(word)))
                    counts[key] = counts.get(key, 0) + 1
                mention = _mention(page, sentence, tokens)
                if mention and len(mention.words) == 1:
                    short.append(mention)
                elif mention:
                    (full if _is_person(mention) else doubtful).append(mention)
    # A word that a sure name in the document begins or ends with makes other runs with it names too.
    first, last = ({soft_key(mention.words[at]) for mention in full} for at in (0, -1))
    full += [one for one in doubtful if soft_key(one.words[0]) in first or soft_key(one.words[-1]) in last]
    full.sort(key=lambda mention: mention.span)
    return People(tuple(full), tuple(short), seen, counts)


@lru_cache(maxsize=65536)
def _key(word: str) -> str:
    """The soft key of a word without what an apostrophe cuts off."""
    return soft_key(_SUFFIX.sub("", word))


def _is_person(mention: Mention) -> bool:
    return mention.role is not None or is_given(mention.words[0]) or is_surname(mention.words[-1])


def _title_case(page: SegmentedDocument, sentence: Sentence) -> bool:
    """Whether most words are capitalised, as in English headlines, tables and menus: names cannot be told there."""
    start, end = sentence.span.start, min(sentence.span.end, sentence.span.start + 400)
    if sentence.language.tag == "de" or page.text[sentence.span.end - 1] in '.!?…”"»':
        return _all_capitals(page.text, start, end)
    words: list[str] = _SPLIT.findall(page.text, start, end)
    long = [word for word in words if len(word) > 3 and word[0].isalpha()]
    if len(long) < _TITLE_WORDS:
        return len(long) > 1 and all(word.isupper() for word in long)
    return sum(word[0].isupper() for word in long) > 0.7 * len(long)


def _all_capitals(text: str, start: int, end: int) -> bool:
    """Whether a stretch has two long words at least, and all of them in capitals."""
    count = 0
    for found in _SPLIT.finditer(text, start, end):
        word = found.group()
        if len(word) > 3 and word[0].isalpha():
            if not word.isupper():
                return False
            count += 1
    return count > 1


def _pieces(run: re.Match[str], language: str) -> Iterator[list[tuple[str, int]]]:
    """Cut a run at words that belong to no person's name."""
    piece: list[tuple[str, int]] = []
    for found in _SPLIT.finditer(run.group()):
        word, at = found.group(), run.start() + found.start()
        if _is_name_word(word, language, first=not piece):
            piece.append((sys.intern(word), at))
        else:
            yield piece
            piece = []
    yield piece


@lru_cache(maxsize=65536)
def _is_name_word(word: str, language: str, *, first: bool) -> bool:
    folded = fold(word)
    if folded in particles():
        return not first
    if _ELISION.match(word):
        return False
    if word.isupper() and len(word) > 1 and "." not in word and first:
        return False
    if folded in stopwords(language) or country(folded):
        # "Theresa May", "Michael Jordan": a month or country may be a surname, seldom a name's first word.
        return not first and name_parts().get(plain_key(word), (0, 0))[1] > 0
    return True


def _mention(page: SegmentedDocument, sentence: Sentence, tokens: list[tuple[str, int]]) -> Mention | None:
    language, floor, text = sentence.language.tag, sentence.span.start, page.text
    inner, tokens = _without_title(text, sentence, tokens)
    if len(tokens) > 2 and tokens[0][1] == floor and not is_given(tokens[0][0]) and is_given(tokens[1][0]):
        # A sentence's first word that happens to stand before a name.
        tokens = tokens[1:]
    tokens = _trim(tokens)
    if not tokens or len(tokens) > _MOST_WORDS:
        return None
    start, end, words, suffix = _words(tokens)
    if not words or (len(words) == 1 and inner is None and not roles.stands_before(text, floor, start, language)):
        return None
    role = roles.before(text, floor, start, language) or inner
    role = role or roles.after(text, end + len(suffix) + bool(suffix), sentence.span.end, language)
    if role is None and len(words) < 2:
        return None
    quoted = start > 0 and text[start - 1] in _OPENING and text[end : end + 1] in _CLOSING and end < len(text)
    return Mention(Span(start, end), words, language, role, suffix, quoted)


def _without_title(
    text: str, sentence: Sentence, tokens: list[tuple[str, int]]
) -> tuple[Role | None, list[tuple[str, int]]]:
    """Cut a capitalised office off the front of a piece: "Präsident", "Yunanistan Başbakanı", "υπουργός Εξωτερικών"."""
    language, inner = sentence.language.tag, None
    while len(tokens) > 1 and (kind := roles.role_word(fold(tokens[0][0]), language)):
        inner, tokens = Role(kind), tokens[1:]
    for at in range(min(4, len(tokens) - 1), 0, -1):
        kind = roles.role_word(fold(tokens[at - 1][0]), language)
        if kind := kind or roles.title_ends(text, sentence.span.start, tokens[at][1], language):
            return Role(kind), tokens[at:]
    return inner, tokens


@lru_cache(maxsize=65536)
def _is_particle(word: str) -> bool:
    return fold(word) in particles()


def _trim(tokens: list[tuple[str, int]]) -> list[tuple[str, int]]:
    while tokens and _is_particle(tokens[0][0]):
        tokens = tokens[1:]
    while tokens and (tokens[-1][0].endswith(".") or _is_particle(tokens[-1][0])):
        tokens = tokens[:-1]
    return tokens


def _words(tokens: list[tuple[str, int]]) -> tuple[int, int, tuple[str, ...], str]:
    """Start, end, name words and cut-off suffix of a piece."""
    start = tokens[0][1]
    last, at = tokens[-1]
    end, suffix = at + len(last), ""
    found = _SUFFIX.search(last)
    if found and found.start() > 2:
        last, suffix, end = last[: found.start()], found.group(1), at + found.start()
    elif last.endswith(("'", "’")):
        last, end = last[:-1], end - 1
    words = [word for word, _ in tokens[:-1]] + [last]
    kept = tuple([word for word in words if len(word) > 1 and not word.endswith(".") and not _is_particle(word)])
    return start, end, kept, suffix
