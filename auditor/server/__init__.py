"""The auditor as an HTTP service. Needs the extra ``server``; nothing here is imported before it is asked for."""

from __future__ import annotations

from auditor.server._app import create_app
from auditor.server._limits import Limits
from auditor.server._run import serve

__all__ = ["Limits", "create_app", "serve"]
