"""Which airfields are there, on which day, and which may be taken for a watched one?

The shipped list (`config/airfields.toml`) knows the default watch's airfields and their neighbours
with runways and validity. Any other ICAO code is looked up in the package airportsdata, which has
points but no runways; it is read only when such a code is named, and not kept.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from collector.geo import distance_nm
from collector.model import Airfield, RunwayEnd
from collector.resources import shipped_file

DATABASE_RIVAL_WITHIN_NM = 25.0
"""The database also lists every grass strip, so its entries are rivals only from nearby: 25 NM is
where the public rules' candidates end (LANDING.md §1)."""

UNCODED_WEIGHT = 0.1
"""Prior weight of a rival that the database lists without an airline (IATA) code: gliding sites,
heliports and strips, which outnumber airports there but hardly see a transport aircraft. A guess,
on the safe side; shipped airfields and those named in the configuration weigh 1."""
DATABASE_SOURCE = "PyPI airportsdata"


@dataclass(frozen=True, slots=True)
class Entry:
    """One airfield of the shipped list."""

    airfield: Airfield
    rival_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookUp:
    """What the database said about some codes."""

    found: Mapping[str, Airfield] = field(default_factory=dict)
    nearby: tuple[Airfield, ...] = ()
    """Four-letter fields within DATABASE_RIVAL_WITHIN_NM of a found one, themselves left out."""
    guesses: Mapping[str, str] = field(default_factory=dict)
    """For codes nobody knows: the known one that is written most alike, if any is."""


def airfield_from(table: Mapping[str, Any]) -> Airfield:
    """An airfield from its TOML table, whose form has been checked."""
    return Airfield(
        icao=table["icao"],
        name=table.get("name") or table["icao"],
        lat_deg=table["lat_deg"],
        lon_deg=table["lon_deg"],
        elevation_ft=table["elevation_ft"],
        zone=table.get("zone") or "UTC",
        runways=tuple(RunwayEnd(**end) for end in table.get("runways") or ()),
        valid_from=table.get("valid_from"),
        valid_to=table.get("valid_to"),
        prior_weight=float(table.get("prior_weight", 1.0)),
        source=table.get("source") or "",
    )


@cache
def shipped() -> tuple[Entry, ...]:
    """Every entry of the shipped list, in its order; a code may have several, valid in turn."""
    with shipped_file("airfields.toml").open("rb") as file:
        tables = tomllib.load(file)["airfield"]
    return tuple(Entry(airfield_from(table), tuple(table.get("rival_of", ()))) for table in tables)


def shipped_as(code: str) -> tuple[Airfield, ...]:
    """The shipped entries of one code; empty if it is not shipped."""
    return tuple(entry.airfield for entry in shipped() if entry.airfield.icao == code)


def look_up(codes: Collection[str]) -> LookUp:
    """What the database knows of these codes, and of what lies around them.

    The database takes some 30 MB while it is read; nothing of it is kept but the answer.
    """
    if not codes:
        return LookUp()
    import airportsdata

    database = airportsdata.load()
    found = {code: _from_row(code, database[code]) for code in codes if code in database}
    nearby = tuple(
        replace(_from_row(code, row), prior_weight=1.0 if row["iata"] else UNCODED_WEIGHT)
        for code, row in database.items()
        if len(code) == 4
        and code.isalpha()
        and code not in found
        and any(
            distance_nm(row["lat"], row["lon"], each.lat_deg, each.lon_deg)
            <= DATABASE_RIVAL_WITHIN_NM
            for each in found.values()
        )
    )
    ours = [entry.airfield.icao for entry in shipped()]
    guesses = {}
    for code in codes:
        alike = _alike(code, ours) or _alike(code, list(database))
        if code not in found and alike:
            guesses[code] = alike
    return LookUp(found, nearby, guesses)


def _alike(code: str, known: Sequence[str]) -> str | None:
    """The known code that differs least, most of it in its place."""
    close = difflib.get_close_matches(code, known, 10, 0.75)
    return max(close, key=lambda each: sum(map(str.__eq__, each, code)), default=None)


def _from_row(code: str, row: Mapping[str, Any]) -> Airfield:
    return Airfield(
        icao=code,
        name=str(row["name"]),
        lat_deg=float(row["lat"]),
        lon_deg=float(row["lon"]),
        elevation_ft=float(row["elevation"]),
        zone=str(row["tz"]) or "UTC",
        source=DATABASE_SOURCE,
    )


def shipped_rivals(watched: Sequence[Airfield], within_nm: float) -> tuple[Airfield, ...]:
    """The shipped airfields that a landing at a watched one may be confused with."""
    codes = {airfield.icao for airfield in watched}
    return tuple(
        entry.airfield
        for entry in shipped()
        if entry.airfield.icao not in codes
        and (codes & set(entry.rival_of) or _near(entry.airfield, watched, within_nm))
    )


def _near(airfield: Airfield, others: Iterable[Airfield], within_nm: float) -> bool:
    return any(
        distance_nm(airfield.lat_deg, airfield.lon_deg, other.lat_deg, other.lon_deg) <= within_nm
        for other in others
    )
