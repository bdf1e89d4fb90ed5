"""Which runways does an airfield have? Those of the shipped table, unless the configuration says.

The table (`config/runways.csv.gz`, 330 kB) is made from OurAirports' list by `scripts/runways.py`,
which checks and repairs it. Reading it takes some 12 ms, and it is read only if an airfield of the
configuration has no runways of its own.
"""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from collector.geo import NM_IN_M, bearing_deg, destination, distance_nm
from collector.model import Airfield, ListedRunways, RunwayEnd
from collector.resources import shipped_file

SAME_PLACE_NM = 5.0
"""A runway farther than this from a reference point belongs to another airfield, or the point is
wrong. The table is made with the same limit."""

LENGTH_ONLY = "?"
"""What a line has for the name of a runway whose length alone is known."""

NO_RUNWAY = ListedRunways()
"""An airfield without any runway for aeroplanes: a heliport, or for seaplanes only."""


def listed_runways(codes: Collection[str]) -> dict[str, ListedRunways]:
    """Return the runways of these airfields, by code; `NO_RUNWAY` if an airfield has none for
    aeroplanes.

    An airfield whose runways are not known for certain is left out (`listed_lengths`).
    """
    found: dict[str, list[RunwayEnd]] = {}
    for words in _lines(codes):
        if words[1] != LENGTH_ONLY:
            found.setdefault(words[0], []).extend(_ends(words))
    return {code: ListedRunways(ends) for code, ends in found.items()}


def listed_lengths(codes: Collection[str]) -> dict[str, float]:
    """Return the length in m of the longest runway of these airfields, by code, where the table
    knows that alone."""
    return {words[0]: float(words[2]) for words in _lines(codes) if words[1] == LENGTH_ONLY}


def _lines(codes: Collection[str]) -> Iterator[list[str]]:
    """Yield the lines of the table that tell of these airfields, in words."""
    if not codes:
        return
    wanted = frozenset(codes)
    table = gzip.decompress(shipped_file("runways.csv.gz").read_bytes()).decode()
    for line in table.splitlines():
        if line[: line.find(",")] in wanted:
            yield line.split(",")


def _ends(words: list[str]) -> tuple[RunwayEnd, ...]:
    """Return both ends of the runway of a line; none if the line says that there is no runway."""
    if words[1] == "-":
        return ()
    name, lat, lon, height, other, other_lat, other_lon, other_height, length = words[1:]
    here, there = (float(lat), float(lon)), (float(other_lat), float(other_lon))
    length_m = float(length)
    return (
        RunwayEnd(name, *here, round(bearing_deg(*here, *there), 1), length_m, _height(height)),
        RunwayEnd(
            other, *there, round(bearing_deg(*there, *here), 1), length_m, _height(other_height)
        ),
    )


def _height(text: str) -> float | None:
    return float(text) if text else None


def with_runways(airfield: Airfield, listed: Mapping[str, ListedRunways]) -> Airfield:
    """Return the airfield with the listed runways of its code, if it has none and they lie there.

    >>> place = dict(icao="LLOV", name="Ovda", elevation_ft=1492.0, zone="UTC")
    >>> listed = listed_runways(["LLOV"])
    >>> [end.name for end in with_runways(
    ...     Airfield(lat_deg=29.94, lon_deg=34.94, **place), listed).runways]
    ['02L', '20R', '02R', '20L']
    >>> with_runways(Airfield(lat_deg=31.0, lon_deg=34.94, **place), listed).runways
    ()
    """
    ends = listed.get(airfield.icao, NO_RUNWAY)
    if airfield.runways or not ends or _away_nm(airfield, ends) > SAME_PLACE_NM:
        return airfield
    return replace(airfield, runways=ends)


def at_its_runways(airfield: Airfield, listed: Mapping[str, ListedRunways]) -> Airfield:
    """Return an airfield of the database with its listed runways; its reference point is moved to
    them if it lies elsewhere.

    The database has some points whose degrees and minutes were written as decimals: Luxembourg's
    49°37′24″ became 49.3724, which is 16 NM off. The table holds such runways only if that explains
    the difference.
    """
    ends = listed.get(airfield.icao, NO_RUNWAY)
    if ends and _away_nm(airfield, ends) > SAME_PLACE_NM:
        end = ends[0]
        half_nm = end.length_m / NM_IN_M / 2.0
        lat_deg, lon_deg = destination(end.lat_deg, end.lon_deg, end.bearing_deg, half_nm)
        airfield = replace(airfield, lat_deg=round(lat_deg, 4), lon_deg=round(lon_deg, 4))
    return with_runways(airfield, listed)


def _away_nm(airfield: Airfield, ends: ListedRunways) -> float:
    """Return the distance from the reference point to the nearest threshold."""
    return min(
        distance_nm(airfield.lat_deg, airfield.lon_deg, end.lat_deg, end.lon_deg) for end in ends
    )
