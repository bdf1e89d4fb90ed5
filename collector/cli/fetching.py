"""`backfill globe-history`: days of the past, fetched from the archives of the net."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from collector.cli.context import Moment, Tool, progress
from collector.cli.problems import Problems

if TYPE_CHECKING:
    from collector.fetching import Fetching

AGAIN = click.option("--again", is_flag=True, help="Also what was asked before.")
SINCE = click.option(
    "--from", "begin", type=Moment(), required=True, help="From this day or week on, UTC."
)
UNTIL = click.option(
    "--to", "end", type=Moment(end=True), required=True, help="Until this day or week, included."
)


@click.command("globe-history")
@SINCE
@UNTIL
@click.option(
    "--per-aircraft",
    is_flag=True,
    help="One trace for each watched aircraft and day, from the tar1090 at archives.history_url, "
    "instead of whole days.",
)
@click.option(
    "--also",
    multiple=True,
    metavar="HEX",
    help="With --per-aircraft: further aircraft, such as regular ones that prove who was heard.",
)
@click.option("--keep", is_flag=True, help="Keep fetched days; else each is deleted once read.")
@click.option(
    "--disk-budget",
    type=click.FloatRange(min=0, min_open=True),
    metavar="GB",
    help="Never more than this in the archives' folder (default: archives.disk_budget_gb).",
)
@click.option("--partial", is_flag=True, help="Also days known or found to be incomplete.")
@AGAIN
@click.pass_obj
def globe_history(
    tool: Tool,
    begin: datetime,
    end: datetime,
    *,
    per_aircraft: bool,
    also: tuple[str, ...],
    keep: bool,
    disk_budget: float | None,
    partial: bool,
    again: bool,
) -> None:
    """Days of adsb.lol's archive (3 GB each, data ODbL 1.0), fetched and read one by one.

    May be stopped at any time: it goes on where it was. See docs/archives.md.
    """
    from collector import fetching as fetch
    from collector import fetching_days as daily
    from collector.clock import SystemClock

    for icao24 in also:
        _address(icao24)
    tool.logging()
    settings, clock, problems = tool.settings.archives, SystemClock(), Problems()
    if disk_budget is not None:
        settings = replace(settings, disk_budget_gb=disk_budget)
    url = settings.history_url or ""
    if per_aircraft and not url:
        raise click.UsageError(
            "--per-aircraft needs archives.history_url: the address of a tar1090 map with a "
            "history, best your own"
        )
    days = fetch.days_between(begin.astimezone(UTC).date(), day_after(end))
    if not days:
        raise click.UsageError("--to is before --from")
    with (
        fetch.alone(settings),
        tool.writing() as line,
        fetch.client(tool.settings, clock) as http,
        progress("fetching days", len(days)) as step,
    ):
        run = fetch.Fetching(
            line=line,
            http=http,
            clock=clock,
            report=fetch.Report(problem=problems, day=_say, step=step),
            again=again,
            partial=partial,
            keep=keep,
        )
        try:
            if per_aircraft:
                daily.per_aircraft(run, settings, url, days, [one.lower() for one in also])
            else:
                daily.whole_days(run, settings, days)
        finally:
            summary(run, "days")
    if not per_aircraft and run.traces:
        click.echo("Data: adsb.lol contributors, ODbL 1.0; name them when you publish.", err=True)
    if problems.count:
        raise SystemExit(1)


def summary(run: Fetching, what: str) -> None:
    """How the run ended, in one line on stderr."""
    counts = sorted((outcome, count) for outcome, count in run.ended.items() if count)
    ended = ", ".join(f"{count} {outcome}" for outcome, count in counts)
    took = f"{run.traces} traces, {run.reports} watched reports, {run.changes} changes to landings"
    if what != "days":
        took = f"{run.stated} arrivals of watched aircraft stated"
    click.echo(f"{what}: {ended or 'none'}; {took}", err=True)


def _say(line: str) -> None:
    from collector.hostile import visible

    click.echo(f"collector: {visible(line)}", err=True)


def _address(text: str) -> None:
    import re

    if not re.fullmatch(r"[0-9a-fA-F]{6}", text):
        raise click.BadParameter(
            f"{text!r} is no address: six hexadecimal digits", param_hint="--also"
        )


def day_after(end: datetime) -> date:
    """The day after the last one meant: a time within a day means that day as well."""
    day = end.astimezone(UTC)
    midnight = day == day.replace(hour=0, minute=0, second=0, microsecond=0)
    return day.date() if midnight else day.date() + timedelta(days=1)
