"""What does one feed report of one aircraft? An `Observation`, neither fused nor judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

STALE_AFTER = timedelta(seconds=60)
"""An older position is not used. readsb drops it at that age. In the region's recordings a third of
all positions are older while their altitude still changes."""


class Source(StrEnum):
    """How a position was obtained, by the names that readsb and OpenSky share."""

    ADSB = "adsb"
    ADSR = "adsr"
    TISB = "tisb"
    ADSC = "adsc"
    MLAT = "mlat"
    MODE_S = "mode_s"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One report of one aircraft by one feed, as reported, in our units."""

    icao24: str
    feed: str
    heard_at: datetime
    """Last contact of any kind; `position_at` is when the position, if any, was valid."""
    position_at: datetime | None = None
    lat_deg: float | None = None
    lon_deg: float | None = None
    baro_altitude_ft: float | None = None
    """Pressure altitude, uncorrected; None if the feed only reports "ground"."""
    geom_altitude_ft: float | None = None
    """Height above the WGS84 ellipsoid."""
    on_ground: bool | None = None
    ground_speed_kt: float | None = None
    track_deg: float | None = None
    vertical_rate_fpm: float | None = None
    callsign: str | None = None
    registration: str | None = None
    type_code: str | None = None
    squawk: str | None = None
    operator: str | None = None
    """Owner or operator, as the feed's database of aircraft names it."""
    source: Source = Source.OTHER
    adsb_version: int | None = None
    nic: int | None = None
    nac_p: int | None = None
    sil: int | None = None
    nav_qnh_hpa: float | None = None
    gps_lost: bool = False
    """Whether the feed reports that GPS was lost (readsb `gpsOkBefore`)."""
    crowded: bool = False
    """Whether others of the same reply are within 200 m, as at a spoofed point."""

    @property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude, however old; None if there is no position."""
        lat_deg, lon_deg = self.lat_deg, self.lon_deg
        return None if lat_deg is None or lon_deg is None else (lat_deg, lon_deg)

    @property
    def fresh(self) -> bool:
        """Whether there is a position, and it was fresh at last contact."""
        return self.position_at is not None and self.heard_at - self.position_at <= STALE_AFTER

    @property
    def at(self) -> datetime:
        """The time of this report: that of a fresh position, else of last contact."""
        return self.position_at if self.fresh and self.position_at else self.heard_at
