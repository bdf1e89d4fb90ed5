"""How do operators learn that the service failed? systemd calls `alarm`, which sends a mail.

The command needs the configuration and the mail server, and no database: that may be what failed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, now
from collector.cli.output import say

if TYPE_CHECKING:
    from collector.model import Recipient
    from collector.notify.service_failure import FailureMemory
    from collector.settings import Settings


@click.command()
@click.argument("result")
@click.option(
    "--unit", default="collector", show_default=True, help="Name of the service, for the mail."
)
@click.pass_obj
def alarm(invocation: Invocation, *, result: str, unit: str) -> None:
    """Mail the operators that the service failed; systemd calls this.

    RESULT says how the last run ended, for instance `exit-code-75`. Failures that follow each other
    within an hour cause one mail a day and one for each new result, if the environment variable
    RUNTIME_DIRECTORY names a folder to remember them in. The database is neither read nor written.
    """
    from collector.errors import ConfigError, Mistake, NoTimeZones

    cause = ""
    try:
        settings = invocation.settings
    except (ConfigError, NoTimeZones) as error:  # it may be why the service failed
        settings = invocation.usable_settings()  # who can be mailed all the same?
        if not _reachable(settings):
            raise
        cause = str(error) if isinstance(error, NoTimeZones) else ""
    if not _reachable(settings):
        what = "is not set, so nobody can be mailed that the service failed"
        raise ConfigError([Mistake("mail.host" if settings.operators else "operators", what)])
    with _memory_file() as file:
        _report(settings, result, unit, file, cause)


def _report(settings: Settings, result: str, unit: str, file: Path | None, cause: str) -> None:
    """Mail the operators unless they got a mail before, and remember it.

    `cause` says why the service failed if that is known: that there are no time zones.
    """
    from collector.clock import SystemClock
    from collector.errors import CollectorError, MailError
    from collector.notify.channels import channels
    from collector.notify.service_failure import failure_notices, with_failure
    from collector.settings.derived import home_zone

    at = now()
    memory = with_failure(None if file is None else _read(file), at)
    _write(file, memory)
    if not memory.is_due(result, at):
        say(f"{unit} failed again ({result}); a mail was sent before")
        return
    sender, failures = channels(settings, SystemClock()), []
    owed = failure_notices(
        *(unit, result, memory, _reachable(settings)),
        now=at,
        zone="UTC" if cause else home_zone(settings),
        cause=cause,
    )
    for notice in owed:
        try:
            sender.send(notice)
        except MailError as error:
            failures.append(str(error))
    if len(failures) == len(owed):
        raise CollectorError("nobody could be mailed that the service failed: " + failures[0])
    _write(file, memory.with_mail(result, at))
    say(f"{unit} failed ({result}); the operators were mailed")


def _reachable(settings: Settings) -> list[Recipient]:
    """Return the operators that can be told now: by a mail server, or by a webhook."""
    from collector.webhook import is_webhook

    has_server = settings.mail.host is not None
    return [each for each in settings.operators if has_server or is_webhook(each.address)]


@contextmanager
def _memory_file() -> Iterator[Path | None]:
    """Give the file that remembers failures, to one call at a time; None without a folder."""
    import fcntl

    folder = os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    if not folder:
        yield None
        return
    with (Path(folder) / "lock").open("w") as lock:
        # systemd may report one failure in two ways at once; the second call finds the mail sent.
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield Path(folder) / "failures.json"


def _read(file: Path) -> FailureMemory | None:
    """Return what an earlier call remembered, None if that is nothing or cannot be read."""
    import json
    from datetime import datetime

    from collector.notify.service_failure import FailureMemory

    try:
        stored = json.loads(file.read_text("utf-8"))
        mailed = stored["mailed_at"]
        return FailureMemory(
            datetime.fromisoformat(stored["began_at"]),
            datetime.fromisoformat(stored["last_at"]),
            None if mailed is None else datetime.fromisoformat(mailed),
            tuple(map(str, stored["mailed"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path | None, memory: FailureMemory) -> None:
    """Remember for the next call; a file that cannot be written costs one more mail."""
    import json
    from contextlib import suppress

    if file is None:
        return
    stored = {
        "began_at": memory.began_at.isoformat(),
        "last_at": memory.last_at.isoformat(),
        "mailed_at": memory.mailed_at and memory.mailed_at.isoformat(),
        "mailed": memory.mailed,
    }
    with suppress(OSError):
        file.write_text(json.dumps(stored), "utf-8")
