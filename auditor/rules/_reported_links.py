"""Which direct quotation a reported statement paraphrases, and whether figures or a denial plainly differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nlargest

from auditor.normalize import fold, plain
from auditor.rules._names_roles import role_word
from auditor.rules._quote_align import Quote, same_speaker
from auditor.rules._quote_compare import Comparison, compare
from auditor.rules._quote_moments import days_differ
from auditor.rules._quote_polarity import denies
from auditor.rules._quote_words import Token, is_sign, tokenize, words

# So many pairs of one story are compared word by word, those with the most words in common.
_MOST_PAIRS = 1000
_MOST_PARTNERS = 3
_SHARED_STEMS = 2
# Words in common, and their share of the shorter wording, by how sure it is that one person speaks.
_ENOUGH = {2: (3, 0.5), 1: (4, 0.5), 0: (6, 0.7)}
_SIGNS = 6
# Where figures or a denial differ, the rest must agree more than in a paraphrase, and the quotation be one statement.
_CLOSE = 0.6
_LONGEST = 30
# Reporters round: two figures closer than this are one.
_ROUNDED = 1.3
_NAME_SIGNS, _FIRST_SIGN = 3, "\u3040"


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """A reported statement with the quotation that has its content.

    ``kind`` is ``reported``, or ``figures`` or ``polarity`` where these plainly differ; ``share`` is the share of
    words in common.
    """

    report: Quote
    quotation: Quote
    kind: str
    share: float


def paraphrases(reports: Sequence[Quote], quotes: Sequence[Quote]) -> Iterator[list[Paraphrase]]:
    """Yield for each reported statement its quotations in other documents, the best of each, three at most."""
    near = [
        (shared, -at, -to)
        for at, report in enumerate(reports)
        for to, one in enumerate(quotes)
        if one.seen.document_id != report.seen.document_id
        and one.language == report.language
        and (shared := len(report.stems & one.stems)) >= _SHARED_STEMS
    ]
    found: dict[int, list[Paraphrase]] = {}
    for _, at, to in nlargest(_MOST_PAIRS, near):
        link = _link(reports[-at], quotes[-to])
        if link:
            found.setdefault(-at, []).append(link)
    for at in sorted(found):
        yield list(_best(found[at]))


def _best(found: Sequence[Paraphrase]) -> Iterator[Paraphrase]:
    """The best quotation of each document. What agrees goes first: nobody is held to the one that does not."""
    taken: set[str] = set()
    for one in sorted(found, key=lambda one: (one.kind != "reported", -one.share, one.quotation.place)):
        if one.quotation.seen.document_id not in taken and len(taken) < _MOST_PARTNERS:
            taken.add(one.quotation.seen.document_id)
            yield one


def _link(report: Quote, one: Quote) -> Paraphrase | None:
    sure = _one_person(report, one)
    if sure < 0 or days_differ(str(report.seen.data["frame"]), str(one.seen.data["frame"]), one.language):
        return None
    found = compare(report.tokens, one.tokens, one.language)
    least, share = _ENOUGH[sure]
    signs = any(is_sign(token) for token in one.tokens)
    shared = len(found.pairs) if signs else sum(not _is_name(found, *pair) for pair in found.pairs)
    if shared < (max(least, _SIGNS) if signs else least) or found.overlap < share:
        return None
    kind = _contradiction(report, one, found) if sure > 1 and found.overlap >= _CLOSE else ""
    return Paraphrase(report, one, kind or "reported", round(found.overlap, 4))


def _is_name(found: Comparison, at: int, to: int) -> bool:
    """Whether a common word is a capitalised one in both wordings; German nouns are no names for that."""
    capitals = found.one[at].surface[:1].isupper() and found.other[to].surface[:1].isupper()
    return capitals and found.language != "de"


def _one_person(report: Quote, one: Quote) -> int:
    """2: one speaker; 1: one office, or the same signs in a row before the verb; 0: not known; -1: two speakers."""
    speakers = same_speaker(report, one)
    if speakers:
        return 2 if speakers > 0 else -1
    told, frame = str(report.seen.data["told"]), str(one.seen.data["frame"])
    alike = any(signs in frame for signs in _runs_of_signs(told))
    return int(alike or bool(_offices(told, report.language) & _offices(frame, one.language)))


def _runs_of_signs(text: str) -> Iterator[str]:
    """Three signs in a row of a script without blanks: as long as most names there are."""
    pieces = (text[at : at + _NAME_SIGNS] for at in range(len(text) - _NAME_SIGNS + 1))
    return (piece for piece in pieces if piece.isalpha() and min(piece) >= _FIRST_SIGN)


@cache
def _offices(text: str, language: str) -> frozenset[str]:
    """Kinds of office that single words of a text name."""
    tokens = tokenize(text, language)
    return frozenset(kind for token in tokens if (kind := role_word(fold(token.surface), language)))


def _contradiction(report: Quote, one: Quote, found: Comparison) -> str:
    """``figures`` or ``polarity`` where nothing but a difference explains the two wordings."""
    if any(token.key in words("so far", one.language) for token in (*report.tokens, *one.tokens)):
        return ""
    if sum(not token.mark for token in one.tokens) > _LONGEST:
        return ""
    if _figures_differ(report.tokens, one.tokens):
        return "figures"
    # The verb may deny by itself ("denied that"); the conjunction behind it is no word of the report's own.
    told = str(report.seen.data["told"]).split()
    around = " ".join(word for word in told if plain(word) not in words("said that", one.language))
    texts = (str(report.seen.data["text"]), str(one.seen.data["text"]), around)
    here, there, beside = (denies(text, tokenize(text, one.language), one.language) for text in texts)
    surely = None not in (here, there) and here != there and beside is False
    return "polarity" if surely and found.verdict == "polarity" else ""


def _figures_differ(mine: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether each wording has one figure, before the same word, and the two are no roundings of each other."""
    left, right = _figures(mine), _figures(theirs)
    if len(left) != 1 or len(right) != 1 or left[0][1] != right[0][1] or not left[0][1]:
        return False
    low, high = sorted((left[0][0], right[0][0]))
    return low > 0 and high > _ROUNDED * low


def _figures(tokens: Sequence[Token]) -> list[tuple[float, str]]:
    """The figures of a wording, each with the beginning of the word behind it."""
    return [
        (token.value, tokens[at + 1].key[:4] if at + 1 < len(tokens) and tokens[at + 1].content else "")
        for at, token in enumerate(tokens)
        if token.value is not None
    ]
