"""The rule that compares names across documents (NM001)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Evidence, Finding, Observation, RuleMeta, SegmentedDocument, Severity
from auditor.registry import CorpusRule
from auditor.rules._mentions import Mention, people
from auditor.rules._names_atlas import known
from auditor.rules._names_chinese import impossible
from auditor.rules._names_fold import plain_key, skeleton, soft_key
from auditor.rules._names_judge import case_source, difference, only_a_word, translated
from auditor.rules._names_outvoted import STORY, Outvoted, outvoted, remembered
from auditor.rules._names_people import is_known, surname_of_figure
from auditor.rules._names_roles import PUBLIC, SINGLE
from auditor.rules._names_tables import is_given, name_parts, soft_base_pairs
from auditor.rules._names_variants import same_name, same_word

_HELD_BY_ONE = SINGLE | {"mayor", "governor", "spokesperson", "director", "founder", "coach", "chief"}
_MINISTERS = frozenset(
    {"foreign-minister", "defence-minister", "finance-minister", "interior-minister", "secretary-of-state"}
)
_MOST_FORMS = 200
_MOST_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to write a name, with its places and the documents that have it."""

    words: tuple[str, ...]
    places: tuple[Observation, ...]
    documents: frozenset[str]


@dataclass(frozen=True, slots=True)
class ContradictedName(CorpusRule):
    """Finds names that other documents write differently for the same office or in the same story.

    Why: When one text has "Tszyan" and the rest of the coverage "Jian", the one text is wrong, and no list of people
    is needed to see it.

    How: In documents of one group every capitalised word (in Japanese every run of katakana, in Chinese what can be a
    name of three characters) is compared with those of the other documents. A word that no other document has is
    reported when two or more others, differently worded, agree on another word that resembles it, one of them at
    least in a sentence of like wording. Copies of one sentence count once, documents are counted and not mentions. It
    is minor when the tables know the outvoted word, or when two voices in different sentences are all there is.
    Names of people that share one word are compared too when the office beside them is the same, also without groups:
    such a form is flagged when it is contradicted and strange in itself (a known figure's family name as first name,
    an impossible Chinese syllable, a foreign case ending, an ordinary word). Accepted variants, forms of one word and
    names of one place never contradict each other.

    Limits: A majority can be wrong, above all where several documents come from one source. In German only names of
    people and large towns are compared, because all nouns have capitals. Of more than 60 documents of one story a
    fixed sample (by hash) votes, and ``data.sampled`` is then true; of one key at most 200 forms are compared.

    Data: ``kind`` (``contradicted``), ``reason`` (``outvoted``, ``blend``, ``romanisation``, ``case_ending``,
    ``translated`` or ``inconsistent``), ``documents`` (how many have the suggested form), ``sampled``.
    """

    meta: ClassVar[RuleMeta] = RuleMeta("NM001", "name-contradicted", Severity.MAJOR, "101000", "inconsistent-entities")

    def observe(self, page: SegmentedDocument) -> Iterator[Observation]:
        """Remember each full name once a word, under its group, its office (outside groups) and that word."""
        seen: set[tuple[str, str]] = set()
        group = page.document.group
        if group is not None and (story := remembered(page)):
            yield self.observation(page, f"{group}|", *story)
        for mention in people(page).full:
            office = _office(mention)
            if mention.quoted or len(mention.words) > 5 or (group is None and office not in PUBLIC):
                continue
            for word in (mention.words[0], mention.words[-1]):
                key = f"{group}|{skeleton(word)}" if group is not None else f"|{office}|{skeleton(word)}"
                if (key, mention.key) not in seen:
                    seen.add((key, mention.key))
                    data: dict[str, object] = {
                        "words": list(mention.words),
                        "language": mention.language,
                        "office": office,
                    }
                    data |= {"country": mention.role.country if mention.role else "", "grouped": group is not None}
                    yield self.observation(page, key, mention.span, data)

    def resolve(self, observations: Sequence[Observation]) -> Iterator[Finding]:
        """Compare the forms of one key."""
        if STORY in observations[0].data:
            yield from map(self._outvoted, outvoted(observations))
            return
        forms = _forms(observations)
        if len(forms) < 2:
            return
        written = frozenset(soft_key(word) for form in forms for word in form.words)
        for mine in forms:
            if not _is_strange(mine, written):
                continue
            for theirs in forms:
                if mine is not theirs and (found := self._contradiction(mine, theirs)):
                    yield from found
                    break

    def _outvoted(self, found: Outvoted) -> Finding:
        """The finding of a name that other documents of the story agree to write otherwise."""
        return self.about(
            found.seen,
            f"{_count(found.documents).capitalize()} on the same story have “{found.instead}” where this one has "
            f"“{found.word}”, in sentences of like wording; this form is likely wrong.",
            confidence=0.5 if found.doubted else 0.92 if found.documents > 2 else 0.85,
            severity=Severity.MINOR if found.doubted else None,
            suggestion=found.right,
            evidence=found.evidence,
            data={
                "kind": "contradicted", "reason": "outvoted", "documents": found.documents, "sampled": found.sampled,
            },
        )  # fmt: skip

    def _contradiction(self, mine: _Form, theirs: _Form) -> list[Finding]:
        """Findings at all places of ``mine`` when ``theirs`` proves it wrong."""
        places = [
            place for place in mine.places if not place.data["grouped"] or place.document_id not in theirs.documents
        ]
        fresh = theirs.documents - mine.documents
        if not places or not fresh or not _comparable(mine, theirs):
            return []
        reason = _reason(mine, theirs)
        if not reason:
            return []
        severity = Severity.MAJOR
        outvoted = len(fresh) > 1 and len(theirs.documents) > len(mine.documents)
        if reason == "inconsistent" and not outvoted:
            return []
        right = theirs.places[0].quote
        evidence = _evidence(theirs)
        return [
            self.about(
                place,
                f"“{place.quote}” is written “{right}” in {_count(len(fresh))}; this form is likely wrong.",
                confidence=0.95 if len(fresh) > 1 else 0.88,
                severity=severity,
                suggestion=right,
                evidence=[one for one in evidence if one.document_id != place.document_id],
                data={"kind": "contradicted", "reason": reason, "documents": len(fresh)},
            )
            for place in places
        ]


