"""`alerts`, `outbox`, `digest`: what people were told, and what they still will be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Invocation, Moment, emit, json_option, now

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
            for state in stored_alerts.load_states(services.store)
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


def _known_rule(services: Services, watch: str, rule: str) -> None:
    known = [f"{one.name} {each.name}" for one in services.settings.watches for each in one.rules]
    if f"{watch} {rule}" not in known:
        raise click.UsageError(f"there is no rule {watch} {rule}: {', '.join(known) or 'none'}")
