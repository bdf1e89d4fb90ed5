"""What does another source state about a flight's end? An arrival, which never makes a landing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One flight that ended at an airfield, by a source's own rule."""

    source: str
    """`opensky-flights`, `opensky-list`, `opensky-trino` or `opdi-list`."""
    icao24: str
    airfield: str
    """As the source names it: the nearest to the last position, not always where it landed."""
    arrived_at: datetime
    """When the source last received the aircraft on that flight."""
    departed_at: datetime | None = None
    """When the source first received it."""
    origin: str | None = None
    callsign: str | None = None
    registration: str | None = None
    horizontal_m: float | None = None
    """Distance from the last position to the airfield; None if not stated."""
    vertical_m: float | None = None
    """Height of that position above the airfield; None if not stated."""
    place: str = ""
    """Where the statement is found: a URL, or a file and line."""
