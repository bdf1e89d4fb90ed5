"""What does one report say by itself, and how far can an aircraft be from it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from collector.geo import destination
from collector.model import Observation, Source
from collector.tracking import Doubt, Fix, track
from collector.tracking.motion import (
    FASTEST_KT,
    height_reach_ft,
    reach_from_standing_nm,
    reachable,
    usual,
)
from tests.tracking.test_chain import report

ONE = report(0.0, 30.0)
MINUTE = timedelta(minutes=1)


def alone(one: Observation, above_ft: float = 10_000.0) -> Fix:
    (fix,) = track([one], above_ft)
    return fix


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"heard_at": ONE.at + MINUTE}, None),
        ({"heard_at": ONE.at + MINUTE + timedelta(seconds=1)}, Doubt.STALE),
        ({"geom_altitude_ft": 34_000.0 + 3099.0}, None),
        ({"geom_altitude_ft": 34_000.0 - 3100.0}, Doubt.SATURATED),
        ({"geom_altitude_ft": 34_000.0 + 3100.0}, Doubt.SATURATED),
        ({"ground_speed_kt": 199.0}, Doubt.CIRCLING),
        ({"ground_speed_kt": 200.0}, None),
        ({"ground_speed_kt": None}, None),
        ({"ground_speed_kt": 100.0, "baro_altitude_ft": 10_000.0}, None),
        ({"ground_speed_kt": 100.0, "baro_altitude_ft": 10_001.0}, Doubt.CIRCLING),
        ({"ground_speed_kt": 100.0, "on_ground": True}, None),
        ({"ground_speed_kt": 100.0, "baro_altitude_ft": None, "geom_altitude_ft": 34e3}, None),
        ({"crowded": True}, Doubt.CROWDED),
    ],
)
def test_what_is_not_believed_of_a_position(
    changes: dict[str, object], doubt: Doubt | None
) -> None:
    fix = alone(replace(ONE, **changes))  # type: ignore[arg-type]
    assert fix.doubt is doubt
    assert fix.placed is (doubt is None)
    if doubt is not None:
        assert (fix.ground_speed_kt, fix.track_deg, fix.callsign) == (None, None, "true")
        assert fix.feeds == ("one",)


def test_slow_flight_near_a_high_airfield_is_believed() -> None:
    slow = replace(ONE, ground_speed_kt=130.0, baro_altitude_ft=14_000.0)
    assert alone(slow).doubt is Doubt.CIRCLING
    assert alone(slow, 14_000.0).doubt is None


@pytest.mark.parametrize(
    ("changes", "altitude_ft", "error_ft"),
    [
        ({"geom_altitude_ft": 34_500.0}, 34_500.0, 200.0),
        ({}, 34_000.0, 650.0),
        ({"geom_altitude_ft": 38_000.0}, 34_000.0, 650.0),  # saturated
        ({"geom_altitude_ft": 34_500.0, "heard_at": ONE.at + 2 * MINUTE}, 34_000.0, 650.0),
        ({"geom_altitude_ft": 34_500.0, "baro_altitude_ft": None}, 34_500.0, 200.0),
        ({"geom_altitude_ft": 34_500.0, "crowded": True}, 34_500.0, 200.0),
        ({"baro_altitude_ft": None}, None, 650.0),
    ],
)
def test_the_altitude_is_the_geometric_one_where_it_can_be_believed(
    changes: dict[str, object], altitude_ft: float | None, error_ft: float
) -> None:
    fix = alone(replace(ONE, **changes))  # type: ignore[arg-type]
    assert (fix.altitude_ft, fix.altitude_error_ft) == (altitude_ft, error_ft)


@pytest.mark.parametrize(
    ("changes", "on_ground"),
    [
        ({"ground_speed_kt": 180.0}, True),
        ({"ground_speed_kt": 181.0}, None),
        ({"ground_speed_kt": None}, True),
        *(
            ({"ground_speed_kt": 20.0, "source": source}, None)
            for source in (Source.MLAT, Source.TISB, Source.ADSR, Source.ADSC)
        ),
        ({"ground_speed_kt": 20.0, "source": Source.MODE_S}, True),
    ],
)
def test_the_ground_is_believed_of_what_rolls_and_says_so_itself(
    changes: dict[str, object], on_ground: bool | None
) -> None:
    down = replace(ONE, on_ground=True, baro_altitude_ft=None)
    fix = alone(replace(down, **changes))  # type: ignore[arg-type]
    assert fix.on_ground is on_ground
    assert fix.placed


def away(distance_nm: float, **changes: object) -> Observation:
    lat, lon = destination(30.0, 35.0, 70.0, distance_nm)
    return replace(ONE, lat_deg=lat, lon_deg=lon, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "source", "most_nm"),
    [
        (60.0, Source.ADSB, 1.0 + 700.0 * 65 / 3600),
        (-60.0, Source.ADSB, 1.0 + 700.0 * 65 / 3600),
        (60.0, Source.MLAT, 1.0 + 700.0 * 80 / 3600),
        (0.0, Source.ADSB, 1.0 + 700.0 * 5 / 3600),
    ],
)
def test_no_flight_is_faster_than_700_knots(seconds: float, source: Source, most_nm: float) -> None:
    apart = timedelta(seconds=seconds)
    assert reachable(ONE, away(most_nm - 0.01), apart, source)
    assert not reachable(ONE, away(most_nm + 0.01), apart, source)


@pytest.mark.parametrize(
    ("here_kt", "there_kt", "most_kt"),
    [
        (100.0, None, 1.3 * 100 + 50),
        (100.0, 200.0, 1.3 * 200 + 50),
        (None, None, 1.3 * FASTEST_KT + 50),
    ],
)
def test_a_usual_flight_is_about_as_fast_as_it_says(
    here_kt: float | None, there_kt: float | None, most_kt: float
) -> None:
    here = replace(ONE, ground_speed_kt=here_kt)
    most_nm = 1.0 + most_kt * (120 + 20) / 3600
    for apart in (2 * MINUTE, -2 * MINUTE):
        assert usual(here, away(most_nm - 0.01, ground_speed_kt=there_kt), apart)
        assert not usual(here, away(most_nm + 0.01, ground_speed_kt=there_kt), apart)


@pytest.mark.parametrize("missing", ["lat_deg", "lon_deg"])
def test_without_a_position_anything_can_be_reached(missing: str) -> None:
    nowhere = replace(ONE, **{missing: None})  # type: ignore[arg-type]
    for a, b in ((nowhere, away(900.0)), (away(900.0), nowhere)):
        assert reachable(a, b, MINUTE, Source.ADSB)
        assert usual(a, b, MINUTE)


def test_from_standing_an_aircraft_gains_speed_up_to_the_fastest() -> None:
    """Each second it gets farther, by no more than 5 kt more than the second before."""
    reached = [reach_from_standing_nm(float(second)) for second in range(900)]
    speeds = [(b - a) * 3600.0 for a, b in pairwise(reached)]
    assert speeds[0] == pytest.approx(42.5)
    gained = [b - a for a, b in pairwise(speeds)]
    assert min(gained) >= -1e-6
    assert max(gained) == pytest.approx(5.0)
    assert max(speeds) == pytest.approx(FASTEST_KT)
    assert next(second for second, kt in enumerate(speeds) if kt > 699.9) == 370
    assert height_reach_ft(40.0, 6000.0) == height_reach_ft(-40.0, 6000.0) == 6000.0


@pytest.mark.parametrize(
    ("track_deg", "seconds", "comes"),
    [(0.0, 51, True), (180.0, 51, False), (180.0, 110, True), (None, 51, True), (90.0, 70, True)],
)
def test_an_aircraft_turns_before_it_stands_behind_itself(
    track_deg: float | None, seconds: int, *, comes: bool
) -> None:
    """At 140 kt, 4 NM south of the stand. A turn about takes a minute, at 3 degrees a second."""
    lat, lon = destination(30.0, 35.0, 180.0, 4.0)
    place = {"lat_deg": lat, "lon_deg": lon, "baro_altitude_ft": 1500.0}
    flies = replace(ONE, ground_speed_kt=140.0, track_deg=track_deg, **place)  # type: ignore[arg-type]
    stand = {"lat_deg": 30.0, "lon_deg": 35.0, "on_ground": True, "baro_altitude_ft": None}
    stands = replace(ONE, ground_speed_kt=0.0, **stand)  # type: ignore[arg-type]
    assert usual(flies, stands, timedelta(seconds=seconds)) is comes
    assert usual(stands, flies, timedelta(seconds=seconds))
