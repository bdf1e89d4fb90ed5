"""`backfill globe-history`: days of the past, fetched from the archives of the net."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from collector.archives.config import ArchiveSettings
from collector.cli.context import Invocation, Moment, Problems, emit, now, progress
from collector.cli.trace_options import TraceOptions, search_of, trace_options

if TYPE_CHECKING:
    from collector.backfill.globe_history_estimate import Plan
    from collector.backfill.search import Search
    from collector.backfill.session import Session

AGAIN = click.option("--again", is_flag=True, help="Also what was asked before.")
SINCE = click.option(
    "--from",
    "begin",
    type=Moment(),
    required=True,
    help="From this day, week, month or year on, UTC.",
)
UNTIL = click.option(
    "--to", "end", type=Moment(end=True), required=True, help="Until this day, week …, included."
)


@click.command("globe-history", short_help="Days of adsb.lol's archive, fetched and read.")
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
    help="With --per-aircraft: further aircraft, such as regular ones, as proof of hearing.",
)
@click.option("--keep", is_flag=True, help="Keep fetched days; else each is deleted once read.")
@click.option(
    "--disk-budget",
    type=click.FloatRange(min=0, min_open=True),
    metavar="GB",
    help="Never more than this in the archives' folder (default: archives.disk_budget_gb).",
)
@click.option("--partial", is_flag=True, help="Also days known or found to be incomplete.")
@trace_options
@click.pass_obj
def globe_history(
    tool: Invocation,
    begin: datetime,
    end: datetime,
    *,
    per_aircraft: bool,
    also: tuple[str, ...],
    disk_budget: float | None,
    keep: bool,
    partial: bool,
    reading: TraceOptions,
) -> None:
    """Days of adsb.lol's archive (3 GB each, data ODbL 1.0), fetched and read one by one.

    May be stopped at any time: it goes on where it was. See docs/archives.md.
    """
    tool.logging()
    settings = tool.settings.archives
    if disk_budget is not None:
        settings = replace(settings, disk_budget_gb=disk_budget)
    if per_aircraft and (reading.sample is not None or reading.sample_of is not None):
        raise click.UsageError("with --per-aircraft the sample is named one by one: --also HEX")
    wish = GlobeHistoryRequest(
        days=days_of(begin, end),
        settings=settings,
        map_url=_map(settings) if per_aircraft else None,
        also=tuple(_address(each) for each in also),
        keep=keep,
        partial=partial,
        reading=reading,
        search=search_of(tool, reading),
    )
    if reading.plan:
        _show_plan(tool, wish)
    else:
        _fetch(tool, wish)


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobeHistoryRequest:
    """What was asked for. `map_url`: one by one from that tar1090; None: whole days."""

    days: list[date]
    settings: ArchiveSettings
    map_url: str | None
    also: tuple[str, ...]
    keep: bool
    partial: bool
    reading: TraceOptions
    search: Search


def _fetch(tool: Invocation, wish: GlobeHistoryRequest) -> None:
    from collector.backfill import globe_history as globe_history_backfill
    from collector.backfill import session
    from collector.backfill.workers import workers
    from collector.clock import SystemClock

    clock, problems = SystemClock(), Problems()
    with (
        session.download_lock(wish.settings),
        tool.writing() as services,
        workers(wish.reading.jobs, wish.reading.dask) as readers,
        session.client(tool.settings, clock) as http,
        progress("fetching days", len(wish.days)) as step,
    ):
        run = session.Session(
            services=services,
            http=http,
            clock=clock,
            report=session.Report(problem=problems, day=_say, step=step),
            search=wish.search,
            workers=readers,
            again=wish.reading.again,
            partial=wish.partial,
            keep=wish.keep,
        )
        try:
            if wish.map_url is not None:
                globe_history_backfill.per_aircraft(
                    run, wish.settings, wish.map_url, wish.days, wish.also
                )
            else:
                globe_history_backfill.whole_days(run, wish.settings, wish.days)
        finally:
            summary(run, "days")
    if wish.map_url is None and run.traces:
        click.echo("Data: adsb.lol contributors, ODbL 1.0; name them when you publish.", err=True)
    if problems.count:
        raise SystemExit(1)


def _show_plan(tool: Invocation, wish: GlobeHistoryRequest) -> None:
    from collector.backfill import globe_history_estimate
    from collector.store import Store

    settings, now_at = tool.settings, now()
    with ExitStack() as stack:
        store = None
        if settings.database.exists():
            store = stack.enter_context(Store.open(settings.database, read_only=True))
        if wish.map_url is None:
            found = globe_history_estimate.whole_days(
                settings,
                store,
                wish.days,
                now_at,
                search=wish.search,
                again=wish.reading.again,
                partial=wish.partial,
            )
        else:
            found = globe_history_estimate.per_aircraft(
                settings,
                store,
                wish.days,
                now_at,
                folder=wish.settings.folder,
                url=wish.map_url,
                also=wish.also,
                again=wish.reading.again,
            )
    row = {
        "units": found.units,
        "read_before": found.read_before,
        "bytes": found.size_bytes,
        "requests": found.requests,
        "seconds": None if found.lasts is None else round(found.lasts.total_seconds(), 1),
        "measured_on": found.measured_on,
    }
    emit([row], as_json=wish.reading.as_json, text=lambda: _plan_text(found))


def _plan_text(plan: Plan) -> str:
    from collector.reports.formatting import duration

    lasts = "how long is not known until one was fetched"
    if plan.lasts is not None:
        lasts = f"about {duration(plan.lasts)}"
    return (
        f"{plan.units} days, {plan.read_before} of them read before; about {plan.requests} "
        f"requests and {plan.size_bytes / 1e9:.2f} GB; {lasts}\n"
    )


def _map(settings: ArchiveSettings) -> str:
    if settings.history_url is None:
        raise click.UsageError(
            "--per-aircraft needs archives.history_url: the address of a tar1090 map with a "
            "history, best your own"
        )
    return settings.history_url


def days_of(begin: datetime, end: datetime) -> list[date]:
    """Every day (UTC) of `--from` and `--to`. Raises UsageError if there is none."""
    from collector.backfill.session import days_between

    days = days_between(begin.astimezone(UTC).date(), _day_after(end))
    if not days:
        raise click.UsageError("--to is before --from")
    return days


def summary(run: Session, what: str) -> None:
    """How the run ended, in one line on stderr."""
    counts = sorted((outcome, count) for outcome, count in run.ended.items() if count)
    ended = ", ".join(f"{count} {outcome}" for outcome, count in counts)
    took = (
        f"{run.traces} traces and {run.sampled} of the sample, {run.reports} reports, "
        f"{run.changes} changes to landings"
    )
    if what != "days":
        took = f"{run.stated} arrivals of watched aircraft stated"
    click.echo(f"{what}: {ended or 'none'}; {took}", err=True)


def _say(line: str) -> None:
    from collector.untrusted import visible

    click.echo(f"collector: {visible(line)}", err=True)


def _address(text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{6}", text):
        raise click.BadParameter(
            f"{text!r} is no address: six hexadecimal digits", param_hint="--also"
        )
    return text.lower()


def _day_after(end: datetime) -> date:
    """The day after the last one meant: a time within a day means that day as well."""
    day = end.astimezone(UTC)
    midnight = day == day.replace(hour=0, minute=0, second=0, microsecond=0)
    return day.date() if midnight else day.date() + timedelta(days=1)
