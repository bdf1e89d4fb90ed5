"""Does one more observation take longer if more is stored? The same visits are stored in two
databases of different sizes.

The same visits of the same aircraft go, one report at a time, through the daemon's own pipeline.
One database holds 160 weeks of one watch, the other ten years and many aircraft, some twenty times
as many rows. Each report is stored, its aircraft's window is read, landings are derived and
reconciled, and rules are judged against the trailing year. The processor time of all this is
compared, in alternation.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import structlog
from _claims import Claim, report, short

from collector import services, settings
from collector.geo import destination
from collector.model import (
    Candidate,
    Detection,
    Grade,
    Landing,
    Observation,
    Recipient,
    Revision,
    Source,
    WatchMatch,
)
from collector.model.coverage import PollCoverage
from collector.model.notice import Message, Owed
from collector.model.reply import Outcome
from collector.pipeline.ingest import Pipeline
from collector.settings import derived as derived_settings
from collector.store import Store, coverage_slots, landings, observations, outbox

BOUND = 1.3
REPLAY_BOUND = 0.4
WEEK, MINUTE = timedelta(weeks=1), timedelta(minutes=1)
NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)
"""A Monday morning, when the past ends and the measured visits begin."""
OVDA = (29.9403, 34.9358)

_SLOTS = """
WITH RECURSIVE slot(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM slot WHERE n + 1 < :count)
INSERT INTO slots SELECT strftime('%Y-%m-%dT%H:%M:%S', :begin, (n * 10800) || ' seconds') ||
'.000000Z', 'local', 31, 31, 0, 40, 2, :cells FROM slot
"""
_OTHERS = """
WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < :copies)
INSERT INTO observations ({columns}) SELECT printf('%06x', 7864320 + row_number() OVER ()), {rest}
FROM observations CROSS JOIN copy
"""
"""Every stored report again under other addresses, each that of another aircraft."""


@dataclass(frozen=True, slots=True)
class Past:
    """The content of a database before the measured visits."""

    weeks: int
    others: int
    """The number of other aircraft for each report of a watched aircraft."""


SMALL = Past(weeks=160, others=0)
"""As long as what a surge reads, three years: the rows differ, not what is read."""
SHORT, LONG = Past(weeks=520, others=30), Past(weeks=520, others=600)


def visit(icao24: str, first_at: datetime, every_min: int = 1) -> Iterator[Observation]:
    """Yield half an hour of an approach to Ovda, received down to 4,000 ft."""
    for minute in range(0, 30, every_min):
        left_nm = 128.0 - 4.0 * minute
        lat, lon = destination(*OVDA, 20.0, left_nm)
        at = first_at + minute * MINUTE
        yield Observation(
            icao24=icao24,
            feed="local",
            heard_at=at + timedelta(seconds=1),
            position_at=at,
            lat_deg=lat,
            lon_deg=lon,
            baro_altitude_ft=min(34_000.0, 1500.0 + 300.0 * left_nm),
            on_ground=False,
            ground_speed_kt=240.0,
            track_deg=200.0,
            vertical_rate_fpm=-1200.0,
            callsign="AZQ4721",
            type_code="IL76",
            source=Source.ADSB,
        )


def covered_poll(at: datetime) -> PollCoverage:
    """Return the coverage of a poll with forty aircraft near the field."""
    cells = {(119, 139, band): 4 for band in range(9)}
    return PollCoverage(
        feed="local", at=at, outcome=Outcome.HEARD, area=True, aircraft=40, cells=cells
    )


def landed(icao24: str, number: int, last: Observation, match: WatchMatch) -> Landing:
    """Return a landing as the pipeline would have stored it."""
    touchdown_at = last.at + 4 * MINUTE
    return Landing(
        id=f"{icao24}-{touchdown_at.date()}-{number}",
        detection=Detection(
            icao24=icao24,
            airfield="LLOV",
            candidates=(Candidate("LLOV", 0.95),),
            touchdown_at=touchdown_at,
            uncertainty_s=90.0,
            departed_at=None,
            runway="20L",
            grade=Grade.PROBABLE,
            probability=0.95,
            callsign="AZQ4721",
            evidence=(),
            feeds=("local",),
            visit_from=last.at,
            visit_until=last.at,
        ),
        registration=None,
        type_code="IL76",
        watches=(match,),
        first_known_at=touchdown_at,
        revised_at=touchdown_at,
    )


def fill(store: Store, past: Past, fleet: Sequence[str], match: WatchMatch) -> int:
    """Store a slot every three hours, a visit a week with its landing and mail, and the others.

    Return the number of rows.
    """
    begin = NOW - past.weeks * WEEK
    with store.transaction():
        coverage_slots.merge_polls(store, [covered_poll(begin)])
        cells = store.execute("SELECT cells FROM slots")[0]["cells"]
        store.execute("DELETE FROM slots")
        count = past.weeks * 56
        store.execute(_SLOTS, {"count": count, "begin": begin.isoformat()[:19], "cells": cells})
        for week in range(past.weeks):
            icao24 = fleet[week % len(fleet)]
            seen = list(visit(icao24, begin + week * WEEK, every_min=5))
            observations.store_reports(store, [(one, (match,)) for one in seen])
            found = landed(icao24, 1, seen[-1], match)
            landings.save(store, found, Revision(found.id, found.revised_at, "found", "", "2"))
            store_sent_mail(store, week, seen[-1].at)
        names = [each["name"] for each in store.execute("PRAGMA table_info(observations)")]
        rest = ", ".join(name for name in names if name != "icao24")
        others = _OTHERS.format(columns=f"icao24, {rest}", rest=rest)
        if past.others:
            store.execute(others, {"copies": past.others})
        store.execute(
            "INSERT INTO aircraft SELECT icao24, at, at FROM observations WHERE icao24 >= '78'"
        )
    tables = ("slots", "observations", "landings", "aircraft", "outbox")
    return sum(store.execute(f"SELECT count(*) AS n FROM {each}")[0]["n"] for each in tables)


def store_sent_mail(store: Store, week: int, at: datetime) -> None:
    """Store a weekly mail that was sent long ago."""
    mail = Owed(
        key=f"digest:{week}:ops",
        recipient=Recipient("ops", "ops@example.org"),
        message=Message("A quiet week", "Nothing landed.", "<p>Nothing landed.</p>"),
        created_at=at,
    )
    outbox.owe(store, mail)
    outbox.mark_sent(store, mail.key, at)


def build_pipeline(folder: Path, name: str, past: Past) -> tuple[Pipeline, int]:
    """Return the pipeline of the shipped configuration over a database with this past."""
    shipped = settings.load(None, environ={})
    store = Store.open(folder / f"{name}.sqlite")
    built = services.build_services(shipped, store)
    rows = fill(store, past, fleet()[:6], WatchMatch(shipped.watches[0].name, "fleet", True))
    built.alert_evaluator.evaluate(NOW)
    return built.pipeline, rows


def fleet() -> list[str]:
    """Return the addresses of the shipped fleet."""
    return derived_settings.fleet(settings.load(None, environ={})).fleet_addresses()


def spent_s(pipeline: Pipeline, seen: Observation, match: WatchMatch) -> float:
    """Return the processor time of one more report, with the coverage of its poll."""
    begin = time.process_time()
    pipeline.store_reports([(seen, (match,))], [covered_poll(seen.heard_at)], seen.heard_at)
    return time.process_time() - begin


def replayed_s(folder: Path, name: str, every_min: int) -> float:
    """Return the processor time of two hours of polls of the fleet, derived so often.

    Each aircraft flies its approach four times over; `every_min` 1 is what a daemon does.
    """
    pipeline, _ = build_pipeline(folder, name, Past(weeks=1, others=0))
    match = WatchMatch(pipeline.watches[0].name, "fleet", True)
    visits = {
        icao24: [seen for part in range(4) for seen in visit(icao24, NOW + part * 30 * MINUTE)]
        for icao24 in fleet()[:12]
    }
    begin = time.process_time()
    with pipeline.holding():
        for minute in range(120):
            at = NOW + minute * MINUTE
            reports = [(seen[minute], (match,)) for seen in visits.values()]
            pipeline.store_reports(reports, [covered_poll(at)], at + MINUTE)
            if (minute + 1) % every_min == 0:
                pipeline.derive_held(at + MINUTE)
    took_s = time.process_time() - begin
    pipeline.store.close()
    return took_s


def main() -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        small, few = build_pipeline(Path(folder), "small", SMALL)
        large, many = build_pipeline(Path(folder), "large", SHORT if short() else LONG)
        match = WatchMatch(small.watches[0].name, "fleet", True)
        took: tuple[list[float], list[float]] = ([], [])
        for number, icao24 in enumerate(fleet()[:6]):
            for seen in visit(icao24, NOW + number * timedelta(hours=1)):
                for pipeline, spent in zip((small, large), took, strict=True):
                    spent.append(spent_s(pipeline, seen, match))
        for pipeline in (small, large):
            pipeline.store.close()
        at_each, at_quarters = (replayed_s(Path(folder), f"{n} min", n) for n in (1, 15))
    reports = len(took[0])
    notes = [
        f"{rows:>9,} rows: {1000 * median(each):.2f} ms a report in the median, "
        f"{1000 * sum(each) / reports:.2f} ms in the mean of {reports}"
        for rows, each in zip((few, many), took, strict=True)
    ]
    times = f"{many / few:.0f} times the rows"
    claims = [
        Claim(f"{times}: one more report, median", median(took[1]) / median(took[0]), BOUND, "×"),
        Claim(f"{times}: all reports, rules judged", sum(took[1]) / sum(took[0]), BOUND, "×"),
        Claim("a replay, beside deriving at each poll", at_quarters / at_each, REPLAY_BOUND, "×"),
    ]
    return report("Growth", claims, notes)


if __name__ == "__main__":
    sys.exit(main())
