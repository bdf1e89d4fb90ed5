"""Is each feed polled as often as the fleet's activity demands, and never more than is allowed?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.model import Airfield, Observation
from collector.polling.rhythm import (
    INBOUND_MEMORY,
    NEAR_MEMORY,
    FleetActivity,
    PollIntervals,
    fleet_activity,
    next_poll_at,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OVDA = Airfield(
    icao="LLOV", name="Ovda", lat_deg=29.9403, lon_deg=34.9358, elevation_ft=1492, zone="UTC"
)


def seen(
    lat_deg: float,
    *,
    altitude_ft: float | None = 30_000,
    track_deg: float | None = 180,
    ago: timedelta = timedelta(),
    on_ground: bool = False,
    speed_kt: float | None = None,
) -> Observation:
    return Observation(
        icao24="600865",
        feed="adsblol",
        heard_at=NOW - ago,
        position_at=NOW - ago,
        lat_deg=lat_deg,
        lon_deg=34.94,
        geom_altitude_ft=altitude_ft,
        track_deg=track_deg,
        on_ground=on_ground,
        ground_speed_kt=speed_kt,
    )


@pytest.mark.parametrize(
    ("observation", "expected"),
    [
        (seen(45.0), FleetActivity.FAR),
        (seen(36.0), FleetActivity.NEAR),
        (seen(31.2), FleetActivity.INBOUND),
        (seen(31.2, track_deg=0), FleetActivity.NEAR),
        (seen(30.3, altitude_ft=9_000, track_deg=0), FleetActivity.INBOUND),
        (seen(31.2, track_deg=None), FleetActivity.INBOUND),
        (seen(29.94, altitude_ft=None, on_ground=True), FleetActivity.NEAR),
        (seen(29.94, altitude_ft=None, on_ground=True, speed_kt=0.5), FleetActivity.NEAR),
        (seen(29.94, altitude_ft=None, on_ground=True, speed_kt=90), FleetActivity.INBOUND),
        (seen(31.2, ago=INBOUND_MEMORY - timedelta(seconds=1)), FleetActivity.INBOUND),
        (seen(31.2, ago=INBOUND_MEMORY + timedelta(seconds=1)), FleetActivity.NEAR),
        (seen(31.2, ago=NEAR_MEMORY + timedelta(seconds=1)), FleetActivity.FAR),
    ],
)
def test_mood_follows_place_height_heading_and_age(
    observation: Observation, expected: FleetActivity
) -> None:
    assert fleet_activity([observation], [OVDA], NOW) is expected


def test_the_most_urgent_aircraft_decides() -> None:
    assert (
        fleet_activity([seen(45.0), seen(31.2), seen(36.0)], [OVDA], NOW) is FleetActivity.INBOUND
    )
    assert fleet_activity([], [OVDA], NOW) is FleetActivity.FAR
    assert fleet_activity([seen(31.2)], [], NOW) is FleetActivity.FAR


def test_a_frozen_position_brings_nobody_near() -> None:
    frozen = Observation(
        icao24="600865",
        feed="opensky",
        heard_at=NOW,
        position_at=NOW - timedelta(minutes=5),
        lat_deg=30.0,
        lon_deg=34.94,
        geom_altitude_ft=3000,
    )
    assert fleet_activity([frozen], [OVDA], NOW) is FleetActivity.FAR


def test_each_mood_has_its_interval() -> None:
    rhythm = PollIntervals(timedelta(minutes=3), timedelta(minutes=1), timedelta(seconds=20))
    assert [rhythm.interval_of(m).total_seconds() for m in FleetActivity] == [180, 60, 20]


@given(
    asked_s=st.integers(-(10**6), 10**6),
    interval_s=st.integers(1, 86_400),
    parked_s=st.one_of(st.none(), st.integers(-(10**6), 10**6)),
)
def test_the_next_ask_is_never_past_never_early_and_never_for_ever(
    asked_s: int, interval_s: int, parked_s: int | None
) -> None:
    parked = None if parked_s is None else NOW + timedelta(seconds=parked_s)
    interval = timedelta(seconds=interval_s)
    due = next_poll_at(NOW + timedelta(seconds=asked_s), interval, parked, NOW)
    assert due >= NOW
    assert parked is None or due >= parked
    assert due <= max(NOW + interval, parked or NOW)
    if asked_s <= 0:
        assert due >= NOW + timedelta(seconds=asked_s) + interval
