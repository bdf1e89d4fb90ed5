"""Is coverage counted in every circle and nowhere else, and low only where it shows that?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.coverage.near import FIELD_NM, Near, lowest_band, shows_height
from collector.coverage.others import without
from collector.coverage.region import Region
from collector.geo import destination, distance_nm
from collector.model import Observation
from collector.model.coverage import SLOT, CoverageSlot

AT = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
OVDA = (29.9403, 34.9358)
CIRCLES = ((*OVDA, 250.0), (-17.0, 179.9, 100.0))


@given(st.sampled_from(CIRCLES), st.floats(0, 360), st.floats(0.0, 1.5))
def test_a_point_is_in_the_region_up_to_the_radius_of_a_circle(
    circle: tuple[float, float, float], bearing: float, share: float
) -> None:
    """To two per cent, also across the 180th meridian."""
    lat, lon = destination(circle[0], circle[1], bearing, share * circle[2])
    region = Region(CIRCLES)
    if abs(share - 1.0) > 0.03:
        assert region.holds(lat, lon) is (share < 1.0)
    south, north = region.latitudes
    assert not region.holds(lat, lon) or south <= lat <= north


def test_the_bounds_are_those_of_the_circles_and_none_hold_nothing() -> None:
    assert Region(CIRCLES).latitudes == pytest.approx((-17.0 - 100 / 60, 29.9403 + 250 / 60))
    nowhere = Region(())
    assert nowhere.latitudes[0] > nowhere.latitudes[1]
    assert not nowhere.holds(*OVDA)


def test_an_aircraft_on_the_ground_shows_height_only_within_reach_of_the_airfield() -> None:
    """Of a cell whose edge is nearer than the runways reach, wherever that edge lies."""
    lat, lon = 30.0 + FIELD_NM / 60.0, 34.875
    assert [shows_height((119, 139, 0), lat + by, lon, 30.0) for by in (-1e-3, 1e-3)] == [
        True,
        False,
    ]
    pacific = (-17.1, 179.99)
    assert shows_height((-69, -720, 0), *pacific, 30.0)  # the next cell east, at −180
    assert not shows_height((-69, -719, 0), *pacific, 30.0)
    assert distance_nm(*pacific, -17.1, -180.0) < FIELD_NM


def test_the_lowest_band_is_of_the_slots_that_touch_the_time() -> None:
    slots = [
        CoverageSlot(feed="one", begins_at=AT + n * SLOT, cells={(119, 139, band): count})
        for n, (band, count) in enumerate([(3, 1), (4, 1), (2, 0), (5, 1), (1, 1)])
    ]

    def lowest(begin_s: float, end_s: float) -> int | None:
        begin, end = (AT + timedelta(seconds=each) for each in (begin_s, end_s))
        return lowest_band(slots, *OVDA, radius_nm=30.0, begin=begin, end=end)

    assert lowest(299, 1200) == 3
    assert lowest(300, 1200) == 4
    assert lowest(300, 1201) == 1
    assert lowest(600, 900) is None
    near = Near(*OVDA, 30.0)
    empty = replace(slots[0], cells={(119, 139, 8): 0})
    assert (near(empty), near.any_aircraft(empty), near.any_low(empty)) == (set(), False, False)


@pytest.mark.parametrize(
    ("changes", "bands", "unplaced"),
    [
        ({"baro_altitude_ft": 4500.0, "geom_altitude_ft": 100.0}, {4}, 1),
        ({"baro_altitude_ft": 8500.0, "on_ground": True}, {2}, 1),
        ({"on_ground": True}, {2, 4}, 1),
        ({"baro_altitude_ft": 4500.0}, {0, 4}, 1),
        ({"geom_altitude_ft": 4500.0}, {0, 4}, 1),
        ({"on_ground": True, "lat_deg": None, "position_at": None}, {0, 2, 4}, 0),
        ({"on_ground": True, "lon_deg": None, "position_at": None}, {0, 2, 4}, 0),
        ({"on_ground": True, "position_at": AT - timedelta(minutes=4)}, {2, 4}, 0),
    ],
)
def test_an_aircraft_is_left_out_by_either_of_its_altitudes(
    changes: dict[str, object], bands: set[int], unplaced: int
) -> None:
    """On the ground it may have been counted at 0 ft; without a fresh place, as one without."""
    report = Observation(
        icao24="600865", feed="one", heard_at=AT, position_at=AT, lat_deg=29.94, lon_deg=34.94
    )
    cells = dict.fromkeys(((119, 139, band) for band in (0, 2, 4)), 1)
    slot = CoverageSlot(feed="one", begins_at=AT, aircraft=3, unplaced=1, cells=cells)
    later = replace(slot, begins_at=AT + 2 * SLOT)
    less, same = without([slot, later], [replace(report, **changes)])  # type: ignore[arg-type]
    assert {cell[2] for cell in less.cells} == bands
    assert (less.aircraft, less.unplaced) == (2, unplaced)
    assert same is later
