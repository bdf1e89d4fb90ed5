"""`backfill traces`: what do trace files of readsb and tar1090 hold of the past?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, Problems, emit, progress
from collector.cli.trace_options import TraceOptions, search_of, trace_options

if TYPE_CHECKING:
    from collector.archives.traces import Unit
    from collector.backfill.estimate import Plan
    from collector.backfill.run import Backfilled
    from collector.backfill.search import Search

PATHS = click.Path(path_type=Path)
PLACES_SHOWN = 5


@click.command(short_help="Traces of readsb or tar1090: files, folders, tars.")
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@trace_options
@click.pass_obj
def traces(tool: Invocation, paths: tuple[Path, ...], reading: TraceOptions) -> None:
    """Traces of readsb or tar1090: files, folders, day tars (also split .aa, .ab …).

    Of a watch only its aircraft are read, besides a fixed sample of the region's aircraft as
    proof that the network heard. Killed and begun again it goes on where it was. Exit code 1 if
    anything could not be read; the rest is kept.
    """
    from collector.backfill.batches import units_of
    from collector.backfill.search import tools

    tool.logging()
    problems = Problems()
    search = search_of(tool, reading)
    if reading.dask is not None:  # workers have folders of their own to start from
        paths = tuple(path.absolute() for path in paths)
    units = units_of(paths, tools(search).worth, lambda skipped: problems(str(skipped)))
    if reading.plan:
        show_plan(tool, search, units, reading)
        if problems.count:
            raise SystemExit(1)
    else:
        read_units(tool, search, units, reading, problems)


def read_units(
    tool: Invocation, search: Search, units: list[Unit], reading: TraceOptions, problems: Problems
) -> None:
    """Read these units into the database, derive what follows, and tell what came of it.

    `problems` may have counted some already. Raises StoreError, BackfillError; SystemExit if
    anything could not be read.
    """
    from collector.backfill.run import derive_and_judge, read_all
    from collector.backfill.workers import workers
    from collector.clock import SystemClock

    clock, before = SystemClock(), problems.count
    with tool.writing() as services:
        with workers(reading.jobs, reading.dask) as found, progress("reading traces") as step:
            done = read_all(
                services,
                search,
                units,
                found,
                clock,
                again=reading.again,
                report=lambda skipped: problems(str(skipped)),
                progress=step,
            )
        with progress("deriving landings") as step:
            derive_and_judge(services, done, clock, step)
    passed = f", {done.passed} traces passed over unread" if done.passed else ""
    click.echo(
        f"{done.traces} traces and {done.sampled} of the sample in {done.units} units "
        f"({done.known} more were read before): {done.reports} reports, {done.changes} changes "
        f"to landings{passed}",
        err=True,
    )
    if before + done.skipped:
        click.echo(f"collector: {_skipped(done, before)}; the rest is kept", err=True)
        raise SystemExit(1)


def _skipped(done: Backfilled, before: int) -> str:
    """How many, and where."""
    from collector.untrusted import visible

    places = [visible(place) for place in done.places[:PLACES_SHOWN]]
    if len(done.places) > PLACES_SHOWN:
        places.append(f"{len(done.places) - PLACES_SHOWN} more")
    where = f", in {', '.join(places)}" if places else ""
    return f"{before + done.skipped} could not be read{where}"


def show_plan(tool: Invocation, search: Search, units: list[Unit], reading: TraceOptions) -> None:
    """Tell how much there is to read, and how long it will take. Raises StoreError."""
    from collector.backfill.batches import plan_work
    from collector.backfill.estimate import plan
    from collector.backfill.workers import workers
    from collector.clock import SystemClock
    from collector.store import Store

    if tool.settings.database.exists():
        with Store.open(tool.settings.database, read_only=True) as store:
            order = plan_work(units, store, search.fingerprint, again=reading.again)
    else:
        order = plan_work(units, None, search.fingerprint)
    found = plan(tool.settings, search, order, SystemClock())
    with workers(reading.jobs, reading.dask) as readers_there:
        readers = readers_there.count
    row = {
        "units": found.units,
        "read_before": found.known,
        "bytes": found.size_bytes,
        "requests": 0,
        "readers": readers,
        "seconds": round(found.lasts(readers) / timedelta(seconds=1), 1),
        "measured_bytes": found.measured_bytes,
    }
    emit([row], as_json=reading.as_json, text=lambda: _plan_text(found, readers))


def _plan_text(found: Plan, readers: int) -> str:
    from collector.reports.formatting import duration

    left = found.units - found.known
    if not left:
        return f"{found.units} units, all read before: nothing is left to do\n"
    whole = found.lasts(readers)
    return (
        f"{found.units} units, {found.known} of them read before; {left} to be read: "
        f"{found.size_bytes / 1e6:.1f} MB, no requests\n"
        f"about {duration(whole)} with {readers} reading, measured on the first "
        f"{found.measured_bytes / 1e6:.1f} MB (reading {duration(found.reading)} by one, storing "
        f"and deriving {duration(found.writing)})\n"
    )
