"""What does an arrival look like, second by second? A straight-in final, roll-out and taxi.

Distances in metres along the runway's bearing, measured from its threshold; time in seconds from
the beginning of the simulated part.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from collector.geo import FT_IN_M, KT_IN_MS, NM_IN_M, destination
from collector.model import RunwayEnd
from tests.support import mode_s

OVDA_20L = RunwayEnd(
    name="20L",
    lat_deg=29.9522,
    lon_deg=34.9433,
    bearing_deg=201.9,
    length_m=3000.0,
    elevation_ft=1424.0,
)
"""Ovda's longer runway, landed on from the north (OurAirports, public domain)."""

GLIDE_DEG = 3.0
AIMING_POINT_M = 300.0
"""Touchdown lies about this far behind the threshold."""

BRAKING_MS2 = 2.0
TAXI_KT = 12.0


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the aircraft is and what it does, at one instant."""

    lat_deg: float
    lon_deg: float
    altitude_ft: float
    """Pressure altitude; the runway's when on the ground."""
    on_ground: bool
    speed_kt: float
    track_deg: float
    vertical_rate_fpm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One aircraft on final, landing, braking, and taxiing on along the runway."""

    icao24: str
    callsign: str
    runway: RunwayEnd = OVDA_20L
    final_m: float = 6000.0
    """How far before the threshold the simulation begins."""
    approach_kt: float = 140.0
    taxi_s: float = 15.0
    pressure_error_ft: float = 0.0
    """Pressure altitude minus true altitude: the day's QNH."""

    @property
    def touchdown_s(self) -> float:
        """When the wheels touch."""
        return (self.final_m + AIMING_POINT_M) / (self.approach_kt * KT_IN_MS)

    @property
    def braking_s(self) -> float:
        """How long the roll-out takes."""
        return (self.approach_kt - TAXI_KT) * KT_IN_MS / BRAKING_MS2

    @property
    def duration_s(self) -> float:
        """From the first moment on final to the last of the taxi."""
        return self.touchdown_s + self.braking_s + self.taxi_s

    def at(self, seconds: float) -> Moment:
        """The aircraft `seconds` after the beginning."""
        fly_ms, taxi_ms = self.approach_kt * KT_IN_MS, TAXI_KT * KT_IN_MS
        rolling = seconds - self.touchdown_s
        if rolling < 0:
            along, speed = seconds * fly_ms - self.final_m, fly_ms
        elif rolling < self.braking_s:
            speed = fly_ms - BRAKING_MS2 * rolling
            along = AIMING_POINT_M + rolling * (fly_ms + speed) / 2
        else:
            roll_out = self.braking_s * (fly_ms + taxi_ms) / 2
            along = AIMING_POINT_M + roll_out + (rolling - self.braking_s) * taxi_ms
            speed = taxi_ms
        return self._moment(along, speed, on_ground=rolling >= 0)

    def _moment(self, along_m: float, speed_ms: float, *, on_ground: bool) -> Moment:
        bearing = self.runway.bearing_deg
        lat, lon = destination(self.runway.lat_deg, self.runway.lon_deg, bearing, along_m / NM_IN_M)
        slope = math.tan(math.radians(GLIDE_DEG))
        height_m = 0.0 if on_ground else (AIMING_POINT_M - along_m) * slope
        sink_fpm = 0.0 if on_ground else -speed_ms * slope / FT_IN_M * 60
        return Moment(
            lat_deg=lat,
            lon_deg=lon,
            altitude_ft=(self.runway.elevation_ft or 0.0)
            + height_m / FT_IN_M
            + self.pressure_error_ft,
            on_ground=on_ground,
            speed_kt=speed_ms / KT_IN_MS,
            track_deg=bearing,
            vertical_rate_fpm=sink_fpm,
        )

    def transmissions(self) -> Iterator[tuple[float, list[str]]]:
        """(seconds, frames to send then): positions twice a second, even and odd in turn."""
        for tick in range(int(self.duration_s * 2) + 1):
            seconds, odd = tick / 2, tick % 2 == 1
            yield seconds, self._frames(self.at(seconds), odd=odd, named=tick % 10 == 0)

    def _frames(self, now: Moment, *, odd: bool, named: bool) -> list[str]:
        frames = [mode_s.identification(self.icao24, self.callsign)] if named else []
        if now.on_ground:
            place = (now.lat_deg, now.lon_deg, now.speed_kt, now.track_deg)
            return [*frames, mode_s.surface_position(self.icao24, *place, odd=odd)]
        return [
            *frames,
            mode_s.airborne_position(
                self.icao24, now.lat_deg, now.lon_deg, now.altitude_ft, odd=odd
            ),
            mode_s.airborne_velocity(
                self.icao24, now.speed_kt, now.track_deg, now.vertical_rate_fpm
            ),
        ]
