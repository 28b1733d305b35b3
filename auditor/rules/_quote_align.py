"""Which quotation belongs to which: pairs across documents of one story, found by speaker, frame and shared words.

Character overlap does not do this: a drifted pair and an unrelated pair of the same speaker score alike in chrF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import combinations

from auditor.data import Observation
from auditor.normalize import plain
from auditor.rules._quote_compare import Comparison, compare
from auditor.rules._quote_moments import days_differ, is_firm, times_differ
from auditor.rules._quote_words import Token, contains, is_sign, place_after, stems, tokenize

# The closest pairs of one key are compared word by word, no more: cost stays bounded whatever the archive holds.
_MOST_PAIRS = 2000
_AMBIGUOUS = 0.08
_FRAGMENT = 4
# So many words in a row are no chance, even where only two of them carry content.
_RUN = 4
# Marks behind which a quotation stands by itself, and words of a report that may deny what is quoted after them.
_INTRODUCES = frozenset(".!?;:。！？；：")
_REPORTED = 6
# Score of a link whose one wording holds the other.
_HELD = 2.0
# Words in common and their share where two documents report one scene; more is asked where the speakers differ.
_SCENE_WORDS = 5
_ONE_SCENE = 0.45
_OTHER_SPEAKER = 0.6
_Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Quote:
    """An observed quotation made ready for comparing. ``scene`` are the frame's word beginnings without names."""

    seen: Observation
    tokens: tuple[Token, ...]
    lead: tuple[Token, ...]
    stems: frozenset[str]
    scene: frozenset[str]
    names: frozenset[str]
    surname: str
    language: str
    group: str

    @property
    def place(self) -> _Place:
        """Where it stands."""
        return self.seen.document_id, self.seen.span.start, self.seen.span.end

    @property
    def spoken(self) -> bool:
        """Whether a verb of speech or a colon stands by it."""
        return bool(self.seen.data["spoken"])

    @property
    def fragment(self) -> bool:
        """Whether only a few words are quoted, inside the reporter's own sentence."""
        return bool(self.seen.data["fragment"])


@dataclass(frozen=True, slots=True)
class Link:
    """Two quotations of one utterance in two documents. ``verdict`` is empty when their wordings agree.

    ``firm`` is false where the two may be two statements; ``meaning`` is the cosine that a model matched them by.
    """

    one: Quote
    other: Quote
    verdict: str
    score: float
    changes: tuple[tuple[str, str, str], ...]
    firm: bool = True
    meaning: float | None = None


Further = Callable[[Sequence[tuple[Quote, Quote]], Sequence[Link]], Sequence[Link]]


def quote(seen: Observation) -> Quote:
    """Prepare an observation."""
    data = seen.data
    language = str(data["language"])
    tokens = tokenize(str(data["text"]), language)
    named = data["names"]
    names = frozenset(named) if isinstance(named, list | tuple) else frozenset()
    own = {name[:4] for name in names}
    frame = stems(tokenize(str(data["frame"]), language))
    return Quote(
        seen, tokens, tokenize(str(data["lead"]), language), stems(tokens), frozenset(frame - own), names,
        str(data["surname"]), language, str(data["group"]),
    )  # fmt: skip


def links(quotes: Sequence[Quote], further: Further | None = None) -> list[Link]:
    """Find the quotations of different documents that belong together, each stretch of words used once.

    ``further`` gets the pairs, nearest first, and the links that words alone make; its links compete with these.
    """
    near = []
    for number, (one, other) in enumerate(combinations(quotes, 2)):
        if one.seen.document_id != other.seen.document_id and one.language == other.language:
            shared = len(one.stems & other.stems)
            if shared or one.fragment or other.fragment:
                near.append((shared + 0.3 * len(one.scene & other.scene), -number, one, other))
    nearest = nlargest(_MOST_PAIRS, near, key=lambda item: item[:2])
    pairs = [(one, other) for *_, one, other in nearest]
    found = [link for pair in pairs if (link := _link(*pair))]
    return list(_one_to_one([*found, *further(pairs, found)] if further else found))


