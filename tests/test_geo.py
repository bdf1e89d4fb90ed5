"""How far is the sphere from the ellipsoid (geographiclib), and where is a point from a runway?"""

from __future__ import annotations

import math

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import assume, given
from hypothesis import strategies as st

from collector.geo import (
    NM_IN_M,
    angle_between_deg,
    at_most_nm,
    bearing_deg,
    destination,
    distance_nm,
    runway_frame_nm,
)

LATS = st.floats(-89.5, 89.5)
LONS = st.floats(-180, 180)
BEARINGS = st.floats(0, 360, exclude_max=True)
OVDA_20L = (29.9522, 34.9433, 201.9)


def _true(lat1: float, lon1: float, lat2: float, lon2: float) -> tuple[float, float]:
    """Distance in NM and initial bearing on the WGS84 ellipsoid."""
    line = Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2)
    return line["s12"] / NM_IN_M, line["azi1"] % 360


@given(LATS, LONS, LATS, LONS)
def test_distances_are_within_0_6_percent_of_the_ellipsoid(
    lat1: float, lon1: float, lat2: float, lon2: float
) -> None:
    distance, _ = _true(lat1, lon1, lat2, lon2)
    assert distance_nm(lat1, lon1, lat2, lon2) == pytest.approx(distance, rel=0.006, abs=0.001)


@given(st.floats(-70, 70), LONS, BEARINGS, st.floats(0.5, 300))
def test_bearings_in_an_approachs_reach_are_within_a_quarter_of_a_degree(
    lat: float, lon: float, bearing: float, away: float
) -> None:
    lat2, lon2 = destination(lat, lon, bearing, away)
    assume(abs(lat2) < 75)
    _, expected = _true(lat, lon, lat2, lon2)
    assert angle_between_deg(bearing_deg(lat, lon, lat2, lon2), expected) < 0.25


@given(LATS, LONS, BEARINGS, st.floats(0.01, 5000))
def test_where_a_bearing_leads_is_that_far_away(
    lat: float, lon: float, bearing: float, away: float
) -> None:
    lat2, lon2 = destination(lat, lon, bearing, away)
    assert -90 <= lat2 <= 90
    assert -180 <= lon2 <= 180
    assert distance_nm(lat, lon, lat2, lon2) == pytest.approx(away, rel=1e-6, abs=1e-5)
    if abs(lat) < 85 and away > 1:
        assert angle_between_deg(bearing_deg(lat, lon, lat2, lon2), bearing) < 0.01


@given(LATS, LONS, LATS, LONS)
def test_distance_is_a_distance(lat1: float, lon1: float, lat2: float, lon2: float) -> None:
    there = distance_nm(lat1, lon1, lat2, lon2)
    assert there >= 0
    assert there == pytest.approx(distance_nm(lat2, lon2, lat1, lon1), abs=1e-6)
    assert there <= math.pi * 3440.1
    assert distance_nm(lat1, lon1, lat1, lon1) == 0
    assert there <= at_most_nm(lat1, lon1, lat2, lon2) + 1e-6


def test_the_quick_bound_is_the_distance_where_only_one_coordinate_differs() -> None:
    assert at_most_nm(29.0, 35.0, 30.5, 35.0) == pytest.approx(
        distance_nm(29.0, 35.0, 30.5, 35.0), rel=1e-3
    )
    assert at_most_nm(0.0, 35.0, 0.0, 33.5) == pytest.approx(
        distance_nm(0.0, 35.0, 0.0, 33.5), rel=1e-3
    )


def test_across_the_antimeridian_and_the_poles() -> None:
    assert distance_nm(0, 179.9, 0, -179.9) == pytest.approx(12.0, abs=0.1)
    assert bearing_deg(0, 179.9, 0, -179.9) == pytest.approx(90, abs=0.01)
    assert distance_nm(89.9, 0, 89.9, 180) == pytest.approx(12.0, abs=0.1)
    assert distance_nm(90, 0, -90, 0) == pytest.approx(math.pi * 3440.065)
    lat, lon = destination(0, 179.9, 90, 12)
    assert (lat, lon) == pytest.approx((0, -179.9), abs=0.01)


@given(st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_the_angle_between_directions(a: float, b: float) -> None:
    angle = angle_between_deg(a, b)
    assert 0 <= angle <= 180
    assert angle == pytest.approx(angle_between_deg(b, a), abs=1e-6)
    assert angle == pytest.approx(angle_between_deg(a + 360, b), abs=1e-6)
    cosine = math.cos(math.radians(a - b))
    assert math.cos(math.radians(angle)) == pytest.approx(cosine, abs=1e-6)


@given(st.floats(0.1, 30), st.floats(-5, 5))
def test_a_point_on_final_in_the_runways_frame(before: float, right: float) -> None:
    """To 40 m near the runway; 30 NM out the meridians' convergence adds 170 m at most."""
    lat, lon, course = OVDA_20L
    on_line = destination(lat, lon, (course + 180) % 360, before)
    point = destination(*on_line, (course + 90) % 360, right)
    along, beside = runway_frame_nm(lat, lon, course, *point)
    assert along == pytest.approx(before, abs=0.02)
    assert beside == pytest.approx(right, abs=0.02 + 1e-4 * before**2)


def test_past_the_threshold_is_negative() -> None:
    lat, lon, course = OVDA_20L
    along, beside = runway_frame_nm(lat, lon, course, *destination(lat, lon, course, 1.0))
    assert along == pytest.approx(-1.0, abs=1e-3)
    assert beside == pytest.approx(0.0, abs=1e-3)


def test_ovda_and_ramon_lie_as_published() -> None:
    """24.9 km apart by LANDING's table."""
    assert distance_nm(29.9403, 34.9358, 29.7270, 35.0141) * NM_IN_M == pytest.approx(
        24_900, rel=0.01
    )
