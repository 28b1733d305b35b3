"""pandas: a function, and the accessor ``frame.audit`` once this module is imported.

import auditor.integrations.pandas_frames
frame = frame.join(frame.audit.screen("text"))
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from auditor.config import Settings
from auditor.integrations._columns import Columns, Fields


def screen_frame(frame: pd.DataFrame, screener: Columns | None = None) -> pd.DataFrame:
    """The new columns (``audit_decision``, ``audit_findings`` …), Arrow-backed, under the index of ``frame``.

    A cell that is no text has its reason in ``audit_error`` and nothing else. Raises KeyError for a missing column.
    """
    chosen = screener or Columns()
    names = [name for name in _read(chosen.fields) if name]
    table = chosen.table({name: frame[name].tolist() for name in names})
    made: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    made.index = frame.index
    return made


def _read(fields: Fields) -> tuple[str, ...]:
    return fields.text, fields.id, fields.language, fields.group


@pd.api.extensions.register_dataframe_accessor("audit")
class AuditAccessor:
    """``frame.audit``: see ``screen``."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def screen(self, column: str = "text", settings: Settings | None = None, **more: Any) -> pd.DataFrame:
        """Screen a column. ``id``, ``language`` and ``group`` name further columns, ``clean_text=True`` adds one.

        As ``screen_frame``; to screen many frames make one ``Columns`` and hand it to ``screen_frame``.
        """
        names = {key: str(more.pop(key)) for key in ("id", "language", "group") if key in more}
        return screen_frame(self._frame, Columns(settings, Fields(column, **names), **more))
