"""`backfill sightings`: what persons and publications reported."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.context import Invocation, Problems, now


@click.command(short_help="Landings that people and publications reported.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--instead", is_flag=True, help="Forget what was stored before, and keep these alone."
)
@click.pass_obj
def sightings(tool: Invocation, paths: tuple[Path, ...], *, instead: bool) -> None:
    """Landings reported by persons and publications: CSV files, or folders of them.

    Without a PATH, the shipped ones. Doing it again changes nothing. They are never added to
    tracked landings, but matched with them one to one: see docs/history.md for the columns.
    """
    from collector.backfill import sightings as sightings_backfill
    from collector.queries import published_record

    problems = Problems()
    found = list(paths) or [published_record.shipped_sightings()]
    with tool.writing() as services:
        done = sightings_backfill.store_sightings(
            services.store, found, now=now(), report=problems, instead=instead
        )
    click.echo(
        f"{done.rows} sightings in {done.files} {'file' if done.files == 1 else 'files'}: "
        f"{done.new} new, {done.changed} with another note, "
        f"{done.forgotten} forgotten; {done.problems} rows or files could not be used",
        err=True,
    )
    if done.problems:
        if instead:
            click.echo("collector: so nothing was changed: correct them first", err=True)
        raise SystemExit(1)
