"""At which airfields of the world may a watched aircraft have stopped? Those of the shipped table.

The table (`config/world_airfields.csv.gz`, 360 kB) is made from OurAirports' list by
`scripts/world_airfields.py`. It is read when the first stop is derived.
"""

from __future__ import annotations

import gzip
import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache

from collector.geo import distance_nm
from collector.landings.heavy_types import least_runway_m
from collector.landings.naming_rules import NamingRules
from collector.model import Airfield
from collector.resources import shipped_file
from collector.settings.runway_table import at_its_runways, listed_runways

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
        lines = [line for line in _lines_near(places, within_nm) if _takes(line, type_code)]
        runways = listed_runways([line[0] for line in lines])
        found = [at_its_runways(_airfield(line), runways) for line in lines]
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
def _rows() -> dict[int, bytes]:
    """Return the lines of the table in each degree of latitude.

    They are kept as text, since 15,079 airfields as objects would take several MB for ever.
    """
    rows = defaultdict(list)
    table = gzip.decompress(shipped_file("world_airfields.csv.gz").read_bytes())
    for line in table.splitlines()[1:]:
        _, lat, _ = line.split(b",", 2)
        rows[math.floor(float(lat))].append(line)
    return {row: b"\n".join(lines) for row, lines in rows.items()}


def _lines_near(places: Collection[Place], within_nm: float) -> list[list[str]]:
    """Return the lines of the airfields within a distance of any of the places, by code."""
    found: dict[str, list[str]] = {}
    for lat_deg, lon_deg in {(round(lat, 1), round(lon, 1)) for lat, lon in places}:
        reach_nm = within_nm + _NM_PER_DEG / 10.0
        reach_deg = reach_nm / _NM_PER_DEG
        squeeze = math.cos(math.radians(min(89.0, abs(lat_deg) + reach_deg)))
        for row in range(math.floor(lat_deg - reach_deg), math.floor(lat_deg + reach_deg) + 1):
            for line in _rows().get(row, b"").splitlines():
                code, lat, lon, _ = line.split(b",", 3)
                apart_deg = abs((float(lon) - lon_deg + 180.0) % 360.0 - 180.0)
                if (
                    apart_deg * squeeze <= reach_deg
                    and distance_nm(lat_deg, lon_deg, float(lat), float(lon)) <= reach_nm
                ):
                    found[code.decode()] = line.decode().split(",", 6)
    return [found[code] for code in sorted(found)]


def _takes(line: Sequence[str], type_code: str | None) -> bool:
    """Return whether an airfield has a paved runway for the type."""
    return float(line[4]) >= least_runway_m(type_code, NamingRules())


def _airfield(line: Sequence[str]) -> Airfield:
    code, lat, lon, elevation, _, _, name = line
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
