"""Large archives: the stages of an audit as shards in a run directory, on any engine, resumed where they stopped.

Memory does not grow with the archive: workers get names of shards, not records, and give back counters.
"""

from __future__ import annotations

from auditor.runs._diff import Difference, diff_runs
from auditor.runs._folder import RunFolder
from auditor.runs._run import Engine, audit_archive
from auditor.runs._stored import StoredDocuments, open_run
from auditor.runs._totals import Aggregates

__all__ = [
    "Aggregates",
    "Difference",
    "Engine",
    "RunFolder",
    "StoredDocuments",
    "audit_archive",
    "diff_runs",
    "open_run",
]
