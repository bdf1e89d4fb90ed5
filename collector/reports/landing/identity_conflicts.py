"""Which reports do not fit a known airframe? Each identity conflict is one line with its time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from collector.landings.identity_conflicts import Conflict
from collector.reports import formatting


def conflict_lines(found: Iterable[Conflict], zone: str) -> list[str]:
    """Return each conflict as a sentence, with its time in `zone`."""
    return [f"{conflict.detail} {_when(conflict, zone)}" for conflict in found]


def conflict_row(conflict: Conflict) -> dict[str, Any]:
    """Return a conflict as a row for `--json`."""
    return {
        "icao24": conflict.icao24,
        "kind": conflict.kind.value,
        "begins_at": formatting.iso_z(conflict.begins_at),
        "ends_at": formatting.iso_z(conflict.ends_at),
        "detail": conflict.detail,
    }


def _when(conflict: Conflict, zone: str) -> str:
    first = formatting.moment(conflict.begins_at, zone)
    if conflict.begins_at == conflict.ends_at:
        return f"({first})"
    return f"({first}, until {formatting.moment(conflict.ends_at, zone)})"
