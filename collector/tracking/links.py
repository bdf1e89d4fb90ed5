"""Which positions, and which parts of a track, can one aircraft have flown after each other?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from collector.geo import distance_nm
from collector.model import Observation
from collector.tracking.fix import Fix
from collector.tracking.fixes import Fixes
from collector.tracking.motion import (
    FASTEST_KT,
    HEIGHT_SLACK_S,
    HIGHEST_FIELD_FT,
    POSITION_SLACK_NM,
    SLOW_KT,
    STEEPEST_CLIMB_FPM,
    STEEPEST_DESCENT_FPM,
    follows,
    height_reach_ft,
    reach_from_standing_nm,
    reachable,
    stands,
    usual,
)

MAX_TRACKS = 8
"""Tracks that a position may join, the latest ones and the heaviest, so that hostile zigzags do not
cost quadratic time."""

REPEATED_WITHIN = timedelta(minutes=5)
"""So long a late feed may repeat the last position of an aircraft that has left."""

SAME_STAND_NM = 0.5
"""NM. An aircraft that stands this near to where it stood before a silence was not moved, but for
a tow: it needs no flight in between."""

COMES_WITHIN = timedelta(minutes=6)
"""So soon after a report in flight the aircraft was heard to come: a little more than the longest
usual interval between polls, 5 minutes."""

STEADY_FIXES = 6
STEADY_FOR = timedelta(minutes=3)
"""Positions, and the time between the first and the last, that a second track needs to be an
aircraft of its own."""


@dataclass(slots=True)
class Track:
    """Positions that one aircraft can have flown, by their indexes among the fixes."""

    indexes: list[int] = field(default_factory=list)
    whole: int = 0
    """The first index of the track that it is a part of."""
    landed: bool = False
    """Whether it was heard to fly on to its last position, or to where it stands there."""

    @property
    def first(self) -> int:
        return self.indexes[0]

    @property
    def last(self) -> int:
        return self.indexes[-1]

    def within(self, other: Track) -> list[int]:
        """Return the positions between the first and the last of another track."""
        if not self.overlaps(other):
            return []
        begin = bisect_left(self.indexes, other.first)
        return self.indexes[begin : bisect_left(self.indexes, other.last, begin)]

    def last_before(self, index: int) -> int:
        """Return its last position before an index that is later than its first."""
        return self.indexes[bisect_left(self.indexes, index) - 1]

    def first_after(self, index: int) -> int:
        """Return its first position after an index that is earlier than its last."""
        return self.indexes[bisect_right(self.indexes, index)]

    def overlaps(self, other: Track) -> bool:
        """Return whether neither track ends before the other begins."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Links:
    """Which fixes, as indexes, can follow each other."""

    fixes: Fixes
    reports: Sequence[Observation]
    lowest_ft: float
    """No ground is lower than this, ft: the least altitude of the fixes."""

    def reachable(self, earlier: int, later: int) -> bool:
        """Return whether one aircraft can have been at both."""
        apart = self.fixes.ats[later] - self.fixes.ats[earlier]
        a, b = self.fixes.report_or_fix(earlier), self.fixes.report_or_fix(later)
        return reachable(a, b, apart, self.reports[later].source)

    def follows(self, earlier: int, later: int) -> bool:
        """Return whether one aircraft can have been at both; if it stands at one of them only, as
        usual."""
        apart = self.fixes.ats[later] - self.fixes.ats[earlier]
        a, b = self.fixes.report_or_fix(earlier), self.fixes.report_or_fix(later)
        return follows(a, b, apart, self.reports[later].source, self.lowest_ft)

    def comes(self, track: Track, index: int) -> int:
        """Return how surely the aircraft of a track went on to a position, the surest first: 0 if
        it flew on, or stands where it landed; 1 if it leaves from there, or stands where it was not
        heard to land; 2 if it was not heard to come."""
        last = track.last
        if self.slow(last):
            return 2 - track.landed - self.slow(index)
        apart = self.fixes.ats[index] - self.fixes.ats[last]
        if apart > COMES_WITHIN:
            return 2
        if not self.slow(index):
            return 0
        speed_kt = self.fixes.report_or_fix(last).ground_speed_kt or FASTEST_KT
        within_nm = POSITION_SLACK_NM + speed_kt * (apart / timedelta(hours=1))
        near = self.usual(last, index) and self.away_nm(last, index) <= within_nm
        return 0 if near else 2

    def join(self, track: Track, index: int) -> None:
        """Append a position to a track."""
        if not track.indexes or not self.slow(track.last):
            track.landed = bool(track.indexes) and self.comes(track, index) == 0
        track.indexes.append(index)

    def slow(self, index: int) -> bool:
        """Return whether it says that it is slow, in the air as on the ground."""
        return stands(self.fixes.report_or_fix(index))

    def usual(self, earlier: int, later: int) -> bool:
        """Return whether it was at both at about the speed that it reports (`motion.usual`)."""
        apart = self.fixes.ats[later] - self.fixes.ats[earlier]
        a, b = self.fixes.report_or_fix(earlier), self.fixes.report_or_fix(later)
        return usual(a, b, apart, self.lowest_ft)

    def away_nm(self, a: int, b: int) -> float:
        """Return how far apart they are, NM."""
        here, there = self.fixes.report_or_fix(a), self.fixes.report_or_fix(b)
        return distance_nm(
            here.lat_deg or 0.0, here.lon_deg or 0.0, there.lat_deg or 0.0, there.lon_deg or 0.0
        )

    def standing(self, index: int) -> bool:
        """Return whether it was slow on the ground."""
        here = self.fixes.report_or_fix(index)
        return here.on_ground is True and (here.ground_speed_kt or 0.0) < SLOW_KT

    def stayed(self, before: Track, after: Track) -> bool:
        """Return whether the aircraft stood where the one part ends and the other begins.

        A few reports show no stay: they may be false.
        """
        return (
            self.standing(before.last)
            and self.standing(after.first)
            and self.steady(before)
            and self.steady(after)
            and self.away_nm(before.last, after.first) <= SAME_STAND_NM
        )

    def flown(self, track: Track) -> int:
        """Return at how many positions it did not stand."""
        return sum(not self.standing(index) for index in track.indexes)

    def left_for(self, track: Track, there: int, ahead: int) -> bool:
        """Return whether the aircraft that stood at the end of `track` (`ahead` is 1) can have been
        `there` later, or one that stood at its begin (-1) earlier.

        Positions near that end may be false, as a late feed repeats the last one.
        """
        ats = self.fixes.ats
        stood = track.last if ahead > 0 else track.first
        heights = [self.altitude_ft(index) for index in track.indexes]
        ground_ft = min((each for each in heights if each is not None), default=HIGHEST_FIELD_FT)
        for index in track.indexes[::-ahead]:
            if not self.slow(index) or abs(ats[stood] - ats[index]) > REPEATED_WITHIN:
                return not self.slow(index) and self.reachable(*sorted((index, there)))
            apart_s = abs((ats[there] - ats[index]).total_seconds())
            fpm = STEEPEST_CLIMB_FPM if ahead > 0 else STEEPEST_DESCENT_FPM
            climbed_ft = (self.altitude_ft(there) or ground_ft) - ground_ft
            within_nm = POSITION_SLACK_NM + reach_from_standing_nm(apart_s + HEIGHT_SLACK_S)
            if climbed_ft <= height_reach_ft(apart_s, fpm) and (
                self.away_nm(index, there) <= within_nm
            ):
                return True
        return False

    def altitude_ft(self, index: int) -> float | None:
        """Return how high it reported to be, ft."""
        here = self.fixes.report_or_fix(index)
        return here.altitude_ft if isinstance(here, Fix) else here.baro_altitude_ft

    def settled(self, track: Track, ahead: int) -> int:
        """Return the first position (`ahead` is 1) or the last (-1) that another one follows at
        about the speed that they report."""
        indexes = track.indexes[::ahead]
        for here, there in pairwise(indexes):
            if self.usual(*sorted((here, there))):
                return here
        return indexes[0]

    def steady(self, track: Track) -> bool:
        """Return whether a track is long enough to be an aircraft of its own."""
        lasts = self.fixes.ats[track.last] - self.fixes.ats[track.first]
        return len(track.indexes) >= STEADY_FIXES and lasts >= STEADY_FOR

    def repeats(self, track: Track, chain: Sequence[Track]) -> bool:
        """Return whether a track only stands where the aircraft stood at another time: a feed gave
        its place again, and it is no other aircraft."""
        return all(map(self.slow, track.indexes)) and any(
            self.slow(index) and self.away_nm(index, track.first) <= SAME_STAND_NM
            for part in chain
            for index in part.indexes
        )


def stays_together(tracks: Sequence[Track], links: Links) -> list[list[Track]]:
    """Return the parts, the heaviest first; together those between which one that had come by a
    flight stood and was received again where it stood.

    Nobody but the aircraft of the first one is received there: it stays of the same track.
    """
    ordered = sorted(tracks, key=lambda each: each.first)
    flown = {each.first: links.flown(each) for each in ordered}
    came = {first for first, count in flown.items() if count >= STEADY_FIXES}
    group_of: dict[int, list[Track]] = {}
    for place, part in enumerate(ordered):
        group = group_of.setdefault(part.first, [part])
        if part.first not in came:
            continue
        for later in ordered[place + 1 : place + 1 + MAX_TRACKS]:
            if (
                later.first > part.last
                and later.first not in group_of
                and links.stayed(part, later)
            ):
                group.append(later)
                group_of[later.first] = group
                came.add(later.first)
                break
    groups = {group[0].first: group for group in group_of.values()}.values()

    def weight(group: list[Track]) -> int:
        most = max(len(each.indexes) - flown[each.first] for each in group)
        return most + sum(flown[each.first] for each in group)

    return sorted(groups, key=lambda each: (-weight(each), each[0].first))
