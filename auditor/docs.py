"""Generate ``docs/rules.md`` and ``docs/cli.md`` from the code."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from auditor import registry
from auditor.cli import commands
from auditor.pages import headed, rule_page
from auditor.pairs import ALIGNED, CHECKS
from auditor.registry import FAMILIES


def rules_document() -> str:
    """The whole of ``docs/rules.md``."""
    parts = [
        "# Rules\n",
        "Generated from the rules' docstrings by `python -m auditor.docs`; do not edit.\n",
        (
            "Severities are MQM's. A neutral finding is evidence for provenance and takes nothing from the trust in a "
            "text; by\ndefault a text that discloses machine translation or generation is to be reviewed all the same."
        ),
        "MQM identifiers are of MQM Core (2024-03-07), types of ITS 2.0's localization quality issue list.\n",
    ]
    family = ""
    for rule in registry.rules():
        if rule.meta.family != family:
            family = rule.meta.family
            parts.append(f"## {family} {FAMILIES.get(family, '')}\n")
        parts.append(rule_page(rule))
    return "\n".join(parts)


def cli_document() -> str:
    """The whole of ``docs/cli.md``: every command's help."""
    parts = ["# Commands\n", "Generated from the commands by `python -m auditor.docs`; do not edit.\n"]

    def walk(command: click.Command, path: str, parent: click.Context | None) -> None:
        context = click.Context(command, info_name=path.rpartition(" ")[2], parent=parent, max_content_width=100)
        parts.append(f"## {path}\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                walk(command.commands[name], f"{path} {name}", context)

    walk(commands, "auditor", None)
    return "\n".join(parts)


def pair_checks_document() -> str:
    """The whole of ``docs/pair_checks.md``: every check of source and translation."""
    checks = sorted((*CHECKS, *ALIGNED), key=lambda check: check.meta.code)
    parts = [
        "# Checks of source and translation\n",
        "Generated from the checks' docstrings by `python -m auditor.docs`; do not edit.\n",
        "| check | name | severity | MQM Core | ITS 2.0 |\n|---|---|---|---|---|",
    ]
    for one in checks:
        meta = one.meta
        parts[-1] += f"\n| {meta.code} | {meta.name} | {meta.severity.label} | {meta.mqm} | {meta.its} |"
    parts[-1] += "\n"
    parts += [f"## {one.meta.code} {one.meta.name}\n\n{headed(type(one))}\n" for one in checks]
    return "\n".join(parts)


def main() -> None:
    """Write the generated documents into the folder named on the command line (default ``docs``)."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    target.mkdir(parents=True, exist_ok=True)
    (target / "rules.md").write_text(rules_document(), "utf-8")
    (target / "cli.md").write_text(cli_document(), "utf-8")
    (target / "pair_checks.md").write_text(pair_checks_document(), "utf-8")


if __name__ == "__main__":
    main()
