"""What does the weekly digest of a week say? `digest` prints, writes or mails it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, now
from collector.cli.output import say
from collector.cli.parameters import Week, watches_named

if TYPE_CHECKING:
    from collector.model.notice import Message


@click.command()
@click.option("--week", type=Week(), help="A week like 2026-W47 (default: the last finished one).")
@click.option("--watch", metavar="NAME", help="Only this watch.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the digest as HTML and text, with its pictures, into this folder.",
)
@click.option("--send", is_flag=True, help="Mail the digest to everyone who has not received it.")
@click.pass_obj
def digest(
    invocation: Invocation, *, week: str | None, watch: str | None, out: Path | None, send: bool
) -> None:
    """Print, write or mail the digest of any week.

    It says what is known now. Of a week whose digest was followed by others, it also lists what has
    changed since.
    """
    from collector.errors import CollectorError
    from collector.notify.digests import due_at, present_week
    from collector.weeks import next_week, previous_week, week_bounds

    if send and (out or watch):
        raise click.UsageError(
            "--send excludes --out and --watch: it mails each recipient the digest of their watches"
        )
    at = now()
    settings = invocation.demand_secrets() if send else invocation.settings
    watches = watches_named(watch, settings.watches)
    key = week or previous_week(present_week(at, watches))
    spans = [week_bounds(key, watch.zone) for watch in watches]
    begin, end = min(first for first, _ in spans), max(last for _, last in spans)
    if begin > at:
        raise click.BadParameter(f"week {key} has not begun", param_hint="--week")
    if send and end > at:
        # A digest is mailed once a week key: this one would take the place of the whole one.
        raise click.BadParameter(
            f"week {key} is not over; its digest is mailed on Monday", param_hint="--week"
        )
    if send:
        _send(invocation, key, at)
        return
    with invocation.open_read_only() as services:
        later = at >= due_at(next_week(key), watches)
        message = services.digests.message(watches, key, at, later=later)
    if out is None:
        click.echo(message.text, nl=not message.text.endswith("\n"))
        return
    stem = f"digest-{key}"
    pictures = {f"{stem}-{name}.png": png for name, png in _drawn(message).items()}
    sources = {file.removeprefix(f"{stem}-").removesuffix(".png"): file for file in pictures}
    texts = {f"{stem}.txt": message.text, f"{stem}.html": message.html_showing(sources)}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file, content in ({each: texts[each].encode() for each in texts} | pictures).items():
            (out / file).write_bytes(content)
            click.echo(str(out / file), err=True)
    except OSError as error:
        raise CollectorError(
            f"the digest cannot be written into {out}: {error.strerror}; name another folder"
        ) from error


def _drawn(message: Message) -> dict[str, bytes]:
    """Return the pictures of a mail by their names, as far as they can be drawn."""
    from collector.drawing import Drawer

    wanted = message.illustrations
    drawn = Drawer().drawn([each.order for each in wanted])
    return {each.name: png for each, png in zip(wanted, drawn, strict=True) if png is not None}


def _send(invocation: Invocation, key: str, at: datetime) -> None:
    """Queue the digest for each recipient who has not received it, and send the outbox."""
    from collector.clock import SystemClock
    from collector.notify.delivery import sender_of

    with invocation.open_for_writing() as services:
        for recipient, watches in services.digests.watches_by_recipient():
            with services.store.transaction():
                is_new = services.digests.owe(recipient, watches, key, at)
            state = "waiting to be sent" if is_new else "already in the outbox or sent"
            say(f"digest of {key} to {recipient.name}: {state}")
        sender_of(invocation.settings, services.store, services.health, SystemClock()).send_all()
