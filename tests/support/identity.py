"""The identity in a row of a reply: all that a watch compares."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """Who a row says it is."""

    icao24: str | None
    callsign: str | None = None
    registration: str | None = None
    type_code: str | None = None
    operator: str | None = None
