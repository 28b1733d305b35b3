"""Errors named by their consequence, so that a caller knows what happens next."""

from __future__ import annotations


class AuditorError(Exception):
    """Base of every error that this package raises on purpose; its text is one line with the fix in it."""


class UsageError(AuditorError):
    """Wrong use: the command ends at once with exit status 2."""


class NothingReadableError(UsageError):
    """No input could be read at all: exit status 2."""


class MissingModelError(AuditorError):
    """A model that was asked for by name is not there or is damaged; the text says how to get it."""


class MissingExtraError(UsageError):
    """An optional package is needed; the text names the extra that installs it."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed: pip install 'auditor[{extra}]'")
        self.package = package
        self.extra = extra
