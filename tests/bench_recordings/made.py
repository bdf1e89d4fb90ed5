"""Tracks made of straight legs, at an airfield of its own with one runway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from recordings.places import End, Place, World, world_of
from recordings.tracks import Row, Track

from collector.geo import destination

BEGIN_S = 1_693_303_200.0
FIELD = Place(
    "88NV",
    40.7625,
    -119.2097,
    3910.0,
    ends=(
        End("18", *destination(40.7625, -119.2097, 0.0, 0.6), 180.0, 7290.0),
        End("36", *destination(40.7625, -119.2097, 180.0, 0.6), 0.0, 7290.0),
    ),
)
WORLD: World = world_of([FIELD, Place("KABC", 40.2, -119.2097, 4000.0, "ABC")])

Leg = tuple[float, float, float, float, float]
"""Seconds; distance north of the field at its end, NM; height above it, ft; both from the leg
before; speed as reported, kt; and 1 if the ground bit is set."""

APPROACH: Sequence[Leg] = ((200, 3.0, 1000, 120, 0), (90, 0.5, 0, 110, 0), (30, 0.0, 0, 60, 1))
STAY: Leg = (120, 0.0, 0, 0, 1)
AWAY: Sequence[Leg] = ((60, -1.0, 0, 70, 1), (200, -8.0, 3000, 130, 0))


def track(*legs: Leg, begins_nm: float = 10.0, begins_ft: float = 3000.0) -> Track:
    """Return the track of an aircraft that flies these legs southwards over the field."""
    return Track("a00001", list(_rows(legs, begins_nm, begins_ft)))


def _rows(legs: Sequence[Leg], north: float, height: float) -> Iterator[Row]:
    at_s = BEGIN_S
    for seconds, to_nm, to_ft, speed, grounded in legs:
        for second in range(0, int(seconds), 5):
            share = second / seconds
            lat, lon = destination(
                FIELD.lat_deg, FIELD.lon_deg, 0.0, north + share * (to_nm - north)
            )
            altitude = FIELD.elevation_ft + height + share * (to_ft - height)
            rate = (to_ft - height) / seconds * 60.0
            on_ground = bool(grounded)
            shown = None if on_ground else altitude
            yield Row(at_s + second, lat, lon, shown, on_ground, speed, 180.0, rate, "TEST1")
        at_s += seconds
        north, height = to_nm, to_ft


def without_bits(one: Track) -> Track:
    """Return the track with no ground bit and no speed, and a height where the bit was."""
    rows = [
        replace(
            row,
            on_ground=None,
            speed_kt=None,
            altitude_ft=FIELD.elevation_ft if row.on_ground else row.altitude_ft,
        )
        for row in one.rows
    ]
    return Track(one.icao24, rows)
