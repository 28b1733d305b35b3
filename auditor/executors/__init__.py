"""Where work runs. An executor only decides that; what comes out is the same, in the order of the items."""

from __future__ import annotations

from auditor.executors.local import run_local

__all__ = ["run_local"]
