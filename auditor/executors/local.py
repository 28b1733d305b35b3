"""Processes on this machine, with back-pressure: at most two items a worker are in flight, so memory stays bounded.

A worker that dies (killed, out of memory) takes the pool with it. The items in flight are then run one at a time in
a fresh process each; the item that kills its process again is given up with a ``Lost`` result, and the rest goes on.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Worker = Callable[[Item], Result]

_worker: list[Callable[[Any], Any]] = []


@dataclass(frozen=True, slots=True)
class Lost:
    """An item whose worker died twice."""

    item: object


def run_local(
    make_worker: Callable[[], Worker[Item, Result]], items: Iterable[Item], workers: int, *, apart: bool = False
) -> Iterator[Result | Lost]:
    """Yield the worker's result for each item, in order. ``workers`` = 1 runs in this process unless ``apart``.

    ``make_worker`` is called once a process, so models and tables load once; it must be picklable.
    """
    if workers <= 1 and not apart:
        worker = make_worker()
        for item in items:
            yield worker(item)
        return
    yield from _run_pool(make_worker, iter(items), workers)


def _run_pool(make_worker: Callable[[], Callable[[Any], Any]], items: Iterator[Any], workers: int) -> Iterator[Any]:
    pool = _pool(make_worker, workers)
    waiting: deque[tuple[Any, Future[Any]]] = deque()
    try:
        for item in items:
            waiting.append((item, _submit(pool, item)))
            if len(waiting) >= 2 * workers:
                result, pool = _next(waiting, pool, make_worker, workers)
                yield result
        while waiting:
            result, pool = _next(waiting, pool, make_worker, workers)
            yield result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pool(make_worker: Callable[[], Callable[[Any], Any]], workers: int) -> ProcessPoolExecutor:
    # spawn: the parent may hold threads (progress bar, tokenizers), and forking those can hang the child
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(make_worker,))


def _submit(pool: ProcessPoolExecutor, item: Any) -> Future[Any]:
    try:
        return pool.submit(_call, item)
    except BrokenProcessPool as broken:
        failed: Future[Any] = Future()
        failed.set_exception(broken)
        return failed


def _next(
    waiting: deque[tuple[Any, Future[Any]]],
    pool: ProcessPoolExecutor,
    make_worker: Callable[[], Callable[[Any], Any]],
    workers: int,
) -> tuple[Any, ProcessPoolExecutor]:
    item, future = waiting.popleft()
    try:
        return future.result(), pool
    except BrokenProcessPool:
        pool.shutdown(wait=False, cancel_futures=True)
        result = _alone(make_worker, item)
        fresh = _pool(make_worker, workers)
        again = [(one, _submit(fresh, one)) for one, _ in waiting]
        waiting.clear()
        waiting.extend(again)
        return result, fresh


def _alone(make_worker: Callable[[], Callable[[Any], Any]], item: Any) -> Any:
    """Try an item once more in a process of its own."""
    single = _pool(make_worker, 1)
    try:
        return single.submit(_call, item).result()
    except BrokenProcessPool:
        return Lost(item)
    finally:
        single.shutdown(wait=False, cancel_futures=True)


def _start(make_worker: Callable[[], Callable[[Any], Any]]) -> None:
    # Ctrl-C is the parent's to handle; a worker that dies of it would look like a crash.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Documents make many small objects and hardly a cycle: looking for cycles as often as by default is time lost.
    gc.set_threshold(50_000, 20, 20)
    _worker[:] = [make_worker()]


def _call(item: object) -> object:
    return _worker[0](item)
