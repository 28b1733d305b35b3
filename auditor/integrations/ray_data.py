"""Ray Data: an actor class for ``Dataset.map_batches``, on CPU or GPU workers.

from auditor.integrations.ray_data import BatchScreener
audited = dataset.map_batches(BatchScreener, batch_format="pyarrow", batch_size=256, concurrency=8,
                              fn_constructor_kwargs={"settings": Settings(score="none")})
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.integrations._columns import Columns, Fields

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["BatchScreener", "Fields"]


class BatchScreener(Columns):
    """Adds the ``audit_`` columns to an Arrow batch. One object an actor, so rules and models load once an actor."""

    def __call__(self, batch: pa.Table) -> pa.Table:
        """The batch with the new columns behind its own; columns of the same names are replaced."""
        names = [name for name in (self.fields.text, self.fields.id, self.fields.language, self.fields.group) if name]
        made = self.table({name: batch.column(name).to_pylist() for name in names})
        kept = batch.drop_columns([name for name in made.column_names if name in batch.column_names])
        for field, column in zip(made.schema, made.columns, strict=True):
            kept = kept.append_column(field, column)
        return kept
