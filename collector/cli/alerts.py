"""Which alerts have fired, and which rules are muted? The command `alerts`.

Besides the listing, an operator can mute a rule for a time and acknowledge an alert.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Invocation, now
from collector.cli.output import emit, json_option, say, terminal_width
from collector.cli.parameters import Moment

if TYPE_CHECKING:
    from collector.services import Services


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def alerts(ctx: click.Context, *, as_json: bool) -> None:
    """List alerts, mute rules, acknowledge alerts.

    Without a subcommand, `alerts` does what `alerts list` does.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_alerts, as_json=as_json)


@alerts.command("list", short_help="List the windows in which a rule fired.")
@json_option
@click.pass_obj
def list_alerts(invocation: Invocation, *, as_json: bool) -> None:
    """List the windows in which a rule fired, newest last, and the rules that are muted.

    KEY stands for the window in `alerts ack`.
    """
    from collector.reports.alert_times import ENDINGS, window_key
    from collector.reports.formatting import interval, iso_z, table_time
    from collector.reports.seen import alert_words
    from collector.reports.tables import table
    from collector.reports.titles import window_title
    from collector.store import alerts as stored_alerts
    from collector.untrusted import visible

    at = now()
    with invocation.open_read_only() as services:
        mutes = stored_alerts.mutes(services.store, at)
        muted_until = {(mute.watch, mute.rule): iso_z(mute.until_at) for mute in mutes}
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
                "muted_until": muted_until.get((state.watch, state.rule))
                or muted_until.get((state.watch, None)),
                "key": window_key(state.window),
                "reached_at": iso_z(state.reached_at) if state.reached_at else None,
                "ended_at": iso_z(state.ended_at) if state.ended_at else None,
                "ended_because": state.ended_because,
            }
            for state in stored_alerts.load_states(services.store)
        ]
    head = ("WATCH", "RULE", "WINDOW", "KEY", "STATUS", "COUNT", "REACHED (UTC)", "ENDED (UTC)")
    cells = [
        [
            str(row["watch"]),
            str(row["rule"]),
            window_title(str(row["window"])),
            str(row["key"]),
            alert_words(str(row["status"])),
            interval(row["count"], row["at_most"]),
            _reached_cell(row["reached_at"], row["ended_at"]),
            table_time(row["ended_at"]) if row["ended_at"] else "",
        ]
        for row in rows
    ]
    emit(
        rows,
        as_json=as_json,
        text=lambda: table(head, cells, width=terminal_width()),
        none="no rule has fired yet",
    )
    for row in () if as_json else rows:
        alert = visible(f"{row['watch']} {row['rule']} {row['key']}")
        if row["ended_because"]:
            click.echo(f"ended {ENDINGS[row['ended_because']]}: {alert}")
        if row["acknowledged_at"]:
            click.echo(f"acknowledged on {table_time(row['acknowledged_at'])} UTC: {alert}")
    for mute in mutes:
        rule = mute.rule or "all rules"
        until = table_time(iso_z(mute.until_at))
        say(f"muted until {until} UTC: {visible(f'{mute.watch} {rule}')}")


def _reached_cell(reached_at: str | None, ended_at: str | None) -> str:
    """Return when a threshold was reached, or that this was found after the window had ended."""
    from collector.reports.formatting import table_time

    if reached_at is None:
        return "?"
    late = ended_at is not None and reached_at >= ended_at
    return f"{'found ' if late else ''}{table_time(reached_at)}"


@alerts.command(short_help="Send no mail about a rule for a time.")
@click.argument("watch")
@click.argument("rule")
@click.option("--until", type=Moment(end=True), help="Until the end of this day, week or time.")
@click.option("--days", type=click.IntRange(1, 366), metavar="DAYS", help="For this many days.")
@click.option("--note", default="", help="The reason; the digest shows it.")
@click.pass_obj
def mute(
    invocation: Invocation,
    *,
    watch: str,
    rule: str,
    until: datetime | None,
    days: int | None,
    note: str,
) -> None:
    """Send no mail about a rule for a time.

    The rule's landings are still counted and its alerts are still listed. WATCH and RULE are the
    names in the configuration.
    """
    from collector.store import alerts as stored_alerts

    if (until is None) == (days is None):
        raise click.UsageError("give either --until or --days")
    at = now()
    until = until or at + timedelta(days=days or 0)
    with invocation.open_for_writing() as services:
        _check_rule(services, watch, rule)
        stored_alerts.mute(services.store, watch, rule, until, note, at=at)
    say(f"{watch} {rule} is muted until {until:%Y-%m-%d %H:%M} UTC")


@alerts.command()
@click.argument("watch")
@click.argument("rule")
@click.pass_obj
def unmute(invocation: Invocation, *, watch: str, rule: str) -> None:
    """Send mails about a muted rule again."""
    from collector.errors import CollectorError
    from collector.store import alerts as stored_alerts

    with invocation.open_for_writing() as services:
        _check_rule(services, watch, rule)
        if not stored_alerts.unmute(services.store, watch, rule):
            raise CollectorError(f"{watch} {rule} was not muted")
    say(f"{watch} {rule} is no longer muted")


@alerts.command(short_help="Acknowledge an alert: fewer mails follow.")
@click.argument("watch")
@click.argument("rule")
@click.argument("key")
@click.option("--note", default="", help="A remark to keep with the alert.")
@click.pass_obj
def ack(invocation: Invocation, *, watch: str, rule: str, key: str, note: str) -> None:
    """Acknowledge an alert, once a person has read it.

    No mail is sent any more when its count rises or when the alert ends. `alerts list` shows WATCH,
    RULE and KEY.
    """
    from collector.errors import CollectorError
    from collector.reports.alert_times import window_key
    from collector.store import alerts as stored_alerts

    with invocation.open_for_writing() as services:
        known = [each.window for each in stored_alerts.load_states(services.store, watch, rule)]
        found = [window for window in known if key in (window, window_key(window))]
        if len(found) > 1 and key not in found:
            raise CollectorError(f"{key} stands for several alerts; choose from {', '.join(found)}")
        window = key if key in found or not found else found[0]
        if not stored_alerts.acknowledge(services.store, watch, rule, window, now(), note=note):
            raise CollectorError(
                f"there is no alert {watch} {rule} {key}; `collector alerts list` shows them all"
            )


def _check_rule(services: Services, watch_name: str, rule_name: str) -> None:
    names = [
        f"{watch.name} {rule.name}" for watch in services.settings.watches for rule in watch.rules
    ]
    if f"{watch_name} {rule_name}" not in names:
        hint = f"choose from: {', '.join(names)}" if names else "the configuration has none"
        raise click.UsageError(f"there is no rule {watch_name} {rule_name}; {hint}")
