"""Which landings did people and publications report? `backfill sightings` stores them."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.context import Invocation, now
from collector.cli.list_form import encoding_option, list_form
from collector.cli.output import Problems, say


@click.command(short_help="Read landings that people and publications reported.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--instead", is_flag=True, help="Replace all stored sightings by those of these files."
)
@encoding_option
@click.pass_obj
def sightings(
    invocation: Invocation, paths: tuple[Path, ...], *, instead: bool, encoding: str | None
) -> None:
    """Read landings that people and publications reported.

    PATHS are CSV files or folders of them, as text editors and spreadsheets save them;
    docs/history.md lists their columns. Without PATHS, the
    shipped files are read. Reading a file again changes nothing. Sightings are never added to the
    tracked landings, but matched with them one to one.
    """
    from collector.backfill import sightings as sightings_backfill
    from collector.queries import published_record

    problems = Problems()
    at = now()
    files = published_record.read_sightings(
        list(paths) or [published_record.shipped_sightings()],
        problems,
        now=at,
        form=list_form(invocation, encoding),
    )
    has_rows = any(numbered for _, numbered in files)
    if not has_rows and not instead:
        say("collector: there are no sightings to read")
        raise SystemExit(1 if problems.count else 0)
    with invocation.open_for_writing(past=True, create=has_rows) as services:
        done = sightings_backfill.store_sightings(
            services.store, files, now=at, problems=problems.count, instead=instead
        )
    say(
        f"{done.rows} sightings in {done.files} {'file' if done.files == 1 else 'files'}: "
        f"{done.new} new, {done.changed} with another note, "
        f"{done.forgotten} removed; {done.problems} rows or files could not be used"
    )
    if done.problems:
        if instead:
            say("collector: nothing was changed; correct these rows first")
        raise SystemExit(1)
