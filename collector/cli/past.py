"""`replay` and `backfill`: what was heard before, through the same line."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.archived_days import globe_history
from collector.cli.context import Tool, now, progress
from collector.cli.stating import arrivals, flightlist, opensky_flights

if TYPE_CHECKING:
    from collector.recording import Recorded

PATHS = click.Path(path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.option("--send", is_flag=True, help="Also send the mails that are owed afterwards.")
@click.pass_obj
def replay(tool: Tool, paths: tuple[Path, ...], *, send: bool) -> None:
    """Take recorded replies (WARC files or folders) through the whole line.

    They run under their own clock, into the configured database, in order of time however the
    files are named. Doing it again changes nothing. Mails stay in the outbox unless --send.
    """
    from collector import recording, replaying

    tool.logging()
    settings = tool.settings
    problems = _Problems()
    with tool.writing() as line, progress("replaying") as step:

        def show(record: Recorded) -> None:
            step(f"{record.at:%Y-%m-%d %H:%M}")

        done = replaying.replay(
            line,
            recording.read(
                list(paths),
                recognise=partial(recording.recognise, hosts=settings.hosts),
                report=problems,
                counted=step.steps,
            ),
            report=problems,
            progress=show,
        )
        if send:
            from collector.cli.running import send_all

            send_all(line)
    span = f", {done.begin:%Y-%m-%d %H:%M} to {done.end:%Y-%m-%d %H:%M} UTC" if done.begin else ""
    click.echo(
        f"{done.replies} replies and {done.hearings} heartbeats{span}: "
        f"{done.watched} watched reports, {done.changes} changes to landings; "
        f"{done.unreadable} replies could not be read",
        err=True,
    )


@click.group()
def backfill() -> None:
    """Past data from archives; resumable: what is there already changes nothing."""


backfill.add_command(globe_history)
backfill.add_command(opensky_flights)
backfill.add_command(flightlist)
backfill.add_command(arrivals)


@backfill.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.pass_obj
def traces(tool: Tool, paths: tuple[Path, ...]) -> None:
    """Traces of readsb or tar1090: files, folders, day tars (also split .aa, .ab …)."""
    from collector import backfill as filling
    from collector.archives.traces import Skipped

    tool.logging()
    problems = _Problems()

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


class _Problems:
    """Says on stderr what could not be read; after many, only how many."""

    SHOWN = 50

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, problem: str) -> None:
        from collector.hostile import visible

        self.count += 1
        if self.count <= self.SHOWN:
            click.echo(f"collector: {visible(problem)}", err=True)
        elif self.count == self.SHOWN + 1:
            click.echo("collector: and more that is not shown", err=True)
