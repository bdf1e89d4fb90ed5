"""How does a fix lie to an airfield: how far, how high, how well lined up?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from collector.geo import angle_between_deg, bearing_deg, distance_nm, runway_frame_nm
from collector.landings.rules import HEAVY_TYPES, LandingRules
from collector.model import Airfield, RunwayEnd
from collector.tracking import Fix

FT_PER_NM_AT_3_DEG = 318.4
"""tan 3° times 6,076 ft."""

ESTABLISHED_BELOW_FT = 7000.0
"""Above the field: lower arrivals are usually lined up with their runway; the axes of Ovda and
Ramon lie 7 km apart at 8,000 ft and merge at 15,000 (LANDING §4.2)."""


def field_distance_nm(field: Airfield, lat_deg: float, lon_deg: float) -> float:
    """Distance to the nearest of the reference point and the thresholds."""
    distance = distance_nm(lat_deg, lon_deg, field.lat_deg, field.lon_deg)
    for end in field.runways:
        if abs(end.lat_deg - lat_deg) < 0.1:
            distance = min(distance, distance_nm(lat_deg, lon_deg, end.lat_deg, end.lon_deg))
    return distance


def usable(
    fields: Sequence[Airfield], fix: Fix, type_code: str | None, rules: LandingRules
) -> list[Airfield]:
    """Fields open on that day, with a runway long enough for the type where both are known."""
    day = fix.at.date()
    return [field for field in fields if field.exists_on(day) and _takes(field, type_code, rules)]


def _takes(field: Airfield, type_code: str | None, rules: LandingRules) -> bool:
    if type_code not in HEAVY_TYPES or not field.runways:
        return True
    return max(end.length_m for end in field.runways) >= rules.least_runway_m


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a placed fix lies to a field. Angles are 0 … 180; None without a track."""

    distance_nm: float
    height_ft: float | None
    off_course_deg: float | None
    """Between its track and the way to the field (arriving), or from it (departing)."""
    runway: RunwayEnd | None
    """The end it is lined up with, if any."""
    offset_nm: float | None
    """Beside the extended centreline of the runway most in line with its track."""


def bearing_to(field: Airfield, fix: Fix, *, departing: bool = False) -> Bearing:
    """How `fix` (placed) lies to `field`, inbound or, if `departing`, outbound."""
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
    """The runway end within 25° of the heading with the least offset, still ahead."""
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


def fit_nats(bearing: Bearing, error_ft: float, *, known_runways: bool) -> float:
    """How well a descent there (or a climb from there) fits, in nats ≤ 0; −inf if impossible.

    Height against distance on a path of 1.5° … 5° with room for vectors, direction, and near the
    ground the offset from the centreline. Source: geometry of the three fields, LANDING §2.
    """
    height = bearing.height_ft
    if height is None:
        return -math.inf
    if height < -error_ft - 200.0:
        return -math.inf
    distance = bearing.distance_nm
    steepest = FT_PER_NM_AT_3_DEG * 1.6 * distance + 1500.0
    lowest = FT_PER_NM_AT_3_DEG * 0.3 * distance - 1000.0
    nats = 0.0
    if height > steepest:
        nats -= 0.5 * ((height - steepest) / 2500.0) ** 2
    if height < lowest:
        nats -= 0.5 * ((lowest - height) / 1500.0) ** 2
    if bearing.off_course_deg is not None:
        tolerance = 25.0 + 5.0 * max(0.0, 20.0 - distance)
        nats -= 0.5 * (bearing.off_course_deg / tolerance) ** 2
    if height < ESTABLISHED_BELOW_FT:
        nats -= _off_centreline_nats(bearing, known=known_runways)
    return nats


def _off_centreline_nats(bearing: Bearing, *, known: bool) -> float:
    """What lying beside the extended centreline costs: much near the field, little far out.

    Far out it may still be vectored, so the cost is capped lower there. Not lined up with any
    runway (base leg, or none known) costs by distance alone: nearer is likelier.
    """
    distance = bearing.distance_nm
    if bearing.offset_nm is None:
        return min(4.0, 0.5 * (distance / (9.0 if known else 18.0)) ** 2)
    tolerance = 0.6 + 0.06 * distance
    most = max(1.0, 9.0 - 8.0 * max(0.0, distance - 12.0) / 33.0)
    return min(most, 0.5 * (bearing.offset_nm / tolerance) ** 2)


def flight_time_s(distance: float, rules: LandingRules) -> float:
    """Seconds an airliner needs for a distance in NM that ends or begins at a field."""
    near = min(distance, 40.0)
    return 3600.0 * (near / rules.terminal_kt + (distance - near) / rules.cruise_kt)
