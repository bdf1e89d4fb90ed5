"""What happened before we listened? Traces of the past, through the same line as live polls.

An archive proves only where its aircraft were, not who else would have been heard: it adds
reports, never coverage.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collector.archives.traces import FEED, Skipped, Unit, read_unit, trace_files
from collector.errors import DecodeError
from collector.landings.watch import Matcher
from collector.replies import Reply
from collector.wiring import Line


@dataclass
class Backfilled:
    """What a backfill went through."""

    units: int = 0
    traces: int = 0
    reports: int = 0
    changes: int = 0
    skipped: int = 0


def units(paths: Sequence[Path], report: Callable[[Skipped], None]) -> list[Unit]:
    """What there is to read."""
    return list(trace_files(paths, report=report))


def traces(
    line: Line,
    found: Sequence[Unit],
    *,
    now: datetime,
    feed: str = FEED,
    report: Callable[[Skipped], None] = lambda _: None,
    progress: Callable[[Unit], None] = lambda _: None,
) -> Backfilled:
    """Take every trace of every unit; what is there already changes nothing.

    Each trace is one transaction, so that it may be interrupted and begun again at any time.
    Raises StoreError.
    """
    done = Backfilled()

    def skip(skipped: Skipped) -> None:
        done.skipped += 1
        report(skipped)

    wanted = _wanted(line)
    for unit in found:
        for reply in read_unit(unit, feed=feed, wanted=wanted, report=skip):
            _take(line, unit, reply, done, now=now, skip=skip)
        done.units += 1
        progress(unit)
    done.changes += len(line.pipeline.settle(now))
    line.rulings.evaluate(now)
    return done


def _take(
    line: Line,
    unit: Unit,
    reply: Reply,
    done: Backfilled,
    *,
    now: datetime,
    skip: Callable[[Skipped], None],
) -> None:
    try:
        sifted = line.pipeline.sift(reply)
    except DecodeError as error:
        skip(Skipped(unit.paths[0], reply.url, str(error)))
        return
    done.traces += 1
    done.reports += len(sifted.observations)
    done.changes += len(line.pipeline.add(sifted.observations, (), now))


def _wanted(line: Line) -> Callable[[str], bool]:
    """Which addresses are worth unpacking: of a fleet known by address, only those.

    A watch that also knows aircraft by callsign, registration, type or operator must see all, and
    so must whoever looks for unlisted visitors.
    """
    open_ended = line.settings.visitors is not None or any(
        watch.registrations or watch.callsigns or watch.operators or watch.types or ranged
        for watch in line.settings.watches
        for ranged in [any("-" in each for each in watch.icao24)]
    )
    if open_ended:
        return lambda _: True
    known = frozenset(Matcher(line.settings.watches).fleet_addresses())
    return known.__contains__
