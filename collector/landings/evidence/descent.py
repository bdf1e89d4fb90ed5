"""Do height and speed fit a descent to this field (or a climb out of it)? Each feature is a class
in a table."""

from __future__ import annotations

from bisect import bisect_right

from collector.landings.evidence.blind_altitudes import BlindHeights
from collector.landings.evidence.ends import End
from collector.landings.fields import FT_PER_NM_AT_3_DEG, Bearing
from collector.model import Airfield

DISTANCE_NM = (2.0, 4.0, 6.0, 9.0, 13.0, 18.0, 25.0, 35.0, 50.0, 70.0, 95.0)
"""Class limits of the distance to the field."""
PATH = (0.15, 0.3, 0.5, 0.7, 0.9, 1.1, 1.4, 1.8, 2.5, 4.0)
"""Class limits of the height above the field, as a multiple of a 3° path straight to it."""
HEIGHT_FT = tuple(1000.0 * each for each in (0, 0.7, 1.5, 2.5, 3.5, 5, 7, 9, 12, 15, 18, 22))
"""Class limits of the height above the field."""
RATE_FPM = (-1500.0, -900.0, -500.0, -100.0, 100.0, 500.0, 900.0, 1500.0)
"""Class limits of the vertical rate, ft/min; positive is up when arriving, down when departing."""
PROJECTED = (0.3, 0.55, 0.75, 0.9, 1.1, 1.35, 1.7, 2.4)
"""Class limits of the height that the aircraft will lose at its rate and speed, straight to the
field, as a share of the height it has to lose: 1 fits exactly."""
PROJECTED_NM = (8.0, 18.0, 35.0, 60.0)
"""Class limits of the distance, for `PROJECTED`."""
SPEED_KT = (138.0, 155.0, 175.0, 200.0, 230.0, 265.0, 310.0, 360.0)
"""Class limits of the ground speed."""
SPEED_NM = (3.0, 6.0, 10.0, 16.0, 25.0, 40.0, 60.0)
"""Class limits of the distance, for `SPEED_KT`."""
BLIND_FT = (-300.0, 300.0, 1000.0, 2500.0, 5000.0, 9000.0)
"""Class limits of the lowest altitude received without a position, above the field."""

SIZES = {
    "path": (len(DISTANCE_NM) + 1) * (len(PATH) + 1),
    "height": len(HEIGHT_FT) + 1,
    "rate": len(RATE_FPM) + 2,
    "projected": (len(PROJECTED_NM) + 1) * (len(PROJECTED) + 1) + 1,
    "speed": (len(SPEED_NM) + 1) * (len(SPEED_KT) + 1) + 1,
    "blind": len(BLIND_FT) + 2,
}
"""Classes of each table."""


def descent_features(end: End, field: Airfield, sign: float) -> list[tuple[str, int]]:
    """Return the classes of one end for one field; `sign` is 1 arriving, −1 departing."""
    bearing = end.bearings[field.icao]
    height_ft = bearing.height_ft or 0.0
    rate_fpm = end.fix.vertical_rate_fpm
    return [
        ("path", _path(bearing.distance_nm, height_ft)),
        ("height", bisect_right(HEIGHT_FT, height_ft)),
        ("rate", _rate(rate_fpm, sign)),
        ("projected", _projected(end, bearing, sign)),
        ("speed", _speed(end.fix.ground_speed_kt, bearing.distance_nm)),
        ("blind", _blind(end.blind, field)),
    ]


def _path(distance_nm: float, height_ft: float) -> int:
    steepness = height_ft / (FT_PER_NM_AT_3_DEG * max(distance_nm, 1.0))
    row = bisect_right(DISTANCE_NM, distance_nm)
    return row * (len(PATH) + 1) + bisect_right(PATH, steepness)


def _rate(rate_fpm: float | None, sign: float) -> int:
    if rate_fpm is None:
        return len(RATE_FPM) + 1
    return bisect_right(RATE_FPM, sign * rate_fpm)


def _projected(end: End, bearing: Bearing, sign: float) -> int:
    rate_fpm, speed_kt = end.fix.vertical_rate_fpm, end.fix.ground_speed_kt
    height_ft = bearing.height_ft
    if rate_fpm is None or speed_kt is None or height_ft is None or speed_kt < 60.0:
        return SIZES["projected"] - 1
    minutes = 60.0 * bearing.distance_nm / speed_kt
    share = -sign * rate_fpm * minutes / max(height_ft, 100.0)
    row = bisect_right(PROJECTED_NM, bearing.distance_nm) * (len(PROJECTED) + 1)
    return row + bisect_right(PROJECTED, share)


def _speed(speed_kt: float | None, distance_nm: float) -> int:
    if speed_kt is None:
        return SIZES["speed"] - 1
    row = bisect_right(SPEED_NM, distance_nm) * (len(SPEED_KT) + 1)
    return row + bisect_right(SPEED_KT, speed_kt)


def _blind(blind: BlindHeights | None, field: Airfield) -> int:
    if blind is None:
        return len(BLIND_FT) + 1
    return bisect_right(BLIND_FT, blind.lowest_ft - field.elevation_ft)
