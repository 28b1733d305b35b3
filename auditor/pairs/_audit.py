"""Audit pairs as they come: checks, alignment and estimates in batches, sentence scores against references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from auditor.data import Finding, RuleMeta, Skipped
from auditor.language import UNKNOWN, primary
from auditor.language import candidates as languages_of
from auditor.pairs._align import ALIGNED, align
from auditor.pairs._copied import Loop, Untranslated
from auditor.pairs._data import Doubt, Pair, PairAudit, PairScorer, WordScorer
from auditor.pairs._doubt import doubts
from auditor.pairs._figures import Dates, Numbers
from auditor.pairs._metrics import Metrics
from auditor.pairs._proper import Names
from auditor.pairs._tokens import Addresses, Placeholders
from auditor.pairs._view import PairCheck, View, view
from auditor.pairs._whole import Length, WrongLanguage

CHECKS: tuple[PairCheck, ...] = (
    Untranslated(),
    Numbers(),
    Names(),
    Dates(),
    Addresses(),
    Placeholders(),
    Length(),
    WrongLanguage(),
    Loop(),
)
# Languages that nobody declared are told from so many pairs at the beginning.
_SAMPLE = 200
_MOST_FINDINGS = 100


@dataclass(frozen=True, slots=True)
class PairOptions:
    """How pairs are audited.

    ``source_language`` and ``target_language`` stand for pairs that declare none; where nothing does, the language of
    most of the first 200 pairs is taken. ``select`` and ``ignore`` hold code prefixes of checks.
    """

    source_language: str = ""
    target_language: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    batch: int = 64
    metrics: bool = True


def check_metas() -> tuple[RuleMeta, ...]:
    """Identities of all checks, by code."""
    return tuple(sorted((one.meta for one in (*CHECKS, *ALIGNED)), key=lambda meta: meta.code))


def audit_pairs(
    pairs: Iterable[Pair | Skipped], options: PairOptions | None = None, scorer: PairScorer | None = None
) -> Iterator[PairAudit | Skipped]:
    """Yield one result a pair, in order; what was skipped stays in its place.

    Without ``scorer`` there are no estimates of quality, and no additions or omissions are looked for.
    """
    chosen = options or PairOptions()
    source = iter(pairs)
    head = list(islice(source, _SAMPLE))
    languages = _defaults(head, chosen)
    auditor = _Auditor(chosen, scorer, languages)
    rest = chain(head, source)
    while batch := list(islice(rest, chosen.batch)):
        yield from auditor.batch(batch)


def _defaults(head: Sequence[Pair | Skipped], options: PairOptions) -> tuple[str, str]:
    """Languages of pairs that declare none."""
    found = []
    for given, side in ((options.source_language, "source"), (options.target_language, "target")):
        undeclared = (
            one for one in head if isinstance(one, Pair) and not given and not getattr(one, f"{side}_language")
        )
        tags = Counter(_guess(getattr(one, side)) for one in undeclared)
        tags.pop("und", None)
        best = max(sorted(tags), key=lambda tag: tags[tag], default="und")
        found.append(primary(given) if given else best)
    return found[0], found[1]


def _guess(text: str) -> str:
    found = languages_of(text[:500].replace("\n", " "))
    return found[0][0] if found and found[0][1] > 0.5 else UNKNOWN.tag


# Quality and doubtful words of a pair.
_Told = tuple[float | None, tuple[Doubt, ...]]


def _told(scorer: PairScorer, views: Sequence[View]) -> list[_Told]:
    """What a model says of pairs; nothing of those with an empty side."""
    filled = [one.pair for one in views if one.pair.source.strip() and one.pair.target.strip()]
    sides = [one.source for one in filled], [one.target for one in filled]
    known: dict[int, _Told] = {}
    if isinstance(scorer, WordScorer):
        for pair, judged in zip(filled, scorer.judge_pairs(*sides), strict=True):
            known[id(pair)] = (round(float(judged.quality), 4), doubts(pair.target, judged.words))
    else:
        for pair, value in zip(filled, scorer.score_pairs(*sides), strict=True):
            known[id(pair)] = (round(float(value), 4), ())
    return [known.get(id(one.pair), (None, ())) for one in views]


class _Auditor:
    def __init__(self, options: PairOptions, scorer: PairScorer | None, languages: tuple[str, str]) -> None:
        self._options = options
        self._scorer = scorer
        self._languages = languages
        self._checks = [one for one in CHECKS if self._wanted(one.meta.code)]
        self._metrics: dict[str, Metrics] = {}

    def _wanted(self, code: str) -> bool:
        select, ignore = self._options.select, self._options.ignore
        return (not select or code.startswith(select)) and not (ignore and code.startswith(ignore))

    def batch(self, batch: Sequence[Pair | Skipped]) -> list[PairAudit | Skipped]:
        """Results of some pairs."""
        views = [view(one, self._languages_of(one)) for one in batch if isinstance(one, Pair)]
        found = [self._found(one) for one in views]
        told: list[_Told] = [(None, ())] * len(views)
        if self._scorer is not None:
            told = _told(self._scorer, views)
            for own, more in zip(found, align(views, self._scorer), strict=True):
                own += [one for one in more if self._wanted(one.rule)]
        made = iter(self._audit(one, own, value) for one, own, value in zip(views, found, told, strict=True))
        return [one if isinstance(one, Skipped) else next(made) for one in batch]

    def _languages_of(self, pair: Pair) -> tuple[str, str]:
        source, target = pair.source_language or "", pair.target_language or ""
        return primary(source) if source else self._languages[0], primary(target) if target else self._languages[1]

    def _found(self, pair: View) -> list[Finding]:
        if not pair.target.text.strip() or not pair.source.text.strip():
            return list(Length().empty(pair)) if self._wanted(Length.meta.code) else []
        return [finding for check in self._checks for finding in islice(check.check(pair), _MOST_FINDINGS)]

    def _audit(self, pair: View, found: list[Finding], told: _Told) -> PairAudit:
        reference, target = pair.pair.reference, pair.target.text
        scores = {}
        if reference and self._options.metrics:
            scores = self._metrics_of(pair.target.language).sentence(target, reference)
        findings = tuple(sorted(found, key=lambda one: (one.data["side"] != "target", one.span, one.rule)))
        if any(one.rule == Untranslated.meta.code and len(one.span) > 0.8 * len(target) for one in findings):
            findings = tuple(one for one in findings if one.rule != WrongLanguage.meta.code)
        return PairAudit(pair.pair, (pair.source.language, pair.target.language), findings, *told, scores)

    def _metrics_of(self, language: str) -> Metrics:
        if language not in self._metrics:
            self._metrics[language] = Metrics(language)
        return self._metrics[language]
