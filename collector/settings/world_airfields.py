"""At which airfields of the world may a watched aircraft have stopped? Those of the shipped table.

The table (`config/world_airfields.csv.gz`, 360 kB) is made from OurAirports' list by
`scripts/world_airfields.py`. It is read when the first stop is derived, in some 20 ms, and kept by
degree of latitude and longitude.
"""

from __future__ import annotations

import gzip
import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache

from collector.geo import distance_nm
from collector.landings.rules import HEAVY_TYPES
from collector.model import Airfield
from collector.resources import shipped_file
from collector.settings.runway_table import at_its_runways, listed_runways

HEAVY_LEAST_M = 1500.0
"""m. `HEAVY_TYPES` stop at paved runways of this length or more, as in
`LandingRules.least_runway_m`."""
ONE_PLACE_NM = 1.0
"""A configured airfield this near one of the table is the same place."""
SOURCE = "OurAirports"

Place = tuple[float, float]
"""Latitude and longitude, degrees."""
_NM_PER_DEG = 60.0


class WorldAirfields:
    """The airfields of the table, with the configured ones in place of those of the same place."""

    def __init__(self, configured: Sequence[Airfield]) -> None:
        self._configured = tuple(replace(each, prior_weight=1.0) for each in configured)

    def near(
        self, places: Collection[Place], within_nm: float, type_code: str | None
    ) -> list[Airfield]:
        """Return the airfields within a distance of any of the places at which an aircraft of that
        type (ICAO; None: unknown) may land, with their runways.

        All weigh the same: how often a fleet lands at an airfield says nothing here. Configured
        airfields stand in place of those of the table, for the days of their validity.
        """
        codes = [code for code in _codes_near(places, within_nm) if _takes(code, type_code)]
        runways = listed_runways(codes)
        found = [at_its_runways(_airfield(code), runways) for code in codes]
        own = [each for each in self._configured if _is_near(each, places, within_nm)]
        return [
            *own,
            *(
                each
                for each in found
                if not any(
                    each.icao == other.icao or _is_near(each, [_place(other)], ONE_PLACE_NM)
                    for other in own
                )
            ),
        ]


@cache
def _lines() -> dict[str, str]:
    """Return each line of the table, by code."""
    table = gzip.decompress(shipped_file("world_airfields.csv.gz").read_bytes()).decode()
    return {line[: line.find(",")]: line for line in table.splitlines()[1:]}


@cache
def _cells() -> dict[tuple[int, int], list[str]]:
    """Return the codes in each cell of a degree of latitude and longitude."""
    cells = defaultdict(list)
    for code, line in _lines().items():
        _, lat, lon, _ = line.split(",", 3)
        cells[math.floor(float(lat)), math.floor(float(lon))].append(code)
    return dict(cells)


def _codes_near(places: Collection[Place], within_nm: float) -> list[str]:
    """Return the codes of the airfields within a distance of any of the places, in order."""
    found = set()
    for lat_deg, lon_deg in {(round(lat, 1), round(lon, 1)) for lat, lon in places}:
        reach_nm = within_nm + _NM_PER_DEG / 10.0
        rows = reach_nm / _NM_PER_DEG
        squeeze = math.cos(math.radians(min(89.0, abs(lat_deg) + rows)))
        columns = min(180.0, rows / squeeze)
        for row in range(math.floor(lat_deg - rows), math.floor(lat_deg + rows) + 1):
            for each in range(math.floor(lon_deg - columns), math.floor(lon_deg + columns) + 1):
                for code in _cells().get((row, (each + 180) % 360 - 180), ()):
                    _, lat, lon, _ = _lines()[code].split(",", 3)
                    if distance_nm(lat_deg, lon_deg, float(lat), float(lon)) <= reach_nm:
                        found.add(code)
    return sorted(found)


def _takes(code: str, type_code: str | None) -> bool:
    """Return whether an airfield has a runway for the type."""
    if type_code not in HEAVY_TYPES:
        return True
    return float(_lines()[code].split(",")[4]) >= HEAVY_LEAST_M


def _airfield(code: str) -> Airfield:
    _, lat, lon, elevation, _, _, name = _lines()[code].split(",", 6)
    return Airfield(
        icao=code,
        name=name,
        lat_deg=float(lat),
        lon_deg=float(lon),
        elevation_ft=float(elevation),
        zone="UTC",
        source=SOURCE,
    )


def _is_near(airfield: Airfield, places: Collection[Place], within_nm: float) -> bool:
    return any(
        distance_nm(airfield.lat_deg, airfield.lon_deg, *place) <= within_nm for place in places
    )


def _place(airfield: Airfield) -> Place:
    return airfield.lat_deg, airfield.lon_deg
