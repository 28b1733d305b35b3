"""Whether a quotation denies, in words that leave no doubt: for comparing two languages without a dictionary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from auditor.lexicon import rows
from auditor.normalize import fold
from auditor.rules._quote_words import Token, words

_LONGEST_WORDS = 30
_LONGEST_SIGNS = 70
_VERBS_DENY_BY_PREFIX = frozenset({"cs", "sk", "lt", "lv"})
_JAPANESE = re.compile(r"(?:ません(?:でした)?|ない(?:です)?|なかった(?:です)?)(?=[。．！、,.!」』\s]|と|$)")
_JAPANESE_LOOSE = re.compile("ません|ない|なかっ|なく|ずに|ぬ")
_UNSPACED = frozenset({"zh", "ja", "ko", "th"})


def denies(text: str, tokens: Sequence[Token], language: str) -> bool | None:
    """True when a quotation surely denies something, False when it surely does not, None when it is not clear."""
    bare = fold(text)
    limit = _LONGEST_SIGNS if language in _UNSPACED else _LONGEST_WORDS
    if not words("negation", language) or sum(not token.mark for token in tokens) > limit or "?" in bare:
        return None
    if language in _UNSPACED:
        return _by_signs(bare, language)
    doubtful = any(pattern.search(bare) for pattern in _doubts(language))
    if any(token.denies for token in tokens):
        return None if doubtful else True
    prefixed = language in _VERBS_DENY_BY_PREFIX and any(
        token.key.startswith("ne") and len(token.key) > 4 for token in tokens
    )
    return None if doubtful or prefixed else False


def _by_signs(bare: str, language: str) -> bool | None:
    """In scripts without blanks: what only looks like a denial is cut out first."""
    rest = bare
    for pattern in _doubts(language):
        rest = pattern.sub("", rest)
    if language == "ja":
        # A denial stands at the end of a clause; inside it the same signs belong to many other words.
        return True if _JAPANESE.search(rest) else False if rest == bare and not _JAPANESE_LOOSE.search(bare) else None
    if any(sign in rest for sign in words("negation", language)):
        return True
    return False if rest == bare else None


@cache
def _doubts(language: str) -> tuple[re.Pattern[str], ...]:
    """Words that deny in themselves, or that look like a denial and are none, of ``quote_doubts.tsv``."""
    parts = [part for row in rows("quote_doubts") if row["language"] == language for part in row["words"].split(" ")]
    if not parts:
        return ()
    loose = language in _UNSPACED
    ends = {"~": r"\w*", "+": r"\w+"}
    pieces = [re.escape(fold(part.rstrip("~+").replace("_", " "))) + ends.get(part[-1], "") for part in parts]
    joined = "|".join(sorted(pieces, key=lambda piece: (-len(piece), piece)))
    return (re.compile(f"(?:{joined})" if loose else rf"(?<!\w)(?:{joined})(?!\w)"),)
