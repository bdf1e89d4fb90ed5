"""How are doubts about an airframe told? One line each, with when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from collector.landings.identity_conflicts import Conflict
from collector.reports import formatting


def conflict_lines(found: Iterable[Conflict], zone: str) -> list[str]:
    """Each in a sentence, with its time in `zone`."""
    return [f"{one.detail} {_when(one, zone)}" for one in found]


def conflict_row(one: Conflict) -> dict[str, Any]:
    """One for machines."""
    return {
        "icao24": one.icao24,
        "kind": one.kind.value,
        "begins_at": formatting.iso_z(one.begins_at),
        "ends_at": formatting.iso_z(one.ends_at),
        "detail": one.detail,
    }


def _when(one: Conflict, zone: str) -> str:
    first = formatting.moment(one.begins_at, zone)
    if one.begins_at == one.ends_at:
        return f"({first})"
    return f"({first}, until {formatting.moment(one.ends_at, zone)})"
