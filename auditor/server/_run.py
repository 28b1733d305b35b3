"""Run the app under uvicorn until it is told to stop."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn

from auditor.errors import UsageError
from auditor.screening import Auditor
from auditor.server._app import create_app
from auditor.server._limits import Limits
from auditor.server._logs import log, set_up_logs

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve(make_auditor: Callable[[], Auditor], host: str, port: int, limits: Limits, token: str) -> None:
    """Serve until SIGTERM or SIGINT; requests that are open then are answered, within the limit of time.

    Raises UsageError when the address cannot be taken. Port 0 takes any free one; the log says which.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as problem:
        message = f"cannot listen on {host}:{port}: {getattr(problem, 'strerror', None) or problem}"
        raise UsageError(message) from problem
    set_up_logs()
    if not token and host not in _LOOPBACK:
        log("no token", text="anybody who reaches this address may use the service; set AUDITOR_TOKEN")
    config = uvicorn.Config(
        create_app(make_auditor, limits, token),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=int(limits.seconds) + 1,
    )
    log("listening", host=host, port=listening.getsockname()[1])
    # uvicorn stops in order on SIGTERM and then raises it again; that is our cue to end with status 0.
    signal.signal(signal.SIGTERM, _stopped)
    uvicorn.Server(config).run(sockets=[listening])
    log("stopped")


def _stopped(_: int, __: FrameType | None) -> None:
    log("stopped")
    sys.exit(0)
