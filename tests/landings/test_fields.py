"""How does a fix lie to a field, how long is the way, and where is an airframe said to be?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.geo import destination
from collector.landings.evidence.blind_altitudes import BlindHeights
from collector.landings.evidence.ends import End
from collector.landings.fields import (
    bearing_to,
    circle_above_ft,
    final_s,
    flight_time_s,
    usable_fields,
)
from collector.landings.finals import on_low_final, on_short_final
from collector.landings.fleet_proofs import Proof, place_of
from collector.model import RunwayEnd
from tests.landings.made_fixes import FIELD, OTHER, RULES, T, fix


def test_slow_flight_is_a_spoofed_circle_only_high_above_every_field() -> None:
    assert circle_above_ft([]) == 10_000.0
    assert circle_above_ft([FIELD, replace(OTHER, elevation_ft=4000.0)]) == 10_000.0
    assert circle_above_ft([FIELD, replace(OTHER, elevation_ft=8000.0)]) == 14_000.0


@pytest.mark.parametrize(
    ("length_m", "type_code", "usable"),
    [
        (1500.0, "IL76", True),
        (1499.0, "IL76", False),
        (1499.0, "A388", False),
        (1300.0, "A320", True),  # as at Santos Dumont
        (1299.0, "A320", False),
        (1499.0, "B463", True),
        (1499.0, "C172", True),
        (1499.0, None, True),
    ],
)
def test_jet_airliners_and_large_freighters_need_a_long_runway(
    length_m: float, type_code: str | None, usable: bool
) -> None:
    short = replace(FIELD, runways=(RunwayEnd("18", 30.0, 35.0, 180.0, length_m),))
    area = replace(FIELD, runways=(), listed_longest_m=length_m)
    for field in (short, area):
        found = usable_fields([field, OTHER], fix(0, 5.0), type_code, RULES)
        assert found == (([field, OTHER], []) if usable else ([OTHER], [field]))
    nothing_known = replace(FIELD, runways=())
    assert usable_fields([nothing_known], fix(0, 5.0), type_code, RULES) == ([nothing_known], [])
    closed = replace(OTHER, valid_to=T.date())
    assert usable_fields([closed], fix(0, 5.0), None, RULES) == ([], [])


@pytest.mark.parametrize(
    ("speed_kt", "seconds"),
    [(200.0, 3600 / 165), (130.0, 3600 / 130), (100.0, 36.0), (40.0, 80.0), (None, 3600 / 155)],
)
def test_a_final_is_flown_slowing_down_to_130_kt(speed_kt: float | None, seconds: float) -> None:
    """For each mile to touchdown, 0.7 NM before the point that is aimed at."""
    assert final_s(bearing_to(FIELD, fix(0, 1.7)), speed_kt, RULES) == pytest.approx(seconds)
    assert final_s(bearing_to(FIELD, fix(0, 0.5)), speed_kt, RULES) == 0.0


def test_a_flight_is_slower_within_forty_miles() -> None:
    assert flight_time_s(9.0, RULES) == pytest.approx(180.0)
    assert flight_time_s(40.0 + 43.0, RULES) == pytest.approx(800.0 + 360.0)


RUNWAY = replace(FIELD, runways=(RunwayEnd("18", 30.0, 35.0, 180.0, 3000.0),))


def final(north_nm: float, height_ft: float, sunk_ft: float = 0.0, fpm: float = -700.0) -> End:
    one = fix(0, north_nm, height_ft, track_deg=180.0, vertical_rate_fpm=fpm)
    nearest_ft = FIELD.elevation_ft + height_ft - sunk_ft
    blind = BlindHeights(nearest_ft, nearest_ft, 100.0) if sunk_ft else None
    return End(one, {"XHER": bearing_to(RUNWAY, one)}, blind=blind)


@pytest.mark.parametrize(
    ("end", "low", "short"),
    [
        # The threshold lies at the field; aircraft touch down 0.15 NM beyond it.
        (final(0.45, 200), True, True),
        (final(0.50, 200), True, False),  # 207 ft by its place
        (final(0.50, 200, 10), True, True),  # it sank on
        (final(0.45, 200, -10), True, False),  # it climbed
        (final(0.45, 501), True, False),  # nor may its altitude say otherwise
        (final(0.45, 500), True, True),
        (final(0.45, 200, fpm=-299.0), False, False),
        (final(3.8, 1500), True, False),
        (final(3.9, 1500), False, False),
        (final(3.8, 1501), False, False),
        (final(3.8, 1600, 100), True, False),
    ],
)
def test_low_and_short_finals(end: End, low: bool, short: bool) -> None:
    assert on_low_final(end, "XHER", RULES) is low
    assert on_short_final(end, "XHER", RULES) is short
    assert not on_low_final(end, "XOTH", RULES)
    assert not on_short_final(end, "XOTH", RULES)


@pytest.mark.parametrize(
    ("away_nm", "height_ft", "on_ground", "where"),
    [
        (4.9, None, True, "at Here (XHER)"),
        (5.1, None, True, "on the ground near 30.1 N 35.0 E"),
        (4.9, 1499.0, False, "at Here (XHER)"),
        (4.9, 1500.0, False, "near Here (XHER)"),
        (5.1, 1499.0, False, "near Here (XHER)"),
        (29.9, 9999.0, False, "near Here (XHER)"),
        (29.9, 10_000.0, False, "in flight near 30.5 N 35.0 E"),
        (30.1, 9999.0, False, "in flight near 30.5 N 35.0 E"),
        (4.9, None, False, "in flight near 30.1 N 35.0 E"),
    ],
)
def test_where_an_airframe_was_in_words(
    away_nm: float, height_ft: float | None, on_ground: bool, where: str
) -> None:
    lat, lon = destination(FIELD.lat_deg, FIELD.lon_deg, 0.0, away_nm)
    altitude_ft = None if height_ft is None else FIELD.elevation_ft + height_ft
    proof = Proof(T, T, lat, lon, altitude_ft, on_ground)
    far = replace(OTHER, lat_deg=-40.0)
    assert place_of(proof, [FIELD, far]) == where
    assert place_of(proof, [far, FIELD]) == where
    bare = "on the ground near" if on_ground else "in flight near"
    assert place_of(replace(proof, lat_deg=-0.04, lon_deg=-12.0), []) == f"{bare} 0.0 S 12.0 W"
    assert place_of(replace(proof, lat_deg=0.0, lon_deg=0.0), []) == f"{bare} 0.0 N 0.0 E"


@pytest.mark.parametrize("lat_deg", [30.0, -30.0])
@pytest.mark.parametrize("lon_deg", [35.0, -120.0])
def test_an_aircraft_in_line_with_no_runway_is_measured_to_the_nearest(
    lat_deg: float, lon_deg: float
) -> None:
    """Four short ones lie five miles from the middle, to the north, east, south and west."""
    ends = [
        RunwayEnd(f"{deg}", *destination(lat_deg, lon_deg, deg, 5.0), 90.0, 100.0)
        for deg in (0.0, 90.0, 180.0, 270.0)
    ]
    wide = replace(FIELD, lat_deg=lat_deg, lon_deg=lon_deg, runways=tuple(ends))
    for end in ends:
        for deg in (45.0, 225.0):
            lat, lon = destination(end.lat_deg, end.lon_deg, deg, 1.0)
            one = replace(fix(0, 0.0), lat_deg=lat, lon_deg=lon)
            assert bearing_to(wide, one).distance_nm == pytest.approx(1.0, abs=0.05)
