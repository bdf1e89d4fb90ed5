"""How often is a feed polled? The closer the fleet is to a watched airfield, the more often.

Minutes apart while the fleet is far or silent, a minute apart while an aircraft is in the region or
may leave after a stay, tens of seconds apart while an aircraft is inbound near an airfield: those
seconds decide whether its roll-out is received. Request budgets (`feeds.budget`) and backing off
(`feeds.backoff`) only ever lengthen the interval. Pure: positions and times in, intervals out.
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
"""A track that differs less than this from the bearing of the airfield is towards it."""
INBOUND_MEMORY = timedelta(minutes=20)
"""An inbound aircraft that falls silent may be landing: it counts as inbound for so long."""
PARKED_BELOW_KT = 3.0
"""Faster on the ground than this is a roll-out or a taxi, which proves a landing."""
NEAR_WITHIN_NM = 600.0
"""An hour and a half in a jet freighter: enough for the longest interval to notice it in time."""
NEAR_MEMORY = timedelta(hours=9)
"""Usual stays at an airfield last 1 to 8 hours; a departure must be received too."""


class FleetActivity(StrEnum):
    """How close the fleet is to a watched airfield, which sets the polling interval."""

    FAR = "far"
    NEAR = "near"
    INBOUND = "inbound"

    @property
    def rank(self) -> int:
        """2 for inbound, 1 for near, 0 for far."""
        return ("far", "near", "inbound").index(self.value)


@dataclass(frozen=True, slots=True)
class PollIntervals:
    """The wished polling interval of each fleet activity."""

    far: timedelta
    near: timedelta
    inbound: timedelta

    def interval_of(self, fleet_activity: FleetActivity) -> timedelta:
        """Return the interval of an activity."""
        return {
            FleetActivity.FAR: self.far,
            FleetActivity.NEAR: self.near,
            FleetActivity.INBOUND: self.inbound,
        }[fleet_activity]


def activity_of(
    observation: Observation, airfields: Sequence[Airfield], now: datetime
) -> FleetActivity:
    """Return how close one aircraft is, from its latest usable position."""
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
    """Return the most urgent activity of the fleet; far if there are no positions."""
    activities = (activity_of(observation, airfields, now) for observation in latest)
    return max(activities, key=lambda activity: activity.rank, default=FleetActivity.FAR)


def next_poll_at(
    last_poll_at: datetime | None,
    interval: timedelta,
    not_before: datetime | None,
    now: datetime,
) -> datetime:
    """Return when a feed is polled next: never in the past, never before `not_before`."""
    due = now if last_poll_at is None else last_poll_at + interval
    if last_poll_at is not None and last_poll_at > now:
        # The clock was set back: waiting for the old time could take hours.
        due = now
    return max(due, now, not_before or now)
