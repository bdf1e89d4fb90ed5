"""Is an airfield's geometry right everywhere? Any runway on the globe, strips and wide airports."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from collector.geo import bearing_deg, destination, distance_nm
from collector.landings.contacts import contacts_of
from collector.landings.detect import detect
from collector.landings.fields import bearing_to, field_distance_nm, final_s
from collector.landings.rules import LandingRules
from collector.landings.sites import HALF_RUNWAY_NM, TOUCHDOWN_NM, site_of
from collector.model import Airfield, Observation, RunwayEnd, Source
from collector.settings.airfield_catalogue import LookUp, look_up, shipped_as
from collector.tracking import Fix
from tests.support.flights import START

RULES = LandingRules()
NM_IN_M = 1852.0


@cache
def known() -> LookUp:
    """Four wide airports, one with a close neighbour, and all airfields around them."""
    return look_up(["EGLL", "LFPG", "EHAM", "KDEN", "EDDF"])


def end_of(code: str, name: str) -> RunwayEnd:
    [end] = [end for end in known().found[code].runways if end.name == name]
    return end


def runway(
    lat_deg: float, lon_deg: float, bearing: float, length_m: float, elevation_ft: float | None
) -> tuple[RunwayEnd, RunwayEnd]:
    there = destination(lat_deg, lon_deg, bearing, length_m / NM_IN_M)
    back = bearing_deg(*there, lat_deg, lon_deg)
    return (
        RunwayEnd("A", lat_deg, lon_deg, bearing, length_m, elevation_ft),
        RunwayEnd("B", *there, back, length_m, elevation_ft),
    )


def airfield(ends: tuple[RunwayEnd, ...], lat_deg: float, lon_deg: float) -> Airfield:
    return Airfield(
        icao="ZZZZ",
        name="Somewhere",
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        elevation_ft=0.0,
        zone="UTC",
        runways=ends,
    )


@st.composite
def airfields(draw: st.DrawFn) -> Airfield:
    """An airfield with one runway, whose reference point lies up to 3 NM from its threshold."""
    spot = draw(st.floats(-85, 85)), draw(st.floats(-180, 180) | st.just(180.0))
    ends = runway(
        *spot,
        draw(st.floats(0, 359.9)),
        draw(st.floats(300, 5500)),
        draw(st.floats(-1300, 14_000)),
    )
    point = destination(*spot, draw(st.floats(0, 360)), draw(st.floats(0, 3)))
    return airfield(ends, *point)


def on_final(end: RunwayEnd, away_nm: float, *, height_ft: float = 1000.0) -> Fix:
    back = (end.bearing_deg + 180.0) % 360.0
    lat, lon = destination(end.lat_deg, end.lon_deg, back, away_nm)
    track = bearing_deg(lat, lon, end.lat_deg, end.lon_deg) if away_nm else end.bearing_deg
    altitude_ft = (end.elevation_ft or 0.0) + height_ft
    return Fix(at=START, lat_deg=lat, lon_deg=lon, altitude_ft=altitude_ft, track_deg=track)


@given(airfields(), st.floats(0.1, 15))
def test_on_final_all_is_measured_to_the_runway(field: Airfield, away_nm: float) -> None:
    end = field.runways[0]
    bearing = bearing_to(field, on_final(end, away_nm))
    aim_nm = min(HALF_RUNWAY_NM, end.length_m / NM_IN_M / 2.0)
    assert bearing.runway is end
    assert bearing.distance_nm == pytest.approx(away_nm + aim_nm, abs=0.01)
    assert bearing.height_ft == pytest.approx(1000.0)
    assert bearing.off_course_deg is not None
    assert bearing.off_course_deg < 0.5
    assert bearing.offset_nm is not None
    assert bearing.offset_nm < 0.02
    assert 0.0 <= bearing.distance_nm - bearing.aim.past_nm - away_nm <= TOUCHDOWN_NM + 0.01


@given(airfields(), st.floats(0.1, 15))
def test_a_departure_is_an_approach_flown_backwards(field: Airfield, away_nm: float) -> None:
    fix = on_final(field.runways[0], away_nm)
    assert fix.track_deg is not None
    away = replace(fix, track_deg=(fix.track_deg + 180.0) % 360.0)
    inbound, outbound = bearing_to(field, fix), bearing_to(field, away, departing=True)
    assert outbound.aim == inbound.aim
    assert outbound.distance_nm == inbound.distance_nm
    assert outbound.off_course_deg == pytest.approx(inbound.off_course_deg, abs=1e-6)


@given(airfields(), st.floats(0, 1), st.sampled_from((90.0, 270.0)), st.floats(0, 3))
def test_the_distance_is_that_to_the_runway_along_its_whole_length(
    field: Airfield, share: float, side: float, aside_nm: float
) -> None:
    end = field.runways[0]
    on_it = destination(end.lat_deg, end.lon_deg, end.bearing_deg, share * end.length_m / NM_IN_M)
    way = bearing_deg(*on_it, field.runways[1].lat_deg, field.runways[1].lon_deg)
    assume(share < 0.98)
    beside = destination(*on_it, way + side, aside_nm)
    expected = min(aside_nm, distance_nm(*beside, field.lat_deg, field.lon_deg))
    assert field_distance_nm(field, *beside) == pytest.approx(expected, abs=0.01)


@given(airfields(), st.floats(0, 360), st.floats(0, 2000))
def test_no_place_is_nearer_than_it_is(field: Airfield, way: float, away_nm: float) -> None:
    place = destination(field.lat_deg, field.lon_deg, way, away_nm)
    points = [(field.lat_deg, field.lon_deg), *((e.lat_deg, e.lon_deg) for e in field.runways)]
    nearest = min(distance_nm(*place, *point) for point in points)
    longest = field.runways[0].length_m / NM_IN_M
    assert nearest - longest / 2 - 0.01 <= field_distance_nm(field, *place) <= nearest + 0.01


def test_without_runways_the_reference_point_is_the_measure() -> None:
    field = airfield((), -26.0, 179.99)
    fix = Fix(at=START, lat_deg=-26.0, lon_deg=-179.91, altitude_ft=900.0, track_deg=270.0)
    bearing = bearing_to(field, fix)
    assert bearing.distance_nm == pytest.approx(5.4, abs=0.02)
    assert bearing.height_ft == 900.0
    assert (bearing.runway, bearing.offset_nm) == (None, None)
    assert bearing.off_course_deg == pytest.approx(0.0, abs=0.1)


def test_an_aircraft_that_is_not_lined_up_is_measured_to_the_nearest_runways() -> None:
    """At Schiphol the Polderbaan lies 3 NM from the reference point."""
    schiphol, end = known().found["EHAM"], end_of("EHAM", "18R")
    lat, lon = destination(end.lat_deg, end.lon_deg, 270.0, 4.0)
    across = Fix(at=START, lat_deg=lat, lon_deg=lon, altitude_ft=1500.0, track_deg=135.0)
    bearing = bearing_to(schiphol, across)
    assert bearing.runway is None
    assert bearing.distance_nm < 4.3 < distance_nm(lat, lon, schiphol.lat_deg, schiphol.lon_deg)
    assert bearing.height_ft == 1500.0 - schiphol.elevation_ft


def test_a_strip_of_800_m_is_reached_at_its_threshold() -> None:
    """The same seconds from its threshold as on a long runway, give or take the touchdown zone."""
    seconds = {}
    for length_m in (800.0, 4000.0):
        field = airfield(runway(10.0, 10.0, 70.0, length_m, None), 10.0, 10.0)
        seconds[length_m] = final_s(bearing_to(field, on_final(field.runways[0], 3.0)), 90.0, RULES)
    assert seconds[800.0] == pytest.approx(3600 * 3.15 / 90, abs=1)
    assert seconds[4000.0] == pytest.approx(seconds[800.0], abs=1)


def test_parallel_and_single_runways_have_one_centre_and_wide_airports_several() -> None:
    [ovda] = shipped_as("LLOV")
    assert len(site_of(ovda).centres) == 1
    assert len(site_of(ovda).runways) == 2
    denver = known().found["KDEN"]
    assert len(site_of(denver).runways) == 6
    assert len(site_of(denver).centres) >= 6


def contact_at(fields: list[Airfield], lat_deg: float, lon_deg: float) -> Airfield | None:
    fix = Fix(
        at=START,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        on_ground=True,
        ground_speed_kt=8.0,
        feeds=("x",),
    )
    return contacts_of([fix], fields, RULES)[0].field


def test_a_stand_far_from_the_reference_point_belongs_to_the_airport() -> None:
    frankfurt, end = known().found["EDDF"], end_of("EDDF", "36")
    beyond = destination(end.lat_deg, end.lon_deg, 180.0, 0.8)
    assert distance_nm(*beyond, frankfurt.lat_deg, frankfurt.lon_deg) > 2.3
    assert contact_at([frankfurt], *beyond) is frankfurt
    area = replace(frankfurt, runways=())
    assert contact_at([area], *beyond) is None


def test_ovda_and_ramon_stay_distinct() -> None:
    [ovda], [ramon] = shipped_as("LLOV"), shipped_as("LLER")
    for field in (ovda, ramon):
        for end in field.runways:
            for way in range(0, 360, 45):
                spot = destination(end.lat_deg, end.lon_deg, float(way), 1.5)
                assert contact_at([ovda, ramon], *spot) is field
    between = (ovda.lat_deg + ramon.lat_deg) / 2, (ovda.lon_deg + ramon.lon_deg) / 2
    assert contact_at([ovda, ramon], *between) is None


def test_heathrow_and_northolt_part_where_their_runways_do() -> None:
    """The reference points are 5.3 NM apart; each stand belongs to the nearer runway."""
    fields = [known().found["EGLL"], *known().nearby]
    [northolt] = [field for field in fields if field.icao == "EGWU"]
    for field in (fields[0], northolt):
        for end in field.runways:
            assert contact_at(fields, end.lat_deg, end.lon_deg) is field


def final_to(end: RunwayEnd, down_to_nm: float) -> Iterator[Observation]:
    """An approach on a 3° path, every ten seconds, cut off before the threshold."""
    away_nm, at = 25.0, START
    while away_nm >= down_to_nm:
        speed_kt = 140.0 if away_nm < 5.0 else 180.0 if away_nm < 12.0 else 220.0
        fix = on_final(end, away_nm, height_ft=50.0 + 318.4 * away_nm)
        yield Observation(
            icao24="3c6444",
            feed="adsblol",
            heard_at=at,
            position_at=at,
            lat_deg=fix.lat_deg,
            lon_deg=fix.lon_deg,
            baro_altitude_ft=25.0 * math.floor((fix.altitude_ft or 0.0) / 25.0),
            on_ground=False,
            ground_speed_kt=speed_kt,
            track_deg=fix.track_deg,
            vertical_rate_fpm=-5.3 * speed_kt,
            source=Source.ADSB,
        )
        at, away_nm = at + timedelta(seconds=10), away_nm - speed_kt / 360.0


@pytest.mark.parametrize(
    ("code", "name"), [("LFPG", "26R"), ("LFPG", "27R"), ("EHAM", "18R"), ("KDEN", "16R")]
)
def test_an_approach_to_the_far_side_of_a_wide_airport_is_as_good_as_one_at_ovda(
    code: str, name: str
) -> None:
    """Measured to the reference point, these had 0.82 (undetermined), 0.76, 0.49 and 0.71."""
    observations = list(final_to(end_of(code, name), 0.6))
    later = observations[-1].heard_at + timedelta(hours=3)
    derived = detect(observations, (), [known().found[code], *known().nearby], RULES, later)
    (landing,) = derived.detections
    assert (landing.airfield, landing.runway) == (code, name)
    assert landing.probability > 0.95
