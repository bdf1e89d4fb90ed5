"""What is stored after ten years? Landings, visitors, reports, coverage, corrections, mails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from collector.alerts.lifecycle import AlertState, Status
from collector.geo import destination
from collector.model import (
    Candidate,
    Detection,
    Evidence,
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
from collector.model.review import Review
from collector.store import Store, alerts, coverage_slots, feeds, landings, observations, outbox
from collector.store import reviews as stored_reviews
from collector.watches.visitors import VISITORS

NOW = datetime(2026, 11, 20, 15, 42, tzinfo=UTC)
"""A Friday, in week 47."""
OVDA = (29.9403, 34.9358)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
FEED = "adsblol"
READER = Recipient("ops", "ops@example.org")

_SLOTS = """
WITH RECURSIVE slot(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM slot WHERE n + 1 < :count)
INSERT INTO slots SELECT strftime('%Y-%m-%dT%H:%M:%S', :begin, (n * :every_s) || ' seconds') ||
'.000000Z', :feed, 31, 31, 0, 40, 2, :cells FROM slot
"""
_STRANGERS = """
WITH RECURSIVE copy(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM copy WHERE n + 1 < :copies)
INSERT INTO observations ({columns}) SELECT printf('78%04x', n * :weeks + slot / 75600 % :weeks),
{rest} FROM observations CROSS JOIN copy WHERE icao24 NOT LIKE '78%'
"""
"""Every stored report again under other addresses: each week has its own visitors. 75,600 slots of
eight seconds are a week."""


@dataclass(frozen=True, slots=True)
class Past:
    """How much is stored."""

    weeks: int
    visitors_a_week: int
    reports: int
    """Of each visit; a tenth of them while the aircraft is on the ground."""
    slot_every_s: int
    """The daemon stores a slot of coverage in each five minutes."""


def fill(store: Store, past: Past, fleet: Sequence[str], watch: str) -> dict[str, int]:
    """Store the past up to NOW; return the number of rows of what grows.

    Two landings in each week, of which every tenth was corrected two weeks later and every
    twentieth is undetermined; a digest each week; an alert each fourth week.
    """
    with store.transaction():
        begin = NOW - past.weeks * WEEK
        _cover(store, begin, past.slot_every_s)
        for week in range(past.weeks):
            at = begin + week * WEEK + 30 * HOUR
            aircraft = [fleet[(week + n) % len(fleet)] for n in (0, 1)]
            _land(store, at, aircraft, week, watch=watch, reports=past.reports)
            for number in range(past.visitors_a_week):
                match = WatchMatch(VISITORS, "type A124", counted=False)
                icao24 = f"78{number * past.weeks + _week_number(at) % past.weeks:04x}"
                store_landing(store, landing(icao24, at, match, number))
            _tell(store, at, week, watch)
        _copy_reports(store, past)
    tables = ("landings", "observations", "slots", "revisions", "outbox")
    return {each: _count(store, each) for each in tables}


def _week_number(at: datetime) -> int:
    return int(at.timestamp()) // 8 // 75600


def _count(store: Store, table: str) -> int:
    count: int = store.execute(f"SELECT count(*) AS n FROM {table}")[0]["n"]
    return count


def _cover(store: Store, begin: datetime, every_s: int) -> None:
    """Store polls with forty aircraft near the field."""
    cells = {(119, 139, band): 4 for band in range(9)}
    poll = PollCoverage(
        feed=FEED, at=begin, outcome=Outcome.HEARD, area=True, aircraft=40, cells=cells
    )
    coverage_slots.merge_polls(store, [poll])
    packed = store.execute("SELECT cells FROM slots")[0]["cells"]
    store.execute("DELETE FROM slots")
    values = {"begin": begin.isoformat()[:14] + "00:00", "feed": FEED, "cells": packed}
    count = int((NOW - begin).total_seconds() // every_s) + 1
    store.execute(_SLOTS, values | {"count": count, "every_s": every_s})
    feeds.store_poll(store, FEED, NOW - timedelta(seconds=23), Outcome.HEARD, "41 aircraft")


def _land(
    store: Store, at: datetime, aircraft: Sequence[str], week: int, *, watch: str, reports: int
) -> None:
    for hours, icao24 in enumerate(aircraft):
        match = WatchMatch(watch, "fleet", counted=True)
        found = landing(icao24, at + hours * HOUR, match, 0, undetermined=week % 20 == hours)
        store_landing(store, found)
        if week % 10 == hours:
            late = Revision(found.id, at + 2 * WEEK, "upgraded", "a late report", "10")
            landings.save(store, found, late)
        if week % 50 == hours:
            note = Review(at=at + 20 * HOUR, by="desk", verdict="confirmed", note="seen")
            stored_reviews.store_review(store, found.id, note)
        if hours == 0:
            received = [(each, (match,)) for each in visit(icao24, at, reports)]
            observations.store_reports(store, received)


def _tell(store: Store, at: datetime, week: int, watch: str) -> None:
    mail = Owed(
        key=f"digest:{week}:ops",
        recipient=READER,
        message=Message("A quiet week", "Nothing landed.\n" * 200, "<p>Nothing landed.</p>" * 400),
        created_at=at,
    )
    outbox.owe(store, mail)
    outbox.mark_sent(store, mail.key, at)
    if week % 4 == 0:
        monday = at - 30 * HOUR
        state = AlertState(
            watch=watch,
            rule="weekly",
            window=f"{at.isocalendar().year}-W{at.isocalendar().week:02d}",
            status=Status.RESOLVED,
            count=2,
            at_most=2,
            level=2,
            begin=monday,
            end=monday + WEEK,
            since_at=at,
            changed_at=at,
            told=("crossed:2",),
        )
        alerts.save_state(store, state)


def _copy_reports(store: Store, past: Past) -> None:
    names = [each["name"] for each in store.execute("PRAGMA table_info(observations)")]
    rest = ", ".join(name for name in names if name != "icao24")
    copied = _STRANGERS.format(columns=f"icao24, {rest}", rest=rest)
    store.execute(copied, {"copies": past.visitors_a_week, "weeks": past.weeks})
    store.execute(
        "INSERT INTO aircraft SELECT icao24, min(at), max(at) FROM observations "
        "WHERE icao24 LIKE '78%' GROUP BY icao24"
    )
    store.execute(
        "INSERT INTO matches SELECT icao24, ?, 'type A124', 0, first_seen_at, last_seen_at "
        "FROM aircraft WHERE icao24 LIKE '78%'",
        (VISITORS,),
    )


def visit(icao24: str, touchdown_at: datetime, reports: int) -> Iterator[Observation]:
    """Yield an approach to Ovda of half a minute a report, and some reports on the ground."""
    on_ground = reports // 10
    for number in range(on_ground - reports, on_ground):
        at = touchdown_at + number * timedelta(seconds=30)
        left_nm = max(0.0, -2.0 * number)
        lat, lon = destination(*OVDA, 20.0, left_nm)
        yield Observation(
            icao24=icao24,
            feed=FEED,
            heard_at=at + timedelta(seconds=1),
            position_at=at,
            lat_deg=lat,
            lon_deg=lon,
            baro_altitude_ft=min(34_000.0, 1500.0 + 300.0 * left_nm),
            on_ground=left_nm == 0.0,
            ground_speed_kt=240.0 if left_nm else 12.0,
            track_deg=200.0,
            vertical_rate_fpm=-1200.0 if left_nm else 0.0,
            callsign="AZQ4721",
            type_code="IL76",
            source=Source.ADSB,
        )


def landing(
    icao24: str, at: datetime, match: WatchMatch, number: int, *, undetermined: bool = False
) -> Landing:
    """Return a landing as the pipeline would have stored it, with ten pieces of evidence."""
    at += number * timedelta(minutes=7)
    evidence = Evidence(
        at - timedelta(minutes=4),
        "low-approach",
        "Lost at 3,400 ft, descending at 900 ft/min, 5.1 NM before runway 20L.",
        airfield="LLOV",
        feeds=(FEED,),
    )
    named = Detection(
        icao24=icao24,
        airfield=None if undetermined else "LLOV",
        candidates=(Candidate("LLOV", 0.5), Candidate("LLER", 0.45))
        if undetermined
        else (Candidate("LLOV", 0.99),),
        touchdown_at=at,
        uncertainty_s=30.0,
        departed_at=at + 2 * HOUR,
        runway="20L",
        grade=Grade.PROBABLE if undetermined else Grade.CONFIRMED,
        probability=0.99,
        callsign="AZQ4721",
        evidence=tuple(
            replace(evidence, at=evidence.at + n * timedelta(minutes=1)) for n in range(10)
        ),
        feeds=(FEED,),
        visit_from=at - HOUR,
        visit_until=at + 2 * HOUR,
    )
    return Landing(
        id=f"{icao24}-{at.date()}-1",
        detection=named,
        registration=None,
        type_code="IL76",
        watches=(match,),
        first_known_at=at + timedelta(minutes=10),
        revised_at=at + timedelta(minutes=10),
    )


def store_landing(store: Store, found: Landing) -> None:
    """Store a landing that was just found."""
    landings.save(store, found, Revision(found.id, found.revised_at, "found", "", "10"))


def cited_days() -> tuple[date, date]:
    """Return the first and the last day of ten cited years."""
    return NOW.date() - timedelta(days=3650), NOW.date()
