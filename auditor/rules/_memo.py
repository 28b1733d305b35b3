"""Reading a page once for all the rules that ask about it in turn."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from auditor.data import SegmentedDocument

_Found = TypeVar("_Found")


def once_a_page(read: Callable[[SegmentedDocument], _Found]) -> Callable[[SegmentedDocument], _Found]:
    """Remember what a function found on the page that it was asked about last; pages are told apart by identity."""
    last: list[tuple[SegmentedDocument, _Found]] = []

    @wraps(read)
    def remembered(page: SegmentedDocument) -> _Found:
        for known, found in last:
            if known is page:
                return found
        fresh = read(page)
        last[:] = [(page, fresh)]
        return fresh

    return remembered
