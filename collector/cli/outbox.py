"""`outbox`: which mails are owed or failed, and shall a failed one be tried again?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Invocation, emit, json_option, now

if TYPE_CHECKING:
    pass


@click.group()
def outbox() -> None:
    """Mails that are owed, were sent, or failed."""


@outbox.command("list")
@click.option("--state", type=click.Choice(["owed", "sent", "failed"]), help="Only these.")
@json_option
@click.pass_obj
def list_outbox(tool: Invocation, *, state: str | None, as_json: bool) -> None:
    """List mails, newest first."""
    from collector.reports.formatting import iso_z
    from collector.reports.tables import table
    from collector.store import outbox as stored_alerts

    with tool.reading() as services:
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
            for item in stored_alerts.listing(services.store, state)
        ]
    head = ("STATE", "KEY", "CREATED (UTC)", "TRIES", "LAST ERROR")
    fields = ("state", "key", "created_at", "attempts", "last_error")
    cells = [[str(row[name] if row[name] is not None else "-") for name in fields] for row in rows]
    why = f"no mail is {state}" if state else "no mail was owed yet"
    emit(rows, as_json=as_json, text=lambda: table(head, cells), none=why)


@outbox.command()
@click.argument("keys", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every mail that failed or waits.")
@click.pass_obj
def retry(tool: Invocation, *, keys: tuple[str, ...], every: bool) -> None:
    """Owe mails at once again; `run` (or `run --once`) sends them."""
    from collector.errors import CollectorError
    from collector.store import outbox as stored_alerts
    from collector.untrusted import visible

    if bool(keys) == every:
        raise click.UsageError("name the keys of mails, or say --all")
    with tool.writing() as services:
        wanted = keys or [
            item.key
            for state in ("owed", "failed")
            for item in stored_alerts.listing(services.store, state)
        ]
        unknown = [key for key in wanted if not stored_alerts.retry(services.store, key, now())]
    click.echo(f"{len(wanted) - len(unknown)} mails are owed at once", err=True)
    if unknown:
        listed = ", ".join(visible(key, 80) for key in unknown)
        raise CollectorError(f"not in the outbox, or sent already: {listed}")
