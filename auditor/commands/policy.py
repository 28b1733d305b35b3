"""``auditor policy``: shipped policies, and what another one would change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from auditor.policy import Policy

_EXAMPLE = "Example: auditor policy compare balanced strict --on reports/report.jsonl"


@click.group("policy")
def policy_group() -> None:
    """Show policies, and compare two on stored results without a new audit."""


@policy_group.command("show")
@click.argument("name", required=False)
def policy_show(name: str | None) -> None:
    """Print the terms of a policy (a shipped name, or a settings file with [policy]); without one, of all shipped."""
    from dataclasses import asdict

    from auditor.policy import PRESETS

    for policy in [_policy(name)] if name else PRESETS.values():
        click.echo(f"[{policy.name}]")
        for key, value in asdict(policy.terms).items():
            click.echo(f"{key} = {json.dumps(value)}")
        for one in policy.where:
            click.echo(f"where {json.dumps(asdict(one), ensure_ascii=False)}")


@policy_group.command("compare", epilog=_EXAMPLE)
@click.argument("first")
@click.argument("second")
@click.option(
    "--on", "stored", required=True, type=click.Path(path_type=Path), help="report.jsonl, report.json, folder."
)
@click.option("--list", "names", is_flag=True, help="Also name the documents that change (at most 1,000).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def policy_compare(first: str, second: str, stored: Path, names: bool, as_json: bool) -> None:
    """Decide on stored results by two policies: shipped names, or settings files with a [policy] table."""
    from auditor.comparison import compare
    from auditor.normalize import harmless
    from auditor.stored import stored_rows

    found = compare(stored_rows(stored), _policy(first), _policy(second))
    if as_json:
        click.echo(json.dumps(found.as_object(), ensure_ascii=False))
        return
    for line in found.lines():
        click.echo(harmless(line) if ":" in line else line)
    for one in found.changed if names else ():
        click.echo(harmless(f"{one['id']}: {one['before']} to {one['after']} {one['reason']}"))


def _policy(name: str) -> Policy:
    """A shipped policy by name, or the one of a settings file."""
    from auditor.config import load
    from auditor.errors import UsageError
    from auditor.policy import PRESETS

    if name in PRESETS:
        return PRESETS[name]
    path = Path(name)
    if not path.suffix and not path.exists():
        message = f"no policy {name!r}; shipped: {', '.join(PRESETS)}, or a settings file with [policy]"
        raise UsageError(message)
    policy = load(path).policy
    if policy is None:
        message = f"{name} has no [policy]"
        raise UsageError(message)
    return policy