def _link(one: Quote, other: Quote) -> Link | None:
    held = contains(one.tokens, other.tokens) or contains(other.tokens, one.tokens)
    if not held and (one.fragment or other.fragment):
        return _slot_link(one, other) or _slot_link(other, one)
    comparison = compare(one.tokens, other.tokens, one.language)
    verdict, alike = comparison.verdict, held
    if verdict == "polarity" and (_denied_outside(one) or _denied_outside(other)):
        verdict = ""
    if held:
        # Words may be left out, but not the denial in front of them.
        verdict = verdict if verdict == "polarity" and not one.fragment and not other.fragment else ""
    elif not (alike := _one_utterance(one, other, comparison)) and not _one_scene(one, other, comparison):
        return None
    if verdict and not one.group and (times_differ(comparison) or _days_differ(one, other)):
        return None
    score = _HELD if held else comparison.overlap + _scene_bonus(one, other)
    # In one scene with hardly a word in common they may still be two statements.
    firm = alike if one.group else is_firm(comparison, len(one.scene & other.scene))
    return Link(one, other, verdict, score, comparison.changes if verdict else (), firm)


def _days_differ(one: Quote, other: Quote) -> bool:
    return days_differ(str(one.seen.data["frame"]), str(other.seen.data["frame"]), one.language)


def _scene_bonus(one: Quote, other: Quote) -> float:
    return 0.05 * min(4, len(one.scene & other.scene)) + 0.1 * (same_speaker(one, other) > 0)


def _denied_outside(one: Quote) -> bool:
    """Whether the reporter's own words deny what is quoted: he would not "close the port"."""
    last: list[Token] = []
    for token in reversed(one.lead):
        if token.key in _INTRODUCES or len(last) == _REPORTED:
            break
        last.append(token)
    return any(token.denies for token in last)


def same_speaker(one: Quote, other: Quote) -> int:
    """1 when both have one speaker, -1 when they have two, 0 when it is not known."""
    if not one.surname or not other.surname:
        return 0
    if one.surname == other.surname or one.surname in other.names or other.surname in one.names:
        return 1
    return 1 if _near(one.surname, other.surname) else -1


def _near(one: str, other: str) -> bool:
    """Whether two surnames are spellings of one: a garbled name must not hide a garbled quotation."""
    from difflib import SequenceMatcher

    return min(len(one), len(other)) > 3 and SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.75


def _one_utterance(one: Quote, other: Quote, found: Comparison) -> bool:
    """Whether the wordings share so much, said by one speaker in one scene, that they are one utterance."""
    shared, speakers = len(found.pairs), same_speaker(one, other)
    scene = len(one.scene & other.scene)
    if any(is_sign(token) for token in one.tokens):
        return shared >= 5 and found.overlap >= 0.5 and speakers >= 0 and one.spoken and other.spoken
    if not (one.spoken or other.spoken) or not _shares_more_than_names(found):
        return False
    if speakers < 0 or (not one.group and speakers == 0):
        return shared >= 5 and found.overlap >= 0.8 and bool(one.group)
    if not one.group:
        return shared >= 4 and found.overlap >= 0.75 and (scene >= 2 or shared >= 6)
    if found.verdict in {"polarity", "figures"}:
        close = shared >= 3 or found.longest_run >= _RUN or scene >= 2
        return shared >= 2 and found.overlap >= 0.65 and close
    return any(
        shared >= words_ and found.overlap >= share and scene >= around
        for words_, share, around in ((8, 0.55, 0), (4, 0.75, 0), (6, 0.65, 1), (3, 0.6, 2), (2, 0.6, 4))
    )