def _office(mention: Mention) -> str:
    kind = mention.role.kind if mention.role else ""
    return "minister" if kind in _MINISTERS else kind


def _forms(observations: Sequence[Observation]) -> list[_Form]:
    """The distinct names, the best supported first."""
    places: dict[tuple[str, ...], list[Observation]] = {}
    for seen in observations:
        words = seen.data["words"]
        if isinstance(words, list):
            places.setdefault(tuple(str(word) for word in words), []).append(seen)
    forms = [_Form(words, tuple(at), frozenset(one.document_id for one in at)) for words, at in places.items()]
    return sorted(forms, key=lambda form: (-len(form.documents), form.words))[:_MOST_FORMS]


def _comparable(mine: _Form, theirs: _Form) -> bool:
    """Whether the offices and countries beside the two forms can be one person's."""
    offices = [{str(place.data["office"]) for place in form.places} - {""} for form in (mine, theirs)]
    countries = [{str(place.data["country"]) for place in form.places} - {""} for form in (mine, theirs)]
    return all(not one or not other or bool(one & other) for one, other in (offices, countries))


def _is_strange(form: _Form, written: frozenset[str]) -> bool:
    """Whether a form can be flagged at all; spares comparing every form of a frequent key with every other."""
    if form.places[0].data["grouped"]:
        return True
    language = str(form.places[0].data["language"])
    return (
        surname_of_figure(form.words[0])
        or bool(impossible(form.words)[0])
        or any(only_a_word(word, language) for word in form.words)
        or any(base in written for word in form.words for base, _ in soft_base_pairs(word))
    )


def _reason(mine: _Form, theirs: _Form) -> str:
    """Why ``mine`` is the wrong one of two names; empty when they are variants, or nothing tells."""
    language = str(mine.places[0].data["language"])
    if same_name(mine.words, theirs.words, language) or same_name(
        mine.words, theirs.words, str(theirs.places[0].data["language"])
    ):
        return ""
    if is_known(mine.words, language):
        return ""
    if case_source(mine.words, theirs.words, language):
        return "case_ending"
    word, names = impossible(mine.words)
    if word and any(same_name(tuple(name.split()), theirs.words) for name in names):
        return "romanisation"
    found = difference(mine.words, theirs.words, language)
    if found is None:
        return ""
    if translated(found.mine, found.theirs, language) and (
        only_a_word(found.mine, language) or is_known(theirs.words, language)
    ):
        return "translated"
    if found.given and surname_of_figure(found.mine) and is_given(found.theirs) and not _borne(found.mine):
        return "blend"
    if not mine.places[0].data["grouped"] or same_word(found.mine, found.theirs):
        return ""
    # Likeness alone makes two people one; only the office does not. Words in one scene are compared elsewhere.
    return "inconsistent" if _one_holder(mine, theirs) else ""


def _one_holder(mine: _Form, theirs: _Form) -> bool:
    """Whether one office that a story has one holder of stands beside both names."""
    offices = [{str(place.data["office"]) for place in form.places} for form in (mine, theirs)]
    return bool(offices[0] & offices[1] & _HELD_BY_ONE)


def _borne(word: str) -> bool:
    """Whether office holders bear the word as first name."""
    return name_parts().get(word.lower(), (0, 0))[0] > 0 or any(one.given for one in known(plain_key(word)))


def _evidence(form: _Form) -> list[Evidence]:
    found: dict[str, Evidence] = {}
    for place in form.places:
        found.setdefault(place.document_id, Evidence(place.document_id, place.span, place.quote, "written so here"))
    return list(found.values())[:_MOST_EVIDENCE]


def _count(number: int) -> str:
    return "another document" if number == 1 else f"{number} other documents"
