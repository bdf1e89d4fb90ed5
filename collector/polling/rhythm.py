"""Whom to ask, when, and how often? Pure: positions and times in, intervals out (step 1).

Minutes while the fleet is far or silent, a minute while one is in the region or may come back
from a stay, tens of seconds while one is inbound near an airfield: those seconds decide whether a
roll-out is heard. Budgets (`feeds.budget`) and parking (`feeds.parking`) only ever make it rarer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from collector.geo import angle_between_deg, bearing_deg, distance_nm
from collector.model import Airfield, Observation

INBOUND_WITHIN_NM = 120.0
"""From cruise it is about 110 NM and 20 minutes to the field on a usual 3° descent."""
INBOUND_BELOW_FT = 20_000.0
"""Lower than this within INBOUND_WITHIN_NM is inbound whatever its track says (circling)."""
INBOUND_ANGLE_DEG = 60.0
INBOUND_MEMORY = timedelta(minutes=20)
"""Silence of an inbound aircraft is the very moment to listen closely."""
PARKED_BELOW_KT = 3.0
"""Faster on the ground than this is a roll-out or a taxi: it shows a landing beyond doubt."""
NEAR_WITHIN_NM = 600.0
"""An hour and a half in a jet freighter: enough for the slower rhythm to notice it in time."""
NEAR_MEMORY = timedelta(hours=9)
"""Usual stays at the field are 1 to 8 hours; a departure must be heard too."""


class FleetActivity(StrEnum):
    """How closely to listen."""

    FAR = "far"
    NEAR = "near"
    INBOUND = "inbound"

    @property
    def rank(self) -> int:
        """2 for inbound, 0 for far."""
        return ("far", "near", "inbound").index(self.value)


@dataclass(frozen=True, slots=True)
class PollIntervals:
    """The wished interval of each mood."""

    far: timedelta
    near: timedelta
    inbound: timedelta

    def interval_of(self, fleet_activity: FleetActivity) -> timedelta:
        """The interval of that mood."""
        return {
            FleetActivity.FAR: self.far,
            FleetActivity.NEAR: self.near,
            FleetActivity.INBOUND: self.inbound,
        }[fleet_activity]


def activity_of(
    observation: Observation, airfields: Sequence[Airfield], now: datetime
) -> FleetActivity:
    """What one aircraft's latest usable position asks of us."""
    lat_deg, lon_deg = observation.lat_deg, observation.lon_deg
    if lat_deg is None or lon_deg is None or not observation.fresh or not airfields:
        return FleetActivity.FAR
    age = now - observation.at
    if age > NEAR_MEMORY:
        return FleetActivity.FAR
    field = min(airfields, key=lambda a: distance_nm(lat_deg, lon_deg, a.lat_deg, a.lon_deg))
    away_nm = distance_nm(lat_deg, lon_deg, field.lat_deg, field.lon_deg)
    if away_nm > NEAR_WITHIN_NM:
        return FleetActivity.FAR
    if age > INBOUND_MEMORY or away_nm > INBOUND_WITHIN_NM:
        return FleetActivity.NEAR
    if observation.on_ground:
        speed_kt = observation.ground_speed_kt
        return (
            FleetActivity.INBOUND
            if speed_kt is not None and speed_kt > PARKED_BELOW_KT
            else FleetActivity.NEAR
        )
    altitude_ft = observation.geom_altitude_ft
    if altitude_ft is None:
        altitude_ft = observation.baro_altitude_ft
    low = altitude_ft is not None and altitude_ft < INBOUND_BELOW_FT
    track_deg = observation.track_deg
    towards = track_deg is None or (
        angle_between_deg(track_deg, bearing_deg(lat_deg, lon_deg, field.lat_deg, field.lon_deg))
        <= INBOUND_ANGLE_DEG
    )
    return FleetActivity.INBOUND if low or towards else FleetActivity.NEAR


def fleet_activity(
    latest: Iterable[Observation], airfields: Sequence[Airfield], now: datetime
) -> FleetActivity:
    """The most urgent mood of the whole fleet; far when nobody was ever heard."""
    moods = (activity_of(observation, airfields, now) for observation in latest)
    return max(moods, key=lambda one: one.rank, default=FleetActivity.FAR)


def next_poll_at(
    last_asked_at: datetime | None,
    interval: timedelta,
    not_before: datetime | None,
    now: datetime,
) -> datetime:
    """When a feed is asked next: never in the past, never before it may be."""
    due = now if last_asked_at is None else last_asked_at + interval
    if last_asked_at is not None and last_asked_at > now:
        # Our clock was set back; waiting for the old time could take hours, and "from now on"
        # would never come.
        due = now
    return max(due, now, not_before or now)
