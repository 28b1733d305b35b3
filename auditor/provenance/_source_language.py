"""From which language an undisclosed translation was made: evidence of several kinds, added up in log-odds.

Each kind of evidence names one or more languages and a weight in nats (``knowledge/source_language.tsv``): how much
more often it is met in translations from that language than in texts that are no translation. Kinds are taken as
independent, each counts once, and all together are capped; so the sum is an upper bound where kinds go together.
"Not a translation, or from a language that nothing here shows" is one of the answers, and wins without evidence.

Where the encoder has scored the text, two more things speak: how likely the text was translated at all (calibrated, at
even prior odds), which counts for every language alike, and the share of each language among those that the encoder
knows (scores named ``source_language:<tag>``), against an even share. Its doubts weigh against its own claims only:
they are measured on news by professionals, and do not outweigh what a page shows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from auditor.data import SOURCE_SHARE, Data, Finding, Score, SegmentedDocument
from auditor.language import primary
from auditor.lexicon import rows
from auditor.provenance._evidence import metadata, place
from auditor.provenance._names import languages_of_name, languages_of_sound
from auditor.provenance._outlets import host_of, of_address, outlet

UNKNOWN = "und"
_MODEL = "encoder"
_SURE = 0.5
_LONG_LINE = 120
_MOST_CANDIDATES = 5
_FEW = 3
# What a model says of a text: scores, and the probability that it was translated (None: not asked).
Said = tuple[Sequence[Score], float | None]
# Country domains of countries where one language is what news sites are written in.
_DOMAINS = {
    "ua": "uk", "ru": "ru", "bg": "bg", "pl": "pl", "cz": "cs", "sk": "sk", "hu": "hu", "ro": "ro", "tr": "tr",
    "gr": "el", "rs": "sr", "hr": "hr", "jp": "ja", "kr": "ko", "cn": "zh", "tw": "zh", "vn": "vi", "de": "de",
    "at": "de", "fr": "fr", "es": "es", "mx": "es", "ar": "es", "it": "it", "pt": "pt", "br": "pt", "nl": "nl",
    "se": "sv", "no": "no", "dk": "da", "fi": "fi", "ir": "fa", "il": "he", "lt": "lt", "lv": "lv", "ee": "et",
    "ge": "ka", "am": "hy", "th": "th", "id": "id", "sa": "ar", "eg": "ar",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Witness:
    """One piece of evidence: its kind, the languages it speaks for, its weight in nats, and where it stands."""

    kind: str
    languages: frozenset[str]
    weight: float
    place: Data


@cache
def weights() -> dict[str, float]:
    """The weight of each kind of evidence, in nats."""
    return {row["kind"]: float(row["weight"]) for row in rows("source_language")}


def source_language(
    page: SegmentedDocument, findings: Sequence[Finding], translation: Data, said: Said = ((), None)
) -> Data:
    """The claim of the language that the text was translated from; tag ``und`` where the evidence decides nothing."""
    told = translation.get("source_language")
    if isinstance(told, str) and told:
        return {
            "tag": told,
            "basis": "disclosed",
            "confidence": translation["confidence"],
            "evidence": translation["evidence"],
        }
    own = primary(page.language.tag)
    witnesses = [one for one in _witnesses(page, findings, said[0]) if one.languages - {own}]
    if not witnesses:
        return {"tag": UNKNOWN, "basis": "no evidence", "confidence": 0.0, "evidence": []}
    chances = posterior(witnesses, own, disclosed=bool(translation), shift=_shift(said[1]))
    return _claim(chances, witnesses, own)


def _shift(translated: float | None) -> float:
    """What the model's answer to "translated at all?" adds to every language's log-odds, in nats."""
    if translated is None:
        return 0.0
    inside = min(max(translated, 1e-3), 1 - 1e-3)
    return weights()["translated_slope"] * math.log(inside / (1 - inside))


def posterior(witnesses: Sequence[Witness], own: str, *, disclosed: bool, shift: float = 0.0) -> dict[str, float]:
    """Probability of each source language that a witness names, and of ``und``; ``shift``: see ``_shift``."""
    table = weights()
    # Two witnesses of one kind are no two independent ones: of each kind the strongest counts for a language.
    strongest: dict[tuple[str, str], float] = {}
    for one in witnesses:
        for tag in one.languages - {own}:
            strongest[tag, one.kind] = max(strongest.get((tag, one.kind), one.weight), one.weight)
    sums: dict[str, float] = {}
    for tag, kind in sorted(strongest):
        sums[tag] = sums.get(tag, 0.0) + (strongest[tag, kind] if kind != _MODEL else 0.0)
    for tag, shown in sums.items():
        said = strongest.get((tag, _MODEL), 0.0) + (0.0 if disclosed else shift)
        sums[tag] = shown + (max(0.0, said) if shown else said)
    odds = {tag: math.exp(table["prior"] + min(total, table["cap"])) for tag, total in sorted(sums.items())}
    # A text that says it is a translation was made from some language, perhaps from one that nothing here shows.
    rest = math.exp(-table["disclosed_shift"]) + 40 * math.exp(table["prior"]) if disclosed else 1.0
    whole = sum(odds.values()) + rest
    return {UNKNOWN: rest / whole, **{tag: value / whole for tag, value in odds.items()}}


def _claim(chances: dict[str, float], witnesses: Sequence[Witness], own: str) -> Data:
    ranked = sorted(
        ((value, tag) for tag, value in chances.items() if tag != UNKNOWN), key=lambda one: (-one[0], one[1])
    )
    best, tag = ranked[0]
    candidates = [{"tag": name, "probability": round(value, 4)} for value, name in ranked[:_MOST_CANDIDATES]]
    # Where no single language is likely, but a few together are, they are named together.
    few = [name for value, name in ranked[:_FEW] if value > best / 4]
    together = sum(chances[name] for name in few)
    chosen = tag if best >= _SURE else UNKNOWN
    claim: dict[str, object] = {
        "tag": chosen,
        "basis": "inferred",
        "confidence": round(best if chosen == tag else (together if together >= _SURE else chances[UNKNOWN]), 4),
        "unknown": round(chances[UNKNOWN], 4),
        "candidates": candidates,
        "evidence": [
            {"kind": one.kind, "languages": sorted(one.languages - {own}), "weight": round(one.weight, 2), **one.place}
            for one in sorted(witnesses, key=lambda one: (-one.weight, one.kind, str(one.place)))
            if one.weight > 0 and (chosen == UNKNOWN or chosen in one.languages)
        ],
    }
    if chosen == UNKNOWN and together >= _SURE and len(few) > 1:
        claim["one_of"] = few
    return claim


def _witnesses(page: SegmentedDocument, findings: Sequence[Finding], scores: Sequence[Score]) -> Iterator[Witness]:
    """Each kind of evidence once a language, so that a hundred equal marks do not count a hundredfold."""
    best: dict[tuple[str, frozenset[str]], Witness] = {}
    found = (*_in_text(findings), *_in_names(findings), *_in_frame(page, findings), *witnesses_of(scores))
    for one in found:
        key = (one.kind, one.languages)
        if key not in best or one.weight > best[key].weight:
            best[key] = one
    yield from (best[key] for key in sorted(best, key=lambda key: (key[0], sorted(key[1]))))


def _in_text(findings: Sequence[Finding]) -> Iterator[Witness]:
    table, seen = weights(), dict[tuple[str, str], float]()
    for one in findings:
        tag, data = one.data.get("language"), one.data
        conventions = data.get("conventions")
        if one.rule == "MT001" and isinstance(conventions, list | tuple) and conventions:
            kind = "quotation" if data.get("count", 1) not in (0, 1) else "quotation_once"
            yield Witness("quotation", frozenset(map(str, conventions)), table[kind] * one.confidence, place(one))
        elif one.rule == "BP001" and isinstance(tag, str):
            more = table["boilerplate_more"] if ("b", tag) in seen or len(one.span) >= _LONG_LINE else 0.0
            seen["b", tag] = 1.0
            yield Witness("boilerplate", frozenset({tag}), (table["boilerplate"] + more) * one.confidence, place(one))
        elif one.rule == "LI002" and isinstance(tag, str):
            yield Witness("passage", frozenset({tag}), table["passage"] * one.confidence, place(one))
        source = data.get("source_language")
        if one.rule == "MT007" and isinstance(source, str):
            seen["c", source] = min(seen.get(("c", source), -1.0) + 1.0, 3.0)
            weight = table["calque"] + table["calque_more"] * seen["c", source]
            yield Witness("calque", frozenset({source}), weight * one.confidence, place(one))
        elif one.rule == "MT003" and isinstance(source or tag, str):
            weight = table["untranslated"] * one.confidence
            yield Witness("untranslated", frozenset({str(source or tag)}), weight, place(one))


def _in_names(findings: Sequence[Finding]) -> Iterator[Witness]:
    """Names: what the rules say of their way, transcriptions that a garbled form betrays, people who worked on it."""
    table = weights()
    for one in findings:
        source = one.data.get("source_language")
        if one.rule.startswith("NM") and isinstance(source, str) and source:
            kind = "case_ending" if one.data.get("kind") == "case_ending" else "romanisation"
            yield Witness(kind, frozenset(source.split()), table[kind] * one.confidence, place(one))
        candidates = one.data.get("candidates")
        rights = candidates if isinstance(candidates, list | tuple) else [one.suggestion or ""]
        heard = frozenset[str]().union(*(languages_of_sound(one.quote, str(right)) for right in rights))
        # The sounds are those of Chinese names; a finding that names its system has said all that it can.
        if one.rule in {"NM001", "NM003"} and heard and "system" not in one.data:
            yield Witness("romanisation", heard, table["romanisation"] * one.confidence, place(one))
        for key, kind in (
            ("reviewer", "translator_name"),
            ("translator", "translator_name"),
            ("author", "author_name"),
        ):
            name = one.data.get(key)
            tags = languages_of_name(name) if isinstance(name, str) and one.rule[:2] in {"TD", "SA"} else frozenset()
            if tags:
                yield Witness(kind, tags, table[kind] * one.confidence, place(one))


def _in_frame(page: SegmentedDocument, findings: Sequence[Finding]) -> Iterator[Witness]:
    """The site around the text: its outlet, address and declared language, and how it divides its credits."""
    table, facts = weights(), page.document.metadata
    for one in findings:
        tag = one.data.get("language")
        if one.rule == "SA008" and isinstance(tag, str) and tag:
            yield Witness("outlet", frozenset({tag}), table["outlet"] * one.confidence, place(one))
        if one.rule == "SA001" and any(bar in one.quote for bar in "|｜"):
            yield Witness("label_style", frozenset({"zh"}), table["label_style"], place(one))
    site = of_address(facts.get("canonical")) or outlet(facts.get("site_name"))
    if site:
        told = metadata("canonical" if of_address(facts.get("canonical")) else "site_name", site.name)
        yield Witness("outlet", frozenset({site.language}), table["outlet"] * 0.9, told)
    domain = host_of(facts.get("canonical")).rpartition(".")[2]
    if domain in _DOMAINS:
        yield Witness("address", frozenset({_DOMAINS[domain]}), table["address"], metadata("canonical", domain))
    declared = primary(page.document.declared_language or "")
    if declared and declared != UNKNOWN:
        yield Witness("declared", frozenset({declared}), table["declared"], metadata("html_lang", declared))


def witnesses_of(scores: Sequence[Score]) -> Iterator[Witness]:
    """The encoder's shares against even ones; a share below an even one speaks against its language."""
    found = {one.scorer.removeprefix(SOURCE_SHARE): one.value for one in scores if one.scorer.startswith(SOURCE_SHARE)}
    for tag, share in sorted(found.items()):
        told = metadata("model", f"{tag}: {share:.2f}")
        yield Witness(_MODEL, frozenset({tag}), math.log(max(share, 1e-3) * len(found)), told)
