"""Structured logs: one JSON object a line on standard error. No audited text, header or query stands in one."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

LOGGER = logging.getLogger("auditor.server")


class JsonLines(logging.Formatter):
    """Time (UTC), level, event and the fields that were given as ``extra={"fields": …}``."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON; of an exception its type and place, since its message may quote a text."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        told |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            told |= failure(record.exc_info[1])
        return json.dumps(told, ensure_ascii=True)


def failure(problem: BaseException) -> dict[str, str]:
    """Type of an exception and the file and line it came from."""
    trace = problem.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return {"exception": type(problem).__name__, "place": place}


def set_up_logs(level: int = logging.INFO) -> None:
    """Send the server's and uvicorn's logs to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("auditor.server", "uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers = [handler] if name != "uvicorn.error" else []
        logger.propagate = name == "uvicorn.error"
        logger.setLevel(level if name == "auditor.server" else logging.WARNING)


def log(event: str, **fields: Any) -> None:
    """Write one event."""
    LOGGER.info(event, extra={"fields": fields})
