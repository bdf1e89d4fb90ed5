"""Who was received near an airfield in five minutes, and how low?

A cell of the lowest band, below 2,000 ft, holds aircraft on the ground too: an aircraft that stands
on a neighbouring airfield, beside its receiver, shows nothing of the sky above this one. Such a
cell shows how low reception goes only at the airfield that lies in it. Whoever really descends
elsewhere is also received in the bands above.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from collector.coverage.region import field_away_nm
from collector.geo import distance_nm
from collector.model.coverage import CELL_DEG, SLOT, Cell, CoverageSlot

LOW_NM = 30.0
"""Aircraft received within this distance show how low reception goes around the airfield. It
includes the neighbours (Ramon 13 NM, Aqaba 20 NM from Ovda)."""

HIGH_BAND = 7
"""The band that begins at 18,000 ft (`model.coverage.BAND_FLOORS_FT`). If aircraft near an airfield
are heard only from there up, one that lands is lost before its descent shows where it goes
(docs/landing-rules.md has how well the field is known by the height at which one is lost)."""

GROUND_BAND = 0
"""The band that begins below the ground and holds whoever stands on it."""

FIELD_NM = 2.2
"""So far from an airfield's point its runways and aprons reach (docs/landing-rules.md). The cell
that holds them may be the next one."""


def shows_height(cell: Cell, lat_deg: float, lon_deg: float, radius_nm: float) -> bool:
    """Return whether aircraft in a cell show how low reception goes at an airfield.

    They are within `radius_nm`, and in flight or at the airfield itself.

    >>> [shows_height((119, 139, band), 29.94, 34.94, 30.0) for band in (0, 1)]
    [True, True]
    >>> [shows_height((118, 140, band), 29.94, 34.94, 30.0) for band in (0, 1)]
    [False, True]
    """
    row, column, band = cell
    if band == GROUND_BAND and not _at_field(row, column, lat_deg, lon_deg):
        return False
    return field_away_nm(row, column, lat_deg, lon_deg) <= radius_nm


@lru_cache(maxsize=1 << 14)  # every slot asks about the same few airfields
def _at_field(row: int, column: int, lat_deg: float, lon_deg: float) -> bool:
    """Return whether the airfield lies in the cell, or no farther from it than it reaches."""
    south, west = row * CELL_DEG, column * CELL_DEG
    lat = min(max(lat_deg, south), south + CELL_DEG)
    east = (lon_deg - west + 180.0) % 360.0 - 180.0
    lon = west + min(max(east, 0.0), CELL_DEG)
    return distance_nm(lat, lon, lat_deg, lon_deg) <= FIELD_NM


class Near:
    """Who was received near a point: within so many nautical miles of it."""

    def __init__(self, lat_deg: float, lon_deg: float, radius_nm: float) -> None:
        self._at = (lat_deg, lon_deg)
        self._radius_nm = radius_nm

    def __call__(self, slot: CoverageSlot) -> set[int]:
        """Return the altitude bands of a slot whose aircraft show how low reception goes near."""
        return {
            cell[2]
            for cell, count in slot.cells.items()
            if count > 0 and shows_height(cell, *self._at, self._radius_nm)
        }

    def any_aircraft(self, slot: CoverageSlot) -> bool:
        """Return whether any aircraft was received near, at whatever height."""
        return any(
            count > 0 and field_away_nm(row, column, *self._at) <= self._radius_nm
            for (row, column, _), count in slot.cells.items()
        )

    def any_low(self, slot: CoverageSlot) -> bool:
        """Return whether any aircraft that shows how low reception goes was below cruise."""
        return any(
            cell[2] < HIGH_BAND and count > 0 and shows_height(cell, *self._at, self._radius_nm)
            for cell, count in slot.cells.items()
        )


def lowest_band(
    slots: Iterable[CoverageSlot],
    lat_deg: float,
    lon_deg: float,
    *,
    radius_nm: float,
    begin: datetime,
    end: datetime,
) -> int | None:
    """Return the lowest altitude band received near a point in [begin, end); None if none was.

    On the ground, only those at the point itself count.
    """
    near = Near(lat_deg, lon_deg, radius_nm)
    return min((band for s in _touching(slots, begin, end) for band in near(s)), default=None)


def _touching(
    slots: Iterable[CoverageSlot], begin: datetime, end: datetime
) -> Iterable[CoverageSlot]:
    return (slot for slot in slots if slot.begins_at < end and begin < slot.begins_at + SLOT)
