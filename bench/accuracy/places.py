"""Where does the simulated world fly? The shipped airfields, and the ways that lead to them."""

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
"""Down to here all arrivals of the south share one corridor (issue 3)."""
COAST: Spot = (31.55, 34.55)
SEA: Spot = (32.7, 34.0)
CYPRUS: Spot = (34.5, 33.4)
TURKEY: Spot = (37.0, 34.6)
NORTH = (TURKEY, CYPRUS, SEA, COAST)
"""The way in from the north, in order; flights to the homes go on over Anatolia and Georgia."""
HOMEWARD = ((39.8, 39.5), (41.3, 43.5), (41.2, 45.6))
SOUTH = ((29.2, 34.85), (27.2, 34.9), (24.2, 36.6), (20.5, 38.6))
"""Down the Gulf of Aqaba and the Red Sea."""

ELSEWHERE: dict[str, tuple[Spot, float]] = {
    "OJAI": ((31.7226, 35.9932), 2395.0),
    "HESH": ((27.9773, 34.3950), 143.0),
    "LCLK": ((34.8751, 33.6249), 8.0),
    "OLBA": ((33.8209, 35.4884), 87.0),
}
"""Landings that no candidate can claim: Amman, Sharm el-Sheikh, Larnaca, Beirut (OurAirports)."""

LEAST_RUNWAY_M = 2300.0
"""What the simulated freighters use."""


@cache
def candidates() -> tuple[Airfield, ...]:
    """Every airfield that the detector is given, as the shipped defaults have them."""
    return tuple(entry for code in CANDIDATES for entry in shipped_as(code))


@cache
def field(icao: str) -> Airfield:
    """One shipped airfield."""
    return shipped_as(icao)[-1]


@cache
def runways(icao: str) -> tuple[RunwayEnd, ...]:
    """The ends that simulated flights land on."""
    return tuple(end for end in field(icao).runways if end.length_m >= LEAST_RUNWAY_M)
