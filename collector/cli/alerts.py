"""`alerts`, `outbox`, `digest`: what people were told, and what they still will be."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Invocation, Moment, Week, emit, json_option, now

if TYPE_CHECKING:
    from collector.services import Services


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def alerts(ctx: click.Context, *, as_json: bool) -> None:
    """Rules that fire, or fired; without a further word, `list`."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_alerts, as_json=as_json)


@alerts.command("list", short_help="Every window in which a rule fired.")
@json_option
@click.pass_obj
def list_alerts(tool: Invocation, *, as_json: bool) -> None:
    """Every window in which a rule fired, newest last, and the rules that are muted."""
    from collector.reports.formatting import interval, iso_z
    from collector.reports.tables import table
    from collector.store import alerts as stored_alerts

    at = now()
    with tool.reading() as services:
        muted = {
            (one.watch, one.rule): iso_z(one.until_at)
            for one in stored_alerts.mutes(services.store, at)
        }
        rows: list[dict[str, Any]] = [
            {
                "watch": state.watch,
                "rule": state.rule,
                "window": state.window,
                "status": state.status.value,
                "count": state.count,
                "at_most": state.at_most,
                "since_at": iso_z(state.since_at),
                "told": list(state.told),
                "acknowledged_at": iso_z(state.acknowledged_at) if state.acknowledged_at else None,
                "muted_until": muted.pop((state.watch, state.rule), None),
            }
            for state in stored_alerts.load(services.store)
        ]
    head = ("WATCH", "RULE", "WINDOW", "STATUS", "COUNT", "SINCE (UTC)", "ACKNOWLEDGED", "MUTED")
    cells = [
        [
            str(row["watch"]),
            str(row["rule"]),
            str(row["window"]),
            str(row["status"]),
            interval(row["count"], row["at_most"]),
            str(row["since_at"]),
            str(row["acknowledged_at"] or "-"),
            str(row["muted_until"] or "-"),
        ]
        for row in rows
    ]
    emit(rows, as_json=as_json, text=lambda: table(head, cells), none="no rule has fired yet")
    for (of_watch, rule), until in muted.items():
        click.echo(f"muted until {until}: {of_watch} {rule}", err=as_json)


@alerts.command(short_help="Send no mail of a rule for a time.")
@click.argument("watch")
@click.argument("rule")
@click.option("--until", type=Moment(end=True), help="Until the end of this day, time or week.")
@click.option("--days", type=click.IntRange(1, 366), help="For so many days.")
@click.option("--note", default="", help="Why; stands in the digest.")
@click.pass_obj
def mute(
    tool: Invocation, *, watch: str, rule: str, until: datetime | None, days: int | None, note: str
) -> None:
    """Send no mail of a rule for a time; what it finds is still counted and listed."""
    from collector.store import alerts as stored_alerts

    if (until is None) == (days is None):
        raise click.UsageError("say either --until or --days")
    at = now()
    until = until or at + timedelta(days=days or 0)
    with tool.writing() as services:
        _known_rule(services, watch, rule)
        stored_alerts.mute(services.store, watch, rule, until, note, at=at)
    click.echo(f"{watch} {rule} is muted until {until:%Y-%m-%d %H:%M} UTC", err=True)


@alerts.command()
@click.argument("watch")
@click.argument("rule")
@click.pass_obj
def unmute(tool: Invocation, *, watch: str, rule: str) -> None:
    """Let a muted rule speak again."""
    from collector.errors import CollectorError
    from collector.store import alerts as stored_alerts

    with tool.writing() as services:
        _known_rule(services, watch, rule)
        if not stored_alerts.unmute(services.store, watch, rule):
            raise CollectorError(f"{watch} {rule} was not muted")


@alerts.command(short_help="Say that a person has seen an alert: fewer mails.")
@click.argument("watch")
@click.argument("rule")
@click.argument("window")
@click.option("--note", default="", help="What is to be remembered.")
@click.pass_obj
def ack(tool: Invocation, *, watch: str, rule: str, window: str, note: str) -> None:
    """Say that a person has seen an alert: its rises and its end are not mailed any more."""
    from collector.errors import CollectorError
    from collector.store import alerts as stored_alerts

    with tool.writing() as services:
        if not stored_alerts.acknowledge(services.store, watch, rule, window, now(), note=note):
            raise CollectorError(
                f"no alert {watch} {rule} {window}: `collector alerts list` shows them"
            )


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
    from collector.cli.run import send_all

    with tool.writing() as services:
        for recipient, watches in services.digests.readers():
            with services.store.transaction():
                new = services.digests.owe(recipient, watches, key, at)
            said = "is owed" if new else "was owed before"
            click.echo(f"digest of {key} to {recipient.name} {said}", err=True)
        send_all(services)


def _known_rule(services: Services, watch: str, rule: str) -> None:
    known = [f"{one.name} {each.name}" for one in services.settings.watches for each in one.rules]
    if f"{watch} {rule}" not in known:
        raise click.UsageError(f"there is no rule {watch} {rule}: {', '.join(known) or 'none'}")
