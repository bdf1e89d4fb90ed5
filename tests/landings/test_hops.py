"""Does a landing still count if the flight to it was heard little, or if wrong rows follow it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.landings.test_unusual_stays import MINUTE, T, at, counted, on_the_ground
from tests.support.flights import FIELDS, LLER, LLOV, hear, polls, visit


@pytest.mark.parametrize("stay", [6, 11])
def test_a_fast_flight_from_afar_of_which_two_reports_are_heard_leads_to_a_landing(
    stay: int,
) -> None:
    """It stands 150 NM away until half an hour before, and is heard again on the final."""
    minutes = [-3, -1, *range(1, stay + 10)]
    rows = hear(visit(LLOV, T, stay * MINUTE), [T + minute * MINUTE for minute in minutes])
    parked = on_the_ground(rows[0])
    far = replace(LLOV, icao="XFAR", lat_deg=LLOV.lat_deg + 2.5, runways=())
    away = [at(parked, T - minute * MINUTE, far) for minute in range(50, 30, -1)]
    assert counted([*away, *rows], [*FIELDS, far]) == ["LLOV"]


def test_two_wrong_rows_after_a_take_off_take_no_landing_of_ten_minutes_away() -> None:
    """They lie at a close neighbour, where it lands five minutes later."""
    half = timedelta(seconds=30)
    leaves = T + 10 * MINUTE
    rows = hear(visit(LLOV, T, 10 * MINUTE), polls(T - 40 * MINUTE, leaves + half, 30))
    close = replace(LLER, icao="XCLS", lat_deg=LLOV.lat_deg + 0.08, lon_deg=LLOV.lon_deg)
    close = replace(close, runways=())
    numbers = (4, 5, *range(10, 60))
    stands = [on_the_ground(at(rows[0], leaves + half * each, close)) for each in numbers]
    assert counted([*rows, *stands], [*FIELDS, close])[:1] == ["LLOV"]
