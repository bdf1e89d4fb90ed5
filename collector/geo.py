"""How far away and in which direction is a point? Distances and bearings on a sphere.

A sphere is off from the ellipsoid by at most 0.6 % (tests compare it with geographiclib), and every
threshold of the collector is much coarser.
"""

from __future__ import annotations

import math

EARTH_RADIUS_NM = 3440.065
"""Mean Earth radius, 6371.0088 km (IUGG) in nautical miles."""

_NM_PER_DEG = 60.05
"""A degree of a great circle is 60.04 NM on this sphere."""

NM_IN_M = 1852.0
FT_IN_M = 0.3048
KT_IN_MS = 1852.0 / 3600.0


def distance_nm(lat1_deg: float, lon1_deg: float, lat2_deg: float, lon2_deg: float) -> float:
    """Return the great-circle distance (haversine).

    >>> round(distance_nm(29.9403, 34.9358, 29.7270, 35.0141), 1)
    13.4
    """
    phi1, phi2 = math.radians(lat1_deg), math.radians(lat2_deg)
    half_dphi = (phi2 - phi1) / 2
    half_dlambda = math.radians(lon2_deg - lon1_deg) / 2
    a = math.sin(half_dphi) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_dlambda) ** 2
    return 2 * EARTH_RADIUS_NM * math.asin(min(1.0, math.sqrt(a)))


def at_most_nm(lat1_deg: float, lon1_deg: float, lat2_deg: float, lon2_deg: float) -> float:
    """Return an upper bound of the distance, quick to compute: the way north plus the way east.

    >>> distance_nm(29.9, 34.9, 29.7, 35.0) <= at_most_nm(29.9, 34.9, 29.7, 35.0)
    True
    """
    return _NM_PER_DEG * (abs(lat2_deg - lat1_deg) + abs(lon2_deg - lon1_deg))


def bearing_deg(lat1_deg: float, lon1_deg: float, lat2_deg: float, lon2_deg: float) -> float:
    """Return the initial true bearing from the first point to the second, 0 ≤ b < 360.

    >>> round(bearing_deg(0, 0, 0, 1))
    90
    """
    phi1, phi2 = math.radians(lat1_deg), math.radians(lat2_deg)
    dlambda = math.radians(lon2_deg - lon1_deg)
    y = math.sin(dlambda) * math.cos(phi2)
    x = math.cos(phi1) * math.sin(phi2) - math.sin(phi1) * math.cos(phi2) * math.cos(dlambda)
    return math.degrees(math.atan2(y, x)) % 360.0


def destination(
    lat_deg: float, lon_deg: float, bearing: float, distance: float
) -> tuple[float, float]:
    """Return latitude and longitude reached from a point by a true bearing and a distance in NM."""
    delta = distance / EARTH_RADIUS_NM
    phi, theta = math.radians(lat_deg), math.radians(bearing)
    phi2 = math.asin(
        math.sin(phi) * math.cos(delta) + math.cos(phi) * math.sin(delta) * math.cos(theta)
    )
    dlambda = math.atan2(
        math.sin(theta) * math.sin(delta) * math.cos(phi),
        math.cos(delta) - math.sin(phi) * math.sin(phi2),
    )
    lon2 = (lon_deg + math.degrees(dlambda) + 540.0) % 360.0 - 180.0
    return math.degrees(phi2), lon2


def angle_between_deg(a_deg: float, b_deg: float) -> float:
    """Return the smaller angle between two directions, 0 … 180.

    >>> angle_between_deg(350, 10)
    20.0
    """
    return abs((a_deg - b_deg + 180.0) % 360.0 - 180.0)


def runway_frame_nm(
    threshold_lat_deg: float,
    threshold_lon_deg: float,
    runway_bearing_deg: float,
    lat_deg: float,
    lon_deg: float,
) -> tuple[float, float]:
    """Return a point relative to a runway: distance to fly to the threshold, offset to the right.

    The first is positive before the threshold; the second is positive to the right of the
    extended centreline, looking along `runway_bearing_deg` (true). The direction is that seen from
    the threshold: seen from the point it would be another one, since meridians converge.
    """
    distance = distance_nm(lat_deg, lon_deg, threshold_lat_deg, threshold_lon_deg)
    seen = bearing_deg(threshold_lat_deg, threshold_lon_deg, lat_deg, lon_deg)
    angle = math.radians(seen - runway_bearing_deg)
    return -distance * math.cos(angle), distance * math.sin(angle)
