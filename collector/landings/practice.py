"""Does an aircraft practise landings, or turn around within minutes? Both go down below what is
received and come up again soon.

What tells them apart is time and what is flown around the silence. Who breaks off or touches down
and flies on is back at the same height within four minutes. Who flies another circuit besides is
heard in it, where receivers reach lower than circuits are flown; and who practises does it again
and again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from collector.geo import distance_nm
from collector.landings.contacts import Contact, fixes_in
from collector.landings.evidence.ends import End
from collector.landings.fields import final_s
from collector.landings.finals import on_low_final, path_height_ft
from collector.landings.rules import LandingRules
from collector.landings.segments import Gap
from collector.tracking import Fix, Fixes

RHYTHM_FIXES = 6
"""Fixes before a silence that show how often an aircraft is received."""


def around_a_turn(
    contacts: Sequence[Contact],
    gap: Gap,
    ends: tuple[End | None, End | None],
    rules: LandingRules,
) -> tuple[bool, bool]:
    """Return whether the aircraft practises around a silence between an approach and a climb-out
    (`ends`), and whether one of some minutes is long enough for a stay."""
    arrival, departure = ends
    if arrival is None or departure is None or gap.end is None:
        return False, False
    dips = _dips(contacts, gap, (arrival.fix, departure.fix), rules)
    ats = fixes_in(contacts).ats
    apart = max(ats[gap.start] - arrival.fix.at, departure.fix.at - ats[gap.end])
    quick = dips == 0 and apart <= rules.neighbour and _long_for_a_circuit(contacts, gap, rules)
    return dips >= rules.practice_dips, quick


def _dips(contacts: Sequence[Contact], gap: Gap, ends: tuple[Fix, Fix], rules: LandingRules) -> int:
    """Return how often the aircraft came down and climbed away again soon before a silence or after
    it, without having left the circuit; `ends` are its last place before and its first one
    after."""
    assert gap.end is not None  # noqa: S101 - as tested by the caller
    fixes = fixes_in(contacts)
    before = _heights_ft(fixes, range(gap.start, -1, -1), ends[0], rules)
    after = _heights_ft(fixes, range(gap.end, len(fixes)), ends[1], rules)
    return _dips_of(before, ends[0], rules) + _dips_of(after, ends[1], rules)


def _heights_ft(fixes: Fixes, indexes: range, place: Fix, rules: LandingRules) -> Iterator[float]:
    """Yield the altitudes next to a silence, in that direction of time, as long as the aircraft is
    in the circuit."""
    assert place.lat_deg is not None and place.lon_deg is not None  # noqa: S101, PT018
    begun = fixes.ats[indexes.start]
    for index in indexes:
        entry, altitude_ft = fixes.report_or_fix(index), fixes.altitude_ft(index)
        if abs(fixes.ats[index] - begun) > rules.circuit_within:
            return
        if fixes.placed(index) and entry.lat_deg is not None and entry.lon_deg is not None:
            away_nm = distance_nm(entry.lat_deg, entry.lon_deg, place.lat_deg, place.lon_deg)
            if away_nm > rules.circuit_nm:
                return
        # The other altitude, barometric or geometric, is off by something else.
        if altitude_ft is not None and fixes[index].altitude_error_ft == place.altitude_error_ft:
            yield altitude_ft


def _dips_of(heights_ft: Iterator[float], place: Fix, rules: LandingRules) -> int:
    """Return how often heights fall by `LandingRules.dip_ft`, to the height of circuits above a
    place or lower, and rise by as much again. In either direction of time that is the same."""
    near_ft = (place.altitude_ft or 0.0) + rules.circuit_ft
    dips, highest, lowest = 0, -math.inf, math.inf
    for height_ft in heights_ft:
        lowest = min(lowest, height_ft)
        if highest - lowest >= rules.dip_ft and height_ft - lowest >= rules.dip_ft:
            dips += lowest <= near_ft
            highest = lowest = height_ft
        elif height_ft > highest:
            highest = lowest = height_ft
    return dips


def _long_for_a_circuit(contacts: Sequence[Contact], gap: Gap, rules: LandingRules) -> bool:
    """Return whether a silence is longer than going around or touching down takes, and than a few
    polls that were missed."""
    assert gap.end is not None  # noqa: S101 - as tested by the caller
    ats = fixes_in(contacts).ats
    near = ats[max(0, gap.start + 1 - RHYTHM_FIXES) : gap.start + 1]
    apart = sorted(b - a for a, b in pairwise(near))
    if not apart:
        return False
    missed = rules.missed_polls * apart[len(apart) // 2]
    return ats[gap.end] - ats[gap.start] >= rules.back_up_within + missed


def turns_quickly(arrival: End, departure: End, icao: str, rules: LandingRules) -> bool:
    """Return whether an aircraft that was silent for some minutes landed: it was on a low final
    before, climbs out of the same field afterwards, had time for the ground, and was received so
    low that it would have been received in a circuit."""
    if icao not in departure.bearings or not on_low_final(arrival, icao, rules):
        return False
    bearing, speed_kt = arrival.bearings[icao], arrival.fix.ground_speed_kt
    flown_s = final_s(bearing, speed_kt, rules) + _climb_s(departure, icao)
    if departure.fix.at - arrival.fix.at - timedelta(seconds=flown_s) < rules.quick_stay:
        return False
    light = speed_kt is None or speed_kt <= rules.slowing_kt
    circuit_ft = rules.light_circuit_ft if light else rules.circuit_ft
    # Altitudes are not corrected for the pressure of the day. The path of the final tells it.
    pressure_ft = max(0.0, path_height_ft(bearing) - arrival.height_ft(icao))
    lowest_ft = min(arrival.height_ft(icao), departure.height_ft(icao)) + pressure_ft
    return lowest_ft <= circuit_ft and departure.height_ft(icao) <= rules.low_heard_ft


def _climb_s(departure: End, icao: str) -> float:
    """Return the seconds from lift-off to where the aircraft was heard again, at the rate of climb
    that it had there; 0 if it had none."""
    climb_fpm = departure.fix.vertical_rate_fpm or 0.0
    return 60.0 * departure.height_ft(icao) / climb_fpm if climb_fpm > 0.0 else 0.0
