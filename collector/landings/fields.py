"""How does a fix lie relative to an airfield? Its distance, its height, and how well it is lined up
with a runway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collector.geo import angle_between_deg, bearing_deg, distance_nm, runway_frame_nm
from collector.landings.heavy_types import least_runway_m
from collector.landings.rules import LandingRules
from collector.landings.sites import AimPoint, Site, site_of
from collector.model import Airfield, RunwayEnd
from collector.tracking import Fix
from collector.tracking.quality import CIRCLE_ABOVE_FT

FT_PER_NM_AT_3_DEG = 318.4
"""Height gained per NM on a 3° path, ft: tan 3° times 6,076 ft."""

FINAL_KT = 130.0
"""Usual ground speed over the threshold of a loaded freighter."""
SLOWEST_KT = 45.0
"""The slowest final approach of a light aeroplane."""


def circle_above_ft(fields: Sequence[Airfield]) -> float:
    """Return the altitude above which slow flight is a spoofed circle: higher if a field lies so
    high that arrivals fly slowly there."""
    highest = max((field.elevation_ft for field in fields), default=0.0)
    return max(CIRCLE_ABOVE_FT, highest + 6000.0)


def field_distance_nm(field: Airfield, lat_deg: float, lon_deg: float) -> float:
    """Return the distance to the nearest of the field's reference point and its runways."""
    return site_of(field).distance_nm(lat_deg, lon_deg)


def usable_fields(
    fields: Sequence[Airfield], fix: Fix, type_code: str | None, rules: LandingRules
) -> tuple[list[Airfield], list[Airfield]]:
    """Return the fields open on the day of `fix` whose runway is long enough for the type, if both
    are known, and those whose runways are too short for it.

    At these an aircraft is only if it was received there on the ground: types of databases are
    wrong, runway lists incomplete, and empty freighters need less.
    """
    day = fix.at.date()
    opened = [field for field in fields if field.exists_on(day)]
    usable = [field for field in opened if _takes(field, type_code, rules)]
    return usable, [field for field in opened if field not in usable]


def _takes(field: Airfield, type_code: str | None, rules: LandingRules) -> bool:
    """Return whether the field has a runway for the type."""
    longest_m = field.longest_runway_m
    return longest_m is None or longest_m >= least_runway_m(type_code, rules)


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a fix with a position lies relative to the aim point of a field. Angles are 0 … 180°;
    None without a track."""

    distance_nm: float
    height_ft: float | None
    off_course_deg: float | None
    """Angle between the track and the direction to the aim point (arriving) or from it
    (departing)."""
    runway: RunwayEnd | None
    """The runway end that the aircraft is lined up with, if any."""
    offset_nm: float | None
    """Distance from the extended centreline of the runway most in line with the track."""
    aim: AimPoint
    """On the runway that the aircraft is lined up with; else the nearest centre of the runways, or
    the reference point if no runway is known."""


def bearing_to(field: Airfield, fix: Fix, *, departing: bool = False) -> Bearing:
    """Return how `fix`, which has a position, lies relative to `field`: inbound, or outbound if
    `departing`."""
    lat_deg, lon_deg = fix.lat_deg, fix.lon_deg
    assert lat_deg is not None  # noqa: S101 - callers pass placed fixes
    assert lon_deg is not None  # noqa: S101
    site, heading, lined_up = site_of(field), None, None
    if fix.track_deg is not None:
        heading = (fix.track_deg + 180.0) % 360.0 if departing else fix.track_deg
        lined_up = _lined_up(site, lat_deg, lon_deg, heading)
    if lined_up is None:
        runway, aim, offset = None, site.centre_for(lat_deg, lon_deg), None
    else:
        runway, aim, offset = lined_up
    distance = distance_nm(lat_deg, lon_deg, aim.lat_deg, aim.lon_deg)
    height = None if fix.altitude_ft is None else fix.altitude_ft - aim.elevation_ft
    off_course = None
    if heading is not None:
        way = bearing_deg(lat_deg, lon_deg, aim.lat_deg, aim.lon_deg)
        off_course = angle_between_deg(heading, way)
    return Bearing(distance, height, off_course, runway, offset, aim)


def _lined_up(
    site: Site, lat_deg: float, lon_deg: float, heading_deg: float
) -> tuple[RunwayEnd, AimPoint, float] | None:
    """Return the runway end within 25° of the heading with the least offset, if still ahead, its
    aim point, and the offset in NM; None if there is none."""
    best: tuple[RunwayEnd, AimPoint, float] | None = None
    for end, aim in site.ends:
        if angle_between_deg(heading_deg, end.bearing_deg) > 25.0:
            continue
        to_fly, offset = runway_frame_nm(
            end.lat_deg, end.lon_deg, end.bearing_deg, lat_deg, lon_deg
        )
        if to_fly > -2.0 and (best is None or abs(offset) < best[2]):
            best = (end, aim, abs(offset))
    return best


def final_s(bearing: Bearing, ground_speed_kt: float | None, rules: LandingRules) -> float:
    """Return the seconds from a fix to the runway, slowing to 130 kt or keeping a slower speed."""
    speed = ground_speed_kt if ground_speed_kt is not None else rules.terminal_kt
    mean = (speed + FINAL_KT) / 2.0 if speed > FINAL_KT else max(speed, SLOWEST_KT)
    return 3600.0 * max(0.0, bearing.distance_nm - bearing.aim.past_nm) / mean


def flight_time_s(distance: float, rules: LandingRules) -> float:
    """Return the seconds an airliner needs for a distance in NM that ends or begins at a field."""
    near = min(distance, 40.0)
    return 3600.0 * (near / rules.terminal_kt + (distance - near) / rules.cruise_kt)
