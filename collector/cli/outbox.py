"""Which mails wait, were sent, or failed? `outbox list` shows them, `outbox retry` sends again."""

from __future__ import annotations

from typing import Any

import click

from collector.cli.context import Invocation, now
from collector.cli.output import emit, json_option


@click.group()
def outbox() -> None:
    """List mails that wait, were sent or failed; retry them."""


@outbox.command("list")
@click.option(
    "--state",
    type=click.Choice(["owed", "sent", "failed"]),
    help="Only mails in this state; `owed` means waiting to be sent.",
)
@json_option
@click.pass_obj
def list_outbox(invocation: Invocation, *, state: str | None, as_json: bool) -> None:
    """List mails, newest first."""
    from collector.reports.formatting import iso_z
    from collector.reports.tables import table
    from collector.store import outbox as stored_outbox

    with invocation.open_read_only() as services:
        rows: list[dict[str, Any]] = [
            {
                "key": item.key,
                "recipient": item.owed.recipient.name,
                "address": item.owed.recipient.address,
                "subject": item.owed.message.subject,
                "created_at": iso_z(item.owed.created_at),
                "state": item.state,
                "attempts": item.attempts,
                "next_at": iso_z(item.next_at) if item.state == "owed" else None,
                "sent_at": iso_z(item.sent_at) if item.sent_at else None,
                "message_id": item.message_id,
                "last_error": item.last_error,
            }
            for item in stored_outbox.listing(services.store, state)
        ]
    head = ("STATE", "KEY", "CREATED (UTC)", "TRIES", "LAST ERROR")
    fields = ("state", "key", "created_at", "attempts", "last_error")
    cells = [[str(row[name] if row[name] is not None else "-") for name in fields] for row in rows]
    reason = f"no mail in the outbox is in state {state}" if state else "the outbox is empty"
    emit(rows, as_json=as_json, text=lambda: table(head, cells), none=reason)


@outbox.command()
@click.argument("keys", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Retry every mail that failed or waits.")
@click.pass_obj
def retry(invocation: Invocation, *, keys: tuple[str, ...], every: bool) -> None:
    """Make mails due at once; the daemon sends them.

    KEYS are those that `outbox list` shows. Without a daemon, `collector run --once` sends the
    mails.
    """
    from collector.errors import CollectorError
    from collector.store import outbox as stored_outbox
    from collector.untrusted import visible

    if bool(keys) == every:
        raise click.UsageError("give the keys of mails, or --all")
    with invocation.open_for_writing() as services:
        retried = keys or [
            item.key
            for state in ("owed", "failed")
            for item in stored_outbox.listing(services.store, state)
        ]
        unknown = [key for key in retried if not stored_outbox.retry(services.store, key, now())]
    count = len(retried) - len(unknown)
    click.echo(f"{count} {'mail is' if count == 1 else 'mails are'} due at once", err=True)
    if unknown:
        listed = ", ".join(visible(key, 80) for key in unknown)
        raise CollectorError(f"not in the outbox, or already sent: {listed}")
