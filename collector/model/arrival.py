"""What does another source state about an arrival? Evidence beside a landing, never one itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One flight that a source says ended at an airfield, by that source's own rule."""

    source: str
    """`opensky-flights`, `opensky-list` or `opdi-list`."""
    icao24: str
    airfield: str
    """As the source names it: the one nearest to the last position, not always that of landing."""
    arrived_at: datetime
    """When the source heard the aircraft last on that flight."""
    departed_at: datetime | None = None
    """When it heard it first."""
    origin: str | None = None
    callsign: str | None = None
    registration: str | None = None
    horizontal_m: float | None = None
    """From the last position heard to the airfield; None: not said."""
    vertical_m: float | None = None
    """How high above the airfield that position was; None: not said."""
    place: str = ""
    """Where it stands: a URL, or a file and line."""
