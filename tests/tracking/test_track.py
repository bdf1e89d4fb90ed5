"""Which positions are believed? Old ones, spoofed ones, jumps, repeats, and several feeds."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.model import Observation
from collector.tracking import Doubt, track
from tests.support.flights import LLOV, START, hear, overflight, polls

CRUISE = hear(
    overflight(LLOV, START + timedelta(minutes=30)), polls(START, START + timedelta(hours=1))
)


def one(**changes: object) -> Observation:
    return replace(CRUISE[10], **changes)  # type: ignore[arg-type]


def test_a_stale_position_gives_only_its_altitude() -> None:
    heard_at = CRUISE[10].heard_at
    (fix,) = track([one(heard_at=heard_at + timedelta(minutes=5))])
    assert not fix.placed
    assert fix.doubt is Doubt.STALE
    assert fix.at == heard_at + timedelta(minutes=5)
    assert (fix.track_deg, fix.vertical_rate_fpm, fix.ground_speed_kt) == (None, None, None)


def test_late_delivery_is_not_stale() -> None:
    """OpenSky hands out rows minutes old whose position was new at last contact."""
    (fix,) = track([CRUISE[10]])
    assert fix.placed
    assert fix.doubt is None


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"geom_altitude_ft": 34_000.0 + 3125.0}, Doubt.SATURATED),
        ({"geom_altitude_ft": 34_000.0 - 3125.0}, Doubt.SATURATED),
        ({"ground_speed_kt": 156.0}, Doubt.CIRCLING),
        ({"crowded": True}, Doubt.CROWDED),
    ],
)
def test_spoofed_positions_are_dropped_and_say_why(
    changes: dict[str, object], doubt: Doubt
) -> None:
    (fix,) = track([one(**changes)])
    assert fix.doubt is doubt
    assert not fix.placed
    assert fix.altitude_ft == pytest.approx(34_000.0)


def test_the_clean_spread_of_altitudes_is_believed() -> None:
    (fix,) = track([one(geom_altitude_ft=34_000.0 + 1600.0)])
    assert fix.placed
    assert fix.altitude_ft == 35_600.0


def test_a_jump_is_dropped_and_the_flight_is_kept() -> None:
    spoofed = [
        replace(each, lat_deg=33.82 + number / 100, lon_deg=35.49)
        for number, each in enumerate(CRUISE[20:25])
    ]
    genuine = CRUISE[:20] + CRUISE[25:]
    fixes = track(genuine + spoofed)
    assert sum(fix.placed for fix in fixes) == len(genuine)
    assert sum(fix.doubt is Doubt.UNREACHABLE for fix in fixes) == 5


def test_two_feeds_of_one_transmission_are_one_fix() -> None:
    again = [
        replace(o, feed="opensky", heard_at=o.heard_at + timedelta(seconds=2),
                position_at=o.heard_at + timedelta(seconds=2))
        for o in CRUISE
    ]  # fmt: skip
    fixes = track(CRUISE + again)
    assert len(fixes) == len(CRUISE)
    assert {fix.feeds for fix in fixes} == {("adsblol", "opensky")}


def test_a_ground_bit_at_flying_speed_is_not_believed() -> None:
    (fix,) = track([one(on_ground=True, ground_speed_kt=400.0, baro_altitude_ft=None)])
    assert fix.on_ground is None


@given(seed=st.integers(0, 10_000), repeats=st.integers(1, 3))
def test_order_and_repeats_change_nothing(seed: int, repeats: int) -> None:
    shuffled = CRUISE * repeats
    random.Random(seed).shuffle(shuffled)
    assert track(shuffled) == track(CRUISE)
