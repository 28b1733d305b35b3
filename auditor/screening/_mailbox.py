"""Lines handed from the thread that reads to the one that audits, with back-pressure.

The reader is held back once enough waits, and the auditor takes all that waits: one line at once when lines come
slowly, full batches when they come fast.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from threading import Condition, Thread

from auditor.readers._json import lines

_PIECE = 1 << 16
_BOM = b"\xef\xbb\xbf"

Line = tuple[int, bytes | None]


class Mailbox:
    """Numbered lines that wait to be audited; None stands for a line that was too long to be held."""

    def __init__(self, most_lines: int = 1024, most_bytes: int = 16 << 20) -> None:
        self._limits = most_lines, most_bytes
        self._waiting: deque[Line] = deque()
        self._bytes = 0
        self._changed = Condition()
        self._closed = False
        self._problem: OSError | None = None

    def put(self, line: Line) -> None:
        """Add a line; waits while lines or bytes are at their limit, but one line is always taken."""
        with self._changed:
            self._changed.wait_for(self._has_room)
            self._waiting.append(line)
            self._bytes += len(line[1] or b"")
            self._changed.notify_all()

    def _has_room(self) -> bool:
        most_lines, most_bytes = self._limits
        return not self._waiting or (len(self._waiting) < most_lines and self._bytes < most_bytes)

    def close(self, problem: OSError | None = None) -> None:
        """Say that no line follows; ``problem`` is raised where the lines end."""
        with self._changed:
            self._closed, self._problem = True, problem
            self._changed.notify_all()

    def take(self, most: int) -> list[Line]:
        """Take what waits, at most ``most`` lines; waits for the first. Empty means the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
            self._bytes -= sum(len(line or b"") for _, line in taken)
            self._changed.notify_all()
            if not taken and self._problem:
                raise self._problem
            return taken

    def batches(self, most: int) -> Iterator[list[Line]]:
        """Yield what waits until the end."""
        while taken := self.take(most):
            yield taken


def read_lines(source: int, longest: int) -> Mailbox:
    """Read the lines of a file descriptor in a thread; blank lines are left out, as is a byte order mark.

    Bytes are taken from the descriptor and not from ``sys.stdin``, whose lock a thread that waits for input would
    still hold when Python ends.
    """
    mailbox = Mailbox()

    def run() -> None:
        problem = None
        try:
            for number, line in lines(_pieces(source), longest):
                if line is None or line.strip():
                    mailbox.put((number, line))
        except OSError as found:
            problem = found
        mailbox.close(problem)

    Thread(target=run, name="reader", daemon=True).start()
    return mailbox


def _pieces(source: int) -> Iterator[bytes]:
    head = b""
    while len(head) < len(_BOM) and _BOM.startswith(head) and (piece := os.read(source, _PIECE)):
        head += piece
    yield head.removeprefix(_BOM)
    while piece := os.read(source, _PIECE):
        yield piece
