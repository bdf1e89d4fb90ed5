"""How do trace files of readsb and tar1090 get in? `backfill traces` reads files and folders."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation
from collector.cli.output import Problems, emit, progress, say
from collector.cli.trace_options import TraceOptions, search_of, trace_options

if TYPE_CHECKING:
    from collector.archives.traces import Unit
    from collector.backfill.estimate import Plan
    from collector.backfill.run import BackfillResult
    from collector.backfill.search import Search

MAX_PLACES_SHOWN = 5


@click.command(short_help="Read trace files of readsb or tar1090.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@trace_options
@click.pass_obj
def traces(invocation: Invocation, paths: tuple[Path, ...], options: TraceOptions) -> None:
    """Read trace files of readsb or tar1090.

    PATHS are files, folders, or tars of a day (also split into .aa, .ab …). The watched aircraft
    are read, and a fixed sample of the region's other aircraft, which proves that the network
    covered the region. A run that was killed continues where it stopped. The exit code is 1 if
    anything could not be read; everything else is stored.
    """
    from collector.backfill.batches import units_of
    from collector.backfill.search import prepared

    invocation.configure_logs()
    problems = Problems()
    search = search_of(invocation, options)
    if options.dask is not None:  # workers have folders of their own to start from
        paths = tuple(path.absolute() for path in paths)
    units = units_of(
        paths, prepared(search).is_worth_reading, lambda skipped: problems(str(skipped))
    )
    if not units:
        _nothing_to_read(problems)
    elif options.plan:
        _show_plan(invocation, search, units, options)
        if problems.count:
            raise SystemExit(1)
    else:
        _read(invocation, search, units, options, problems)


def _nothing_to_read(problems: Problems) -> None:
    """Say that there are no traces to read. Raises SystemExit if anything could not be found."""
    say("collector: there are no traces of watched aircraft to read")
    if problems.count:
        raise SystemExit(1)


def _read(
    invocation: Invocation,
    search: Search,
    units: list[Unit],
    options: TraceOptions,
    problems: Problems,
) -> None:
    """Read these units into the database, derive landings, and print a summary.

    `problems` may have counted some already. Raises StoreError, BackfillError; SystemExit if
    anything could not be read.
    """
    from collector.backfill.run import derive_and_judge, read_all
    from collector.backfill.workers import workers
    from collector.clock import SystemClock

    clock, problems_before = SystemClock(), problems.count
    with invocation.open_for_writing(past=True, create=True) as services:
        with workers(options.jobs, options.dask) as pool, progress("reading traces") as step:
            done = read_all(
                services,
                search,
                units,
                pool,
                clock,
                again=options.again,
                report=lambda skipped: problems(str(skipped)),
                progress=step,
            )
        with progress("deriving landings") as step:
            derive_and_judge(services, done, clock, step)
    passed = f", {done.passed} traces passed over unread" if done.passed else ""
    say(
        f"{done.traces} traces and {done.sampled} of the sample in {done.units} units "
        f"({done.read_before} more were read before): {done.reports} reports, "
        f"{done.changes} changes to landings{passed}"
    )
    if problems_before + done.skipped:
        say(f"collector: {_skipped(done, problems_before)}; everything else is stored")
        raise SystemExit(1)


def _skipped(done: BackfillResult, problems_before: int) -> str:
    """Return how many files or traces could not be read, and in which units."""
    from collector.untrusted import visible

    places = [visible(place) for place in done.places[:MAX_PLACES_SHOWN]]
    if len(done.places) > MAX_PLACES_SHOWN:
        places.append(f"{len(done.places) - MAX_PLACES_SHOWN} more")
    where = f", in {', '.join(places)}" if places else ""
    return f"{problems_before + done.skipped} could not be read{where}"


def _show_plan(
    invocation: Invocation, search: Search, units: list[Unit], options: TraceOptions
) -> None:
    """Print how much there is to read and how long it will take. Raises StoreError."""
    from collector.backfill.batches import plan_work
    from collector.backfill.estimate import plan
    from collector.backfill.workers import workers
    from collector.clock import SystemClock
    from collector.store import Store

    if invocation.settings.database.exists():
        with Store.open(invocation.settings.database, read_only=True) as store:
            work = plan_work(units, store, search.fingerprint, again=options.again)
    else:
        work = plan_work(units, None, search.fingerprint)
    estimate = plan(invocation.settings, search, work, SystemClock())
    with workers(options.jobs, options.dask) as pool:
        readers = pool.count
    row = {
        "units": estimate.units,
        "read_before": estimate.read_before,
        "bytes": estimate.size_bytes,
        "requests": 0,
        "readers": readers,
        "seconds": round(estimate.lasts(readers) / timedelta(seconds=1), 1),
        "measured_bytes": estimate.measured_bytes,
    }
    emit([row], as_json=options.as_json, text=lambda: _plan_text(estimate, readers))


def _plan_text(estimate: Plan, readers: int) -> str:
    from collector.reports.formatting import duration

    left = estimate.units - estimate.read_before
    if not left:
        return f"{estimate.units} units, all of them read before\n"
    processes = "1 process" if readers == 1 else f"{readers} processes"
    return (
        f"{estimate.units} units, {estimate.read_before} of them read before; {left} to be read: "
        f"{estimate.size_bytes / 1e6:.1f} MB, no requests\n"
        f"about {duration(estimate.lasts(readers))} with {processes}, measured on the first "
        f"{estimate.measured_bytes / 1e6:.1f} MB\n"
        f"(reading takes one process {duration(estimate.reading)}, storing and deriving "
        f"{duration(estimate.writing)})\n"
    )
