"""Was the aircraft on final to a field, and how near to touchdown was it?

Who is lined up with a runway and on its glide path is on final. From a short final an aircraft
touches down within half a minute, unless it breaks off at that very moment.
"""

from __future__ import annotations

from collector.landings.evidence.ends import End
from collector.landings.fields import FT_PER_NM_AT_3_DEG, Bearing
from collector.landings.rules import LandingRules
from collector.tracking import Fix


def on_final(bearing: Bearing | None, rules: LandingRules) -> bool:
    """Return whether a fix lies on final to the field: near it, lined up with a runway and on its
    glide path."""
    if bearing is None or bearing.offset_nm is None or bearing.height_ft is None:
        return False
    path_ft = FT_PER_NM_AT_3_DEG * bearing.distance_nm
    return (
        bearing.offset_nm <= rules.lined_up_nm
        and bearing.distance_nm <= rules.final_within_nm
        and abs(bearing.height_ft - path_ft) <= rules.glide_path_share * path_ft
    )


def on_low_final(end: End, icao: str, rules: LandingRules) -> bool:
    """Return whether an aircraft that goes around there is back at this height within
    `rules.back_up_within`: it sinks, low and lined up with a runway."""
    bearing = end.bearings.get(icao)
    return (
        bearing is not None
        and _sinks_to_runway(bearing, end.fix, rules.lined_up_nm, rules)
        and bearing.distance_nm - bearing.aim.past_nm <= rules.low_final_nm
        and (bearing.height_ft or 0.0) - _sunk_ft(end) <= rules.low_final_ft
    )


def on_short_final(end: End, icao: str, rules: LandingRules) -> bool:
    """Return whether the aircraft was about to touch down: it sank on the centreline, and was
    lower than where an approach without the runway in sight is broken off.

    How high it was above the runway follows from its place, since altitudes are not corrected for
    the pressure of the day: that of a 3° path there, less what it sank since.
    """
    bearing = end.bearings.get(icao)
    if bearing is None or not _sinks_to_runway(
        bearing, end.fix, rules.short_final_beside_nm, rules
    ):
        return False
    path_ft = path_height_ft(bearing)
    return (
        path_ft <= rules.low_final_ft
        and path_ft - _sunk_ft(end) <= rules.short_final_ft
        and (bearing.height_ft or 0.0) - _sunk_ft(end) <= rules.short_final_read_ft
    )


def shows_runway(
    arrival: End | None, departure: End | None, icao: str, rules: LandingRules
) -> bool:
    """Return whether one end of a silence leads to or from a runway of the field: the aircraft was
    on final or climbed out in line with it, or was near and as low as circuits and finals are
    flown, so that whoever flies about there would have been heard."""
    if departure is not None and departure.rolling == icao:
        return True
    came, left = (None if end is None else end.bearings.get(icao) for end in (arrival, departure))
    lined_up = (
        left is not None
        and left.offset_nm is not None
        and left.offset_nm <= rules.lined_up_nm
        and left.distance_nm <= rules.final_within_nm
    )
    near = (each for each in (came, left) if each is not None)
    return lined_up or on_final(came, rules) or any(_low_there(each, rules) for each in near)


def _low_there(bearing: Bearing, rules: LandingRules) -> bool:
    return (
        bearing.distance_nm <= rules.level_nm
        and bearing.height_ft is not None
        and bearing.height_ft <= rules.level_ft
    )


def path_height_ft(bearing: Bearing) -> float:
    """Return how high a 3° path to the runway is at a fix that is lined up with it, in ft above the
    runway."""
    return FT_PER_NM_AT_3_DEG * (bearing.distance_nm - bearing.aim.past_nm)


def _sinks_to_runway(bearing: Bearing, fix: Fix, beside_nm: float, rules: LandingRules) -> bool:
    """Return whether the aircraft sinks towards a runway, that near to its centreline."""
    return (
        bearing.offset_nm is not None
        and bearing.height_ft is not None
        and bearing.offset_nm <= beside_nm
        and fix.vertical_rate_fpm is not None
        and fix.vertical_rate_fpm <= rules.final_fpm
    )


def _sunk_ft(end: End) -> float:
    """Return how much the aircraft sank after its last position, by altitudes received without one;
    negative if it climbed."""
    if end.blind is None or end.fix.altitude_ft is None:
        return 0.0
    return end.fix.altitude_ft - end.blind.nearest_ft
