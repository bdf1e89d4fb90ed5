"""Does a place say the same of a week wherever the week is asked about, in every time zone?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from collector.coverage.sight import sight_of
from collector.model import Place
from collector.model.coverage import CELL_DEG, SLOT, Cell, CoverageSlot, band_of
from collector.queries.coverage import CoverageQuery
from collector.queries.coverage_days import sights_by_day
from collector.store import Store, coverage_slots
from tests.support.landings import OVDA

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
WEEK = timedelta(weeks=1)
OTHER = replace(OVDA, icao="OTHR", lat_deg=OVDA.lat_deg + 1.25)
BOTH = Place((OVDA.icao, OTHER.icao))
UTC_ZONE, FAR_EAST = "UTC", "Pacific/Auckland"


def cell(north_deg: float, altitude_ft: float) -> Cell:
    lat, lon = OVDA.lat_deg + north_deg, OVDA.lon_deg
    return int(lat // CELL_DEG), int(lon // CELL_DEG), band_of(altitude_ft)


def slot(at: datetime, *cells: Cell) -> CoverageSlot:
    return CoverageSlot(
        feed="one",
        begins_at=at,
        alive_minutes=31,
        area_minutes=31,
        aircraft=len(cells),
        cells=dict.fromkeys(cells, 1),
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """One airfield received low for half of the week, the other in cruise for longer."""
    count = int(WEEK / SLOT)
    slots = [
        slot(
            MONDAY + number * SLOT,
            *((cell(0.0, 1_500),) if number < 0.5 * count else ()),
            *((cell(2.75, 36_000),) if number < 0.6 * count else ()),
        )
        for number in range(count)
    ]
    with Store.open(tmp_path / "test.sqlite") as store:
        coverage_slots.merge_slots(store, slots)
        yield store


def test_a_place_of_two_airfields_reads_the_same_in_digest_and_listing(store: Store) -> None:
    query = CoverageQuery(store, (OVDA, OTHER), frozenset({UTC_ZONE}))
    later = MONDAY + 2 * WEEK
    for place in (Place(("LLOV",)), Place(("OTHR",)), BOTH):
        listed = query.sight_of_week(place, UTC_ZONE, "2026-W47", later)
        mailed = sight_of(query.between(place, MONDAY, MONDAY + WEEK))
        assert (listed.coverage, listed.seen) == pytest.approx((mailed.coverage, mailed.seen))
    assert listed.coverage > 0.4
    assert listed.seen == 0.0


def test_the_days_make_the_week(store: Store) -> None:
    query = CoverageQuery(store, (OVDA,), frozenset({UTC_ZONE}))
    week = query.sight_of_week(Place(("LLOV",)), UTC_ZONE, "2026-W47", MONDAY + 2 * WEEK)
    days = sights_by_day(
        store,
        (OVDA,),
        ["LLOV"],
        UTC_ZONE,
        first=MONDAY.date(),
        last=date(2026, 11, 22),
        now=MONDAY + 2 * WEEK,
    )["LLOV"]
    assert sum(day.seen for day in days.values()) / 7 == pytest.approx(week.seen, abs=1e-6)
    assert 0.4 < week.seen < 0.6


def test_an_unfinished_week_begins_when_it_does_in_its_own_zone(store: Store) -> None:
    """Both zones have a week 2026-W47, and they begin eleven hours apart."""
    now = MONDAY + timedelta(hours=13)
    place = Place(("LLOV",))
    zones = frozenset({UTC_ZONE, FAR_EAST})
    alone = {
        zone: CoverageQuery(store, (OVDA,), zones).sight_of_week(place, zone, "2026-W47", now)
        for zone in zones
    }
    assert alone[FAR_EAST].coverage < alone[UTC_ZONE].coverage
    together = CoverageQuery(store, (OVDA,), zones)
    for zone in (UTC_ZONE, FAR_EAST, UTC_ZONE):
        assert together.sight_of_week(place, zone, "2026-W47", now) == alone[zone]
