"""Was the aircraft on the ground, when its neighbours are heard as well? A contact with the ground
must survive the fixes around it.

A ground bit is one bit, and one row may be wrong. Contacts at one field that follow each other
without a flight in between are weighed together against the fixes in the air from which, or to
which, no aircraft can have flown in that time. The side with fewer fixes is wrong: contacts lose
their ground, fixes in the air lose their height or their place.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from collector.landings.fields import field_distance_nm
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.tracking import Doubt, Fix, Fixes
from collector.tracking.motion import (
    HEIGHT_SLACK_S,
    POSITION_SLACK_NM,
    STEEPEST_CLIMB_FPM,
    STEEPEST_DESCENT_FPM,
    height_reach_ft,
    reach_from_standing_nm,
)

CONFLICT_WITHIN_S = 600.0
"""Between fixes farther apart than this every flight is possible: 40,000 ft at
`STEEPEST_CLIMB_FPM`, and from standing to cruise speed."""

ONE_CLUSTER_WITHIN = timedelta(minutes=30)
"""Contacts farther apart than this are weighed by themselves."""

GARBLED_ERROR_FT = 1000.0
"""ft that two altitudes of one aircraft may be off: barometric against geometric."""
GARBLED_WITHIN_S = 300.0
GARBLED_NEIGHBOURS = 3
"""A height is compared with so many heights on each side."""

Down = dict[int, Airfield | None]


@dataclass(slots=True)
class _Vetting:
    """The fixes of a track while contacts with the ground are weighed."""

    fixes: Fixes
    down: Down
    slow: set[int]
    rules: LandingRules
    changed: dict[int, Fix]

    def contradicting(
        self, ground: int, step: int, field: Airfield, members: Container[int]
    ) -> Iterator[int]:
        """Yield the fixes, in the air or far from the field, at which no aircraft was that was at
        the contact `ground`: those before it or after it (`step`), up to the next contact of the
        cluster, `CONFLICT_WITHIN_S` or a break."""
        fixes, ats, breaks, down = self.fixes, self.fixes.ats, self.fixes.breaks, self.down
        indexes = range(ground + 1, len(ats)) if step > 0 else range(ground - 1, -1, -1)
        fpm = STEEPEST_CLIMB_FPM if step > 0 else STEEPEST_DESCENT_FPM
        lowest_ft, at = field.elevation_ft + GARBLED_ERROR_FT, ats[ground]
        for index in indexes:
            apart_s = abs((ats[index] - at).total_seconds())
            if apart_s > CONFLICT_WITHIN_S or index in members:
                return
            if breaks and (index if step > 0 else index + 1) in breaks:
                return
            if index in down and not self.elsewhere(index, field):
                continue
            if (
                fixes.above(index, lowest_ft + height_reach_ft(apart_s, fpm))
                and index not in self.changed
            ) or not self.place_fits(ground, index):
                yield index

    def place_fits(self, ground: int, air: int) -> bool:
        """Return whether the aircraft can have covered the distance, if it was slow on the
        ground."""
        if ground not in self.slow:
            return True
        seconds = abs((self.fixes.ats[air] - self.fixes.ats[ground]).total_seconds())
        within_nm = POSITION_SLACK_NM + reach_from_standing_nm(seconds + HEIGHT_SLACK_S)
        return not self.fixes.farther(ground, air, within_nm)

    def elsewhere(self, index: int, field: Airfield) -> bool:
        """Return whether a contact with the ground lies too far from a field for a taxi, and for a
        spoofed circle around it."""
        place = self.fixes.report_or_fix(index).place
        if self.down[index] is not None or place is None:
            return False
        return field_distance_nm(field, *place) > self.rules.astray_nm


def vetted(
    fixes: Fixes, down: Down, slow: set[int], rules: LandingRules
) -> tuple[Fixes, Down, set[int]]:
    """Return the fixes, the contacts with the ground and the slow ones of them that are left.

    1. Contacts that the aircraft passes at the speed of flight are none.
    2. Each cluster of contacts at one field is weighed against the fixes in the air around it.
    """
    work = _Vetting(fixes, dict(down), set(slow), rules, {})
    at_fields = [each for each, field in down.items() if field is not None]
    for index in [each for each in at_fields if _flies_through(fixes, each, rules)]:
        _lose_ground(work, index)
    for cluster in _clusters(work):
        _weigh(work, cluster)
    if work.changed:
        fixes = fixes.only(range(len(fixes)), work.changed)
    return fixes, work.down, work.slow & work.down.keys()


def _clusters(work: _Vetting) -> list[list[int]]:
    """Return the contacts at each field that follow each other with no flight in between: those of
    another flight do not vouch for a wrong one."""
    clusters: list[list[int]] = []
    ats = work.fixes.ats
    for index, field in work.down.items():
        if field is None:
            continue
        last = clusters[-1][-1] if clusters else None
        before = None if last is None else work.down[last]
        if (
            last is not None
            and before is not None
            and before.icao == field.icao
            and ats[index] - ats[last] <= ONE_CLUSTER_WITHIN
            and not _away_between(work, last, index, field)
        ):
            clusters[-1].append(index)
        else:
            clusters.append([index])
    return clusters


def _away_between(work: _Vetting, last: int, index: int, field: Airfield) -> bool:
    """Return whether two fixes or more between two contacts lie in the air and beyond the field;
    one alone may be wrong."""
    away = 0
    for between in range(last + 1, index):
        place = work.fixes.report_or_fix(between).place
        if between in work.down or place is None:
            continue
        if field_distance_nm(field, *place) > work.rules.field_radius_nm:
            away += 1
            if away > 1:
                return True
    return False


def _weigh(work: _Vetting, cluster: Sequence[int]) -> None:
    """Take the ground from a cluster, or height and place from the fixes that contradict it."""
    field = work.down[cluster[0]]
    if field is None:
        return
    against = _against(work, cluster, field)
    if len(against) >= len(cluster):
        for index in cluster:
            _lose_ground(work, index)
        return
    for air, ground in against.items():
        _lose_flight(work, air, place=not work.place_fits(ground, air))


def _against(work: _Vetting, cluster: Sequence[int], field: Airfield) -> dict[int, int]:
    """Return the fixes in the air that contradict the cluster, each with the contact that it
    contradicts.

    Each fix is compared with the contact nearest in time before it, and with the one after.
    """
    found: dict[int, int] = {}
    members = set(cluster)
    for ground in cluster:
        for step in (-1, 1):
            if ground + step in members:
                continue
            for air in work.contradicting(ground, step, field, members):
                if air in found:
                    continue
                if garbled_height(work.fixes, air):
                    _lose_flight(work, air, place=not work.place_fits(ground, air))
                else:
                    found[air] = ground
    return found


def _lose_ground(work: _Vetting, index: int) -> None:
    del work.down[index]
    work.changed[index] = replace(work.fixes[index], on_ground=None)


def _lose_flight(work: _Vetting, index: int, *, place: bool) -> None:
    """Take the height from a fix, and the place as well if that contradicts."""
    fix = work.fixes[index]
    work.down.pop(index, None)
    if place:
        work.changed[index] = Fix(
            at=fix.at, callsign=fix.callsign, feeds=fix.feeds, doubt=Doubt.UNREACHABLE
        )
    else:
        work.changed[index] = replace(fix, altitude_ft=None, on_ground=None, vertical_rate_fpm=None)


def _flies_through(fixes: Fixes, index: int, rules: LandingRules) -> bool:
    """Return whether the aircraft flew to a contact and on from it: a roll is over sooner.

    If it reports that it was slow there, it was, unless it reports so wherever it moves.
    """
    speed_kt = fixes.report_or_fix(index).ground_speed_kt
    says_slow = speed_kt is not None and speed_kt <= rules.slow_kt
    least_kt, within = rules.flying_through_kt, rules.passing_within
    if says_slow or speed_kt is None:
        least_kt, within = rules.flying_kt, 2 * rules.passing_within
    for step in (-1, 1):
        other = fixes.nearest_placed(index, step, rules.roll_half, within)
        if other is None:
            return False
        apart = abs(fixes.ats[other] - fixes.ats[index])
        if fixes.away_nm(index, other) < least_kt * (apart / timedelta(hours=1)):
            return False
        there_kt = fixes.report_or_fix(other).ground_speed_kt
        if says_slow and (there_kt is None or there_kt > rules.slow_kt):
            return False
    return True


def garbled_height(fixes: Fixes, index: int) -> bool:
    """Return whether the heights around a fix contradict its own, more of them than agree.

    A height agrees with another if an aircraft can climb or descend from one to the other.
    """
    own = fixes.altitude_ft(index)
    if own is None:
        return False
    agreeing = contradicting = 0
    for step in (-1, 1):
        seen, other = 0, index + step
        while 0 <= other < len(fixes) and seen < GARBLED_NEIGHBOURS:
            apart_s = (fixes.ats[other] - fixes.ats[index]).total_seconds()
            if abs(apart_s) > GARBLED_WITHIN_S:
                break
            height_ft = fixes.altitude_ft(other)
            if height_ft is not None:
                seen += 1
                reach_ft = GARBLED_ERROR_FT + height_reach_ft(apart_s, STEEPEST_DESCENT_FPM)
                if abs(height_ft - own) <= reach_ft:
                    agreeing += 1
                else:
                    contradicting += 1
            other += step
    return contradicting > agreeing
