"""Where is coverage counted, and how far does a cell of it lie from a place?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

from collector.geo import distance_nm
from collector.model.coverage import CELL_DEG


@dataclass(frozen=True)
class Region:
    """Where coverage is counted: circles (latitude, longitude, radius in NM), e.g. airfields."""

    circles: tuple[tuple[float, float, float], ...]

    @cached_property
    def _flat(self) -> tuple[tuple[float, float, float, float], ...]:
        """Each circle as (lat, lon, cos lat, radius² in degrees²)."""
        return tuple(
            (lat, lon, math.cos(math.radians(lat)), (radius_nm / 60.0) ** 2)
            for lat, lon, radius_nm in self.circles
        )

    @cached_property
    def latitudes(self) -> tuple[float, float]:
        """Southern and northern bound of all circles; crossed over where there are none."""
        south = min((lat - radius / 60.0 for lat, _, radius in self.circles), default=90.0)
        north = max((lat + radius / 60.0 for lat, _, radius in self.circles), default=-90.0)
        return south, north

    def holds(self, lat_deg: float, lon_deg: float) -> bool:
        """Whether the point lies in a circle (flat-earth distance: good to 2 % at 250 NM)."""
        for lat, lon, squeeze, limit in self._flat:
            north = lat_deg - lat
            east = ((lon_deg - lon + 180.0) % 360.0 - 180.0) * squeeze
            if north * north + east * east <= limit:
                return True
        return False


def cell_away_nm(row: int, column: int, lat_deg: float, lon_deg: float) -> float:
    """From the middle of a cell (`hearing.Cell`, without its band) to a place.

    >>> round(cell_away_nm(119, 139, 29.875, 34.875), 3)
    0.0
    """
    return distance_nm((row + 0.5) * CELL_DEG, (column + 0.5) * CELL_DEG, lat_deg, lon_deg)


@lru_cache(maxsize=1 << 17)
def field_away_nm(row: int, column: int, lat_deg: float, lon_deg: float) -> float:
    """The same, remembered: of the same few airfields it is asked for every slot."""
    return cell_away_nm(row, column, lat_deg, lon_deg)
