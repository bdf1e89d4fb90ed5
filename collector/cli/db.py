"""`db`: the database file itself."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.context import Invocation


@click.group()
def db() -> None:
    """Migrate, check or back up the database."""


@db.command()
@click.pass_obj
def migrate(tool: Invocation) -> None:
    """Create the database, or bring it to this version's schema."""
    with tool.store() as store:
        click.echo(f"{store.path}: schema {store.version}", err=True)


@db.command()
@click.pass_obj
def check(tool: Invocation) -> None:
    """Read all of the database and say what is wrong with it."""
    from collector.errors import StoreError
    from collector.store import Store

    with Store.open(tool.settings.database, read_only=True) as store:
        problems = store.check()
    for problem in problems:
        click.echo(problem)
    if problems:
        raise StoreError(f"{tool.settings.database}: {len(problems)} problems")
    click.echo(f"{tool.settings.database}: nothing is wrong", err=True)


@db.command()
@click.argument("to", type=click.Path(path_type=Path))
@click.pass_obj
def backup(tool: Invocation, *, to: Path) -> None:
    """Write a consistent copy, also while the daemon runs."""
    from collector.store import Store

    with Store.open(tool.settings.database, read_only=True) as store:
        store.backup(to)
    click.echo(f"{to}: written", err=True)
