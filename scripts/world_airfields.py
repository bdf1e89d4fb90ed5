"""Which airfields of the world may a watched aircraft have stopped at? Makes the shipped table
`config/world_airfields.csv.gz` from OurAirports' list of runways.

    python -m scripts.world_airfields runways.csv.gz 2026-08-22

The list is the one of `scripts/runways.py` (public domain). Names, positions and elevations come
from the package airportsdata. It lacks most military airfields, which are neighbours of civil ones
all the same: Nasosnaya (UB12) and Kala (UB18) of Baku, Vaziani (UG27) of Tbilisi. Those of the list
that have a code, a long runway and its ends are in the table as well, named by `NAMES`, or else by
their code. Where the list has no elevation of theirs either, they have that of the nearest airfield
within 25 NM.

A line is: code, latitude, longitude, elevation in ft, longest paved runway in m, longest runway in
m, name. Only open runways for aeroplanes of 800 m or more count; a runway whose surface is not
known counts as paved, so that no airfield is ruled out by a gap in the list.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import airportsdata

from collector.geo import distance_nm

from .runway_checks import Runway, listed

TABLE = Path(__file__).parent.parent / "config" / "world_airfields.csv.gz"

LEAST_M = 800.0
"""Shorter runways are not for the aircraft that fly between countries."""
UNCODED_LEAST_M = 1500.0
"""An airfield that airportsdata lacks counts from this length on, that of a loaded freighter."""
ONE_PLACE_NM = 1.0
"""An airfield without a name this near one with a name is the same, under an older code."""
ELEVATION_WITHIN_NM = 25.0
NAMES = {"UB12": "Nasosnaya", "UB18": "Kala", "UG27": "Vaziani"}
"""Air bases that airportsdata lacks and that are neighbours of civil airports."""

UNPAVED = re.compile(
    r"TURF|GRS|GRASS|GRE|GVL|GRAVEL|GRVL|GRV|DIRT|EARTH|SAND|PI[CÇ]ARRA|CLAY|SOD|SNOW|ICE|SOIL"
    r"|CORAL|LATERITE|MUD|SALT|TERRE|HERBE|GAZON|UNPAVED|\bG\b|\bS\b|\bL\b"
)
COMMON_WORDS = re.compile(r"\b(International|Airport|Airfield|Aerodrome)\b")
PAVED = re.compile(r"ASP|BIT|CON|PEM|MAC|TAR|PAVED|PSP|\bB\b|\bC\b")


@dataclass(frozen=True, slots=True)
class Line:
    """An airfield of the table."""

    code: str
    lat_deg: float
    lon_deg: float
    elevation_ft: float
    paved_m: float
    longest_m: float
    name: str

    def text(self) -> str:
        """Return the line as it is written."""
        place = f"{self.lat_deg:.4f},{self.lon_deg:.4f},{self.elevation_ft:.0f}"
        return f"{self.code},{place},{self.paved_m:.0f},{self.longest_m:.0f},{self.name}"


def paved(surface: str) -> bool:
    """Return whether a runway is, or may be, paved.

    >>> [paved(each) for each in ("ASPH/ CONC", "TURF-G", "ASPH-TURF", "UNK", "")]
    [True, False, True, True, True]
    """
    surface = surface.upper()
    return bool(PAVED.search(surface)) or not UNPAVED.search(surface)


def short_name(name: str, city: str) -> str:
    """Return what an airfield is called for short: its city, and its own name if that is another.

    >>> short_name("Heydar Aliyev International Airport", "Baku")
    'Baku Heydar Aliyev'
    >>> short_name("Frankfurt am Main International Airport", "Frankfurt am Main")
    'Frankfurt am Main'
    >>> short_name("Istanbul Airport", "Arnavutköy, Istanbul")
    'Istanbul'
    """
    own = " ".join(COMMON_WORDS.sub("", name).split()).strip(" -,/") or name
    city = " ".join(city.rpartition(",")[2].split())
    return own if not city or city.casefold() in own.casefold() else f"{city} {own}"


def lines(rows: Sequence[Mapping[str, str]]) -> list[Line]:
    """Return the airfields of the table, by code."""
    airports: Mapping[str, Any] = airportsdata.load()
    runways: dict[str, list[tuple[Runway, bool]]] = defaultdict(list)
    for row in rows:
        runway = listed(row)
        if runway is not None and runway.length_m >= LEAST_M:
            runways[row["airport_ident"]].append((runway, paved(row["surface"])))
    found = [
        Line(code, place["lat"], place["lon"], place["elevation"], *_lengths(runways[code]), name)
        for code, place in airports.items()
        if code in runways and (name := short_name(place["name"], place["city"]) or code)
    ]
    return sorted([*found, *_unnamed(runways, found)], key=lambda line: line.code)


def _lengths(runways: Sequence[tuple[Runway, bool]]) -> tuple[float, float]:
    """Return the longest paved runway and the longest one, m."""
    hard = [runway.length_m for runway, is_paved in runways if is_paved]
    return max(hard, default=0.0), max(runway.length_m for runway, _ in runways)


def _unnamed(
    runways: Mapping[str, Sequence[tuple[Runway, bool]]], named: Sequence[Line]
) -> Iterator[Line]:
    """Yield the airfields that airportsdata lacks, where nothing named lies."""
    codes = {line.code for line in named}
    for code, those in runways.items():
        spot = _middle(those)
        paved_m, longest_m = _lengths(those)
        if code in codes or spot is None or longest_m < UNCODED_LEAST_M:
            continue
        near = [line for line in named if abs(line.lat_deg - spot[0]) < 1.0]
        away = {distance_nm(*spot, line.lat_deg, line.lon_deg): line for line in near}
        nearest_nm = min(away, default=1e9)
        stated = [end.elevation_ft for runway, _ in those for end in runway.ends]
        heights = [height for height in stated if height is not None]
        if not heights and nearest_nm <= ELEVATION_WITHIN_NM:
            heights = [away[nearest_nm].elevation_ft]
        if nearest_nm > ONE_PLACE_NM and heights:
            height_ft = sum(heights) / len(heights)
            yield Line(code, *spot, height_ft, paved_m, longest_m, NAMES.get(code, code))


def _middle(runways: Sequence[tuple[Runway, bool]]) -> tuple[float, float] | None:
    """Return the middle of the longest runway with both ends; None if no runway has them."""
    for runway, _ in sorted(runways, key=lambda each: -each[0].length_m):
        first, second = (end.spot for end in runway.ends)
        if first is not None and second is not None and abs(first[1] - second[1]) < 1.0:
            return (first[0] + second[0]) / 2, (first[1] + second[1]) / 2
    return None


def main(words: Sequence[str]) -> int:
    """Write the table."""
    path, edition = Path(words[0]), words[1]
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    found = lines(list(csv.DictReader(data.decode().splitlines())))
    head = f"# Airfields of OurAirports (public domain), edition of {edition}; see scripts/"
    text = "\n".join([f"{head}world_airfields.py", *(line.text() for line in found)]) + "\n"
    TABLE.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(found):,} airfields, {TABLE.stat().st_size:,} bytes in {TABLE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
