"""Whether two wordings of one utterance agree, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from auditor.rules._quote_words import GAP, Token, is_sign, negated, same, words

# Changes of at most this share of the content words, without denial or figures at stake, are a matter of taste.
_FEW = 0.2
_VERBS_DENY_BY_PREFIX = frozenset({"cs", "sk"})
# How far before a shortened quotation a dropped "I do not say that" may stand, in words.
_BEFORE = 6


@dataclass(frozen=True)
class Comparison:
    """Two wordings word by word; ``one`` is the shorter. ``pairs`` are the places of the same content words."""

    one: tuple[Token, ...]
    other: tuple[Token, ...]
    language: str
    pairs: tuple[tuple[int, int], ...]

    @cached_property
    def overlap(self) -> float:
        """Share of the shorter wording's content words that the longer one has too (0..1)."""
        return len(self.pairs) / max(1, sum(token.content for token in self.one))

    @cached_property
    def longest_run(self) -> int:
        """Most words in a row that both wordings have."""
        return max((b - a for op, a, b, _, _ in self._codes() if op == "equal"), default=0)

    @cached_property
    def reach(self) -> tuple[int, int]:
        """First and last place in the longer wording that answers the shorter one."""
        places = [at for _, at in self.pairs]
        return (min(places), max(places)) if places else (0, -1)

    @cached_property
    def changes(self) -> tuple[tuple[str, str, str], ...]:
        """What was done to the words, without what the shorter wording merely leaves out at its ends."""
        return tuple(
            (op, _text(self.one[a:b]), _text(self.other[c:d])) for op, a, b, c, d in self._codes() if op != "equal"
        )

    def _codes(self) -> list[tuple[str, int, int, int, int]]:
        codes = _opcodes(self.one, self.other, self.pairs)
        while codes and codes[0][0] == "insert":
            codes.pop(0)
        while codes and codes[-1][0] == "insert":
            codes.pop()
        return codes

    @cached_property
    def verdict(self) -> str:
        """``polarity``, ``figures``, ``wording``, ``style`` (little changed), or empty when the wordings agree."""
        if self._denial_changed():
            return "polarity"
        if self._figures_changed():
            return "figures"
        changed = self._substitutions()
        if not changed:
            return "style" if self._small_words_changed() else ""
        content = sum(token.content for token in self.one)
        return "wording" if changed > 1 or changed >= _FEW * content or self._person_changed() else "style"

    def _denial_changed(self) -> bool:
        return self._prefix_changed() or self._statement_dropped() or self._word_denied()

    def _word_denied(self) -> bool:
        """Whether a word is denied in one wording while nothing in its clause denies in the other."""
        low, high = self.reach
        if self._count("without", self.one) != self._count("without", self.other[max(0, low - 4) : high + 3]):
            return False
        here, there = negated(self.one, self.language), negated(self.other, self.language)
        return any(
            (a in here and b not in there and not self._denies(_clause(self.other, b)))
            or (b in there and a not in here and not self._denies(_clause(self.one, a)))
            for a, b in self.pairs
        )

    def _count(self, kind: str, tokens: Sequence[Token]) -> int:
        return sum(token.key in words(kind, self.language) for token in tokens)

    def _denies(self, tokens: Sequence[Token]) -> bool:
        """Whether any word denies, by itself or, in the languages that do so, by its beginning (Czech neuznáme)."""
        prefixes = tuple(words("prefix", self.language)) if self.language in _VERBS_DENY_BY_PREFIX else ()
        return any(t.denies or (t.content and len(t.key) > 4 and t.key.startswith(prefixes or "\n")) for t in tokens)

    def _prefix_changed(self) -> bool:
        """Words that differ by a denying prefix only: hrozí, nehrozí."""
        prefixes = words("prefix", self.language)
        mine = {token.key for token in self.one if token.content} - {self.one[a].key for a, _ in self.pairs}
        theirs = {token.key for token in self.other if token.content} - {self.other[b].key for _, b in self.pairs}
        return any(
            prefix + short in long_ and len(short) > 3
            for short_side, long_ in ((mine, theirs), (theirs, mine))
            for short in short_side
            for prefix in prefixes
        )

    def _statement_dropped(self) -> bool:
        """Whether the longer wording denies in a clause whose dependent clause the shorter one quotes as said."""
        low = self.reach[0]
        if not self.pairs or any(token.denies for token in self.one[: self.pairs[0][0] + 1]):
            return False
        before = list(self.other[max(0, low - _BEFORE) : low])
        links = [at for at, token in enumerate(before) if token.key in words("that", self.language)]
        if not links or any(token.mark for token in before[links[-1] + 1 :]):
            return False
        clause = before[: links[-1]]
        while clause and clause[-1].mark:
            clause.pop()
        stop = max((at for at, token in enumerate(clause) if token.mark), default=-1)
        kept = {token.key for token in self.one}
        said = [token for token in clause[stop + 1 :] if token.content]
        return any(token.denies for token in clause[stop + 1 :]) and bool(said) and all(t.key not in kept for t in said)

    def _figures_changed(self) -> bool:
        for op, a, b, c, d in self._codes():
            mine = {token.value for token in self.one[a:b] if token.value is not None}
            theirs = {token.value for token in self.other[c:d] if token.value is not None}
            signs = any(is_sign(token) for token in self.one[a:b])
            if op == "replace" and mine and theirs and not mine & theirs and not signs:
                return True
        return False

    def _person_changed(self) -> bool:
        """Whether somebody else stands where the speaker spoke of himself: our expense, the owners' expense."""
        own = words("first person", self.language)
        for op, a, b, c, d in self._codes():
            sides = self.one[a:b], self.other[c:d]
            spoken = [any(token.key in own for token in side) for side in sides]
            if op == "replace" and spoken[0] != spoken[1] and any(token.content for side in sides for token in side):
                return True
        return False

    def _small_words_changed(self) -> bool:
        """Whether small words alone differ, but many of them: help her find her, help to find her."""
        small = 0
        for op, a, b, c, d in self._codes():
            beside_gap = any(token.key == GAP for token in (*self.one[a:b], *self.other[max(0, c - 1) : d + 1]))
            if op != "equal" and not beside_gap and not any(is_sign(token) for token in self.one[a:b]):
                small += max(sum(not token.mark for token in side) for side in (self.one[a:b], self.other[c:d]))
        return small >= 2 and small >= _FEW * sum(not token.mark for token in self.one)

    def _substitutions(self) -> int:
        """Number of content words that the other wording does not have, words beside a gap left out."""
        matched = {a for a, _ in self.pairs}, {b for _, b in self.pairs}
        found = 0
        for op, a, b, c, d in self._codes():
            beside_gap = any(token.key == GAP for token in (*self.one[a:b], *self.other[max(0, c - 1) : d + 1]))
            if beside_gap or op == "equal":
                continue
            mine = sum(self.one[at].content and at not in matched[0] for at in range(a, b))
            theirs = sum(self.other[at].content and at not in matched[1] for at in range(c, d))
            swapped = op == "replace" and any(not token.mark for token in self.one[a:b])
            found += max(mine, theirs if swapped else 0) if op != "insert" else 0
        return found


