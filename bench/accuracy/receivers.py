"""Which aircraft are received from where? Coverage floors, holes, the edge of the region and missed
polls are simulated."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from .motion import Point
from .places import Spot

FLOORS_FT = {
    0: 16.0,
    1000: 13.0,
    2500: 32.0,
    3500: 16.0,
    5000: 7.0,
    7000: 4.5,
    9000: 3.5,
    12_000: 3.0,
    15_000: 2.5,
    18_000: 2.5,
}
"""Floors above sea level around the field → weight: nothing is received below a floor. The weights
are chosen so that the published rules score as issue 3 reports."""
MLAT_LEAST_FT = 15_000.0
"""The lowest altitude of MLAT positions; recordings have none lower."""
EDGE_LAT_DEG = 28.7
"""South of this latitude the floor rises until nothing is received."""
SOUTH_FT_PER_DEG = 30_000.0
MISSED = 0.04
"""Share of polls that miss an aircraft that is otherwise received."""
FADE_S = 180.0
"""Reception near the floor comes and goes in stretches of this length."""
FADE_FT = 350.0


@dataclass(frozen=True, slots=True)
class Hole:
    """A place with less coverage than around it."""

    lat_deg: float
    lon_deg: float
    radius_nm: float
    floor_ft: float


@dataclass(slots=True)
class Ears:
    """The receivers behind one feed."""

    floor_ft: float
    centre: Spot
    reach_nm: float
    """The reach of the floor around `centre`; beyond, it falls to `far_ft` within 30 NM."""
    far_ft: float
    holes: tuple[Hole, ...] = ()
    salt: int = 0
    missed: float = MISSED
    nm_per_lon: float = 51.5
    edge_nm: float | None = None
    """The distance from `centre` beyond which the floor rises; None: the southern edge."""
    _fades: dict[tuple[int, int], float] = field(default_factory=dict, compare=False, repr=False)

    def floor_at(self, lat_deg: float, lon_deg: float) -> float:
        """Return the lowest altitude received there, ft above sea level."""
        north = (lat_deg - self.centre[0]) * 60.0
        east = (lon_deg - self.centre[1]) * self.nm_per_lon
        away = math.hypot(north, east) - self.reach_nm
        floor = self.floor_ft
        if floor > 0.0:
            floor *= 1.0 + 0.1 * math.sin(lat_deg * 9.0 + self.salt) * math.cos(lon_deg * 7.0)
        if away > 0.0:
            floor += (self.far_ft - floor) * min(1.0, away / 30.0)
        for hole in self.holes:
            near = math.hypot(
                (lat_deg - hole.lat_deg) * 60.0, (lon_deg - hole.lon_deg) * self.nm_per_lon
            )
            if near < hole.radius_nm:
                floor = max(floor, hole.floor_ft)
        if self.edge_nm is not None:
            beyond = math.hypot(north, east) - self.edge_nm
            floor = max(floor, beyond * SOUTH_FT_PER_DEG / 60.0)
        elif lat_deg < EDGE_LAT_DEG:
            floor = max(floor, (EDGE_LAT_DEG - lat_deg) * SOUTH_FT_PER_DEG)
        return floor

    def hears(self, who: int, point: Point, rng: random.Random) -> bool:
        """Return whether a poll reports the aircraft; `who` keeps the fading of each aircraft its
        own."""
        if not point.sending:
            return False
        height = point.altitude_ft
        if height > 45_000.0:
            return False
        floor = self.floor_at(point.lat_deg, point.lon_deg)
        if abs(height - floor) < 4.0 * FADE_FT and floor > 0.0:
            floor += self._fade(who, point.at_s)
        return height >= floor and rng.random() >= self.missed

    def _fade(self, who: int, at_s: float) -> float:
        key = (who, int(at_s // FADE_S))
        if key not in self._fades:
            own = random.Random(f"fade {self.salt} {key}")
            self._fades[key] = own.gauss(0.0, FADE_FT)
        return self._fades[key]


def ears(rng: random.Random, floor_ft: float, centre: Spot, *, holes: bool) -> Ears:
    """Return the receivers of the day around a spot; `holes` adds one to three holes."""
    made = []
    for _ in range(rng.randrange(1, 4) if holes else 0):
        made.append(
            Hole(
                centre[0] + rng.uniform(-0.7, 0.9),
                centre[1] + rng.uniform(-0.5, 0.5),
                rng.uniform(8.0, 30.0),
                rng.uniform(9_000.0, 40_000.0),
            )
        )
    return Ears(
        floor_ft=floor_ft,
        centre=centre,
        reach_nm=rng.uniform(50.0, 90.0),
        far_ft=min(floor_ft, rng.uniform(500.0, 6000.0)),
        holes=tuple(made),
        salt=rng.randrange(1 << 30),
    )
