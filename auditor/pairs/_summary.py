"""What a corpus of pairs is like: quality, scores and shares of pairs with findings, with 95 % intervals.

Intervals are percentile bootstrap over pairs (Efron 1979) with a fixed seed, 1,000 resamples; for corpus-level BLEU,
chrF and TER sacreBLEU's own. They say how much another sample of such pairs may differ, not how good a metric is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from auditor.data import Severity, Skipped
from auditor.pairs._audit import check_metas
from auditor.pairs._data import PairAudit
from auditor.pairs._metrics import Metrics

_RESAMPLES = 1000
_SEED = 20260822
# Above so many values the interval of a mean is that of the normal distribution: the difference is in no digit shown.
_MOST_RESAMPLED = 20_000


class Summary:
    """Collects results; holds numbers of every pair, and the texts of those that have a reference."""

    def __init__(self) -> None:
        self.pairs = 0
        self.skipped: Counter[str] = Counter()
        self._with: Counter[str] = Counter()
        self._severe = 0
        self._quality: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._texts: dict[tuple[str, str], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))

    def add(self, one: PairAudit | Skipped) -> None:
        """Count one result."""
        if isinstance(one, Skipped):
            self.skipped[one.reason] += 1
            return
        self.pairs += 1
        self._with.update({finding.rule for finding in one.findings})
        self._severe += any(finding.severity >= Severity.MAJOR for finding in one.findings)
        if one.quality is not None:
            self._quality[one.languages].append(one.quality)
        if one.scores and one.pair.reference:
            targets, references = self._texts[one.languages]
            targets.append(one.pair.target)
            references.append(one.pair.reference)

    def as_object(self) -> dict[str, Any]:
        """The summary as it is written: numbers, intervals and signatures, for all pairs and by direction."""
        names = {meta.code: meta for meta in check_metas()}
        return {
            "schema": "auditor/pairs/1",
            "pairs": self.pairs,
            "skipped": self.skipped.total(),
            "skipped_reasons": dict(sorted(self.skipped.items())),
            "with_major_findings": _share(self._severe, self.pairs),
            "findings": {
                code: {"name": meta.name, "mqm": meta.mqm, "its": meta.its, **_share(self._with[code], self.pairs)}
                for code, meta in names.items()
            },
            "quality": {_direction(key): mean(values) for key, values in sorted(self._quality.items())},
            "metrics": {
                _direction(key): _metrics(key[1], targets, references)
                for key, (targets, references) in sorted(self._texts.items())
            },
        }


def _direction(languages: tuple[str, str]) -> str:
    return "-".join(languages)


def _metrics(language: str, targets: Sequence[str], references: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "score": one.score,
            "low": one.low,
            "high": one.high,
            "segments": len(targets),
            "signature": one.signature,
        }
        for one in Metrics(language).corpus(targets, references)
    ]


def _share(count: int, total: int) -> dict[str, Any]:
    """A count, its share of all pairs and the bootstrap interval of that share."""
    if not total:
        return {"count": count, "share": 0.0, "low": 0.0, "high": 0.0}
    import numpy as np

    # Resampling zeros and ones is drawing from a binomial distribution.
    drawn = np.random.default_rng(_SEED).binomial(total, count / total, _RESAMPLES) / total
    low, high = (round(float(one), 6) for one in np.percentile(drawn, (2.5, 97.5)))
    return {"count": count, "share": round(count / total, 6), "low": low, "high": high}


def mean(values: Sequence[float]) -> dict[str, Any]:
    """Mean of some values with its interval; no interval for a single one."""
    import numpy as np

    known = np.asarray(values, dtype=np.float64)
    told = {"pairs": len(known), "mean": round(float(known.mean()), 4)}
    if len(known) < 2:
        return {**told, "low": None, "high": None}
    if len(known) > _MOST_RESAMPLED:
        spread = 1.96 * float(known.std(ddof=1)) / len(known) ** 0.5
        low, high = told["mean"] - spread, told["mean"] + spread
    else:
        random = np.random.default_rng(_SEED)
        means = [known[random.integers(len(known), size=len(known))].mean() for _ in range(_RESAMPLES)]
        low, high = (float(one) for one in np.percentile(means, (2.5, 97.5)))
    return {**told, "low": round(low, 4), "high": round(high, 4)}
