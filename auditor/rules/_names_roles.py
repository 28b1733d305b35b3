"""Offices and professions beside a name: ``US Secretary of State X``, ``X, the mayor of Y,``, ``министр X``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from auditor.lexicon import rows
from auditor.normalize import fold
from auditor.rules._names_tables import country, country_adjective, links, stopwords

_WORD = re.compile(r"[^\W\d_](?:[\w'’.:-]{0,40}[\w.])?|[^\w\s]")
_LAST = re.compile(r"([^\W\d_][\w.'’-]{0,40})[ \u00a0]$")
_BEFORE = 110
_AFTER = 80
# The longest word that is read, and the blank behind it.
_WORD_REACH = 44
_LONGEST = 5
# Offices that one person of a country holds at a time.
SINGLE = frozenset(
    {"president", "prime-minister", "foreign-minister", "defence-minister", "finance-minister", "interior-minister"}
    | {"secretary-of-state", "commission-president", "secretary-general"}
)
# Offices that make two documents talk of the same person, where nothing else binds the documents together.
PUBLIC = SINGLE | {
    "vice-president", "minister", "spokesperson", "mayor", "governor", "ambassador", "party-leader", "monarch",
    "general", "senator",
}  # fmt: skip
# Languages that put the office's owner in the genitive, without a preposition: "директор музея".
_GENITIVE = frozenset(
    {"ru", "uk", "be", "bg", "pl", "cs", "sk", "sl", "hr", "sr", "mk", "lt", "lv", "el", "fi", "et", "tr", "hu"}
)
_COMPOUNDING = frozenset({"de", "sv", "da", "no", "nl", "fi", "hu", "et"})
_ELIDED = frozenset({"l", "d", "dell", "all", "nell", "sull", "dall", "un", "qu", "n"})
# "директор музея", "директорка школи", but not verbs: "тренер похвалил".
_CYRILLIC_GENITIVE = re.compile(r"(?<![лв])[аяыиіїую]$|ей$|ов$|ів$")
_CLOSE = frozenset(",.;:)–—-")


@dataclass(frozen=True, slots=True)
class Role:
    """An office (``kind`` of roles.tsv) with the country that is named beside it (empty when none)."""

    kind: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class _Pattern:
    words: tuple[tuple[str, bool], ...]
    kind: str


@cache
def _patterns(language: str) -> dict[str, tuple[_Pattern, ...]]:
    found: dict[str, list[_Pattern]] = {}
    for row in rows("roles"):
        if row["language"] == language:
            words = tuple((fold(word.rstrip("~")), word.endswith("~")) for word in row["pattern"].split())
            found.setdefault(words[0][0][:2], []).append(_Pattern(words, row["kind"]))
    return {key: tuple(sorted(many, key=lambda one: -len(one.words))) for key, many in found.items()}


@cache
def _compound_ends(language: str) -> tuple[tuple[str, str], ...]:
    if language not in _COMPOUNDING:
        return ()
    ends = {
        (one.words[0][0], "director" if one.kind in SINGLE else one.kind)
        for many in _patterns(language).values()
        for one in many
        if len(one.words) == 1 and len(one.words[0][0]) >= 5
    }
    return tuple(sorted(ends, key=lambda one: (-len(one[0]), one)))


def _fits(word: str, wanted: str, stem: bool) -> bool:
    return (word.startswith(wanted) and len(word) <= len(wanted) + 5) if stem else word == wanted


@lru_cache(maxsize=32768)
def _opened(word: str, language: str) -> tuple[_Pattern, ...]:
    """Offices whose first word this is."""
    return tuple(one for one in _patterns(language).get(word[:2], ()) if _fits(word, *one.words[0]))


@lru_cache(maxsize=32768)
def _may_open(word: str, language: str) -> bool:
    """Whether an office can begin with this word: hardly any word does."""
    return bool(_opened(word, language) or role_word(word, language))


@lru_cache(maxsize=32768)
def _may_end(word: str, language: str) -> bool:
    """Whether an office of several words can end with this word."""
    folded = fold(word)
    ends = (one.words[-1] for many in _patterns(language).values() for one in many if len(one.words) > 1)
    return any(_fits(folded, *wanted) for wanted in ends)


def _match(words: list[str], at: int, language: str) -> tuple[int, str]:
    """Length and kind of the longest office that begins at a word; length 0 when none does."""
    for one in _opened(words[at], language):
        rest = one.words[1:]
        if not rest:
            return 1, one.kind
        if at + len(rest) < len(words) and all(_fits(words[at + 1 + i], *wanted) for i, wanted in enumerate(rest)):
            return len(one.words), one.kind
    return 0, ""


@cache
def _endings(language: str) -> tuple[dict[str, list[tuple[int, int, str]]], tuple[int, ...]]:
    """What a compound may end in: rank, length of the office without its ending, kind; and all lengths there are."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    for rank, (end, of) in enumerate(_compound_ends(language)):
        for ending in ("", "in", "en", "n"):
            found.setdefault(end + ending, []).append((rank, len(end), of))
    return found, tuple(sorted({len(end) for end in found}))


