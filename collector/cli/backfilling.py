"""`backfill`: what archives know of the past, through the same line.

Each kind of archive is a subcommand; those of other modules join with `backfill.add_command`.
"""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.context import Tool, now, progress
from collector.cli.problems import Problems

PATHS = click.Path(path_type=Path)


@click.group()
def backfill() -> None:
    """Past data from archives; resumable: what is there already changes nothing."""


@backfill.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.pass_obj
def traces(tool: Tool, paths: tuple[Path, ...]) -> None:
    """Traces of readsb or tar1090: files, folders, day tars (also split .aa, .ab …)."""
    from collector import backfill as filling
    from collector.archives.traces import Skipped

    tool.logging()
    problems = Problems()

    def report(skipped: Skipped) -> None:
        problems(str(skipped))

    units = filling.units(paths, report)
    with tool.writing() as line, progress("reading traces", len(units)) as step:
        done = filling.traces(
            line, units, now=now(), report=report, progress=lambda unit: step(unit.name)
        )
    click.echo(
        f"{done.traces} traces in {done.units} files: {done.reports} watched reports, "
        f"{done.changes} changes to landings; {problems.count} could not be read",
        err=True,
    )
    if problems.count and not done.traces:
        raise SystemExit(1)
