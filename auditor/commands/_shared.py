"""Options that commands share with ``audit``, and the settings they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from auditor._options import audit_options

if TYPE_CHECKING:
    from auditor.config import Settings

_SETTINGS = ("select", "ignore", "text_field", "id_field", "group_field", "score", "model", "device")


def options_of_audit(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command options of ``audit`` by the names of their parameters."""
    known = {one.name: one for one in click.command()(audit_options(lambda **_: None)).params}

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = getattr(command, "__click_params__", [])
        # click keeps a command's parameters in reverse until the command is made.
        command.__click_params__ = own + [known[name] for name in reversed(names)]  # type: ignore[attr-defined]
        return command

    return decorate


def settings_of(options: dict[str, Any]) -> Settings:
    """Settings from the configuration file and the options that were given."""
    from dataclasses import replace

    from auditor.config import check, load

    base: Settings = load(options["config"])
    given = {name: options[name] for name in _SETTINGS if options.get(name)}
    return check(replace(base, **given))
