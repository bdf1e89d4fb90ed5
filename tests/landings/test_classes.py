"""Into which class of its table does an end fall: projection, speed, side, heights alone?"""

from __future__ import annotations

from bisect import bisect_right

import pytest

from collector.geo import destination
from collector.landings.evidence import descent, direction
from collector.landings.evidence.blind_altitudes import BlindHeights
from collector.landings.evidence.ends import End
from collector.landings.fields import bearing_to
from collector.tracking import Fix
from tests.support.flights import LLOV, START

ALONG_20L_DEG = 201.9
AT_20_NM_KT = 240.0


def end(
    *,
    distance_nm: float = 20.0,
    height_ft: float = 6000.0,
    beside_deg: float = 0.0,
    track_deg: float | None = ALONG_20L_DEG,
    speed_kt: float | None = AT_20_NM_KT,
    rate_fpm: float | None = -1200.0,
    departing: bool = False,
    blind: BlindHeights | None = None,
) -> End:
    """An end so far from Ovda and so high above it, so far beside the axis of runway 20L."""
    out = (ALONG_20L_DEG + 180.0 + beside_deg) % 360.0
    lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, out, distance_nm)
    fix = Fix(
        at=START,
        lat_deg=lat,
        lon_deg=lon,
        altitude_ft=LLOV.elevation_ft + height_ft,
        ground_speed_kt=speed_kt,
        track_deg=track_deg,
        vertical_rate_fpm=rate_fpm,
    )
    return End(fix, {"LLOV": bearing_to(LLOV, fix, departing=departing)}, blind=blind)


def descent_class(table: str, of: End, sign: float = 1.0) -> int:
    return dict(descent.descent_features(of, LLOV, sign))[table]


def direction_class(table: str, of: End, *, departing: bool = False) -> int:
    return dict(direction.direction_features(of, LLOV, departing=departing))[table]


@pytest.mark.parametrize(
    ("rate_fpm", "share"),
    [(-1200, 1.0), (-600, 0.5), (-150, 0.12), (-1800, 1.5), (-3600, 3.0), (600, -0.5)],
)
def test_a_descent_is_projected_to_the_field(rate_fpm: float, share: float) -> None:
    """20 NM at 240 kt are five minutes: 1,200 ft/min lose just the 6,000 ft it has."""
    row = bisect_right(descent.PROJECTED_NM, 20.0) * (len(descent.PROJECTED) + 1)
    expected = row + bisect_right(descent.PROJECTED, share)
    assert descent_class("projected", end(rate_fpm=rate_fpm)) == expected


def test_a_climb_is_projected_back_to_the_field() -> None:
    away = end(track_deg=21.9, rate_fpm=1200.0, departing=True)
    assert descent_class("projected", away, -1.0) == descent_class("projected", end())
    assert descent_class("projected", away, 1.0) != descent_class("projected", end())


@pytest.mark.parametrize("unknown", [{"rate_fpm": None}, {"speed_kt": None}, {"speed_kt": 20.0}])
def test_without_rate_or_speed_nothing_is_projected(unknown: dict[str, float | None]) -> None:
    found = descent_class("projected", end(**unknown))  # type: ignore[arg-type]
    assert found == descent.SIZES["projected"] - 1


def test_a_speed_is_read_against_its_distance() -> None:
    usual, fast = descent_class("speed", end()), descent_class("speed", end(speed_kt=450.0))
    assert fast - usual == len(descent.SPEED_KT) - bisect_right(descent.SPEED_KT, AT_20_NM_KT)
    near = descent_class("speed", end(distance_nm=2.0))
    assert near % (len(descent.SPEED_KT) + 1) == usual % (len(descent.SPEED_KT) + 1)
    assert near < len(descent.SPEED_KT) + 1 <= usual
    assert descent_class("speed", end(speed_kt=None)) == descent.SIZES["speed"] - 1


@pytest.mark.parametrize(
    ("beside_deg", "column"),
    [(0.0, 0), (-10.0, 1), (10.0, 1), (80.0, 4), (180.0, len(direction.SIDE_DEG))],
    ids=["on final", "left of it", "right of it", "abeam", "beyond the field"],
)
def test_the_side_is_seen_from_the_field(beside_deg: float, column: int) -> None:
    row = bisect_right(direction.NEARNESS_NM, 20.0) * (len(direction.SIDE_DEG) + 1)
    assert direction_class("side", end(beside_deg=beside_deg)) == row + column


def test_the_side_of_a_departure_is_that_of_the_runway_it_left() -> None:
    """Flying off to the south-west, seen backwards: on the final of 02."""
    away = end(beside_deg=180.0, departing=True)
    assert direction_class("side", away, departing=True) == direction_class("side", end())


def test_without_a_track_there_is_no_side() -> None:
    assert direction_class("side", end(track_deg=None)) == direction.SIZES["side"] - 1


@pytest.mark.parametrize(
    ("lowest_ft", "expected"), [(1000, 0), (1500, 1), (2000, 2), (30_000, 6), (None, 7)]
)
def test_heights_alone_are_read_above_the_field(lowest_ft: float | None, expected: int) -> None:
    blind = None if lowest_ft is None else BlindHeights(lowest_ft, lowest_ft, 650.0)
    assert descent_class("blind", end(blind=blind)) == expected
