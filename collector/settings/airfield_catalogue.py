"""Which airfields exist, on which day, and which of them may be confused with a watched one?

The shipped list (`config/airfields.toml`) holds the airfields of the default watch and their
neighbours, with runways and dates. Any other ICAO code is looked up in the package airportsdata,
which holds positions, and in the shipped table of runways. Both are read only if such a code is
configured.
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
from collector.settings.runway_table import (
    NO_RUNWAY,
    at_its_runways,
    listed_lengths,
    listed_runways,
)

DATABASE_RIVAL_WITHIN_NM = 25.0
"""The database also lists every grass strip, so its entries are rivals only within this distance,
which is smaller than the default of `rivals.within_nm`."""
DATABASE_RIVAL_WITHIN_DEG = DATABASE_RIVAL_WITHIN_NM / 60
"""As much, or a little more, as a difference of latitudes: a degree is 60.04 NM."""

UNCODED_WEIGHT = 0.1
"""Prior weight of a rival without an IATA code in the database. Such gliding sites, heliports and
strips outnumber airports, but transport aircraft hardly ever land there. The weight is a cautious
guess; shipped airfields and those in the configuration weigh 1."""
DATABASE_SOURCE = "PyPI airportsdata"

ONE_PLACE_NM = 0.5
"""Entries of the database this near each other are one airfield under two codes, or a strip or a
heliport at the airport."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One airfield of the shipped list."""

    airfield: Airfield
    rival_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookUp:
    """The result of looking up some codes in the database."""

    found: Mapping[str, Airfield] = field(default_factory=dict)
    nearby: tuple[Airfield, ...] = ()
    """Airfields with four-letter codes within DATABASE_RIVAL_WITHIN_NM of a found one."""
    guesses: Mapping[str, str] = field(default_factory=dict)
    """For each unknown code, the most similar known code, if there is a similar one."""


def airfield_from(table: Mapping[str, Any]) -> Airfield:
    """Return an airfield from its TOML table, whose form has been checked."""
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
    """Return every entry of the shipped list, in its order.

    A code may have several entries, valid one after the other.
    """
    with shipped_file("airfields.toml").open("rb") as file:
        tables = tomllib.load(file)["airfield"]
    return tuple(Entry(airfield_from(table), tuple(table.get("rival_of", ()))) for table in tables)


def shipped_as(code: str) -> tuple[Airfield, ...]:
    """Return the shipped entries of a code; empty if the code is not in the shipped list."""
    return tuple(entry.airfield for entry in shipped() if entry.airfield.icao == code)


def look_up(codes: Collection[str]) -> LookUp:
    """Look these codes up in the database, with the airfields around them.

    A neighbour without any runway for aeroplanes is left out, and two entries of one place are one
    neighbour. Reading the database takes about 30 MB of memory, which is freed when the function
    returns.
    """
    if not codes:
        return LookUp()
    import airportsdata

    database = airportsdata.load()
    runways = listed_runways(codes)
    found = {
        code: at_its_runways(_from_row(code, database[code]), runways)
        for code in codes
        if code in database
    }
    around = {
        code: _from_row(code, row) if row["iata"] else _guessed(_from_row(code, row))
        for code, row in database.items()
        if len(code) == 4
        and code.isalpha()
        and code not in found
        and any(
            # Of 200 places most lie too far north or south of each of the other 17,000.
            abs(row["lat"] - airfield.lat_deg) <= DATABASE_RIVAL_WITHIN_DEG
            and distance_nm(row["lat"], row["lon"], airfield.lat_deg, airfield.lon_deg)
            <= DATABASE_RIVAL_WITHIN_NM
            for airfield in found.values()
        )
    }
    runways, lengths_m = listed_runways(around), listed_lengths(around)
    neighbours = [
        replace(at_its_runways(airfield, runways), listed_longest_m=lengths_m.get(code))
        for code, airfield in around.items()
        if runways.get(code) != NO_RUNWAY
    ]
    nearby = _distinct(found.values(), neighbours)
    shipped_codes = [entry.airfield.icao for entry in shipped()]
    guesses = {}
    for code in codes:
        if code in found:
            continue
        similar = _most_similar(code, shipped_codes) or _most_similar(code, list(database))
        if similar:
            guesses[code] = similar
    return LookUp(found, nearby, guesses)


def _distinct(found: Iterable[Airfield], nearby: Iterable[Airfield]) -> tuple[Airfield, ...]:
    """Return the neighbours, each place once: its airport rather than a strip, and none that is the
    place of a found airfield."""
    kept = list(found)
    count = len(kept)
    for airfield in sorted(nearby, key=lambda each: (-each.prior_weight, not each.runways)):
        if not is_near(airfield, kept, ONE_PLACE_NM):
            kept.append(airfield)
    return tuple(sorted(kept[count:], key=lambda each: each.icao))


def _most_similar(code: str, known: Sequence[str]) -> str | None:
    """Return the similar known code with most letters in the same place; None if there is none."""
    close = difflib.get_close_matches(code, known, 10, 0.75)
    return max(close, key=lambda other: sum(map(str.__eq__, other, code)), default=None)


def _guessed(airfield: Airfield) -> Airfield:
    return replace(airfield, prior_weight=UNCODED_WEIGHT, prior_guessed=True)


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
    """Return the shipped airfields with which a watched one may be confused."""
    codes = {airfield.icao for airfield in watched}
    return tuple(
        entry.airfield
        for entry in shipped()
        if entry.airfield.icao not in codes
        and (codes & set(entry.rival_of) or is_near(entry.airfield, watched, within_nm))
    )


def is_near(airfield: Airfield, others: Iterable[Airfield], within_nm: float) -> bool:
    """Return whether any of the others lies within so many nautical miles of an airfield."""
    return any(
        distance_nm(airfield.lat_deg, airfield.lon_deg, other.lat_deg, other.lon_deg) <= within_nm
        for other in others
    )
