"""Ray: tasks on the CPUs of one machine or a cluster, actors for workers that hold models.

What a lost worker or node was doing is tried again; an item that kills its worker again is given up with ``Lost``.
Only small items and counters travel; records stay in the run directory, which every node must see at the same path.
"""

from __future__ import annotations

import socket
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from auditor.errors import MissingExtraError, UsageError
from auditor.executors.local import Lost

# An item is tried so often again when its worker or node is lost.
_RETRIES = 2
# Tasks in flight for each CPU, and some more, so that an autoscaler sees that there is work.
_AHEAD = 2
_MORE = 8
# Seconds until an address counts as one where nothing listens.
_PATIENCE = 20.0
_workers: dict[str, Callable[[Any], Any]] = {}


def run_ray(
    make_worker: Callable[[], Callable[[Any], Any]],
    items: Sequence[Any],
    workers: int,
    *,
    address: str = "",
    models: bool = False,
) -> Iterator[tuple[Any, Any]]:
    """Yield each item with the worker's result or ``Lost``, as they come.

    ``address`` is that of a cluster (``auto``: the one of this machine); "" starts Ray here with ``workers`` CPUs.
    ``models`` asks for actors, with a GPU each where the cluster has any. Raises UsageError when there is no cluster.
    """
    ray = connected(address, workers)
    if not items:
        return
    yield from _on_actors(ray, make_worker, items, workers) if models else _as_tasks(ray, make_worker, items)


def connected(address: str, workers: int) -> Any:
    """The ray module, connected. Raises MissingExtraError and UsageError."""
    try:
        import ray
    except ImportError as problem:
        extra = "ray"
        raise MissingExtraError(extra, extra) from problem
    if ray.is_initialized():
        return ray
    quiet = {"log_to_driver": False, "include_dashboard": False}
    try:
        if address:
            _reachable(address)
            ray.init(address=address, log_to_driver=False)
        else:
            ray.init(address="local", num_cpus=max(1, workers), **quiet)
    except (OSError, RuntimeError, ValueError) as problem:
        message = f"no Ray cluster at {address or 'this machine'}: {' '.join(str(problem).split())[:200]}"
        raise UsageError(message) from problem
    return ray


def _reachable(address: str) -> None:
    """Raise OSError where nothing listens: Ray itself would go on asking for ten minutes."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()


def _as_tasks(ray: Any, make: Callable[[], Callable[[Any], Any]], items: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    call = ray.remote(num_cpus=1, max_retries=_RETRIES, retry_exceptions=False)(_call)
    # The worker is made once in each process; the key tells the stages apart.
    key, maker = uuid.uuid4().hex, ray.put(make)
    waiting: dict[Any, Any] = {}
    for item in items:
        while len(waiting) >= _AHEAD * int(ray.cluster_resources().get("CPU", 1)) + _MORE:
            yield from _ready(ray, waiting)
        waiting[call.remote(key, maker, item)] = item
    while waiting:
        yield from _ready(ray, waiting)


def _ready(ray: Any, waiting: dict[Any, Any]) -> Iterator[tuple[Any, Any]]:
    done, _ = ray.wait(list(waiting), num_returns=1)
    for reference in done:
        item = waiting.pop(reference)
        yield item, _result(ray, reference, item)


def _result(ray: Any, reference: Any, item: Any) -> Any:
    lost = (
        ray.exceptions.WorkerCrashedError,
        ray.exceptions.OutOfMemoryError,
        ray.exceptions.ActorDiedError,
        ray.exceptions.ActorUnavailableError,
        ray.exceptions.ObjectLostError,
    )
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as problem:
        # What the worker itself raised, as it would have been raised here.
        raise problem.cause from problem
    except lost:
        return Lost(item)


def _on_actors(
    ray: Any, make: Callable[[], Callable[[Any], Any]], items: Sequence[Any], workers: int
) -> Iterator[tuple[Any, Any]]:
    """One actor for each GPU of the cluster; without GPUs one for each node, which uses its cores by itself."""
    resources = ray.cluster_resources()
    gpus = int(resources.get("GPU", 0))
    nodes = sum(bool(one["Alive"]) for one in ray.nodes())
    number = max(1, min(gpus or nodes, len(items), max(workers, gpus, nodes)))
    kind = ray.remote(num_cpus=1, num_gpus=1 if gpus else 0)(_Actor)
    crew = _Crew(ray, lambda: kind.remote(make), number)
    again = []
    for item, result in crew.run(items, ahead=2):
        if isinstance(result, Lost):
            again.append(item)
        else:
            yield item, result
    # An actor is lost with all that it was given, the guilty item and the others: one at a time tells them apart.
    for item in again:
        result = Lost(item)
        for _ in range(_RETRIES):
            ((_, result),) = crew.run([item], ahead=1)
            if not isinstance(result, Lost):
                break
        yield item, result
    crew.close()


class _Crew:
    """So many actors; one that is lost is replaced."""

    def __init__(self, ray: Any, hire: Callable[[], Any], number: int) -> None:
        self._ray, self._hire = ray, hire
        self._actors: dict[int, Any] = dict.fromkeys(range(number))

    def run(self, items: Sequence[Any], ahead: int) -> Iterator[tuple[Any, Any]]:
        """Each item with its result or ``Lost``; an actor has ``ahead`` items, so that it need not wait for its next.

        Items of a lost actor are lost; the items after them go to the one that replaces it.
        """
        left = iter(items)
        waiting: dict[Any, tuple[Any, int, Any]] = {}
        for place in [*self._actors] * ahead:
            self._give(place, left, waiting)
        while waiting:
            done, _ = self._ray.wait(list(waiting), num_returns=1)
            for reference in done:
                item, place, actor = waiting.pop(reference)
                result = _result(self._ray, reference, item)
                if isinstance(result, Lost) and self._actors[place] is actor:
                    self._actors[place] = None
                self._give(place, left, waiting)
                yield item, result

    def _give(self, place: int, left: Iterator[Any], waiting: dict[Any, tuple[Any, int, Any]]) -> None:
        for item in left:
            if self._actors[place] is None:
                self._actors[place] = self._hire()
            actor = self._actors[place]
            waiting[actor.call.remote(item)] = (item, place, actor)
            return

    def close(self) -> None:
        for actor in filter(None, self._actors.values()):
            self._ray.kill(actor)


class _Actor:
    """Holds a worker with its models."""

    def __init__(self, make: Callable[[], Callable[[Any], Any]]) -> None:
        self._worker = make()

    def call(self, item: object) -> object:
        return self._worker(item)


def _call(key: str, make: Callable[[], Callable[[Any], Any]], item: object) -> object:
    if key not in _workers:
        _workers.clear()
        _workers[key] = make()
    return _workers[key](item)
