"""Which mails wait, were sent, failed or were dropped? `outbox list` shows them.

`outbox retry` sends again, `outbox drop` keeps mails from being sent, and `outbox summary` sums up
those that were dropped.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Invocation, now
from collector.cli.output import emit, json_option, say, terminal_width
from collector.cli.parameters import Moment

if TYPE_CHECKING:
    from collector.store import Store


ID_DIGITS = 8
_IDS = re.compile(f"[0-9a-f]{{{ID_DIGITS},64}}")


@click.group()
def outbox() -> None:
    """List mails by state; retry or drop them, or sum them up."""


@outbox.command("list")
@click.option(
    "--state",
    type=click.Choice(["owed", "sent", "failed", "dropped"]),
    help="Only mails in this state; `owed` means waiting to be sent, `dropped` not to be sent.",
)
@json_option
@click.pass_obj
def list_outbox(invocation: Invocation, *, state: str | None, as_json: bool) -> None:
    """List mails, newest first.

    The ID is the end of the name of the mail's file if mails go into a folder. --json lists each
    notice in a mail too, with its whole key.
    """
    from collector.reports.formatting import iso_z
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
                "group": item.group,
            }
            for item in stored_outbox.listing(services.store, state)
        ]
    mails = [row for row in rows if row["group"] is None]
    reason = f"no mail in the outbox is in state {state}" if state else "the outbox is empty"
    emit(rows, as_json=as_json, text=lambda: _table(mails, terminal_width()), none=reason)


def _table(mails: Sequence[dict[str, Any]], width: int) -> str:
    """Return the mails as a table; where it is too wide for one line a mail, with what each says
    below it."""
    from collector.reports.formatting import table_time
    from collector.reports.tables import table

    failing = any(row["last_error"] for row in mails)
    head = ["ID", "STATE", "CREATED (UTC)", "TO", "SUBJECT"]
    cells = [
        [short_id(row["key"]), row["state"], table_time(row["created_at"]), row["recipient"]]
        + [row["subject"].partition(" (usual")[0]]
        + ([str(row["attempts"]), row["last_error"] or ""] if failing else [])
        for row in mails
    ]
    if failing:
        head += ["TRIES", "LAST ERROR"]
    wide = table(head, cells, width=width)
    if wide.count("\n") == 1 + len(mails):
        return wide
    narrow = [[*cell[:4], *cell[5:6]] for cell in (head, *cells)]
    below = [
        f"    {cell[4]}" + (f"; {_why(row)}: {row['last_error']}" if row["last_error"] else "")
        for row, cell in zip(mails, cells, strict=True)
    ]
    return table(narrow[0], narrow[1:], width=width, below=below)


def _why(row: dict[str, Any]) -> str:
    return "dropped" if row["state"] == "dropped" else "last error"


@outbox.command()
@click.argument("keys", nargs=-1, metavar="[IDS]...")
@click.option("--all", "every", is_flag=True, help="Retry every mail that failed or waits.")
@click.pass_obj
def retry(invocation: Invocation, *, keys: tuple[str, ...], every: bool) -> None:
    """Let the daemon send mails that failed, wait or were dropped.

    IDS are those that `outbox list` shows, or the keys of its --json. The daemon sends the mails
    within a minute; without a daemon, `collector run --once` does.
    """
    from collector.lock import holder
    from collector.store import outbox as stored_outbox

    if bool(keys) == every:
        raise click.UsageError("give the ids of mails, or --all")
    with invocation.open_for_writing() as services:
        retried = _keys(services.store, keys) or [
            item.key
            for state in ("owed", "failed")
            for item in stored_outbox.listing(services.store, state, bound=False)
        ]
        at = now()
        refused = [key for key in retried if not stored_outbox.retry(services.store, key, at)]
        reasons = _reasons(services.store, refused)
    if count := len(retried) - len(refused):
        mails, them = ("1 mail waits", "it") if count == 1 else (f"{count} mails wait", "them")
        running = holder(invocation.settings.database) is not None
        sender = "the daemon sends" if running else "no daemon runs: `collector run --once` sends"
        say(f"{mails} to be sent; {sender} {them}")
    elif every:
        say("collector: no mail failed or waits")
    _refuse(reasons)


@outbox.command()
@click.argument("keys", nargs=-1, metavar="[IDS]...")
@click.option("--all", "every", is_flag=True, help="Drop every mail that waits or failed.")
@click.option(
    "--before",
    type=Moment(),
    help="Drop those created before this day or time; a day begins in UTC.",
)
@click.pass_obj
def drop(
    invocation: Invocation, *, keys: tuple[str, ...], every: bool, before: datetime | None
) -> None:
    """Keep mails that wait or failed from being sent.

    IDS are those that `outbox list` shows, or the keys of its --json. A dropped mail is kept:
    `outbox summary` sums up all of them, and `outbox retry ID` sends one after all.
    """
    from collector.store import outbox as stored_outbox

    if (bool(keys), every, before is not None).count(True) != 1:
        raise click.UsageError("give the ids of mails, --before or --all")
    with invocation.open_for_writing() as services, services.store.transaction():
        wanted = _keys(services.store, keys) or [
            item.key
            for state in ("owed", "failed")
            for item in stored_outbox.listing(services.store, state, bound=False)
            if before is None or item.owed.created_at < before
        ]
        refused = [
            key for key in wanted if not stored_outbox.drop(services.store, key, "dropped by hand")
        ]
        reasons = _reasons(services.store, refused)
    count = len(wanted) - len(refused)
    if count or not refused:
        say(f"{count} {'mail is' if count == 1 else 'mails are'} dropped")
    _refuse(reasons)


@outbox.command()
@click.option("--send", is_flag=True, help="Mail the summary to the recipients of these mails.")
@click.pass_obj
def summary(invocation: Invocation, *, send: bool) -> None:
    """Print one summary of the mails that were dropped, or mail it.

    What was over before a replay or a backfill began is not mailed notice by notice: it is listed
    here. With --send the daemon mails the summary, each one once.
    """
    from collector.notify import past_notices
    from collector.settings.derived import home_zone

    zone = home_zone(invocation.settings)
    if send:
        with invocation.open_for_writing() as services:
            queued = past_notices.owe_summaries(services.store, zone, now())
        who = ", ".join(queued) or "nobody: no mail was dropped since the last summary"
        say(f"summary queued for {who}")
        return
    with invocation.open_read_only() as services:
        message = past_notices.summary(past_notices.dropped(services.store), zone)
    if message is None:
        say("collector: no mail was dropped")
        return
    click.echo(message.text, nl=False)


def short_id(key: str) -> str:
    """Return by which id the table names a mail: the first digits of its key's SHA-256.

    Eight digits make two mails of ten thousand alike once in a hundred outboxes; then more digits,
    or the key, tell them apart.
    """
    return _digest(key)[:ID_DIGITS]


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _keys(store: Store, given: Sequence[str]) -> list[str]:
    """Return the key of each mail that was named by its key or by an id, in the order given.

    What names no mail stays as it is. Raises UsageError for an id that several mails have.
    """
    from collector.store import outbox as stored_outbox

    known = stored_outbox.keys(store) if given else set()
    found = []
    for each in given:
        alike = [key for key in known if _IDS.fullmatch(each) and _digest(key).startswith(each)]
        if each not in known and len(alike) > 1:
            raise click.UsageError(f"{len(alike)} mails have the id {each}; give their keys")
        found.append(each if each in known or not alike else alike[0])
    return found


def _reasons(store: Store, keys: Sequence[str]) -> list[str]:
    """Return why each of these mails was left as it is. Raises StoreError."""
    from collector.store import outbox as stored_outbox
    from collector.untrusted import visible

    states = {item.key: item.state for item in stored_outbox.listing(store)} if keys else {}
    none = "the outbox holds no such mail; `collector outbox list` shows all"
    return [
        f"{visible(key, 120)}: " + (f"is {states[key]} already" if key in states else none)
        for key in keys
    ]


def _refuse(reasons: Sequence[str]) -> None:
    """Raise CollectorError with a line for each reason, if there are any."""
    from collector.errors import CollectorError

    if reasons:
        for reason in reasons[:-1]:
            say(f"collector: {reason}")
        raise CollectorError(reasons[-1])