def _one_scene(one: Quote, other: Quote, found: Comparison) -> bool:
    """Whether the sentences around are so alike that hardly any common word of the quotations is needed."""
    if not one.group or not one.spoken or not other.spoken:
        return False
    speakers, scene = same_speaker(one, other), len(one.scene & other.scene)
    least = min(len(one.scene), len(other.scene))
    lengths = [sum(not token.mark for token in end.tokens) for end in (one, other)]
    share = _OTHER_SPEAKER if speakers < 0 else _ONE_SCENE
    alike = scene >= _SCENE_WORDS - (speakers > 0) and scene >= share * least and max(lengths) <= 2 * min(lengths)
    return alike and len(found.pairs) >= 1


def _shares_more_than_names(found: Comparison) -> bool:
    small = [
        pair
        for pair in found.pairs
        if not (found.one[pair[0]].surface[0].isupper() and found.other[pair[1]].surface[0].isupper())
    ]
    return len(small) >= (1 if found.language == "de" else 2)


def _slot_link(short: Quote, long_: Quote) -> Link | None:
    """A few quoted words against another document's words in the same place of the same sentence.

    The words before them must stand in the other quotation (if Russia becomes …), the sentences around must share
    more, and the speaker must be the same.
    """
    if not short.fragment or same_speaker(short, long_) <= 0 or long_.fragment:
        return None
    if not short.group and _days_differ(short, long_):
        return None
    told = [token for token in short.lead if not token.mark and (token.content or len(token.key) > 1)][-_FRAGMENT:]
    said = [token for token in long_.tokens if not token.mark and (token.content or len(token.key) > 1)]
    place = place_after(told, said)
    if place is None or contains(_statement(long_), short.tokens):
        return None
    around = stems(_statement(short)) & stems(_statement(long_))
    anchor = stems(told)
    own = {short.surname[:4], long_.surname[:4]}
    if len(around - own) < 5 or len(around - own - anchor) < 3:
        return None
    put = said[place : place + len(short.tokens) + 3]
    change = ("replace", _surface(short.tokens), _surface(put))
    return Link(short, long_, "wording", 1.0, (change,))


def _statement(one: Quote) -> tuple[Token, ...]:
    return tokenize(str(one.seen.data["account"]), one.language)


def _surface(tokens: Sequence[Token]) -> str:
    return " ".join(token.surface for token in tokens if not token.mark)


def _one_to_one(found: Sequence[Link]) -> Iterator[Link]:
    """Accept the best links first; a quotation is linked to a document once, and not where two would do as well."""
    taken: set[tuple[_Place, str]] = set()
    best: dict[tuple[_Place, str], Link] = {}
    for link in sorted(found, key=lambda link: (-link.score, link.one.place, link.other.place)):
        ends = {(link.one.place, link.other.seen.document_id), (link.other.place, link.one.seen.document_id)}
        if ends & taken and link.score < _HELD:
            continue
        taken |= ends
        best |= dict.fromkeys(ends - best.keys(), link)
    chosen = {id(link): link for link in best.values()}
    rivals = {end for link in found if id(link) not in chosen for end in _ends_nearly_won(link, best)}
    for link in chosen.values():
        ends = {(link.one.place, link.other.seen.document_id), (link.other.place, link.one.seen.document_id)}
        if not link.verdict or not ends & rivals:
            yield link


def _ends_nearly_won(loser: Link, best: dict[tuple[_Place, str], Link]) -> Iterator[tuple[_Place, str]]:
    """The places that a link lost narrowly, with other words: there the choice is no evidence."""
    for mine, theirs in ((loser.one, loser.other), (loser.other, loser.one)):
        end = (mine.place, theirs.seen.document_id)
        winner = best.get(end)
        if winner is None or loser.score < winner.score - _AMBIGUOUS:
            continue
        won = winner.other if winner.one.place == mine.place else winner.one
        if plain(won.seen.quote) != plain(theirs.seen.quote):
            yield end
