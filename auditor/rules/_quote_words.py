"""Words of a quotation: tokens that know whether they carry content, deny, count, or end a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from auditor.lexicon import rows
from auditor.normalize import plain

# Longer quotations are compared by their beginning: it decides, and the cost stays bounded.
_LONGEST = 1200
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(
    r"(?P<initials>(?:[^\W\d_]\.){2,4})"
    rf"|(?P<number>\d+(?:[.,\u00a0\u202f' ]\d{{3}}(?!\d))*(?:[.,]\d+)?)|(?P<sign>[{_UNSPACED}])"
    rf"|(?P<word>(?:(?![{_UNSPACED}])[^\W\d_])+(?:['’ʼ](?:(?![{_UNSPACED}])[^\W\d_])+)?)"
    r"|(?P<gap>…|\.\.\.)|(?P<mark>[.,;:!?()。，；：！？、—–])"
)
_ONE_LETTER_IN_BRACKETS = re.compile(r"\[(\w)\](?=\w)")
_INSERTED = re.compile(r"\[[^\]\n]{0,80}\]")
# Signs that hold a sentence together in Chinese and Japanese; they are shared by any two sentences.
_GRAMMATICAL_SIGNS = frozenset("的了是在我你他她它们們这這那也就都和与及吗呢吧把被着著过過をはがにでとのもへやか")
_HALF_SAME = 0.55
GAP = "…"


@dataclass(frozen=True, slots=True)
class Token:
    """One word (one sign in scripts without blanks). ``key`` is folded without accents; ``value`` a number's value."""

    surface: str
    key: str
    content: bool = False
    denies: bool = False
    mark: bool = False
    value: float | None = None


@cache
def words(kind: str, language: str) -> frozenset[str]:
    """Words of one kind (``function``, ``negation``, ``limit``, ``that``, ``prefix``, ``pronoun``, …), folded."""
    return frozenset(
        plain(word)
        for row in rows("quote_words")
        if row["kind"] == kind and row["language"] == language
        for word in row["words"].split()
    )


@cache
def _number_words(language: str) -> dict[str, int]:
    kinds = {"number", "hundred", "magnitude"}
    return {
        plain(row["word"]): int(float(row["value"]))
        for row in rows("number_words")
        if row["language"] == language and row["kind"] in kinds and float(row["value"]) > 1 and len(row["word"]) > 1
    }


def tokenize(text: str, language: str) -> tuple[Token, ...]:
    """Cut a quotation into tokens; what stands in square brackets is an editor's and becomes a gap."""
    text = _ONE_LETTER_IN_BRACKETS.sub(r"\1", text[:_LONGEST])
    text = _INSERTED.sub(GAP, text)
    return tuple(_counted(list(_tokens(text, language))))


