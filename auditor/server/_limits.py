"""What one request, and all of them together, may ask for."""

from __future__ import annotations

from dataclasses import dataclass, fields

from auditor.errors import UsageError


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a server.

    ``batch``: texts audited at once; ``documents``: texts of one request; ``waiting``: texts that may wait before
    requests are turned away; ``body``: bytes of one request; ``seconds``: time for one request.
    """

    batch: int = 32
    documents: int = 256
    waiting: int = 2048
    body: int = 16 << 20
    seconds: float = 30.0

    def __post_init__(self) -> None:
        for one in fields(self):
            if getattr(self, one.name) <= 0:
                message = f"limit {one.name} must be above 0"
                raise UsageError(message)
