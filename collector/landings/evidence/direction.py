"""Did the aircraft fly towards this field (or come from it), and along one of its runways? Each
feature is a class in a table."""

from __future__ import annotations

from bisect import bisect_right

from collector.geo import angle_between_deg, bearing_deg
from collector.landings.evidence.ends import End
from collector.landings.fields import Bearing, bearing_to
from collector.model import Airfield
from collector.tracking import Fix

COURSE_DEG = (6.0, 12.0, 20.0, 35.0, 60.0, 90.0, 130.0)
"""Class limits of the angle between the track and the way to the field."""
NEARNESS_NM = (6.0, 13.0, 25.0, 45.0)
"""Class limits of the distance to the field, for course, turn and side."""
OFFSET_NM = (0.15, 0.4, 1.0, 2.0, 3.5, 6.0)
"""Class limits of the offset from the extended centreline."""
REACH_NM = (8.0, 18.0, 35.0)
"""Class limits of the distance to the field, for the offset."""
TURN_DEG = (-40.0, -12.0, 12.0, 40.0)
"""Class limits of the turn in the last minutes, relative to the way to the field; negative is
towards the field."""
SIDE_DEG = (8.0, 20.0, 40.0, 65.0, 90.0, 120.0)
"""Class limits of the angle, seen from the field, between the aircraft and the approach to the
runway along which it flies: 0 is on final, 180 beyond the field."""

SIZES = {
    "course": (len(COURSE_DEG) + 2) * (len(NEARNESS_NM) + 1),
    "centreline": (len(OFFSET_NM) + 1) * (len(REACH_NM) + 1) + 3,
    "turn": (len(TURN_DEG) + 1) * 2 + 1,
    "side": (len(NEARNESS_NM) + 1) * (len(SIDE_DEG) + 1) + 1,
}
"""Classes of each table."""


def direction_features(end: End, field: Airfield, *, departing: bool) -> list[tuple[str, int]]:
    """Return the classes of one end for one field."""
    bearing = end.bearings[field.icao]
    return [
        ("course", _course(bearing)),
        ("centreline", _centreline(bearing, field)),
        ("turn", _turn(end, bearing, field, departing=departing)),
        ("side", _side(end.fix, bearing, field, departing=departing)),
    ]


def _course(bearing: Bearing) -> int:
    row = bisect_right(NEARNESS_NM, bearing.distance_nm) * (len(COURSE_DEG) + 2)
    if bearing.off_course_deg is None:
        return row + len(COURSE_DEG) + 1
    return row + bisect_right(COURSE_DEG, bearing.off_course_deg)


def _centreline(bearing: Bearing, field: Airfield) -> int:
    """Return the class of the offset by distance if the aircraft is lined up with a runway; else
    whether there was one to line up with, near or far."""
    if bearing.offset_nm is not None:
        row = bisect_right(REACH_NM, bearing.distance_nm) * (len(OFFSET_NM) + 1)
        return row + bisect_right(OFFSET_NM, bearing.offset_nm)
    last = SIZES["centreline"] - 3
    if not field.runways:
        return last
    return last + (1 if bearing.distance_nm < REACH_NM[0] else 2)


def _turn(end: End, bearing: Bearing, field: Airfield, *, departing: bool) -> int:
    """Return the class of the turn: towards the field (arriving), or away from it (departing)."""
    if end.turn_fix is None or bearing.off_course_deg is None:
        return SIZES["turn"] - 1
    before = bearing_to(field, end.turn_fix, departing=departing).off_course_deg
    if before is None:
        return SIZES["turn"] - 1
    far = (len(TURN_DEG) + 1) * (bearing.distance_nm > NEARNESS_NM[1])
    return far + bisect_right(TURN_DEG, bearing.off_course_deg - before)


def _side(fix: Fix, bearing: Bearing, field: Airfield, *, departing: bool) -> int:
    """Return the class of the side of the field that the aircraft was on."""
    if fix.track_deg is None or not field.runways or fix.lat_deg is None or fix.lon_deg is None:
        return SIZES["side"] - 1
    heading = (fix.track_deg + 180.0) % 360.0 if departing else fix.track_deg
    along = min(field.runways, key=lambda end: angle_between_deg(heading, end.bearing_deg))
    out = bearing_deg(bearing.aim.lat_deg, bearing.aim.lon_deg, fix.lat_deg, fix.lon_deg)
    off_axis_deg = angle_between_deg(out, (along.bearing_deg + 180.0) % 360.0)
    row = bisect_right(NEARNESS_NM, bearing.distance_nm) * (len(SIDE_DEG) + 1)
    return row + bisect_right(SIDE_DEG, off_axis_deg)
