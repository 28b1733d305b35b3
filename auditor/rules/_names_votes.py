"""Name words of one document held against the other documents of its story.

A word that no other document has is wrong when several of them agree on another, similar word in the same sentence.
The documents that vote are a sample of fixed size, each other document is held against them once, so cost is linear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from auditor.normalize import fold
from auditor.rules._names_atlas import SUGGESTED, is_name, places, same_place
from auditor.rules._names_fold import consonants, is_latin, plain_key, skeleton
from auditor.rules._names_homophones import same_sound
from auditor.rules._names_ordinary import is_word
from auditor.rules._names_roles import role_word
from auditor.rules._names_story import NameWord, Place
from auditor.rules._names_tables import country, ordinary, stopwords
from auditor.rules._names_variants import INFLECTING, feminine_pair, inflected_alike, same_word
from auditor.rules._romanisation import one_syllable_name

# How alike two words must be (Jaro-Winkler on letters or on sounds).
_ALIKE = 0.75
_VERY_ALIKE = 0.88
# German and Luxembourgish.
_NOUNS = frozenset({"de", "lb"})
_DERIVED = ("s", "n", "an", "ian", "ean", "ese", "ish", "i", "er", "ic", "e", "en", "y", "ar", "t")


@dataclass(frozen=True, slots=True)
class Voice:
    """What one document says: its name words by language and key, and all their keys."""

    document: str
    words: Mapping[tuple[str, str], NameWord]


@dataclass(frozen=True, slots=True)
class Vote:
    """The word that others have in the place of ``mine``, and where: (document, place) of each distinct copy.

    ``aligned`` of them have it in a sentence of like wording; these come first. ``doubted`` when the tables know the
    outvoted word, or two voices in different sentences are all that speaks for the other one.
    """

    mine: NameWord
    right: NameWord
    others: tuple[tuple[str, Place], ...]
    aligned: int
    doubted: bool


class Story:
    """The voting documents of one story, indexed by the beginnings of their words and by the words beside them."""

    def __init__(self, voices: Sequence[Voice]) -> None:
        self._voices = {voice.document: voice for voice in voices}
        self._beside: dict[tuple[str, str], set[str]] = {}
        self._have: dict[tuple[str, str], set[str]] = {}
        for voice in voices:
            for (language, key), word in voice.words.items():
                self._have.setdefault((language, key), set()).add(voice.document)
                for clue in _clues(word):
                    self._beside.setdefault((language, clue), set()).add(key)

    def against(self, voice: Voice) -> Iterator[Vote]:
        """Yield the words of a document that the others agree to write otherwise."""
        for (language, key), word in voice.words.items():
            if self._has(language, key, voice.document) or is_common(word.word, language):
                continue
            best: Vote | None = None
            for other in self._candidates(word):
                vote = self._vote(word, other, voice)
                if vote:
                    best = vote if best is None or vote.aligned > best.aligned else best
            if best:
                yield best

    def _has(self, language: str, key: str, own: str) -> bool:
        return bool(self._have.get((language, key), set()) - {own})

    def _candidates(self, word: NameWord) -> list[str]:
        found: set[str] = set()
        for clue in _clues(word):
            found |= self._beside.get((word.language, clue), set())
        near = sorted(key for key in found if key != word.key and alike(word.key, key))
        return [key for key in near if not equated(word.word, self._spelled(word.language, key), word.language)]

    def _spelled(self, language: str, key: str) -> str:
        document = min(self._have[language, key])
        return self._voices[document].words[language, key].word

    def _vote(self, word: NameWord, other: str, voice: Voice) -> Vote | None:
        """The documents that have ``other`` where this one has ``word``.

        None unless two differently worded ones have it, one of them at least in the same sentence.
        """
        # The right word may stand elsewhere in the document, or beside in the same sentence.
        own = {place.copy for place in _places(voice, word.language, other)}
        same: dict[str, tuple[str, Place]] = {}
        rest: dict[str, tuple[str, Place]] = {}
        right: NameWord | None = None
        for document in sorted(self._have.get((word.language, other), set()) - {voice.document}):
            theirs = self._voices[document].words[word.language, other]
            pair = next(((a, b) for a in word.places for b in theirs.places if _answers(a, b, own)), None)
            if pair:
                same.setdefault(pair[1].copy, (document, pair[1]))
                right = right or theirs
            else:
                rest.setdefault(theirs.places[0].copy, (document, theirs.places[0]))
        # The right word elsewhere in the document itself counts like another document.
        voices = len(same.keys() | rest.keys()) + ((word.language, other) in voice.words)
        if right is None or voices < 2 or is_small(right.word, word.language):
            return None
        others = (*same.values(), *(at for copy, at in rest.items() if copy not in same))
        if (_noun(word) or _noun(right)) and not _known_place(word, right):
            return None
        # A word that the tables know may be right against two voices, both of which may have it from one source.
        here, there = is_name(word.word), is_name(right.word)
        doubted = (here and not there) or (voices < 3 and not own and (here or len(same) < 2))
        return Vote(word, right, others, len(same), doubted)


def _noun(word: NameWord) -> bool:
    """Whether a word may be a noun, in a language that writes all of them with a capital."""
    return word.language in _NOUNS and not any(" " in place.quote for place in word.places)


def _known_place(word: NameWord, right: NameWord) -> bool:
    large = any(place.weight >= SUGGESTED for place in places(right.key))
    return large and JaroWinkler.similarity(word.key, right.key) >= _VERY_ALIKE


def _clues(word: NameWord) -> Iterator[str]:
    """Under which a word is looked for: its beginning by sound, and the words before and behind it."""
    yield f"a:{skeleton(word.word)[:1]}"
    for place in word.places:
        if len(place.left) > 2:
            yield f"l:{place.left}"
        if len(place.right) > 2:
            yield f"r:{place.right}"


def _places(voice: Voice, language: str, key: str) -> tuple[Place, ...]:
    word = voice.words.get((language, key))
    return word.places if word else ()


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> bool:
    """Whether two words resemble each other in letters or in sounds, enough for one to be made from the other."""
    if "\u3400" <= one[0] <= "\u9fff":
        return same_sound(one, other)
    if JaroWinkler.similarity(one, other) >= _ALIKE:
        return True
    return float(JaroWinkler.similarity(skeleton(one), skeleton(other))) >= _ALIKE


@lru_cache(maxsize=65536)
def equated(one: str, other: str, language: str) -> bool:
    """Whether two words are variants, forms or derivations of one, or two names of one place."""
    if same_word(one, other, given=True) or feminine_pair(one, other) or same_place(one, other):
        return True
    if one_syllable_name(one, other):
        return True
    if language in INFLECTING and (inflected_alike(one, other) or _one_stem(plain_key(one), plain_key(other))):
        return True
    # Foreign names in Cyrillic: their vowels are a matter of taste.
    if not is_latin(one) and len(consonants(one)) > 1 and consonants(one) == consonants(other):
        return True
    lands = country(fold(one)), country(fold(other))
    if lands[0] and lands[0] == lands[1]:
        return True
    short, long = sorted((plain_key(one) or one, plain_key(other) or other), key=len)
    for cut in (0, 1):
        stem = short[: len(short) - cut]
        if len(stem) > 3 and long.startswith(stem) and long[len(stem) :] in _DERIVED:
            return True
    return one.replace("ー", "") == other.replace("ー", "")


def _one_stem(one: str, other: str) -> bool:
    """Whether two words share their first five letters, or four of a short one: a stem with endings and suffixes."""
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared >= min(5, max(4, min(len(one), len(other)) - 1))


def is_small(word: str, language: str) -> bool:
    """Whether a capitalised word is a month, an institution's word, an office or another word that names nobody."""
    folded = fold(word)
    return folded in stopwords(language) or bool(role_word(folded, language)) or is_word(plain_key(word), language)


@lru_cache(maxsize=65536)
def is_common(word: str, language: str) -> bool:
    """Whether a capitalised word is no name, or a country's or an ordinary word, which nothing garbles a name into."""
    if is_small(word, language) or country(fold(word)):
        return True
    found = ordinary().get((language, plain_key(word)))
    return found is not None and not found[1]


def _answers(mine: Place, theirs: Place, own: set[str]) -> bool:
    """Whether two words stand in one place of one sentence, as far as the words around tell.

    ``own`` are the sentences of the first document that have the other word too: there a neighbour must agree.
    """
    beside = (mine.left == theirs.left != "") + (mine.right == theirs.right != "")
    if mine.copy in own and not beside:
        return False
    shared = len(mine.around & theirs.around)
    least = max(1, min(len(mine.around), len(theirs.around)))
    return any(
        beside >= sides and shared >= words and shared >= share * least
        for sides, words, share in ((0, 3, 0.45), (1, 2, 0.3), (2, 1, 0.15))
    )
