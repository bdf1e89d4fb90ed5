"""Rows of published lists for tests."""

from __future__ import annotations

from typing import Any

from collector.model.sighting import Kind, Sighting, Unit, period

ZONES = {"LLOV": "Asia/Jerusalem", "LLER": "Asia/Jerusalem"}


def row(date: str, **changes: Any) -> Sighting:
    """Return a landing at Ovda on that date, reported by one paper."""
    values: dict[str, Any] = {"period": period(date), "airfield": "LLOV", "source": "Paper"}
    return Sighting(**(values | changes))


def leg(date: str, direction: str = "", **changes: Any) -> Sighting:
    """Return a leg to the airfield or from it."""
    return row(date, unit=Unit.LEG, direction=direction, **changes)


def alibi(date: str, place: str, registration: str, kind: Kind = Kind.ALIBI) -> Sighting:
    """Return a report that an airframe was elsewhere."""
    return row(date, kind=kind, airfield=None, place=place, registration=registration)
