"""How is the database file looked after? `db migrate`, `db check` and `db backup`."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.context import Invocation


@click.group()
def db() -> None:
    """Migrate, check or back up the database."""


@db.command(short_help="Create the database or update its schema.")
@click.pass_obj
def migrate(invocation: Invocation) -> None:
    """Create the database, or update it to the schema of this version."""
    with invocation.open_store() as store:
        click.echo(f"{store.path}: schema {store.version}", err=True)


@db.command()
@click.pass_obj
def check(invocation: Invocation) -> None:
    """Read the whole database and list what is damaged."""
    from collector.errors import StoreError
    from collector.store import Store

    with Store.open(invocation.settings.database, read_only=True) as store:
        problems = store.check()
    for problem in problems:
        click.echo(problem)
    if problems:
        raise StoreError(f"{invocation.settings.database}: {len(problems)} problems")
    click.echo(f"{invocation.settings.database}: no problems", err=True)


@db.command()
@click.argument("to", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_obj
def backup(invocation: Invocation, *, to: Path) -> None:
    """Write a consistent copy of the database to a file.

    The daemon may run meanwhile. An existing file is not overwritten.
    """
    from collector.store import Store

    with Store.open(invocation.settings.database, read_only=True) as store:
        store.backup(to)
    click.echo(f"{to}: written", err=True)
