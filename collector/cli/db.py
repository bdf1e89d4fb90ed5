"""How is the database looked after? By `db migrate`, `check`, `prune`, `backup` and so on."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.context import Invocation, now
from collector.cli.output import say


@click.group()
def db() -> None:
    """Migrate, check, prune, back up or restore the database."""


@db.command(short_help="Create the database or update its schema.")
@click.pass_obj
def migrate(invocation: Invocation) -> None:
    """Create the database, or update it to the schema of this version."""
    with invocation.open_store(create=True) as store:
        say(f"{store.path}: schema {store.version}")


@db.command(short_help="Judge the stored landings by the rules of this version.")
@click.pass_obj
def judge(invocation: Invocation) -> None:
    """Judge the stored landings again, if the rules of this version are newer, and find those at
    airfields that were added to the configuration.

    The daemon does both by itself, and may run meanwhile. What was judged stays judged if a run is
    ended; the next one judges the rest.
    """
    from collector.queries.status import judged_row
    from collector.reports.judged import judged_line

    invocation.configure_logs()
    with invocation.open_for_writing() as services:
        while services.judging_again.judge_next(now()):
            pass
        done = judged_line(judged_row(services.store))
        say(done or "no landings are stored")


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
    say(f"{invocation.settings.database}: no problems")


@db.command(short_help="Close old time, and prune what is no longer needed of it.")
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(90, 36500),
    metavar="DAYS",
    help="Age of what is pruned, at least 90; usually `retention.prune_after_days`.",
)
@click.option("--shrink", is_flag=True, help="Then rewrite the file without its free pages.")
@click.pass_obj
def prune(invocation: Invocation, *, days: int | None, shrink: bool) -> None:
    """Close old time, and prune what is no longer needed of it.

    Deleted are the reports of aircraft that no watch wants. Of coverage, what its shares are
    computed from is kept. Landings of closed time stay as they are, and this cannot be undone. Rows
    of watched aircraft and all that their landings rest on are kept. The daemon may run meanwhile.
    """
    from datetime import timedelta

    from collector.errors import CollectorError
    from collector.pipeline.pruning import PrunedRows, Pruning
    from collector.store import closed_time

    invocation.configure_logs()
    age = invocation.settings.prune_after if days is None else timedelta(days=days)
    if age is None:
        raise click.UsageError(
            "nothing says how old is old enough: set `retention.prune_after_days`, or name an age "
            "with --older-than DAYS"
        )
    with invocation.open_for_writing() as services:
        pruning, done = Pruning(services.store, services.settings.airfields), PrunedRows()
        if (first := pruning.waits_for()) is not None:
            raise CollectorError(f"nothing was pruned: {first} first")
        closed_until = pruning.close(age, now())
        pruning.begin_again()
        while pruning.prune_day(done):
            pass
        if shrink:
            closed_time.shrink(services.store)
    say(
        f"closed until {closed_until:%Y-%m-%d}: {done.reports} reports of strangers deleted, "
        f"{done.slots} coverage slots thinned"
    )


@db.command(short_help="Write a checked copy of the database to a file, or into a folder.")
@click.argument("to", metavar="FILE_OR_FOLDER", type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(1),
    metavar="N",
    help="Keep the newest N backups in the folder, and delete older ones.",
)
@click.pass_obj
def backup(invocation: Invocation, *, to: Path, keep: int | None) -> None:
    """Write a consistent copy of the database, and read it to its end.

    The daemon may run meanwhile. An existing file is not overwritten. In a folder the copy is named
    after the present time, and old copies are deleted only once the new one was found sound.
    """
    from collector.store import Store
    from collector.store.backups import write_backup, write_dated_backup

    if keep is not None and not to.is_dir():
        raise click.UsageError(f"--keep needs an existing folder, and {to} is none")
    with Store.open(invocation.settings.database, read_only=True) as store:
        if to.is_dir():
            to = write_dated_backup(store, to, now=now(), keep=keep)
        else:
            write_backup(store, to)
    say(f"{to}: written and checked")


@db.command(short_help="Put a backup in the place of the database.")
@click.argument("backup", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def restore(invocation: Invocation, *, backup: Path) -> None:
    """Put a backup in the place of the database, checked, and writable for its user.

    The daemon must be stopped. The database before is kept beside it under another name.
    """
    from collector.lock import SingleInstance
    from collector.store.restoring import restore

    database = invocation.settings.database
    at = now()
    kept_as = database.with_name(f"{database.stem}-before-{at:%Y%m%dT%H%M%SZ}{database.suffix}")
    with SingleInstance(database):
        existed = restore(backup, database, kept_as=kept_as, at=at)
    say(f"{database}: restored from {backup}")
    if existed:
        say(f"{kept_as}: the database before; delete it once all is well")
