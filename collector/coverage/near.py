"""Who was received near an airfield in five minutes, and how low?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from collector.coverage.region import field_away_nm
from collector.model.coverage import SLOT, CoverageSlot

LOW_NM = 30.0
"""Aircraft received within this distance show how low reception goes around the airfield. It
includes the neighbours (Ramon 13 NM, Aqaba 20 NM from Ovda)."""

HIGH_BAND = 7
"""The band that begins at 18,000 ft (`model.coverage.BAND_FLOORS_FT`). If aircraft near an airfield
are heard only from there up, one that lands is lost before its descent shows where it goes
(docs/landing-rules.md has how well the field is known by the height at which one is lost)."""


class Near:
    """Who was received near a point: within so many nautical miles of it."""

    def __init__(self, lat_deg: float, lon_deg: float, radius_nm: float) -> None:
        self._at = (lat_deg, lon_deg)
        self._radius_nm = radius_nm

    def __call__(self, slot: CoverageSlot) -> set[int]:
        """Return the altitude bands of a slot in which aircraft were received near."""
        return {
            band
            for (row, column, band), count in slot.cells.items()
            if count > 0 and field_away_nm(row, column, *self._at) <= self._radius_nm
        }

    def any_aircraft(self, slot: CoverageSlot) -> bool:
        """Return whether any aircraft was received near, at whatever height."""
        return any(
            count > 0 and field_away_nm(row, column, *self._at) <= self._radius_nm
            for (row, column, _), count in slot.cells.items()
        )

    def any_low(self, slot: CoverageSlot) -> bool:
        """Return whether any aircraft was received near, and below cruise."""
        return any(
            band < HIGH_BAND
            and count > 0
            and field_away_nm(row, column, *self._at) <= self._radius_nm
            for (row, column, band), count in slot.cells.items()
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
    """Return the lowest altitude band received near a point in [begin, end); None if none was."""
    near = Near(lat_deg, lon_deg, radius_nm)
    return min((band for s in _touching(slots, begin, end) for band in near(s)), default=None)


def _touching(
    slots: Iterable[CoverageSlot], begin: datetime, end: datetime
) -> Iterable[CoverageSlot]:
    return (slot for slot in slots if slot.begins_at < end and begin < slot.begins_at + SLOT)
