"""Where do the simulated flights go? The shipped airfields and the routes to them are used."""

from __future__ import annotations

from functools import cache

from collector.model import Airfield, RunwayEnd
from collector.settings.airfield_catalogue import shipped_as

WATCHED = "LLOV"
FIELDS = ("LLOV", "LLER", "OJAQ", "HETB", "LLNV", "LLBG")
"""Where simulated flights land; the detector also weighs every other shipped candidate."""
CANDIDATES = (*FIELDS, "LLET", "LLYO", "LLEY", "LLRM", "LLHB", "UBBB", "UBBG")
HOMES = ("UBBB", "UBBG")

Spot = tuple[float, float]
"""Latitude and longitude in degrees."""

GATE: Spot = (30.3, 34.93)
"""All arrivals of the south share one corridor down to here, as issue 3 says."""
COAST: Spot = (31.55, 34.55)
SEA: Spot = (32.7, 34.0)
CYPRUS: Spot = (34.5, 33.4)
TURKEY: Spot = (37.0, 34.6)
NORTH = (TURKEY, CYPRUS, SEA, COAST)
"""The route from the north, in order; flights home go on over Anatolia and Georgia."""
HOMEWARD = ((39.8, 39.5), (41.3, 43.5), (41.2, 45.6))
SOUTH = ((29.2, 34.85), (27.2, 34.9), (24.2, 36.6), (20.5, 38.6))
"""Down the Gulf of Aqaba and the Red Sea."""

ELSEWHERE: dict[str, tuple[Spot, float]] = {
    "OJAI": ((31.7226, 35.9932), 2395.0),
    "HESH": ((27.9773, 34.3950), 143.0),
    "LCLK": ((34.8751, 33.6249), 8.0),
    "OLBA": ((33.8209, 35.4884), 87.0),
}
"""Landings that no candidate explains: Amman, Sharm el-Sheikh, Larnaca, Beirut (OurAirports)."""

LEAST_RUNWAY_M = 2300.0
"""The shortest runway that the simulated freighters use."""


@cache
def candidates() -> tuple[Airfield, ...]:
    """Return every airfield that the detector is given, from the shipped defaults."""
    return tuple(entry for code in CANDIDATES for entry in shipped_as(code))


@cache
def field(icao: str) -> Airfield:
    """Return one shipped airfield."""
    return shipped_as(icao)[-1]


def runways(icao: str) -> tuple[RunwayEnd, ...]:
    """Return the runway ends of a shipped airfield that simulated flights land on."""
    return runways_of(field(icao), LEAST_RUNWAY_M)


@cache
def runways_of(place: Airfield, least_m: float) -> tuple[RunwayEnd, ...]:
    """Return the runway ends of at least that length, in metres."""
    return tuple(end for end in place.runways if end.length_m >= least_m)
