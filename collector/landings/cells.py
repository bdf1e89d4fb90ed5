"""How far is a cell of coverage from a place?"""

from __future__ import annotations

from functools import lru_cache

from collector.geo import distance_nm
from collector.model.coverage import CELL_DEG


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
