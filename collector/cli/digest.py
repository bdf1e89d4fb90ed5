"""What does the weekly digest of a week say? `digest` prints, writes or mails it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, now, say_of_the_past
from collector.cli.output import say
from collector.cli.parameters import Week, watches_named

if TYPE_CHECKING:
    from collector.model.notice import Message
    from collector.store.outbox_items import OutboxItem


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
        watches = watches_named(watch, services.settings.watches)
        later = at >= due_at(next_week(key), watches)
        message = services.digests.message(watches, key, at, later=later)
        say_of_the_past(services)
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
    """Queue the digest for each recipient who has not received it, send the outbox, and say what
    became of each. Ends with 1 if one was refused for good."""
    from collector.clock import SystemClock
    from collector.notify.delivery import sender_of

    with invocation.open_for_writing() as services:
        recipients = services.digests.watches_by_recipient()
        known = {}
        for recipient, watches in recipients:
            with services.store.transaction():
                known[recipient.name] = not services.digests.owe(recipient, watches, key, at)
        sender_of(invocation.settings, services.store, services.health, SystemClock()).send_all()
        items = {one.name: services.digests.queued(one, key) for one, _ in recipients}
    for name, item in items.items():
        say(f"digest of {key} to {name}: {_became(item, before=known[name])}")
    if any(item is not None and item.state == "failed" for item in items.values()):
        raise SystemExit(1)


def _became(item: OutboxItem | None, *, before: bool) -> str:
    """Return what became of a mail; `before`: it was in the outbox already."""
    from collector.untrusted import visible

    if item is None:
        return "not in the outbox"
    why = f" ({visible(item.last_error, 200)})" if item.last_error else ""
    return {
        "sent": "was sent before" if before else "sent",
        "owed": f"waits; the daemon sends it, or `collector run --once`{why}",
        "failed": f"refused{why}; see `collector outbox list`",
        "dropped": "was dropped before; `collector outbox retry` sends it after all",
    }[item.state]
