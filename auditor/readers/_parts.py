"""Parts of a file that can be read by themselves, written as ``start-end`` (``end`` open for the last)."""

from __future__ import annotations

from collections.abc import Sequence


def spans(starts: Sequence[int]) -> tuple[str, ...]:
    """Parts that begin at these offsets or numbers, the last one open; one part has no name."""
    if len(starts) < 2:
        return ("",)
    ends = [*(str(start) for start in starts[1:]), ""]
    return tuple(f"{start}-{end}" for start, end in zip(starts, ends, strict=True))


def span_of(part: str) -> tuple[int, int | None]:
    """Begin and end of a part; a part without name is the whole file."""
    if not part:
        return 0, None
    start, _, end = part.partition("-")
    return int(start), int(end) if end else None


def runs(sizes: Sequence[int], most: int) -> list[int]:
    """Where parts begin in a row of things with these sizes, so that each holds about ``most``."""
    starts: list[int] = []
    held = most
    for at, size in enumerate(sizes):
        if held >= most or (held and held + size > 2 * most):
            starts.append(at)
            held = 0
        held += size
    return starts
