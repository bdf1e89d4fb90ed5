"""Where is coverage counted? Within circles around airfields, in cells of a quarter of a degree."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

from collector.geo import distance_nm
from collector.model.coverage import CELL_DEG


@dataclass(frozen=True)
class Region:
    """The area in which coverage is counted: circles, e.g. around airfields.

    Each circle is a latitude, a longitude and a radius in nautical miles.
    """

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
        """The southern and northern bound of all circles; without circles, south is above north."""
        south = min((lat - radius / 60.0 for lat, _, radius in self.circles), default=90.0)
        north = max((lat + radius / 60.0 for lat, _, radius in self.circles), default=-90.0)
        return south, north

    def holds(self, lat_deg: float, lon_deg: float) -> bool:
        """Return whether the point lies in a circle.

        The distance is that on a flat earth, which is right to 2 % at 250 NM.
        """
        for lat, lon, cos_lat, radius_squared in self._flat:
            north = lat_deg - lat
            east = ((lon_deg - lon + 180.0) % 360.0 - 180.0) * cos_lat
            if north * north + east * east <= radius_squared:
                return True
        return False


def cell_away_nm(row: int, column: int, lat_deg: float, lon_deg: float) -> float:
    """Return the distance from the middle of a cell (row and column of a `Cell`) to a point.

    >>> round(cell_away_nm(119, 139, 29.875, 34.875), 3)
    0.0
    """
    return distance_nm((row + 0.5) * CELL_DEG, (column + 0.5) * CELL_DEG, lat_deg, lon_deg)


@lru_cache(maxsize=1 << 17)
def field_away_nm(row: int, column: int, lat_deg: float, lon_deg: float) -> float:
    """Return the same as `cell_away_nm`, cached: every slot asks about the same few airfields."""
    return cell_away_nm(row, column, lat_deg, lon_deg)
