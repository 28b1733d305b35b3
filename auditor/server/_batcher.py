"""Dynamic batching: texts of all requests that wait are audited together, in the order in which they came.

Nothing waits for a batch to fill. While one batch is audited the next one gathers, so batches are as large as the load
makes them: one text on an idle server.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class BusyError(Exception):
    """More waits than may wait; the same request may be welcome in a moment."""


@dataclass(frozen=True, slots=True)
class _Job(Generic[Item, Answer]):
    item: Item
    size: int
    answer: asyncio.Future[Answer]


class Batcher(Generic[Item, Answer]):
    """Runs ``work`` on batches of items in one thread. Made, used and closed inside one event loop."""

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Answer]], batch: int, waiting: int) -> None:
        self._work = work
        self._batch = batch
        self._most_waiting = waiting
        self._jobs: deque[_Job[Item, Answer]] = deque()
        self._ready = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="auditor")
        self._closing = False
        self._task = asyncio.create_task(self._run())
        # A batch is also closed when it holds so many characters: a long text delays its neighbours only so far.
        self._most_chars = 200_000

    @property
    def waiting(self) -> int:
        """Items that wait for a batch."""
        return len(self._jobs)

    async def submit(self, items: Sequence[tuple[Item, int]]) -> list[Answer]:
        """Answers of items, each given with its size in characters. Raises BusyError when too many wait already.

        When the caller is cancelled, what has not been begun is not done.
        """
        if self._closing or (self._jobs and len(self._jobs) + len(items) > self._most_waiting):
            raise BusyError
        loop = asyncio.get_running_loop()
        own: list[_Job[Item, Answer]] = [_Job(item, size, loop.create_future()) for item, size in items]
        self._jobs.extend(own)
        self._ready.set()
        try:
            return list(await asyncio.gather(*(job.answer for job in own)))
        finally:
            for job in own:
                job.answer.cancel()

    async def close(self) -> None:
        """Answer what waits, then stop."""
        self._closing = True
        self._ready.set()
        await self._task
        self._thread.shutdown()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._ready.wait()
            jobs = self._next()
            if not jobs:
                self._ready.clear()
                if self._closing:
                    return
                continue
            try:
                answers = await loop.run_in_executor(self._thread, self._work, [job.item for job in jobs])
            except Exception as problem:  # noqa: BLE001 - it is the requests' to report, and the next batch goes on
                for job in jobs:
                    _settle(job.answer, problem)
            else:
                for job, answer in zip(jobs, answers, strict=True):
                    _settle(job.answer, answer)

    def _next(self) -> list[_Job[Item, Answer]]:
        taken: list[_Job[Item, Answer]] = []
        chars = 0
        while self._jobs and len(taken) < self._batch and chars < self._most_chars:
            job = self._jobs.popleft()
            if not job.answer.cancelled():
                taken.append(job)
                chars += job.size
        return taken


def _settle(future: asyncio.Future[Answer], result: Answer | Exception) -> None:
    if future.done():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
