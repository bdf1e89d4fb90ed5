"""Do two aircraft under one address say so?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from collector.geo import destination
from collector.model import Grade, Observation
from tests.landings.test_physics import MINUTE, TOUCHDOWN, found, two_days
from tests.support.flights import LLER, LLOV, hear, overflight, polls, visit


def test_two_steady_tracks_under_one_address_say_so() -> None:
    """One lands at Ovda while the other flies on, far away, in every second reply."""
    flown, _ = two_days()
    other = hear(
        overflight(LLOV, TOUCHDOWN + 60 * MINUTE, altitude_ft=35_000.0),
        [each.at + timedelta(seconds=7) for each in flown],
    )
    other = [each for each in other if abs((each.lat_deg or 0.0) - LLOV.lat_deg) > 2.0]
    assert len(other) > 20
    (landing,) = [each for each in found([*flown, *other]) if each.airfield == "LLOV"]
    assert landing.grade is Grade.PROBABLE
    assert any(line.kind == "two-tracks" for line in landing.evidence)
    assert abs(landing.touchdown_at - TOUCHDOWN) <= timedelta(seconds=landing.uncertainty_s)


def test_a_flight_that_lies_out_of_reach_in_a_silence_takes_no_true_landing_away() -> None:
    """It leaves Ramon unheard; what is sent in its name is a spoofed circle in Beirut, in flight
    and on the ground; then it stands at Ovda."""
    first = visit(LLER, TOUCHDOWN - 90 * MINUTE, 25 * MINUTE)
    true = [
        *hear(first, polls(TOUCHDOWN - 130 * MINUTE, TOUCHDOWN - 70 * MINUTE)),
        *hear(visit(LLOV, TOUCHDOWN, 600 * MINUTE), polls(TOUCHDOWN, TOUCHDOWN + 60 * MINUTE)),
    ]
    assert [each.airfield for each in found(true)] == ["LLER", "LLOV"]
    spoofed = []
    for number in range(50):
        at = TOUCHDOWN + (number - 60) * MINUTE
        lat, lon = destination(33.82, 35.49, 25.0 * number, 0.3)
        circling = replace(true[0], heard_at=at, position_at=at, lat_deg=lat, lon_deg=lon)
        spoofed.append(replace(circling, baro_altitude_ft=7000.0, ground_speed_kt=45.0))
    with_spoofed = found([*true, *spoofed])
    assert [each.airfield for each in with_spoofed] == ["LLER", "LLOV"]


STAY = visit(LLOV, TOUCHDOWN, 180 * MINUTE, runway="20L")
ARRIVED = hear(STAY, polls(TOUCHDOWN - 40 * MINUTE, TOUCHDOWN + 12 * MINUTE, 20))
LEFT = hear(STAY, polls(TOUCHDOWN + 170 * MINUTE, TOUCHDOWN + 215 * MINUTE, 20))


def another(enters_at: datetime) -> list[Observation]:
    """Return what another aircraft sends with the same address as it crosses at 35,000 ft."""
    crossing = overflight(LLOV, enters_at + 18 * MINUTE, altitude_ft=35_000.0)
    return hear(crossing, polls(enters_at, enters_at + 36 * MINUTE, 20))


@pytest.mark.parametrize("minutes", [-25, -10, 5, 14])
def test_an_aircraft_that_stands_where_it_stood_did_not_leave_with_another(minutes: int) -> None:
    """Another one crosses with the same address, too soon to have come from there, on the way in or
    after it: no second landing, and the one touchdown keeps its time."""
    other = another(TOUCHDOWN + minutes * MINUTE)
    (alone,) = [each for each in found([*ARRIVED, *LEFT]) if each.airfield == "LLOV"]
    (landing,) = [each for each in found([*ARRIVED, *other, *LEFT]) if each.airfield == "LLOV"]
    assert landing.touchdown_at == alone.touchdown_at
    assert landing.departed_at == alone.departed_at
    assert landing.grade.rank < alone.grade.rank
    assert any(line.kind == "two-tracks" for line in landing.evidence)


@pytest.mark.parametrize("repeated_s", [0, 60, 240])
def test_an_aircraft_that_flew_and_stands_where_it_stood_landed_again(repeated_s: int) -> None:
    """Also where a feed repeats its last position on the ground after it has left."""
    first = visit(LLOV, TOUCHDOWN, 60 * MINUTE, runway="20L")
    again = visit(LLOV, TOUCHDOWN + 240 * MINUTE, 60 * MINUTE, runway="20L")
    rows = [
        *hear(first, polls(TOUCHDOWN - 40 * MINUTE, TOUCHDOWN + 10 * MINUTE, 20)),
        *hear(first, polls(TOUCHDOWN + 66 * MINUTE, TOUCHDOWN + 90 * MINUTE, 20)),
        *hear(again, polls(TOUCHDOWN + 200 * MINUTE, TOUCHDOWN + 250 * MINUTE, 20)),
    ]
    stood = next(each for each in reversed(rows) if each.at <= TOUCHDOWN + 10 * MINUTE)
    left_at = TOUCHDOWN + 62 * MINUTE
    repeated = [
        replace(stood, heard_at=at, position_at=at)
        for at in polls(left_at, left_at + timedelta(seconds=repeated_s), 20)
    ]
    counts = [each for each in found([*rows, *repeated]) if each.airfield == "LLOV"]
    assert [each.grade for each in counts] == [Grade.CONFIRMED, Grade.CONFIRMED]


EVERY_S = 300.0


def polled_beside_another(phase_s: float, enters_min: float) -> list[Observation]:
    """Return a visit of ten hours, polled each five minutes. From shortly after the touchdown, the
    replies give another aircraft with the same address, as long as that is heard; nobody hears the
    aircraft stand until it leaves."""
    way = visit(LLOV, TOUCHDOWN, 600 * MINUTE, runway="20L")
    begin = TOUCHDOWN - 45 * MINUTE + timedelta(seconds=phase_s)
    times = polls(begin, TOUCHDOWN + 660 * MINUTE, EVERY_S)
    enters_at = TOUCHDOWN + enters_min * MINUTE
    crossing = overflight(LLOV, enters_at + 18 * MINUTE, altitude_ft=18_000.0, track=100.0)
    left = TOUCHDOWN + 590 * MINUTE
    other = hear(crossing, [at for at in times if enters_at <= at < enters_at + 36 * MINUTE])
    return [*hear(way, [at for at in times if at < enters_at or at >= left]), *other]


@pytest.mark.parametrize("phase_s", [0.0, 60.0, 120.0, 180.0, 240.0])
@pytest.mark.parametrize("enters_min", [-9.0, -4.0, 1.0, 4.0])
def test_no_later_arrival_is_made_of_another_aircraft_that_leaves(
    phase_s: float, enters_min: float
) -> None:
    """The other one's last position is far away, hours before the aircraft is heard standing: no
    arrival in between may be counted."""
    for each in found(polled_beside_another(phase_s, enters_min)):
        at, half = each.touchdown_at, timedelta(seconds=each.uncertainty_s)
        assert each.grade is Grade.POSSIBLE or at - half <= TOUCHDOWN <= at + half
        if each.grade is Grade.POSSIBLE:
            assert any(line.kind == "two-tracks" for line in each.evidence)


@pytest.mark.parametrize("phase_s", [0.0, 50.0, 100.0])
def test_what_is_seen_on_the_ground_after_its_own_approach_counts_beside_another(
    phase_s: float,
) -> None:
    """The other one takes every reply from twelve minutes after the touchdown."""
    (landing,) = [
        each
        for each in found(polled_beside_another(phase_s, 12.0))
        if each.grade is not Grade.POSSIBLE
    ]
    assert (landing.airfield, landing.grade) == ("LLOV", Grade.PROBABLE)
    assert abs(landing.touchdown_at - TOUCHDOWN) <= timedelta(seconds=landing.uncertainty_s)
    assert any(line.kind == "two-tracks" for line in landing.evidence)
