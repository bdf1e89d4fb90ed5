"""How often may an airframe have landed unnoticed? The bound errs upwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from collector.geo import destination, distance_nm
from collector.landings.fleet_ledger import SPEED_KT, TURNAROUND, LedgerRow, ledger
from collector.model import Aircraft, Airfield, Grade, Landing, Observation, Watch
from collector.weeks import week_bounds
from tests.support.landings import OVDA, RAMON
from tests.support.touchdowns import OVDA as AT_OVDA
from tests.support.touchdowns import WATCH, touchdown

BEGIN, END = week_bounds("2026-W47", "Asia/Jerusalem")
HOUR = timedelta(hours=1)
BAKU = Airfield(
    icao="UBBB", name="Baku", lat_deg=40.4675, lon_deg=50.0467, elevation_ft=10, zone="Asia/Baku"
)
FIELDS = (OVDA, RAMON, BAKU)
ONE = "600865"
FLEET = (Aircraft(icao24=ONE, registration="4K-AZ101", type_code="IL76"),)
FLEETED = replace(WATCH, fleet=FLEET)

LEG = timedelta(hours=distance_nm(BAKU.lat_deg, BAKU.lon_deg, OVDA.lat_deg, OVDA.lon_deg) / 430)
"""Baku to Ovda, about 2 h 15 min."""


def _seen(
    hours: float,
    lat_deg: float = BAKU.lat_deg,
    lon_deg: float = BAKU.lon_deg,
    *,
    altitude_ft: float | None = None,
    icao24: str = ONE,
) -> Observation:
    """A report, on the ground unless an altitude is given, `hours` into the week."""
    at = BEGIN + hours * HOUR
    return Observation(
        icao24=icao24,
        feed="one",
        heard_at=at,
        position_at=at,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        baro_altitude_ft=altitude_ft,
        on_ground=altitude_ft is None,
        ground_speed_kt=0.0 if altitude_ft is None else 430.0,
    )


def _row(
    observations: Sequence[Observation],
    landings: Sequence[Landing] = (),
    *,
    hours: float = 168,
    begin: datetime = BEGIN,
    now: datetime = END,
    watch: Watch = FLEETED,
) -> LedgerRow:
    end = BEGIN + hours * HOUR
    (row,) = ledger(watch, {ONE: observations}, landings, FIELDS, begin=begin, end=end, now=now)
    return row


def test_an_airframe_heard_all_the_time_could_not_have_landed() -> None:
    row = _row([_seen(hour) for hour in range(169)])
    assert row.could_have_landed == 0
    assert row.longest_unaccounted == HOUR
    assert (row.registration, row.type_code) == ("4K-AZ101", "IL76")
    assert row.last_proven_where == "at Baku (UBBB)"


@pytest.mark.parametrize(
    ("spare", "most"),
    [(-60, 0), (60, 1), (60 + (2 * LEG + 2 * TURNAROUND).total_seconds(), 2)],
)
def test_a_window_allows_a_landing_only_if_home_field_home_fits(spare: float, most: int) -> None:
    window = 2 * LEG + TURNAROUND + timedelta(seconds=spare)
    row = _row([_seen(0), _seen(window / HOUR)], hours=window / HOUR)
    assert row.could_have_landed == most
    assert row.longest_unaccounted == window


def test_an_airframe_never_heard_has_the_whole_week() -> None:
    row = _row([])
    assert (row.last_proven_at, row.last_proven_where) == (None, None)
    assert row.longest_unaccounted == END - BEGIN
    rotation = 2 * (LEG + TURNAROUND)
    assert row.could_have_landed == 1 + (END - BEGIN) // rotation


def test_time_to_come_is_not_judged() -> None:
    row = _row([_seen(0)], now=BEGIN + 2 * HOUR)
    assert row.could_have_landed == 0
    assert row.longest_unaccounted_until == BEGIN + 2 * HOUR
    with pytest.raises(ValueError, match="no time"):
        _row([], now=BEGIN)


def test_proof_before_the_week_sharpens_its_beginning() -> None:
    first = _seen(1)
    assert _row([first], hours=1).could_have_landed == 0
    far = _seen(-0.1, 60.0, 50.0, altitude_ft=30_000)
    near = _seen(5.0, 31.0, 35.0, altitude_ft=30_000)
    assert _row([near], hours=5).could_have_landed == 1
    assert _row([far, near], hours=5).could_have_landed == 1
    assert (
        _row(
            [far, replace(near, heard_at=BEGIN + 4 * HOUR, position_at=BEGIN + 4 * HOUR)], hours=4
        ).could_have_landed
        == 0
    )


@pytest.mark.parametrize(
    "doubtful",
    [
        replace(_seen(3), heard_at=BEGIN + 3 * HOUR + timedelta(seconds=90)),
        replace(_seen(3), crowded=True),
        replace(_seen(3), gps_lost=True),
        replace(_seen(3), lat_deg=None, lon_deg=None, position_at=None),
    ],
)
def test_a_doubtful_position_proves_nothing(doubtful: Observation) -> None:
    row = _row([_seen(0), doubtful, _seen(6)], hours=6)
    assert row.longest_unaccounted == 6 * HOUR
    assert row.could_have_landed == 1


def test_a_known_landing_is_a_proof_and_is_not_counted_as_unseen() -> None:
    landing = touchdown(BEGIN + 2.5 * HOUR)
    row = _row([_seen(0), _seen(7)], [landing], hours=7)
    assert row.landings == 1
    assert row.could_have_landed == 0
    assert row.longest_unaccounted == 2.5 * HOUR


def test_a_landing_not_sure_enough_stands_for_one_unseen() -> None:
    observations = [_seen(0), _seen(7)]
    between = touchdown(BEGIN + 3 * HOUR, None, candidates=(("LLOV", 0.5), ("LLER", 0.5)))
    possible = touchdown(BEGIN + 3 * HOUR, grade=Grade.POSSIBLE)
    elsewhere = touchdown(BEGIN + 3 * HOUR, "UBBB", grade=Grade.POSSIBLE)
    assert _row(observations, hours=7).could_have_landed == 1
    for landing in (between, possible):
        row = _row(observations, [landing], hours=7)
        assert (row.landings, row.could_have_landed) == (1, 0)
    for undone in (
        replace(possible, retracted=True),
        replace(between, review="rejected"),
        elsewhere,
    ):
        row = _row(observations, [undone], hours=7)
        assert (row.landings, row.could_have_landed) == (0, 1)


def test_who_stands_at_the_field_must_leave_it_to_land_again() -> None:
    ovda_only = replace(FLEETED, places=(AT_OVDA,))
    away = (2 * LEG + TURNAROUND) / HOUR
    for hours, most in ((away - 0.1, 0), (away + 0.1, 1)):
        observations = [_seen(h, OVDA.lat_deg, OVDA.lon_deg) for h in (0, hours)]
        assert _row(observations, hours=hours, watch=ovda_only).could_have_landed == most


@pytest.mark.parametrize(
    ("lat", "lon", "altitude", "where"),
    [
        (40.47, 50.05, None, "at Baku (UBBB)"),
        (40.47, 50.05, 900.0, "at Baku (UBBB)"),
        (40.47, 50.35, 4000.0, "near Baku (UBBB)"),
        (40.47, 50.05, 34_000.0, "in flight near 40.5 N 50.0 E"),
        (38.14, 40.2, 34_000.0, "in flight near 38.1 N 40.2 E"),
        (-38.14, -40.2, 34_000.0, "in flight near 38.1 S 40.2 W"),
        (38.14, 40.2, None, "on the ground near 38.1 N 40.2 E"),
    ],
)
def test_where_it_was_last_proven(
    lat: float, lon: float, altitude: float | None, where: str
) -> None:
    row = _row([_seen(0), _seen(4, lat, lon, altitude_ft=altitude)])
    assert row.last_proven_where == where
    assert row.last_proven_at == BEGIN + 4 * HOUR


def test_without_any_airfield_it_still_says_where() -> None:
    (row,) = ledger(FLEETED, {ONE: [_seen(0)]}, [], [], begin=BEGIN, end=END, now=END)
    assert row.last_proven_where == "on the ground near 40.5 N 50.0 E"
    assert row.could_have_landed == 0


def test_airframes_that_are_only_shown_have_no_bound() -> None:
    watch = replace(WATCH, fleet=(replace(FLEET[0], type_code="B748"),), count_types=("IL76",))
    (row,) = ledger(watch, {}, [], FIELDS, begin=BEGIN, end=END, now=END)
    assert (row.counted, row.could_have_landed) == (False, 0)


def test_the_fleet_of_the_week_and_whoever_was_heard() -> None:
    fleet = (
        Aircraft(icao24="600001", valid_to=date(2020, 1, 1)),
        Aircraft(icao24="600002", valid_from=date(2026, 11, 20)),
        Aircraft(icao24="600003", valid_from=date(2026, 11, 25)),
    )
    report = replace(_seen(1, icao24="600009"), registration="4K-NEW", type_code="IL76")
    watch = replace(WATCH, fleet=fleet)
    rows = ledger(watch, {"600009": [report]}, [], FIELDS, begin=BEGIN, end=END, now=END)
    assert [row.icao24 for row in rows] == ["600002", "600009"]
    assert rows[1].registration == "4K-NEW"


POINTS = st.lists(
    st.tuples(
        st.floats(-10, 178), st.floats(25, 45), st.floats(30, 55), st.sampled_from([None, 30_000.0])
    ),
    max_size=12,
)


@given(POINTS, st.tuples(st.floats(0, 168), st.floats(25, 45), st.floats(30, 55)))
def test_another_proof_never_adds_time_or_landings_beyond_one(
    points: list[tuple[float, float, float, float | None]], more: tuple[float, float, float]
) -> None:
    """One more proof cuts one window in two; each part can err upwards by its own fraction."""
    observations = [_seen(h, lat, lon, altitude_ft=alt) for h, lat, lon, alt in points]
    before = _row(observations)
    after = _row([*observations, _seen(*more, altitude_ft=30_000.0)])
    assert after.longest_unaccounted <= before.longest_unaccounted
    assert after.could_have_landed <= before.could_have_landed + 1


@given(POINTS)
def test_order_and_repetition_do_not_matter(
    points: list[tuple[float, float, float, float | None]],
) -> None:
    observations = [_seen(h, lat, lon, altitude_ft=alt) for h, lat, lon, alt in points]
    assert _row(observations) == _row([*reversed(observations), *observations])


@given(
    st.lists(st.floats(0.5, 40), min_size=1, max_size=8),
    st.lists(st.booleans(), min_size=8, max_size=8),
    st.floats(0.4, 3),
)
def test_a_truth_that_flew_is_never_above_the_bound(
    gaps: list[float], lands: list[bool], stay: float
) -> None:
    """Rotations flown at the type's speed, in windows without reports, are always held possible."""
    at, observations, landed = 0.0, [_seen(0)], 0
    leg = LEG / HOUR
    for gap, visit in zip(gaps, lands, strict=False):
        if visit:
            at += leg + stay + leg + 0.01
            landed += 1
        else:
            at += gap
        observations.append(_seen(at))
    assume(at < 168)
    row = _row(observations, hours=at)
    assert row.could_have_landed >= landed


@given(st.floats(0, 359), st.floats(0, 600), st.floats(0.1, 30))
def test_an_airframe_that_cannot_reach_the_field_has_no_landing(
    bearing: float, away: float, hours: float
) -> None:
    lat, lon = destination(OVDA.lat_deg, OVDA.lon_deg, bearing, away)
    row = _row(
        [_seen(0, lat, lon, altitude_ft=30_000.0), _seen(hours, lat, lon, altitude_ft=30_000.0)],
        hours=hours,
    )
    nearest = min(away, distance_nm(lat, lon, RAMON.lat_deg, RAMON.lon_deg))
    needed = 2 * nearest / SPEED_KT["IL76"] + TURNAROUND / HOUR
    assume(abs(needed - hours) > 1e-3)
    assert (row.could_have_landed > 0) is (hours > needed)


def test_the_week_of_the_ledger_is_any_time() -> None:
    row = _row([_seen(0), _seen(5)], begin=BEGIN + HOUR, hours=4)
    assert row.longest_unaccounted == 3 * HOUR
    assert BEGIN.tzinfo is UTC
