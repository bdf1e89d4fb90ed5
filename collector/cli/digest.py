"""`digest`: what does the weekly digest of any week say?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, Week, now

if TYPE_CHECKING:
    pass


@click.command()
@click.option("--week", type=Week(), help="Like 2026-W47 (default: the last finished one).")
@click.option("--watch", help="Only this watch.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write it there.")
@click.option("--send", is_flag=True, help="Mail it to its readers, unless they had it.")
@click.pass_obj
def digest(
    tool: Invocation, *, week: str | None, watch: str | None, out: Path | None, send: bool
) -> None:
    """Print the weekly digest of any week, write it to a folder, or send it."""
    from collector.errors import CollectorError
    from collector.weeks import previous_week, week_bounds, week_of

    if send and (out or watch):
        raise click.UsageError("--send goes alone: it mails each reader the digest of the week")
    at = now()
    watches = [one for one in tool.settings.watches if watch in (None, one.name)]
    if not watches:
        raise click.BadParameter(f"there is no watch {watch!r}", param_hint="--watch")
    key = week or previous_week(week_of(at, watches[0].zone))
    begin, end = week_bounds(key, watches[0].zone)
    if begin > at:
        raise click.BadParameter(f"{key} has not begun", param_hint="--week")
    if send and end > at:
        # A digest is mailed once a week key: this one would take the place of the whole one.
        raise click.BadParameter(
            f"{key} is not over; its digest is mailed on Monday", param_hint="--week"
        )
    if send:
        _send_digest(tool, key, at)
        return
    with tool.reading() as services:
        message = services.digests.message(watches, key, at)
    if out is None:
        click.echo(message.text, nl=not message.text.endswith("\n"))
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        for suffix, content in ((".txt", message.text), (".html", message.html)):
            path = out / f"digest-{key}{suffix}"
            path.write_text(content, encoding="utf-8")
            click.echo(str(path), err=True)
    except OSError as error:
        raise CollectorError(
            f"the digest cannot be written into {out}: {error.strerror}; name another folder"
        ) from error


def _send_digest(tool: Invocation, key: str, at: datetime) -> None:
    from collector.clock import SystemClock
    from collector.notify.delivery import sender_of

    with tool.writing() as services:
        for recipient, watches in services.digests.watches_by_recipient():
            with services.store.transaction():
                new = services.digests.owe(recipient, watches, key, at)
            said = "is owed" if new else "was owed before"
            click.echo(f"digest of {key} to {recipient.name} {said}", err=True)
        sender_of(tool.settings, services.store, services.health, SystemClock()).send_all()
