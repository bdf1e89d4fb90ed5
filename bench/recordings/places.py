"""Which airfields and runways are there in the world? One table for the labels and the rules.

Positions and elevations are those of the package airportsdata, runways those of OurAirports
(public domain) as they lie beside the checkout. Nothing here is shared with the detector.
"""

from __future__ import annotations

import csv
import gzip
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from collector.geo import angle_between_deg, bearing_deg, distance_nm

LEAST_LENGTH_FT = 1000.0
"""A shorter strip is a helipad or an error of the list."""
_COORDINATES = ("le_latitude_deg", "le_longitude_deg", "he_latitude_deg", "he_longitude_deg")


@dataclass(frozen=True, slots=True)
class End:
    """One threshold, with the true bearing flown when landing on it."""

    name: str
    lat_deg: float
    lon_deg: float
    bearing_deg: float
    length_ft: float


@dataclass(frozen=True, slots=True)
class Place:
    """One airfield."""

    code: str
    lat_deg: float
    lon_deg: float
    elevation_ft: float
    iata: str = ""
    ends: tuple[End, ...] = ()

    def away_nm(self, lat_deg: float, lon_deg: float) -> float:
        """Return the distance to its nearest known point: the reference point or a threshold."""
        points = [(self.lat_deg, self.lon_deg), *((e.lat_deg, e.lon_deg) for e in self.ends)]
        return min(distance_nm(lat_deg, lon_deg, *point) for point in points)


BLACK_ROCK_CITY = Place("88NV", 40.7625, -119.2097, 3910.0)
"""A strip on a dry lake, in use for a few weeks each year and in no list."""


@dataclass(frozen=True)
class World:
    """Every airfield, found by place."""

    places: dict[str, Place]
    cells: dict[tuple[int, int], list[Place]]

    def near(self, lat_deg: float, lon_deg: float, within_nm: float) -> Iterator[Place]:
        """Yield the airfields whose reference point lies within that distance."""
        reach = within_nm / 60.0
        wide = reach / max(0.05, math.cos(math.radians(lat_deg)))
        for row in range(math.floor(lat_deg - reach), math.floor(lat_deg + reach) + 1):
            for column in range(math.floor(lon_deg - wide), math.floor(lon_deg + wide) + 1):
                for place in self.cells.get((row, (column + 180) % 360 - 180), ()):
                    if distance_nm(lat_deg, lon_deg, place.lat_deg, place.lon_deg) <= within_nm:
                        yield place

    def at(self, lat_deg: float, lon_deg: float, within_nm: float) -> Place | None:
        """Return the airfield with the nearest known point; None if none is that near."""
        near = self.near(lat_deg, lon_deg, within_nm + 3.0)
        place = min(near, key=lambda each: each.away_nm(lat_deg, lon_deg), default=None)
        return None if place is None or place.away_nm(lat_deg, lon_deg) > within_nm else place

    def nearest(self, lat_deg: float, lon_deg: float, within_nm: float = 60.0) -> Place | None:
        """Return the airfield with the nearest reference point; None if none is that near."""
        return min(
            self.near(lat_deg, lon_deg, within_nm),
            key=lambda place: distance_nm(lat_deg, lon_deg, place.lat_deg, place.lon_deg),
            default=None,
        )


def world_of(places: Iterable[Place]) -> World:
    """Return these airfields as a world."""
    cells: dict[tuple[int, int], list[Place]] = defaultdict(list)
    by_code = {place.code: place for place in places}
    for place in by_code.values():
        cells[math.floor(place.lat_deg), math.floor(place.lon_deg)].append(place)
    return World(by_code, dict(cells))


@cache
def world(shared: Path) -> World:
    """Return the airfields of airportsdata with the runways that lie in `shared`."""
    import airportsdata

    ends = _ends(shared / "data" / "ourairports" / "runways_2026-08-22.csv.gz")
    places = [
        Place(
            code,
            float(row["lat"]),
            float(row["lon"]),
            float(row["elevation"]),
            str(row["iata"]),
            tuple(ends.get(code, ())),
        )
        for code, row in airportsdata.load().items()
    ]
    return world_of([*places, BLACK_ROCK_CITY])


def _ends(path: Path) -> dict[str, list[End]]:
    """Return the thresholds by airfield, of open runways with both ends that fit their length."""
    found: dict[str, list[End]] = defaultdict(list)
    with gzip.open(path, "rt", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["closed"] == "1" or not all(row[name] for name in _COORDINATES):
                continue
            low = float(row["le_latitude_deg"]), float(row["le_longitude_deg"])
            high = float(row["he_latitude_deg"]), float(row["he_longitude_deg"])
            measured_ft = distance_nm(*low, *high) * 1852.0 / 0.3048
            stated_ft = float(row["length_ft"] or 0.0)
            if measured_ft < LEAST_LENGTH_FT or abs(measured_ft - stated_ft) > 0.25 * stated_ft:
                continue
            there, back = bearing_deg(*low, *high), bearing_deg(*high, *low)
            found[row["airport_ident"]] += [
                End(row["le_ident"], *low, there, measured_ft),
                End(row["he_ident"], *high, back, measured_ft),
            ]
    return found


def on_final(place: Place, lat_deg: float, lon_deg: float, track_deg: float) -> End | None:
    """Return the threshold that a point before it, within 0.3 NM of its centreline and flying
    within 20° of its bearing, is on final to; None if there is none."""
    for end in place.ends:
        away = distance_nm(lat_deg, lon_deg, end.lat_deg, end.lon_deg)
        to_end = bearing_deg(lat_deg, lon_deg, end.lat_deg, end.lon_deg)
        off = math.radians(angle_between_deg(to_end, end.bearing_deg))
        aligned = angle_between_deg(track_deg, end.bearing_deg) <= 20.0
        if aligned and math.cos(off) > 0.0 and away * math.sin(off) <= 0.3:
            return end
    return None
