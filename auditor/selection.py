"""Which rules run, and with which options."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from auditor import registry
from auditor.config import Settings, coerce
from auditor.errors import UsageError
from auditor.registry import BaseRule
from auditor.rules._names_user import use_files


def chosen_rules(settings: Settings) -> tuple[BaseRule, ...]:
    """The rules that ``select`` and ``ignore`` leave, with the options of ``[rules.<CODE>]``."""
    use_files(settings.name_files)
    known = registry.rules()
    codes = {rule.meta.code for rule in known}
    for code in settings.rules:
        if code not in codes:
            message = f"[rules.{code}]: no rule has this code (auditor rules lists all)"
            raise UsageError(message)
    for prefix in (*settings.select, *settings.ignore):
        if not any(code.startswith(prefix) for code in codes):
            families = ", ".join(sorted({code[:2] for code in codes}))
            message = f"no rule begins with {prefix!r}; families: {families} (auditor rules lists all)"
            raise UsageError(message)
    wanted = [rule for rule in known if not settings.select or rule.meta.code.startswith(settings.select)]
    kept = [rule for rule in wanted if not (settings.ignore and rule.meta.code.startswith(settings.ignore))]
    if not kept:
        message = "select and ignore leave no rule to run"
        raise UsageError(message)
    return tuple(_with_options(rule, settings.rules.get(rule.meta.code, {})) for rule in kept)


def _with_options(rule: BaseRule, options: Any) -> BaseRule:
    if not options:
        return rule
    known = {one.name: getattr(rule, one.name) for one in fields(rule)}  # type: ignore[arg-type]
    where = f"[rules.{rule.meta.code}]"
    for name in options:
        if name not in known:
            message = f"{where}: unknown option {name!r}; known: {', '.join(sorted(known)) or 'none'}"
            raise UsageError(message)
    typed = {name: coerce(known[name], value, f"{where}: {name}") for name, value in options.items()}
    return replace(rule, **typed)  # type: ignore[type-var]
