"""Which landings are in recorded replies? `replay` runs the replies through the whole pipeline."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, now
from collector.cli.output import Problems, progress, say

if TYPE_CHECKING:
    from collector.recording import Recorded


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--send", is_flag=True, help="Also send the mails that then wait to be sent.")
@click.pass_obj
def replay(invocation: Invocation, paths: tuple[Path, ...], *, send: bool) -> None:
    """Run recorded replies through the whole pipeline.

    PATHS are WARC files or folders of them. The replies are processed in order of time, whatever
    the files' names, and under the clock of the recording; the results go into the configured
    database. Replaying a recording again changes nothing. Mails stay in the outbox unless --send
    is given. The exit code is 1 if the landings of an aircraft could not be found, by a defect of
    the collector.
    """
    from collector import recording
    from collector.backfill import recordings

    invocation.configure_logs()
    settings = invocation.settings
    problems = Problems()
    with progress("replaying") as step, ExitStack() as stack:
        records = recording.read(
            list(paths),
            recognise=partial(recording.recognise, hosts=settings.hosts),
            report=problems,
            counted=step.steps,
            latest=now() + timedelta(days=1),
        )
        first = list(islice(records, 1))
        if not first:
            say(
                "collector: no record there is a reply of a feed that is known; name hosts of your "
                "own under `hosts` in the configuration"
            )
            if not send:
                return
        services = stack.enter_context(invocation.open_for_writing(past=True, create=bool(first)))

        def show_time(record: Recorded) -> None:
            step(f"{record.at:%Y-%m-%d %H:%M}")

        done = recordings.replay(
            services, chain(first, records), report=problems, progress=show_time
        )
        if send:
            from collector.clock import SystemClock
            from collector.notify.delivery import sender_of

            sender_of(settings, services.store, services.health, SystemClock()).send_all()
    span = f", {done.begin:%Y-%m-%d %H:%M} to {done.end:%Y-%m-%d %H:%M} UTC" if done.begin else ""
    say(
        f"{done.replies} replies and {done.heartbeats} heartbeats{span}: "
        f"{done.watched} reports of watched aircraft, changes to landings: {done.changes}; "
        f"{done.unreadable} replies could not be read"
    )
