"""Which row does a feed report of one simulated aircraft at one poll? A row is true or changed by a
fault."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

from collector.geo import distance_nm
from collector.model import Observation, Source

from .cases import Case, Feed
from .faults import CIRCLE_KT, SATURATED_FT, Fault
from .motion import Point
from .receivers import MLAT_LEAST_FT

LISTED_S = (0.0, 14.0, 29.0, 44.0)
"""A feed lists an aircraft for a minute after its last report; the minute is searched in these
steps."""
REPEATED = 0.03
"""Share of polls in which a position is repeated with another derived time."""
REGION_NM = 200.0


class Air:
    """One aircraft of a case as one feed reports it."""

    def __init__(self, case: Case, index: int, feed: Feed, number: int, rng: random.Random) -> None:
        self.case, self.feed, self.number, self.rng = case, feed, number, rng
        self.who = index
        self.motion = case.flights[index].motion
        self.sends = case.transponders[index]
        self.down_at = [landed.at_s for landed in case.flights[index].landed]
        self.last: Observation | None = None
        self.frozen: tuple[Point, float] | None = None

    def again(self) -> list[Observation]:
        """Return the reply of a cache: the last reply again, with its times derived anew."""
        if self.last is None or self.rng.random() < 0.5:
            return []
        return [self._repeated(self.last)]

    def rows(self, now_s: float, fault: Fault, *, crowd: bool) -> list[Observation]:
        """Return the rows of one poll: none, one, or a repeat beside the new one."""
        found = self._found(now_s, fault)
        if found is None:
            self.frozen = None if fault is not Fault.STALE else self.frozen
            return []
        point, position_s = found
        row = self._row(point, position_s, now_s, fault, crowd=crowd)
        rows = [row]
        if self.last is not None and self.rng.random() < REPEATED:
            age_s = now_s - self.last.at.timestamp()
            if age_s < 60.0:
                rows.insert(0, self._repeated(self.last))
        self.last = row
        return rows

    def _found(self, now_s: float, fault: Fault) -> tuple[Point, float] | None:
        """The newest time within the last minute at which a report was received."""
        # MLAT tells a position 5 to 20 s late, and dates it as if it were new.
        late_s = self.rng.uniform(5.0, 20.0) if self.sends.mlat else 0.0
        for age_s in LISTED_S:
            point = self.motion.at(now_s - age_s - late_s)
            if point is None or not point.sending:
                continue
            if self.sends.mlat and point.altitude_ft < MLAT_LEAST_FT:
                continue
            if fault is Fault.OUTAGE_REGION and self._near(point):
                return None
            if self.feed.ears.hears(self.who, point, self.rng):
                return point, now_s - age_s
        return None

    def _near(self, point: Point) -> bool:
        centre = self.feed.ears.centre
        return distance_nm(point.lat_deg, point.lon_deg, *centre) < REGION_NM

    def _row(
        self, point: Point, position_s: float, now_s: float, fault: Fault, *, crowd: bool
    ) -> Observation:
        row = self._plain(point, position_s, now_s)
        if fault is Fault.STALE:
            return self._stale(row, point, position_s)
        self.frozen = None
        if fault is Fault.JAMMED and self.rng.random() < 0.9:
            return _unplaced(replace(row, gps_lost=self.rng.random() < 0.5))
        if fault is Fault.CIRCLE:
            lat, lon, track = self.case.fault_event.circle(now_s)
            return self._spoofed(
                replace(
                    row,
                    lat_deg=round(lat, 5),
                    lon_deg=round(lon, 5),
                    track_deg=round(track, 1),
                    ground_speed_kt=CIRCLE_KT,
                    crowded=self.case.fault_event.crowded and crowd and not row.on_ground,
                )
            )
        if fault is Fault.JUMP:
            shift = self.case.fault_event.shift
            lat, lon = point.lat_deg + shift[0], point.lon_deg + shift[1]
            return self._spoofed(replace(row, lat_deg=round(lat, 5), lon_deg=round(lon, 5)))
        return row

    def _spoofed(self, row: Observation) -> Observation:
        if not self.case.fault_event.saturated or row.baro_altitude_ft is None:
            return row
        if row.geom_altitude_ft is None:
            return row
        return replace(row, geom_altitude_ft=row.baro_altitude_ft + SATURATED_FT)

    def _stale(self, row: Observation, point: Point, position_s: float) -> Observation:
        """A frozen position, which grows old while the pressure altitude changes."""
        if self.frozen is None:
            self.frozen = point, position_s
        then, then_s = self.frozen
        if not self.feed.keeps_frozen:
            return _unplaced(row) if position_s - then_s > 60.0 else row
        old = self._plain(then, then_s, then_s)
        return replace(
            old,
            heard_at=row.heard_at,
            baro_altitude_ft=row.baro_altitude_ft,
            on_ground=row.on_ground,
        )

    def _plain(self, point: Point, position_s: float, now_s: float) -> Observation:
        rng, sends = self.rng, self.sends
        ground = self._ground_bit(point)
        baro = (point.altitude_ft / (1.0 + sends.warmth)) - sends.pressure_ft
        geom = point.altitude_ft + self.case.world.hearing.geoid_ft + rng.gauss(0.0, 25.0)
        plain = sends.version == 2 and not sends.mlat
        return Observation(
            icao24=sends.icao24,
            feed=self.feed.name,
            heard_at=_time(max(position_s, now_s - rng.uniform(0.0, 2.0))),
            position_at=_time(position_s),
            lat_deg=round(point.lat_deg + rng.gauss(0.0, 0.00008), 6),
            lon_deg=round(point.lon_deg + rng.gauss(0.0, 0.00008), 6),
            baro_altitude_ft=None if ground else 25.0 * round(baro / 25.0),
            geom_altitude_ft=(
                None if ground or not sends.geometric or sends.mlat else 25.0 * round(geom / 25.0)
            ),
            on_ground=ground,
            ground_speed_kt=round(max(0.0, point.speed_kt + rng.gauss(0.0, 0.4)), 1),
            track_deg=round(point.course_deg % 360.0, 1) % 360.0,
            vertical_rate_fpm=None if ground else 64.0 * round(point.rate_fpm / 64.0),
            callsign=sends.callsign,
            type_code=sends.type_code,
            source=Source.MLAT if sends.mlat else Source.ADSB,
            adsb_version=None if sends.mlat else sends.version,
            nic=8 if plain else None,
            nac_p=9 if plain else None,
            sil=3 if plain else None,
        )

    def _ground_bit(self, point: Point) -> bool:
        sends = self.sends
        if point.on_ground:
            late = sends.late_ground_s
            return not any(0.0 <= point.at_s - down < late for down in self.down_at)
        if sends.early_ground_ft:
            target = self.case.world.field(self.case.target)
            low = point.altitude_ft - target.elevation_ft < sends.early_ground_ft
            return (
                low
                and distance_nm(point.lat_deg, point.lon_deg, target.lat_deg, target.lon_deg) < 6.0
            )
        return False

    def _repeated(self, row: Observation) -> Observation:
        """The same position, with its time off by 0.2 s in the median and by 3.7 s at most."""
        if row.position_at is None:
            return row
        off = min(3.7, self.rng.expovariate(1.0 / 0.3))
        moved = _time(row.position_at.timestamp() + off)
        return replace(row, position_at=moved, heard_at=max(moved, row.heard_at))


def _unplaced(row: Observation) -> Observation:
    return replace(
        row,
        position_at=None,
        lat_deg=None,
        lon_deg=None,
        geom_altitude_ft=None,
        ground_speed_kt=None,
        track_deg=None,
        vertical_rate_fpm=None,
    )


def _time(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)
