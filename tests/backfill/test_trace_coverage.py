"""Does a trace prove coverage at its places, times and heights, in whatever portions?"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collector.backfill.trace_coverage import (
    Spot,
    joined,
    report_spots,
    slots_of_spots,
    trace_spots,
)
from collector.coverage.region import Region
from collector.decode import decode
from collector.model import Source
from collector.model.coverage import CELL_DEG, band_of
from collector.model.reply import Format
from tests.support.flights import LLOV
from tests.support.past import FIRST, passing, trace

REGION = Region(((LLOV.lat_deg, LLOV.lon_deg, 100.0),))
AT = datetime(2024, 3, 4, 10, 2, tzinfo=UTC)
OVER: Spot = (AT, LLOV.lat_deg, LLOV.lon_deg, 35_000.0)


def test_one_position_makes_one_slot() -> None:
    (slot,) = slots_of_spots([OVER], "traces")
    assert (slot.feed, slot.begins_at) == ("traces", AT - timedelta(minutes=2))
    assert slot.area_minutes == slot.alive_minutes == 0b00100
    cell = (int(LLOV.lat_deg // CELL_DEG), int(LLOV.lon_deg // CELL_DEG), band_of(35_000))
    assert (slot.aircraft, slot.unplaced, dict(slot.cells)) == (1, 0, {cell: 1})


def test_far_away_proves_nothing_here() -> None:
    seen = passing(FIRST, 0)[20]
    for lat, lon in ((51.5, 0.0), (LLOV.lat_deg, LLOV.lon_deg + 90), (-LLOV.lat_deg, 35.0)):
        there = replace(seen, lat_deg=lat, lon_deg=lon)
        assert list(report_spots([there], REGION)) == []
        rows = decode(Format.TRACE, trace([there], FIRST), received_at=FIRST).rows
        assert list(trace_spots(rows, REGION)) == []


@given(seed=st.integers(0, 2**32), portions=st.integers(1, 6))
def test_any_portions_in_any_order_twice_join_to_the_same(seed: int, portions: int) -> None:
    chance = random.Random(seed)
    spots = [
        (AT + timedelta(seconds=chance.randrange(1800)), 30 + chance.random(), 35.0, height)
        for height in (900.0, 9_000.0, 36_000.0)
        for _ in range(6)
    ]
    whole = joined(slots_of_spots(spots, "traces"))
    twice = [*spots, *chance.sample(spots, 5)]
    chance.shuffle(twice)
    parts = [slots_of_spots(twice[number::portions], "traces") for number in range(portions)]
    assert joined(slot for part in parts for slot in part) == whole


def test_a_trace_and_the_reports_stored_of_it_prove_the_same() -> None:
    seen = passing(FIRST, 0)
    rows = decode(Format.TRACE, trace(seen, FIRST), received_at=FIRST).rows
    of_trace = slots_of_spots(trace_spots(rows, REGION), "traces")
    assert of_trace == slots_of_spots(report_spots(seen, REGION), "traces")
    assert len(of_trace) > 20


def test_what_is_no_proof_is_left_out() -> None:
    seen = passing(FIRST, 0)[20]
    assert len(list(report_spots([seen], REGION))) == 1
    late = seen.heard_at + timedelta(minutes=5)
    for other in (
        replace(seen, gps_lost=True),
        replace(seen, source=Source.ADSC),
        replace(seen, lat_deg=None, lon_deg=None),
        replace(seen, baro_altitude_ft=None, geom_altitude_ft=None),
        replace(seen, heard_at=late),
    ):
        assert list(report_spots([other], REGION)) == []
