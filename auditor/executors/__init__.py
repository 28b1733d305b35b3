"""Where work runs. An executor only decides that; what comes out is the same."""

from __future__ import annotations

from auditor.executors.local import Lost, run_local
from auditor.executors.on_ray import run_ray

__all__ = ["Lost", "run_local", "run_ray"]
