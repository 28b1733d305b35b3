"""Quality of translations whose source is known: estimates, checks with places, and scores against references."""

from __future__ import annotations

from auditor.pairs._align import ALIGNED
from auditor.pairs._audit import CHECKS, PairOptions, audit_pairs, check_metas
from auditor.pairs._data import Pair, PairAudit, PairScorer
from auditor.pairs._metrics import CorpusScore, Metrics
from auditor.pairs._model import quality_model
from auditor.pairs._read import FORMATS, read_pairs
from auditor.pairs._summary import Summary
from auditor.pairs._wire import pair_object

__all__ = [
    "ALIGNED",
    "CHECKS",
    "FORMATS",
    "CorpusScore",
    "Metrics",
    "Pair",
    "PairAudit",
    "PairOptions",
    "PairScorer",
    "Summary",
    "audit_pairs",
    "check_metas",
    "pair_object",
    "quality_model",
    "read_pairs",
]
