"""Reported landings by the handful."""

from __future__ import annotations

from typing import Any

from collector.model.sighting import Kind, Sighting, Unit, period

ZONES = {"LLOV": "Asia/Jerusalem", "LLER": "Asia/Jerusalem"}


def row(date: str, **changes: Any) -> Sighting:
    """A landing at Ovda on that date, told by one paper."""
    values: dict[str, Any] = {"period": period(date), "airfield": "LLOV", "source": "Paper"}
    return Sighting(**(values | changes))


def leg(date: str, direction: str = "", **changes: Any) -> Sighting:
    """A flight to the field or from it."""
    return row(date, unit=Unit.LEG, direction=direction, **changes)


def alibi(date: str, place: str, registration: str, kind: Kind = Kind.ALIBI) -> Sighting:
    """That an airframe was elsewhere."""
    return row(date, kind=kind, airfield=None, place=place, registration=registration)
