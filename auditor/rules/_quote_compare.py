"""Whether two wordings of one utterance agree, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from auditor.rules._quote_words import GAP, Token, is_sign, negated, same, words

# Changes of at most this share of the content words, without denial or figures at stake, are a matter of taste.
_FEW = 0.2
_ALMOST_ALL = 0.75
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
            return ""
        content = sum(token.content for token in self.one)
        return "wording" if changed > 1 or changed >= _FEW * content or self._person_changed() else "style"

    def _denial_changed(self) -> bool:
        here, there = negated(self.one, self.language), negated(self.other, self.language)
        lost = [pair for pair in self.pairs if pair[0] in here and pair[1] not in there]
        won = [pair for pair in self.pairs if pair[0] not in here and pair[1] in there]
        low, high = self.reach
        region = self.other[max(0, low - 4) : high + 3]
        if self._count("without", self.one) == self._count("without", region):
            if lost and won and self.overlap >= _ALMOST_ALL:
                return True
            if (lost or won) and self._denies(self.one) != self._denies(region):
                return True
        return self._prefix_changed() or self._statement_dropped()

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


def _same_words(one: Sequence[Token], other: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Pair content words one to one, equal ones first, then inflected ones, each with the first free partner."""
    free = [at for at, token in enumerate(other) if token.content]
    left = []
    for at, token in enumerate(one):
        if token.content:
            partner = next((place for place in free if other[place].key == token.key), None)
            if partner is None:
                left.append(at)
            else:
                free.remove(partner)
                yield at, partner
    for at in left:
        partner = next((place for place in free if same(one[at], other[place])), None)
        if partner is not None:
            free.remove(partner)
            yield at, partner


def _same_signs(one: Sequence[Token], other: Sequence[Token]) -> Iterator[tuple[int, int]]:
    matcher = SequenceMatcher(None, [t.key for t in one], [t.key for t in other], autojunk=False)
    for block in matcher.get_matching_blocks():
        if block.size > 1:
            for step in range(block.size):
                if one[block.a + step].content:
                    yield block.a + step, block.b + step


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


def _tells(token: Token) -> bool:
    return not token.mark or token.key == GAP


def _text(tokens: Sequence[Token]) -> str:
    signs = any(is_sign(token) for token in tokens)
    return ("" if signs else " ").join(token.surface for token in tokens if not token.mark or token.key == GAP)