@lru_cache(maxsize=16384)
def role_word(word: str, language: str) -> str:
    """Kind of office that a single folded word names, with its compounds (``Verkehrsminister``); empty when none."""
    kind = _match([word], 0, language)[1]
    if not kind:
        known, lengths = _endings(language)
        seen = (one for size in lengths if size <= len(word) for one in known.get(word[-size:], ()))
        fitting = [(rank, of) for rank, size, of in seen if len(word) > size + 2]
        return min(fitting)[1] if fitting else ""
    return kind


@lru_cache(maxsize=32768)
def _bare(word: str) -> str:
    """Fold a word and drop an elided article: ``L'ingénieur`` -> ``ingénieur``."""
    folded = fold(word)
    head, mark, tail = folded.partition("'")
    return tail if mark and len(tail) > 2 and head in _ELIDED else folded


def _countries(words: list[str]) -> str:
    return next((code for word in words if (code := country(word.strip(".'")) or country(word))), "")


def before(text: str, floor: int, start: int, language: str) -> Role | None:
    """The office that stands before a name at ``start``, not before ``floor`` (the sentence's start)."""
    raw = _WORD.findall(text, max(floor, start - _BEFORE), start)[-14:]
    words = [_bare(word) for word in raw]
    best: tuple[int, int, str] | None = None
    for at in range(max(0, len(words) - 8 - _LONGEST), len(words)):
        if not _may_open(words[at], language):
            continue
        length, kind = _match(words, at, language)
        if not length and (kind := role_word(words[at], language)):
            length = 1
        if length and (best is None or at + length > best[1]):
            best = (at, at + length, kind)
    if best is None or best[1] < len(words) - 7 or not _joined(raw[best[1] :], words[best[1] :], language):
        return None
    at, end, kind = best
    phrase = _phrase_before(words, at)
    adjective = country_adjective(phrase[-1]) if phrase else ""
    return Role(kind, adjective or _countries(phrase + words[end:] + words[at:end]))


def _phrase_before(words: list[str], at: int) -> list[str]:
    """Up to three words before a place, not across punctuation."""
    found: list[str] = []
    for word in reversed(words[max(0, at - 3) : at]):
        if not word[:1].isalpha():
            break
        found.append(word)
    return found


def stands_before(text: str, floor: int, start: int, language: str) -> bool:
    """Whether the word just before a place may end an office: a quick look before the long one."""
    found = _LAST.search(text, max(floor, start - 40), start)
    return found is not None and bool(role_word(_bare(found.group(1)), language))


def title_ends(text: str, floor: int, at: int, language: str) -> str:
    """Kind of the office of several words whose last word ends just before ``at``; empty when none does."""
    last = _WORD.findall(text, max(floor, at - _WORD_REACH), at)[-1:]
    if not last or not _may_end(last[0], language):
        return ""
    words = [fold(word) for word in _WORD.findall(text[max(floor, at - _BEFORE) : at])[-_LONGEST:]]
    for start in range(len(words) - 1):
        length, kind = _match(words, start, language)
        if length > 1 and start + length == len(words):
            return kind
    return ""


def _joined(raw: list[str], words: list[str], language: str) -> bool:
    """Whether only the office's own complement stands between the office and the name."""
    if not words:
        return True
    if len(words) > 6 or any(word in {".", "!", "?", ";", '"', "(", ")"} for word in words):
        return False
    apposition = words[-1] in {",", ":"}
    inner = words[:-1] if apposition else words
    if "," in inner:
        return False
    if not inner:
        return True
    if inner[0] not in links() and not (language in _GENITIVE or country(inner[0])):
        return False
    return all(
        word in links()
        or country(word)
        or (original[:1].isupper() and (inner[0] in links() or len(inner) <= 2))
        or (apposition and (inner[0] in links() or language in _GENITIVE))
        or (language in _GENITIVE and len(inner) < 3 and _CYRILLIC_GENITIVE.search(word))
        for word, original in zip(inner, raw, strict=False)
    )


def after(text: str, end: int, ceiling: int, language: str) -> Role | None:
    """The office that follows a name in apposition: ``X, the mayor of Y,`` or ``X (minister)``."""
    raw = _WORD.findall(text[end : min(ceiling, end + _AFTER)])[:9]
    words = [_bare(word) for word in raw]
    if not words or words[0] not in {",", "("}:
        return None
    for at in range(1, min(5, len(words))):
        length, kind = _match(words, at, language)
        if not length and (kind := role_word(words[at], language)):
            length = 1
        if length:
            rest = raw[at + length :]
            if rest and not (rest[0][:1].islower() or rest[0] in _CLOSE) and words[at + length] not in links():
                return None
            return Role(kind, _countries(words[1:at] + words[at + length : at + length + 4]))
        if words[at] not in links() and words[at] not in stopwords(language) and not country(words[at]) and at > 2:
            return None
    return None
