"""What is a fix? One believed report of where an aircraft was, or only how high."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Doubt(StrEnum):
    """Why a position is not believed; its altitude may be."""

    STALE = "stale"
    """Older than 60 s at last contact: frozen while the altitude went on."""
    SATURATED = "saturated"
    """Geometric and barometric altitude differ by 3,100 ft or more: a spoofed position."""
    CIRCLING = "circling"
    """Slower than 200 kt above 10,000 ft: the circle that GPS spoofing draws for a jet."""
    CROWDED = "crowded"
    """Several aircraft at one point in one reply."""
    FROZEN = "frozen"
    """The same place again, although the aircraft reports that it moves."""
    UNREACHABLE = "unreachable"
    """No aircraft flies there from the fixes before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One believed moment of one aircraft, from one or several feeds.

    A fix without latitude has only an altitude; `doubt` says why its position is not believed.
    """

    at: datetime
    lat_deg: float | None = None
    lon_deg: float | None = None
    altitude_ft: float | None = None
    """Above mean sea level: geometric if believed, else pressure altitude."""
    altitude_error_ft: float = 650.0
    on_ground: bool | None = None
    ground_speed_kt: float | None = None
    track_deg: float | None = None
    vertical_rate_fpm: float | None = None
    callsign: str | None = None
    feeds: tuple[str, ...] = ()
    doubt: Doubt | None = None

    @property
    def placed(self) -> bool:
        """Whether the fix has a position."""
        return self.lat_deg is not None

    @property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude; None without a position."""
        lat_deg, lon_deg = self.lat_deg, self.lon_deg
        return None if lat_deg is None or lon_deg is None else (lat_deg, lon_deg)