def compare(one: Sequence[Token], other: Sequence[Token], language: str) -> Comparison:
    """Compare two wordings; the one with fewer content words comes first in the result."""
    first, second = sorted((tuple(one), tuple(other)), key=lambda side: sum(token.content for token in side))
    if any(is_sign(token) for token in first):
        pairs = tuple(_same_signs(first, second))
    else:
        pairs = tuple(_same_words(first, second))
    return Comparison(first, second, language, pairs)


def _same_words(one: Sequence[Token], other: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Pair content words one to one: those in common runs, then equal ones, then inflected ones."""
    runs = [pair for pair in _runs(one, other, 1) if one[pair[0]].content and other[pair[1]].content]
    yield from runs
    left = [at for at, token in enumerate(one) if token.content and at not in {a for a, _ in runs}]
    free = [at for at, token in enumerate(other) if token.content and at not in {b for _, b in runs}]
    for alike in (_equal, same):
        for at in list(left):
            partner = next((place for place in free if alike(one[at], other[place])), None)
            if partner is not None:
                left.remove(at)
                free.remove(partner)
                yield at, partner


def _equal(one: Token, other: Token) -> bool:
    return one.key == other.key


def _same_signs(one: Sequence[Token], other: Sequence[Token]) -> Iterator[tuple[int, int]]:
    return (pair for pair in _runs(one, other, 2) if one[pair[0]].content)


def _runs(one: Sequence[Token], other: Sequence[Token], least: int) -> Iterator[tuple[int, int]]:
    matcher = SequenceMatcher(None, [token.key for token in one], [token.key for token in other], autojunk=False)
    for block in matcher.get_matching_blocks():
        if block.size >= least:
            yield from ((block.a + step, block.b + step) for step in range(block.size))


def _opcodes(
    one: Sequence[Token], other: Sequence[Token], pairs: Sequence[tuple[int, int]]
) -> list[tuple[str, int, int, int, int]]:
    """Edit operations on words; inflected forms of one word count as equal, punctuation is skipped by being equal."""
    keys = [token.key for token in other]
    for a, b in pairs:
        keys[b] = one[a].key
    matcher = SequenceMatcher(None, [token.key for token in one], keys, autojunk=False)
    return [
        code
        for code in matcher.get_opcodes()
        if code[0] == "equal" or any(_tells(t) for t in (*one[code[1] : code[2]], *other[code[3] : code[4]]))
    ]


def _clause(tokens: Sequence[Token], at: int) -> Sequence[Token]:
    start, end = at, at
    while start and not tokens[start - 1].mark:
        start -= 1
    while end < len(tokens) and not tokens[end].mark:
        end += 1
    return tokens[start:end]


def _tells(token: Token) -> bool:
    return not token.mark or token.key == GAP


def _text(tokens: Sequence[Token]) -> str:
    signs = any(is_sign(token) for token in tokens)
    return ("" if signs else " ").join(token.surface for token in tokens if not token.mark or token.key == GAP)
