"""Where is a simulated aircraft at a moment, and what does a feed say of it there?

A visit comes along a straight line, is lined up for the last 12 NM, descends on a path of 3°, rolls
out, stands with its transponder off, and leaves the way it came. A feed receives it down to some
height and no lower. Everything is a function of the time alone.
"""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from collector.demo.places import Aircraft, Field
from collector.geo import bearing_deg, destination, distance_nm

CRUISE_FT = 34_000.0
FT_PER_NM = 318.4
"""A path of 3°: the slope of nearly every instrument approach (ICAO Doc 8168)."""
FINAL_NM = 12.0
BEGIN_NM = 130.0
"""Where a visit begins to be received: beyond the region whose coverage is counted (100 NM)."""
ROLL_S, TAXI_S = 45.0, 300.0
_LEGS_KT = ((6.0, 140.0), (FINAL_NM, 170.0), (40.0, 260.0), (BEGIN_NM, 400.0))
"""The mean ground speed down to each distance from the touchdown, NM and kt."""


@dataclass(frozen=True, slots=True)
class State:
    """Where an aircraft is, and how it moves."""

    lat_deg: float
    lon_deg: float
    altitude_ft: float
    """Above sea level; on the ground the field's elevation."""
    on_ground: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """An aircraft lands at a field, stays and leaves; received only above `floor_ft`."""

    aircraft: Aircraft
    at: Field
    _: KW_ONLY
    touchdown_at: datetime
    stay: timedelta
    floor_ft: float = 0.0
    """Above sea level. 0: received on the ground as well."""
    from_deg: float = 20.0
    """The true bearing from the field to where it comes from."""
    _seconds: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        marks, before = [0.0], 0.0
        for until, speed_kt in _LEGS_KT:
            marks.append(marks[-1] + (until - before) / speed_kt * 3600.0)
            before = until
        object.__setattr__(self, "_seconds", tuple(marks))

    @property
    def begins_at(self) -> datetime:
        """When it enters the region."""
        return self.touchdown_at - timedelta(seconds=self._seconds[-1])

    @property
    def lifts_off_at(self) -> datetime:
        """When it leaves the ground."""
        return self.touchdown_at + self.stay

    @property
    def ends_at(self) -> datetime:
        """When it has left the region."""
        return self.lifts_off_at + timedelta(seconds=self._seconds[-1])

    def state(self, at: datetime) -> State | None:
        """Return where it is; None while its transponder is off, or it is not in the region."""
        landed_s = (at - self.touchdown_at).total_seconds()
        gone_s = (at - self.lifts_off_at).total_seconds()
        if landed_s < 0:
            return self._in_the_air(-landed_s)
        if gone_s > 0:
            return self._in_the_air(gone_s)
        if landed_s < ROLL_S + TAXI_S:
            rolled_nm = 0.75 * min(1.0, landed_s / ROLL_S) ** 0.5
            taxied_nm = 0.25 * max(0.0, landed_s - ROLL_S) / TAXI_S
            return self._on_the_ground(rolled_nm + taxied_nm)
        if -gone_s < TAXI_S:
            return self._on_the_ground(0.25 * -gone_s / TAXI_S)
        return None

    def _threshold(self) -> tuple[float, float]:
        half_nm = self.at.length_m / 1852.0 / 2.0
        return destination(
            self.at.lat_deg, self.at.lon_deg, self.at.bearing_deg + 180.0, half_nm - 0.2
        )

    def _on_the_ground(self, along_nm: float) -> State:
        place = destination(*self._threshold(), self.at.bearing_deg, along_nm)
        return State(*place, self.at.elevation_ft, on_ground=True)

    def _in_the_air(self, away_s: float) -> State | None:
        if away_s > self._seconds[-1]:
            return None
        before = 0.0
        for (begin_s, end_s), (until, _) in zip(pairwise(self._seconds), _LEGS_KT, strict=True):
            if away_s <= end_s:
                left_nm = before + (until - before) * (away_s - begin_s) / (end_s - begin_s)
                break
            before = until
        back = self.at.bearing_deg + 180.0
        place = destination(*self._threshold(), back, min(left_nm, FINAL_NM))
        if left_nm > FINAL_NM:
            place = destination(*place, self.from_deg, left_nm - FINAL_NM)
        altitude = min(CRUISE_FT, self.at.elevation_ft + 50.0 + FT_PER_NM * left_nm)
        return State(*place, altitude, on_ground=False)

    def row(self, at: datetime) -> dict[str, object] | None:
        """Return what a feed says of it, as adsb.lol writes it; None if it is not received."""
        state = self.state(at)
        if state is None or state.altitude_ft < self.floor_ft:
            return None
        later = self.state(at + timedelta(seconds=4)) or state
        return row(self.aircraft, state, later, 4.0)


def circling(aircraft: Aircraft, around: Field, at: datetime, floor_ft: float) -> dict[str, object]:
    """Return what a feed says of an aircraft that circles 8 NM around a field, low but heard."""

    def state(moment: datetime) -> State:
        turn_deg = moment.timestamp() / 1200.0 * 360.0 % 360.0
        height_ft = floor_ft + 600.0 + 500.0 * math.sin(moment.timestamp() / 1700.0)
        return State(
            *destination(around.lat_deg, around.lon_deg, turn_deg, 8.0),
            max(around.elevation_ft + 900.0, height_ft),
            on_ground=False,
        )

    return row(aircraft, state(at), state(at + timedelta(seconds=4)), 4.0)


def crossing(aircraft: Aircraft, around: Field, at: datetime, turn: int) -> dict[str, object]:
    """Return what a feed says of an aircraft that crosses the region high, again and again."""

    def state(moment: datetime) -> State:
        along_nm = (moment.timestamp() / 3600.0 * 420.0 + 70.0 * turn) % 180.0 - 90.0
        aside = destination(around.lat_deg, around.lon_deg, 90.0 * turn, 25.0 + 10.0 * turn)
        return State(*destination(*aside, 70.0 + 90.0 * turn, along_nm), CRUISE_FT, on_ground=False)

    return row(aircraft, state(at), state(at + timedelta(seconds=4)), 4.0)


def row(aircraft: Aircraft, state: State, later: State, after_s: float) -> dict[str, object]:
    """Return a row of a reply in the keys of readsb (docs/feed-formats.md#v2)."""
    here, there = (state.lat_deg, state.lon_deg), (later.lat_deg, later.lon_deg)
    moved_nm = distance_nm(*here, *there)
    said: dict[str, object] = {
        "hex": aircraft.icao24,
        "type": "adsb_icao",
        "flight": f"{aircraft.callsign:<8}",
        "r": aircraft.registration,
        "t": aircraft.type_code,
        "category": aircraft.category,
        "desc": "DEMO, simulated",
        "alt_baro": "ground" if state.on_ground else round(state.altitude_ft / 25.0) * 25,
        "gs": round(moved_nm / after_s * 3600.0, 1),
        "lat": round(state.lat_deg, 6),
        "lon": round(state.lon_deg, 6),
        "nic": 8,
        "nac_p": 9,
        "sil": 3,
        "version": 2,
        "seen": 0.2,
        "seen_pos": 0.4,
    }
    if moved_nm > 0.001:
        said["track"] = round(bearing_deg(*here, *there), 1)
    if not state.on_ground:
        climbed_ft = later.altitude_ft - state.altitude_ft
        said["alt_geom"] = said["alt_baro"]
        said["baro_rate"] = round(climbed_ft / after_s * 60.0 / 64.0) * 64
    return said
