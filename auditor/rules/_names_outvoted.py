"""Names that most documents of a story write otherwise, as what the rule NM001 remembers and reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from auditor.data import Evidence, Observation, SegmentedDocument, Span
from auditor.rules._names_fold import plain_key
from auditor.rules._names_story import Place, name_words, pack, unpack
from auditor.rules._names_votes import Story, Voice, Vote

# So many documents of a story vote; more of them would agree with these, and each costs memory.
VOTERS = 60
_MOST_EVIDENCE = 5
STORY = "story"


@dataclass(frozen=True, slots=True)
class Outvoted:
    """A name at ``seen`` that other documents write as ``right``; ``documents`` differ in their wording around it.

    ``doubted`` when the tables know the outvoted word only: then the majority may be the wrong one.
    """

    seen: Observation
    right: str
    word: str
    instead: str
    documents: int
    doubted: bool
    evidence: tuple[Evidence, ...]
    sampled: bool


def remembered(page: SegmentedDocument) -> tuple[Span, dict[str, object]] | None:
    """What a document's name words are remembered by: one record for the whole document; None without any."""
    packed = pack(name_words(page))
    return (Span(0, 0), {STORY: packed}) if packed else None


def outvoted(observations: Sequence[Observation]) -> Iterator[Outvoted]:
    """Yield the outvoted names of one story."""
    sampled = len(observations) > VOTERS
    voters = sorted(observations, key=_hash)[:VOTERS] if sampled else observations
    story = Story([_voice(one) for one in sorted(voters, key=lambda one: one.document_id)])
    for one in observations:
        for vote in story.against(_voice(one)):
            for place in vote.mine.places:
                yield _outvoted(one, vote, place, sampled)


def _voice(seen: Observation) -> Voice:
    words = unpack(seen.data[STORY])
    return Voice(seen.document_id, {(one.language, one.key): one for one in words})


def _outvoted(seen: Observation, vote: Vote, place: Place, sampled: bool) -> Outvoted:
    at = replace(seen, span=place.span, quote=place.quote)
    evidence = tuple(
        Evidence(name, other.span, other.quote, "written so here") for name, other in vote.others[:_MOST_EVIDENCE]
    )
    right = _corrected(place.quote, vote)
    return Outvoted(at, right, vote.mine.word, vote.right.word, len(vote.others), vote.doubted, evidence, sampled)


def _corrected(quote: str, vote: Vote) -> str:
    """The name with the wrong word replaced."""
    wrong = vote.mine.key
    words = quote.split(" ")
    if not any(plain_key(word) == wrong for word in words):
        return vote.right.word
    return " ".join(vote.right.word if plain_key(word) == wrong else word for word in words)


def _hash(seen: Observation) -> str:
    return sha256(seen.document_id.encode("utf-8", "surrogatepass")).hexdigest()
