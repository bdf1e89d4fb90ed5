"""Is the simulated arrival one that an aircraft could fly?"""

from __future__ import annotations

import itertools

from collector.geo import KT_IN_MS, NM_IN_M, distance_nm, runway_frame_nm
from tests.support.arrival import OVDA_20L, Arrival, Moment

ARRIVAL = Arrival(icao24="600865", callsign="AZQ101")


def moments() -> list[Moment]:
    return [ARRIVAL.at(second) for second in range(int(ARRIVAL.duration_s) + 1)]


def test_it_moves_as_fast_as_it_says() -> None:
    for before, after in itertools.pairwise(moments()):
        moved_m = NM_IN_M * distance_nm(
            before.lat_deg, before.lon_deg, after.lat_deg, after.lon_deg
        )
        mean_ms = (before.speed_kt + after.speed_kt) / 2 * KT_IN_MS
        assert abs(moved_m - mean_ms) < 2.5


def test_it_stays_on_the_centreline_and_stops_on_the_runway() -> None:
    for moment in moments():
        left_nm, offset_nm = runway_frame_nm(
            OVDA_20L.lat_deg, OVDA_20L.lon_deg, OVDA_20L.bearing_deg, moment.lat_deg, moment.lon_deg
        )
        assert abs(offset_nm) * NM_IN_M < 20
        assert -OVDA_20L.length_m < left_nm * NM_IN_M < 6010
        assert moment.on_ground == (moment.altitude_ft == OVDA_20L.elevation_ft)


def test_it_descends_to_the_runway_and_then_rolls() -> None:
    flown = moments()
    assert flown[0].altitude_ft - 1424 > 1000
    assert [m.altitude_ft for m in flown] == sorted((m.altitude_ft for m in flown), reverse=True)
    assert [m.on_ground for m in flown] == sorted(m.on_ground for m in flown)
    assert flown[-1].speed_kt == 12.0


def test_pressure_shifts_the_altitude_only() -> None:
    low = Arrival(icao24="600865", callsign="AZQ101", pressure_error_ft=-400.0)
    assert low.at(3).altitude_ft == ARRIVAL.at(3).altitude_ft - 400.0
    assert low.at(3).lat_deg == ARRIVAL.at(3).lat_deg


def test_frames_go_out_twice_a_second_even_and_odd_in_turn() -> None:
    sent = list(ARRIVAL.transmissions())
    assert [seconds for seconds, _ in sent[:4]] == [0.0, 0.5, 1.0, 1.5]
    odd = [int(frames[-2][8:22], 16) >> 34 & 1 for _, frames in sent[:4]]
    assert odd == [0, 1, 0, 1]
