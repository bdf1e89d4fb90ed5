"""Two aircraft under one address hop; one wrong position, and one that turns, does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from collector.geo import destination
from collector.model import Observation
from collector.tracking import fixes_of
from tests.support.flights import LLOV, START, hear, overflight, polls, visit

TIMES = polls(START, START + timedelta(minutes=36), 300.0)
CROSSING = hear(overflight(LLOV, START + timedelta(minutes=18)), TIMES)


def hopped(reports: Sequence[Observation]) -> tuple[datetime, ...]:
    return fixes_of(sorted(reports, key=lambda each: each.at)).hopped


def test_from_one_flight_to_another() -> None:
    """The second one crosses at a right angle; the replies change from one to the other once."""
    other = hear(overflight(LLOV, START + timedelta(minutes=28), track=105.0), TIMES)
    assert hopped([*CROSSING[:4], *other[4:]]) == (TIMES[4],)


def test_in_every_second_reply() -> None:
    other = hear(overflight(LLOV, START + timedelta(minutes=33), track=105.0), TIMES)
    assert hopped([*CROSSING[::2], *other[1::2]])


@pytest.mark.parametrize("away_nm", [30.0, 50.0, 200.0, 2000.0])
@pytest.mark.parametrize("towards_deg", [0.0, 90.0, 180.0, 270.0])
@pytest.mark.parametrize("which", [1, 3, 6])
def test_a_single_wrong_position_does_not(away_nm: float, towards_deg: float, which: int) -> None:
    true = CROSSING[which]
    assert true.lat_deg is not None and true.lon_deg is not None  # noqa: PT018 - it was heard
    lat, lon = destination(true.lat_deg, true.lon_deg, towards_deg, away_nm)
    wrong = replace(true, lat_deg=lat, lon_deg=lon)
    assert not hopped([*CROSSING[:which], wrong, *CROSSING[which + 1 :]])


@pytest.mark.parametrize("every_s", [60.0, 120.0, 300.0])
@pytest.mark.parametrize("runway", ["20L", "02R"])
def test_an_arrival_a_stay_and_a_departure_do_not(every_s: float, runway: str) -> None:
    way = visit(LLOV, START + timedelta(hours=1), timedelta(hours=1), runway=runway)
    assert not hopped(hear(way, polls(START, START + timedelta(hours=3), every_s)))
    assert not hopped(hear(way, polls(START, START + timedelta(hours=3), every_s), floor_ft=5000.0))


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("minute", [-22, -12, 75, 90])
def test_a_stand_that_a_feed_gives_again_does_not(minute: int, count: int) -> None:
    """Where the aircraft will stand or has stood, while it is received in flight."""
    way = visit(LLOV, START + timedelta(hours=1), timedelta(hours=1), runway="20L")
    rows = hear(way, polls(START, START + timedelta(hours=3), 120.0))
    stood = next(each for each in rows if each.ground_speed_kt == 0.0)
    times = [START + timedelta(minutes=60 + minute, seconds=35 + 60 * n) for n in range(count)]
    again = [replace(stood, heard_at=at, position_at=at) for at in times]
    assert not hopped([*rows, *again])


def test_positions_that_come_close_together_do_not() -> None:
    """Two feeds, one of them late: whose clock is wrong is asked elsewhere."""
    late_by = timedelta(seconds=130)
    late = [
        replace(each, feed="b", heard_at=each.at + late_by, position_at=each.at + late_by)
        for each in CROSSING
    ]
    assert not hopped([*CROSSING, *late])
