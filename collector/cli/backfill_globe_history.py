"""How do whole days of the past get in from archives on the net? `backfill globe-history`.

By default each day's archive of adsb.lol is downloaded and read; with `--per-aircraft`, a tar1090
map is asked for one trace per watched aircraft and day.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from collector.archives.config import ArchiveSettings
from collector.cli.backfill_days import SINCE, UNTIL, days_of_span, print_summary
from collector.cli.context import Invocation, now
from collector.cli.output import Problems, emit, progress, say
from collector.cli.trace_options import TraceOptions, search_of, trace_options

if TYPE_CHECKING:
    from collector.backfill.globe_history_estimate import Plan
    from collector.backfill.search import Search


@click.command("globe-history", short_help="Fetch and read days of adsb.lol's archive.")
@SINCE
@UNTIL
@click.option(
    "--per-aircraft",
    is_flag=True,
    help="Instead of whole days, fetch one trace for each watched aircraft and day from the "
    "tar1090 map at archives.history_url.",
)
@click.option(
    "--also",
    multiple=True,
    metavar="HEX",
    help="With --per-aircraft: also fetch this aircraft, such as a regular one to prove coverage.",
)
@click.option(
    "--keep", is_flag=True, help="Keep fetched days; otherwise each is deleted once read."
)
@click.option(
    "--disk-budget",
    type=click.FloatRange(min=0, min_open=True),
    metavar="GB",
    help="Most disk space for the archives' folder (default: archives.disk_budget_gb).",
)
@click.option("--partial", is_flag=True, help="Also days that are known to be incomplete.")
@trace_options
@click.pass_obj
def globe_history(
    invocation: Invocation,
    begin: datetime,
    end: datetime,
    *,
    per_aircraft: bool,
    also: tuple[str, ...],
    disk_budget: float | None,
    keep: bool,
    partial: bool,
    options: TraceOptions,
) -> None:
    """Fetch and read days of adsb.lol's archive.

    A day is about 3 GB; the data are under ODbL 1.0. A run may be stopped at any time and continues
    where it stopped. See docs/archives.md.
    """
    invocation.configure_logs()
    settings = invocation.settings.archives
    if disk_budget is not None:
        settings = replace(settings, disk_budget_gb=disk_budget)
    if per_aircraft and (options.sample is not None or options.sample_of is not None):
        raise click.UsageError(
            "--per-aircraft has no sample of a region; name further aircraft with --also HEX"
        )
    request = GlobeHistoryRequest(
        days=days_of_span(begin, end),
        settings=settings,
        map_url=_map_url(settings) if per_aircraft else None,
        also=tuple(_address(text) for text in also),
        keep=keep,
        partial=partial,
        options=options,
        search=search_of(invocation, options),
    )
    if options.plan:
        _show_plan(invocation, request)
    else:
        _fetch(invocation, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobeHistoryRequest:
    """The days to fetch, and how."""

    days: list[date]
    settings: ArchiveSettings
    map_url: str | None
    """The tar1090 map to ask aircraft by aircraft; None: fetch whole days from the archive."""
    also: tuple[str, ...]
    keep: bool
    partial: bool
    options: TraceOptions
    search: Search


def _fetch(invocation: Invocation, request: GlobeHistoryRequest) -> None:
    from collector.backfill import globe_history as globe_history_backfill
    from collector.backfill import session
    from collector.backfill.workers import workers
    from collector.clock import SystemClock

    clock, problems = SystemClock(), Problems()
    with (
        session.download_lock(request.settings),
        invocation.open_for_writing(past=True, create=True) as services,
        workers(request.options.jobs, request.options.dask) as readers,
        session.client(invocation.settings, clock) as http,
        progress("fetching days", len(request.days)) as step,
    ):
        run = session.Session(
            services=services,
            http=http,
            clock=clock,
            report=session.Report(problem=problems, day=_print_line, step=step),
            search=request.search,
            workers=readers,
            again=request.options.again,
            partial=request.partial,
            keep=request.keep,
        )
        try:
            if request.map_url is not None:
                globe_history_backfill.read_per_aircraft(
                    run, request.settings, request.map_url, request.days, request.also
                )
            else:
                globe_history_backfill.read_whole_days(run, request.settings, request.days)
        finally:
            print_summary(run, "days")
    if request.map_url is None and run.traces:
        say("Data: adsb.lol contributors, ODbL 1.0; name them when you publish.")
    if problems.count:
        raise SystemExit(1)


def _show_plan(invocation: Invocation, request: GlobeHistoryRequest) -> None:
    from collector.backfill import globe_history_estimate
    from collector.store import Store

    settings, now_at = invocation.settings, now()
    with ExitStack() as stack:
        store = None
        if settings.database.exists():
            store = stack.enter_context(Store.open(settings.database, read_only=True))
        if request.map_url is None:
            estimate = globe_history_estimate.plan_whole_days(
                settings,
                store,
                request.days,
                now_at,
                search=request.search,
                again=request.options.again,
                partial=request.partial,
            )
        else:
            estimate = globe_history_estimate.plan_per_aircraft(
                settings,
                store,
                request.days,
                now_at,
                folder=request.settings.folder,
                url=request.map_url,
                also=request.also,
                again=request.options.again,
            )
    row = {
        "units": estimate.units,
        "read_before": estimate.read_before,
        "bytes": estimate.size_bytes,
        "requests": estimate.requests,
        "seconds": None if estimate.lasts is None else round(estimate.lasts.total_seconds(), 1),
        "measured_on": estimate.measured_on,
    }
    emit([row], as_json=request.options.as_json, text=lambda: _plan_text(estimate))


def _plan_text(plan: Plan) -> str:
    from collector.reports.formatting import duration

    lasts = "the duration is unknown until a first day was fetched"
    if plan.lasts is not None:
        lasts = f"about {duration(plan.lasts)}"
    return (
        f"{plan.units} days, {plan.read_before} of them read before; about {plan.requests} "
        f"requests and {plan.size_bytes / 1e9:.2f} GB; {lasts}\n"
    )


def _map_url(settings: ArchiveSettings) -> str:
    if settings.history_url is None:
        raise click.UsageError(
            "--per-aircraft needs archives.history_url: the address of a tar1090 map with a "
            "history, preferably your own"
        )
    return settings.history_url


def _print_line(line: str) -> None:
    from collector.untrusted import visible

    say(f"collector: {visible(line)}")


def _address(text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{6}", text):
        raise click.BadParameter(
            f"{text!r} is no ICAO 24-bit address: write six hexadecimal digits like 600865",
            param_hint="--also",
        )
    return text.lower()
