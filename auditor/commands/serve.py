"""``auditor serve``: the HTTP service."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.commands._shared import options_of_audit, settings_of

if TYPE_CHECKING:
    from auditor.config import Settings
    from auditor.screening import Auditor

_EXAMPLES = """\b
Examples:
  auditor serve --port 8765
  curl -s localhost:8765/v1/screen -H 'content-type: application/json' -d '{"documents": [{"text": "…"}]}'
  AUDITOR_TOKEN=secret auditor serve --host 0.0.0.0
  curl -s localhost:8765/metrics"""
_COUNT = click.IntRange(min=1)


@click.command("serve", epilog=_EXAMPLES)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes any free one.")
@click.option("--token-file", type=click.Path(path_type=Path), help="File with a bearer token (or AUDITOR_TOKEN).")
@click.option("--batch", type=_COUNT, default=32, show_default=True, help="Most texts that are audited at once.")
@click.option("--max-documents", type=_COUNT, default=256, show_default=True, help="Most texts of one request.")
@click.option("--max-waiting", type=_COUNT, default=2048, show_default=True, help="Most texts that may wait.")
@click.option("--max-body", type=_COUNT, default=16, show_default=True, metavar="MIB", help="Longest request.")
@click.option("--timeout", type=click.FloatRange(0.1), default=30, show_default=True, metavar="S", help="Of a request.")
@click.option("--reference", metavar="PATH", help="Earlier run or documents that lend evidence to the texts.")
@options_of_audit("config", "select", "ignore", "score", "model", "device")
def serve_command(**options: Any) -> None:
    """Serve /v1/screen, /v1/score, /healthz, /readyz, /metrics and /openapi.json over HTTP.

    Ends on SIGTERM or Ctrl-C once the open requests are answered. Logs are JSON lines on standard error.
    """
    from auditor.errors import MissingExtraError

    settings = settings_of(options)
    try:
        from auditor.server import Limits, serve
    except ImportError as problem:
        raise MissingExtraError(str(problem.name), "server") from problem
    limits = Limits(
        batch=options["batch"],
        documents=options["max_documents"],
        waiting=options["max_waiting"],
        body=options["max_body"] << 20,
        seconds=options["timeout"],
    )
    token = _token(options["token_file"])
    serve(lambda: _auditor(settings, options["reference"]), options["host"], options["port"], limits, token)


def _auditor(settings: Settings, reference: str | None) -> Auditor:
    from auditor.screening import Auditor, load_reference

    return Auditor(settings, load_reference(reference, settings) if reference else None)


def _token(path: Path | None) -> str:
    """The bearer token, "" for none. A token on the command line would be read by every user of the machine."""
    from auditor.errors import UsageError

    if path is None:
        return os.environ.get("AUDITOR_TOKEN", "").strip()
    try:
        token = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        message = f"cannot read {path}: {getattr(problem, 'strerror', None) or problem}"
        raise UsageError(message) from problem
    if not token:
        message = f"{path} holds no token"
        raise UsageError(message)
    return token