def _tokens(text: str, language: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        kind, piece = str(match.lastgroup), match.group()
        if kind == "number":
            yield Token(piece, piece, content=True, value=_digits(piece))
        elif kind == "initials":
            yield from _word(piece.replace(".", ""), language)
        elif kind == "gap":
            yield Token(piece, GAP, mark=True)
        elif kind == "mark":
            yield Token(piece, piece, mark=True)
        elif kind == "sign":
            denies = piece in words("negation", language)
            yield Token(piece, piece, content=not denies and piece not in _GRAMMATICAL_SIGNS, denies=denies)
        else:
            yield from _word(piece, language)


def _digits(piece: str) -> float:
    """Value of digits; a point or comma before exactly three digits groups them."""
    grouped = re.sub(r"[.,\u00a0\u202f' ](?=\d{3}(?!\d))", "", piece)
    return float(grouped.replace(",", "."))


def _word(piece: str, language: str) -> Iterator[Token]:
    key = plain(piece)
    value = _number_words(language).get(key)
    head, apostrophe, tail = key.partition("'")
    if value is None and apostrophe and not key.endswith("n't") and (len(head) <= 2 or tail == "s"):
        # Elided articles (l'abandon) and endings (China's) are words of their own.
        cut = piece.find(piece[len(head)])
        yield from _word(piece[:cut], language)
        yield from _word(piece[cut + 1 :], language)
        return
    denies = key in words("negation", language) or (language == "en" and key.endswith("n't"))
    function = key in words("function", language) or (not words("function", language) and len(key) <= 3)
    content = not denies and not function and (len(key) > 1 or value is not None)
    yield Token(piece, key, content=content, denies=denies, value=value)


def _counted(tokens: list[Token]) -> Iterator[Token]:
    """Join neighbouring number words into one number: fourteen hundred, 12 million."""
    run: list[Token] = []
    for token in tokens:
        if token.value is not None and not (run and token.surface[0].isdigit()):
            run.append(token)
            continue
        if run:
            yield _number(run)
            run = []
        if token.value is not None:
            run = [token]
        else:
            yield token
    if run:
        yield _number(run)


def _number(run: list[Token]) -> Token:
    total, current = 0.0, 0.0
    for token in run:
        value = token.value or 0.0
        if value == 100 and not token.surface[0].isdigit():
            current = max(current, 1) * 100
        elif value >= 1000 and not token.surface[0].isdigit():
            total, current = total + max(current, 1) * value, 0.0
        else:
            current += value
    return Token(" ".join(one.surface for one in run), f"{total + current:.15g}", content=True, value=total + current)


def same(one: Token, other: Token) -> bool:
    """Whether two tokens are one word: equal, or with a common beginning that covers most of both (inflection)."""
    if one.key == other.key:
        return True
    if one.value is not None or other.value is not None:
        return one.value is not None and one.value == other.value
    shorter, longer = sorted((one.key, other.key), key=len)
    common = 0
    for left, right in zip(shorter, longer, strict=False):
        if left != right:
            break
        common += 1
    least = 2 if "가" <= longer[0] <= "힣" else 4
    return common >= least and common >= _HALF_SAME * len(longer)


def stems(tokens: Sequence[Token]) -> frozenset[str]:
    """Beginnings of the content words (pairs of signs in scripts without blanks): a quick measure of what is shared."""
    found = set()
    for at, token in enumerate(tokens):
        if token.content and is_sign(token):
            if at + 1 < len(tokens) and is_sign(tokens[at + 1]):
                found.add(token.key + tokens[at + 1].key)
        elif token.content:
            found.add(token.key if token.value is not None else token.key[:4])
    return frozenset(found)


def is_sign(token: Token) -> bool:
    """Whether the token is one sign of a script without blanks."""
    return len(token.key) == 1 and not token.mark and token.key > "\u0e00"


def negated(tokens: Sequence[Token], language: str) -> frozenset[int]:
    """Places of the content words that a negation bears on: the next two in its clause, else the two before it."""
    found: set[int] = set()
    for at, token in enumerate(tokens):
        following = tokens[at + 1].key if at + 1 < len(tokens) else ""
        if token.denies and following not in words("limit", language):
            found |= _reach(tokens, at, 1) or _reach(tokens, at, -1)
    return frozenset(found)


def _reach(tokens: Sequence[Token], at: int, step: int) -> set[int]:
    most = 5 if is_sign(tokens[at]) else 2
    found: set[int] = set()
    for place in range(at + step, at + 7 * step, step):
        if not 0 <= place < len(tokens) or tokens[place].mark or len(found) == most:
            break
        if tokens[place].content:
            found.add(place)
    return found


def contains(longer: Sequence[Token], shorter: Sequence[Token]) -> bool:
    """Whether a wording has another one's words in a row, punctuation aside; gaps stand for anything."""
    hay = " ".join(token.key for token in longer if not token.mark)
    at = 0
    for piece in _pieces(shorter):
        found = f" {hay} ".find(f" {piece} ", at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _pieces(tokens: Sequence[Token]) -> Iterator[str]:
    run: list[str] = []
    for token in tokens:
        if token.key == GAP and run:
            yield " ".join(run)
            run = []
        elif not token.mark:
            run.append(token.key)
    if run:
        yield " ".join(run)


def place_after(told: Sequence[Token], said: Sequence[Token]) -> int | None:
    """Place in ``said`` behind the last three words of ``told`` (two of them with content), else None."""
    tail = [token.key for token in told[-3:]]
    if len(tail) < 3 or sum(token.content for token in told[-3:]) < 2:
        return None
    keys = [token.key for token in said]
    return next((at + 3 for at in range(len(keys) - 3) if keys[at : at + 3] == tail), None)
