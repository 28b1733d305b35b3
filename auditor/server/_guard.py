"""What stands before every request: its identity, token, size and time; and behind it: metrics and one log line."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from auditor.server._limits import Limits
from auditor.server._logs import failure, log
from auditor.server._metrics import Metrics

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PATHS = ("/v1/screen", "/v1/score", "/healthz", "/readyz", "/metrics", "/openapi.json")
# Asked by machines that hold no token, and telling nothing of the texts.
_OPEN = frozenset({"/healthz", "/readyz", "/openapi.json"})
_NAME = re.compile(r"[\w.-]{1,64}", re.ASCII)


class _RefusedError(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Guard:
    """ASGI middleware around the whole app."""

    def __init__(self, app: App, limits: Limits, metrics: Metrics, token: str) -> None:
        self._app = app
        self._limits = limits
        self._metrics = metrics
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass; answer the rest."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        headers = {name.lower(): value for name, value in scope["headers"]}
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        name = given if _NAME.fullmatch(given) else uuid.uuid4().hex
        status = [0]

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", name.encode())]
            await send(message)

        extra: dict[str, Any] = {}
        try:
            self._check(scope["path"], headers)
            body = await self._body(headers, receive)
            scope["auditor.told"] = extra
            await self._app(scope, _replay(body, receive), sending)
        except _RefusedError as refused:
            await _answer(sending, refused.status, refused.reason)
        except Exception as problem:  # noqa: BLE001 - said in the log; the next request goes on
            extra |= failure(problem)
            if not status[0]:
                await _answer(sending, 500, "internal error")
        self._tell(scope, name, status[0], time.perf_counter() - start, extra)

    def _check(self, path: str, headers: dict[bytes, bytes]) -> None:
        if not self._token or path in _OPEN:
            return
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        if scheme.lower() != b"bearer" or not hmac.compare_digest(token.strip(), self._token):
            raise _RefusedError(401, "a bearer token is needed")

    async def _body(self, headers: dict[bytes, bytes], receive: Receive) -> bytes:
        """The whole body, read within the limits of size and time."""
        most = self._limits.body
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > most:
            raise _RefusedError(413, f"the body is longer than {most} bytes")
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._limits.seconds):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _RefusedError(400, "the client went away")
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    more = message.get("more_body", False)
                    if size > most:
                        raise _RefusedError(413, f"the body is longer than {most} bytes")
        except TimeoutError as problem:
            raise _RefusedError(408, "the body did not arrive in time") from problem
        return b"".join(parts)

    def _tell(self, scope: Scope, name: str, status: int, seconds: float, extra: dict[str, Any]) -> None:
        # Paths that do not exist are told as one, so that a scanner cannot fill metrics and logs with text of its own.
        path = scope["path"] if scope["path"] in PATHS else "other"
        self._metrics.requests.labels(path, str(status)).inc()
        self._metrics.seconds.labels(path).observe(seconds)
        method = scope["method"] if scope["method"].isalpha() and len(scope["method"]) < 10 else "other"
        log("request", id=name, method=method, path=path, status=status, ms=round(seconds * 1000, 1), **extra)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the app the body that was read, then what the client sends on."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def replaying() -> MutableMapping[str, Any]:
        return messages.pop() if messages else await receive()

    return replaying


async def _answer(send: Send, status: int, reason: str) -> None:
    body = json.dumps({"detail": reason}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if status in {408, 413}:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
