"""What does one feed report of one aircraft? Nothing fused, nothing judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

STALE_AFTER = timedelta(seconds=60)
"""An older position is not used: readsb drops it then, and in the region's recordings a third of
all positions are older while their altitude goes on."""


class Source(StrEnum):
    """How a position was obtained; the names readsb and OpenSky share."""

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
    """Last contact of any kind; `position_at` is when the position was valid, if there is one."""
    position_at: datetime | None = None
    lat_deg: float | None = None
    lon_deg: float | None = None
    baro_altitude_ft: float | None = None
    """Pressure altitude, uncorrected; None where the feed says just "ground"."""
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
    source: Source = Source.OTHER
    adsb_version: int | None = None
    nic: int | None = None
    nac_p: int | None = None
    sil: int | None = None
    nav_qnh_hpa: float | None = None
    gps_lost: bool = False
    """It has lost GPS, says the feed (readsb `gpsOkBefore`)."""
    crowded: bool = False
    """Others of the same reply flew within 200 m: a spoofed point."""

    @property
    def fresh(self) -> bool:
        """Whether the position may be used: there is one, and it was young at last contact."""
        return self.position_at is not None and self.heard_at - self.position_at <= STALE_AFTER

    @property
    def at(self) -> datetime:
        """When this observation lives: at its position if that is fresh, else at last contact."""
        return self.position_at if self.fresh and self.position_at else self.heard_at
