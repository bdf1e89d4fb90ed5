"""How does a fix lie relative to an airfield? Its distance, its height, and how well it is lined up
with a runway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collector.geo import angle_between_deg, bearing_deg, distance_nm, runway_frame_nm
from collector.landings.rules import HEAVY_TYPES, LandingRules
from collector.model import Airfield, RunwayEnd
from collector.tracking import Fix
from collector.tracking.quality import CIRCLE_ABOVE_FT

FT_PER_NM_AT_3_DEG = 318.4
"""Height gained per NM on a 3° path, ft: tan 3° times 6,076 ft."""

FINAL_KT = 130.0
"""Usual ground speed over the threshold of a loaded freighter."""
SLOWEST_KT = 45.0
"""The slowest final approach of a light aeroplane."""

HALF_RUNWAY_NM = 0.7
"""From the reference point to where aircraft touch down on a runway of 9,000 to 13,000 ft."""


def circle_above_ft(fields: Sequence[Airfield]) -> float:
    """Return the altitude above which slow flight is a spoofed circle: higher if a field lies so
    high that arrivals fly slowly there."""
    highest = max((field.elevation_ft for field in fields), default=0.0)
    return max(CIRCLE_ABOVE_FT, highest + 6000.0)


def field_distance_nm(field: Airfield, lat_deg: float, lon_deg: float) -> float:
    """Return the distance to the nearest of the field's reference point and runway thresholds."""
    distance = distance_nm(lat_deg, lon_deg, field.lat_deg, field.lon_deg)
    for end in field.runways:
        if abs(end.lat_deg - lat_deg) < 0.1:
            distance = min(distance, distance_nm(lat_deg, lon_deg, end.lat_deg, end.lon_deg))
    return distance


def usable_fields(
    fields: Sequence[Airfield], fix: Fix, type_code: str | None, rules: LandingRules
) -> list[Airfield]:
    """Return the fields open on the day of `fix` whose runway is long enough for the type, if both
    are known."""
    day = fix.at.date()
    return [field for field in fields if field.exists_on(day) and _takes(field, type_code, rules)]


def _takes(field: Airfield, type_code: str | None, rules: LandingRules) -> bool:
    """Return whether the field has a runway for the type."""
    if type_code not in HEAVY_TYPES or not field.runways:
        return True
    return max(end.length_m for end in field.runways) >= rules.least_runway_m


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a fix with a position lies relative to a field. Angles are 0 … 180°; None without a
    track."""

    distance_nm: float
    height_ft: float | None
    off_course_deg: float | None
    """Angle between the track and the direction to the field (arriving) or from the field
    (departing)."""
    runway: RunwayEnd | None
    """The runway end that the aircraft is lined up with, if any."""
    offset_nm: float | None
    """Distance from the extended centreline of the runway most in line with the track."""


def bearing_to(field: Airfield, fix: Fix, *, departing: bool = False) -> Bearing:
    """Return how `fix`, which has a position, lies relative to `field`: inbound, or outbound if
    `departing`."""
    assert fix.lat_deg is not None  # noqa: S101 - callers pass placed fixes
    assert fix.lon_deg is not None  # noqa: S101
    distance = distance_nm(fix.lat_deg, fix.lon_deg, field.lat_deg, field.lon_deg)
    height = None if fix.altitude_ft is None else fix.altitude_ft - field.elevation_ft
    if fix.track_deg is None:
        return Bearing(distance, height, None, None, None)
    heading = (fix.track_deg + 180.0) % 360.0 if departing else fix.track_deg
    way = bearing_deg(fix.lat_deg, fix.lon_deg, field.lat_deg, field.lon_deg)
    off_course = angle_between_deg(heading, way)
    runway, offset = _lined_up(field, fix, heading)
    return Bearing(distance, height, off_course, runway, offset)


def _lined_up(
    field: Airfield, fix: Fix, heading_deg: float
) -> tuple[RunwayEnd | None, float | None]:
    """Return the runway end within 25° of the heading with the least offset, if still ahead, and
    the offset in NM."""
    best: tuple[float, RunwayEnd] | None = None
    for end in field.runways:
        if angle_between_deg(heading_deg, end.bearing_deg) > 25.0:
            continue
        assert fix.lat_deg is not None  # noqa: S101
        assert fix.lon_deg is not None  # noqa: S101
        to_fly, offset = runway_frame_nm(
            end.lat_deg, end.lon_deg, end.bearing_deg, fix.lat_deg, fix.lon_deg
        )
        if to_fly > -2.0 and (best is None or abs(offset) < abs(best[0])):
            best = (offset, end)
    if best is None:
        return None, None
    return best[1], abs(best[0])


def final_s(distance: float, ground_speed_kt: float | None, rules: LandingRules) -> float:
    """Return the seconds from a distance in NM to the runway, slowing to 130 kt or keeping a slower
    speed."""
    speed = ground_speed_kt if ground_speed_kt is not None else rules.terminal_kt
    mean = (speed + FINAL_KT) / 2.0 if speed > FINAL_KT else max(speed, SLOWEST_KT)
    return 3600.0 * max(0.0, distance - HALF_RUNWAY_NM) / mean


def flight_time_s(distance: float, rules: LandingRules) -> float:
    """Return the seconds an airliner needs for a distance in NM that ends or begins at a field."""
    near = min(distance, 40.0)
    return 3600.0 * (near / rules.terminal_kt + (distance - near) / rules.cruise_kt)
