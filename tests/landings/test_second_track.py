"""Do two aircraft under one address say so?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from collector.geo import destination
from collector.model import Grade
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
