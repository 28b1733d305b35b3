"""Prometheus metrics of one server."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counters in a registry of their own, so that several apps may live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own = self.registry
        self.requests = Counter("auditor_requests", "Requests by path and status.", ("path", "status"), registry=own)
        self.seconds = Histogram(
            "auditor_request_seconds",
            "Time from the first byte to the answer.",
            ("path",),
            buckets=_SECONDS,
            registry=own,
        )
        self.documents = Counter(
            "auditor_documents", "Texts answered, by decision or error.", ("decision",), registry=own
        )
        self.characters = Counter("auditor_characters", "Code points of the texts answered.", registry=own)
        self.batches = Histogram(
            "auditor_batch_documents",
            "Texts audited together.",
            buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
            registry=own,
        )
        self.waiting = Gauge("auditor_waiting_documents", "Texts that wait to be audited.", registry=own)

    def text(self) -> bytes:
        """All metrics in the text format."""
        return generate_latest(self.registry)
