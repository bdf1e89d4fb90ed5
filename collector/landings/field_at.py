"""At which field does an aircraft on the ground stand? At the nearest one it can be at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from collector.geo import at_most_nm, distance_nm
from collector.landings.fields import field_distance_nm
from collector.landings.rules import LandingRules
from collector.landings.sites import site_of
from collector.model import Airfield, RunwayEnd

_MILE_NM = 1.0


def field_at(
    around: Sequence[Around], lat_deg: float, lon_deg: float, at: datetime
) -> Airfield | None:
    """Return the field of the first search that finds one."""
    for each in around:
        if (field := each.field_at(lat_deg, lon_deg, at)) is not None:
            return field
    return None


class Around:
    """The fields near one place, searched again only after the aircraft has moved a mile."""

    def __init__(self, fields: Sequence[Airfield], rules: LandingRules) -> None:
        self._all = fields
        self._radius_nm = rules.field_radius_nm
        self._place = (math.inf, math.inf)
        self._near: list[tuple[Airfield, float]] = []
        """Each with how far from its reference point on it can be stood at."""

    def field_at(self, lat_deg: float, lon_deg: float, at: datetime) -> Airfield | None:
        """Return the nearest field that the point belongs to; None if there is none."""
        if not at_most_nm(lat_deg, lon_deg, *self._place) <= _MILE_NM:
            self._place = (lat_deg, lon_deg)
            self._near = self._within(_MILE_NM)
        near = [pair for pair in self._near if abs(pair[0].lat_deg - lat_deg) * 60.0 <= pair[1]]
        near = [pair for pair in near if pair[0].exists_on(at.date())]
        if len(near) == 1:
            lone = near[0][0]
            ends: list[Airfield | RunwayEnd] = [lone, *lone.runways]
            for end in ends:
                if at_most_nm(lat_deg, lon_deg, end.lat_deg, end.lon_deg) <= self._radius_nm:
                    return lone
        best: tuple[float, Airfield] | None = None
        for field, reach_nm in near:
            if distance_nm(lat_deg, lon_deg, field.lat_deg, field.lon_deg) > 1.001 * reach_nm:
                continue
            distance = field_distance_nm(field, lat_deg, lon_deg)
            if distance <= self._radius_nm and (best is None or distance < best[0]):
                best = (distance, field)
        return best[1] if best else None

    def _within(self, moved_nm: float) -> list[tuple[Airfield, float]]:
        """Return the fields that the aircraft may stand at after moving up to `moved_nm` from the
        place."""
        near = []
        for field in self._all:
            lat_deg, lon_deg = field.lat_deg, field.lon_deg
            reach_nm = self._radius_nm + site_of(field).reach_nm
            if distance_nm(*self._place, lat_deg, lon_deg) <= reach_nm + 1.01 * moved_nm:
                near.append((field, reach_nm))
        return near
