"""Hugging Face datasets: a function for ``Dataset.map`` and ``IterableDataset.map``.

    from auditor.integrations.hf_datasets import MapScreener
    audited = dataset.map(MapScreener(), batched=True, batch_size=64, num_proc=8)
    kept = audited.filter(lambda row: row["audit_decision"] != "reject")

Pickles as its settings, so that every process loads rules and models once and datasets' cache recognises it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from auditor.integrations._columns import Columns, Fields

__all__ = ["Fields", "MapScreener"]


class MapScreener(Columns):
    """Adds the ``audit_`` columns to a batch; use it with ``batched=True``."""

    def __call__(self, batch: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """The new columns of one batch."""
        return self.screen(batch)

    def features(self) -> Any:
        """The new columns as ``datasets.Features``, for a map over parts that may be empty of findings."""
        from datasets import Features

        return Features.from_arrow_schema(self.schema())
