"""`replay`: what was recorded before, through the same line."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, Problems, progress

if TYPE_CHECKING:
    from collector.recording import Recorded

PATHS = click.Path(path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.option("--send", is_flag=True, help="Also send the mails that are owed afterwards.")
@click.pass_obj
def replay(tool: Invocation, paths: tuple[Path, ...], *, send: bool) -> None:
    """Take recorded replies (WARC files or folders) through the whole line.

    They run under their own clock, into the configured database, in order of time however the
    files are named. Doing it again changes nothing. Mails stay in the outbox unless --send.
    """
    from collector import recording
    from collector.backfill import recordings

    tool.logging()
    settings = tool.settings
    problems = Problems()
    with tool.writing() as services, progress("replaying") as step:

        def show(record: Recorded) -> None:
            step(f"{record.at:%Y-%m-%d %H:%M}")

        done = recordings.replay(
            services,
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
            from collector.clock import SystemClock
            from collector.notify.delivery import sender_of

            sender_of(tool.settings, services.store, services.health, SystemClock()).send_all()
    span = f", {done.begin:%Y-%m-%d %H:%M} to {done.end:%Y-%m-%d %H:%M} UTC" if done.begin else ""
    click.echo(
        f"{done.replies} replies and {done.heartbeats} heartbeats{span}: "
        f"{done.watched} watched reports, {done.changes} changes to landings; "
        f"{done.unreadable} replies could not be read",
        err=True,
    )
